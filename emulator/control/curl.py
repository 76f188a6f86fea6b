"""An exchange as a curl command for a shell, with variables where secrets stood."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from emulator.control.portable import portable
from emulator.control.secrets import Secrets, basic_login
from emulator.core.journal import Exchange

Pieces = Iterable[tuple[str, str | None]]

CLIENTS_OWN = frozenset({"content-length", "transfer-encoding", "connection", "expect", "accept-encoding"})
"""Headers that are the client's own business."""

_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def curl_command(exchange: Exchange, base_url: str) -> str:
    """One line for any POSIX shell; a body that is no text goes through ``printf``, octet by octet."""
    exchange = portable(exchange)
    secrets = Secrets(exchange)
    words = ["curl", "--globoff", "--path-as-is", *_method(exchange), word(secrets.pieces(base_url + url_of(exchange)))]
    words += [word for name, value in exchange.request_headers for word in _header(exchange, secrets, name, value)]
    body = exchange.request_body
    if body and "content-type" not in {name.lower() for name, _ in exchange.request_headers}:
        words += ["-H", "'Content-Type:'"]  # or curl would say that it is a form
    if not body:
        return " ".join(words)
    if (text := text_of(body)) is not None:
        return " ".join([*words, "--data-raw", word(secrets.pieces(text))])
    return " ".join([printf(secrets.pieces(body.decode("latin-1"))), "|", *words, "--data-binary", "@-"])


def _method(exchange: Exchange) -> list[str]:
    if exchange.method == "HEAD":
        return ["--head"]
    implied = "POST" if exchange.request_body else "GET"
    return [] if exchange.method == implied else ["-X", quoted(exchange.method)]


def url_of(exchange: Exchange) -> str:
    """As it was asked for; what no URL may hold is percent-encoded."""
    path, mark, query = exchange.path.partition("?")
    return quote(path.encode("latin-1"), safe=_PATH_SAFE) + mark + quote(query.encode("latin-1"), safe=_PRINTABLE)


def _header(exchange: Exchange, secrets: Secrets, name: str, value: str) -> Iterator[str]:
    lower = name.lower()
    by_prefix = exchange.path.startswith(f"/{exchange.provider}")
    if lower in CLIENTS_OWN or (lower == "host" and by_prefix):
        return
    if login := basic(secrets, name, value):
        yield "-u"
        yield word([(f"{login[0]}:", login[1])])
        return
    yield "-H"
    if secrets.is_name(name):
        yield word([(f"{name}: ", secrets.variable(value, name))])
    elif value:
        yield word(secrets.pieces(f"{name}: {value}"))
    else:
        yield quoted(f"{name};")  # curl's way to send a header that is empty


def basic(secrets: Secrets, name: str, value: str) -> tuple[str, str] | None:
    """The user, and the variable of the password, of a Basic authorization; None for any other header."""
    login = basic_login(value) if name.lower() == "authorization" else None
    return login and (login[0], secrets.variable(login[1], "password"))


def text_of(body: bytes) -> str | None:
    """The body where a shell word can carry it."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def word(pieces: Pieces) -> str:
    return "".join(quoted(plain) * bool(plain) + (f'"${variable}"' if variable else "") for plain, variable in pieces)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def printf(pieces: Pieces) -> str:
    """Octets as ``printf`` writes them, from characters that stand for one octet each."""
    formats, words = "", []
    for plain, variable in pieces:
        if plain:
            formats += "%b"
            words.append(quoted("".join(f"\\0{ord(octet):03o}" for octet in plain)))
        if variable:
            formats += "%s"
            words.append(f'"${variable}"')
    return " ".join(["printf", f"'{formats}'", *words])
