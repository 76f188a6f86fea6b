"""An exchange as an HTTPie command and as a Python program, with variables where secrets stood."""

from collections.abc import Iterator

from emulator.control.curl import CLIENTS_OWN, Pieces, basic, printf, quoted, text_of, url_of, word
from emulator.control.portable import portable
from emulator.control.secrets import Secrets
from emulator.core.journal import Exchange

_INDENT = "    "


def httpie_command(exchange: Exchange, base_url: str) -> str:
    """One line for any POSIX shell; a body that is no text goes through ``printf``, octet by octet."""
    exchange = portable(exchange)
    secrets = Secrets(exchange)
    body = exchange.request_body
    text = text_of(body)
    words = ["http", "--path-as-is"] + ["--ignore-stdin"] * (text is not None)
    headers = []
    for name, value in _headers(exchange):
        if login := basic(secrets, name, value):
            words += ["-a", word([(f"{login[0]}:", login[1])])]
        elif secrets.is_name(name):
            headers.append(word([(f"{name}:", secrets.variable(value, name))]))
        else:
            headers.append(word(secrets.pieces(f"{name}:{value}")) if value else quoted(f"{name};"))
    if body and text is not None:
        words += ["--raw", word(secrets.pieces(text))]
    if body and "content-type" not in {name.lower() for name, _ in exchange.request_headers}:
        headers.append("'Content-Type:'")  # or HTTPie would say that it is JSON
    words += [exchange.method, word(secrets.pieces(base_url + url_of(exchange))), *headers]
    if text is None:
        return " ".join([printf(secrets.pieces(body.decode("latin-1"))), "|", *words])
    return " ".join(words)


def requests_program(exchange: Exchange, base_url: str) -> str:
    """A program for the library Requests; secrets come from the environment."""
    exchange = portable(exchange)
    secrets = Secrets(exchange)
    lines = [f"{_INDENT}{exchange.method!r},", f"{_INDENT}{_expression(secrets.pieces(base_url + url_of(exchange)))},"]
    headers = []
    for name, value in _headers(exchange):
        if login := basic(secrets, name, value):
            lines.append(f'{_INDENT}auth=({login[0]!r}, os.environ["{login[1]}"]),')
        else:
            pieces: Pieces = [("", secrets.variable(value, name))] if secrets.is_name(name) else secrets.pieces(value)
            headers.append(f"{_INDENT * 2}{name!r}: {_expression(pieces)},")
    if headers:
        lines += [f"{_INDENT}headers={{", *headers, f"{_INDENT}}},"]
    if exchange.request_body:
        text = text_of(exchange.request_body)
        codec = "latin-1" if text is None else "utf-8"
        written = exchange.request_body.decode("latin-1") if text is None else text
        lines.append(f'{_INDENT}data=({_expression(secrets.pieces(written))}).encode("{codec}"),')
    told = "print(answer.status_code, answer.text)"
    program = "\n".join(["import requests", "", "answer = requests.request(", *lines, ")", told])
    return f"import os\n\n{program}" if "os.environ" in program else program


def _headers(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Those that are not the client's own business."""
    by_prefix = exchange.path.startswith(f"/{exchange.provider}")
    for name, value in exchange.request_headers:
        if name.lower() not in CLIENTS_OWN and not (name.lower() == "host" and by_prefix):
            yield name, value


def _expression(pieces: Pieces) -> str:
    words = []
    for plain, variable in pieces:
        words += [repr(plain)] * bool(plain) + ([f'os.environ["{variable}"]'] if variable else [])
    return " + ".join(words) or '""'
