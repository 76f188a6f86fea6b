"""An exchange as a page shows it: masked, raw and made readable."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from flask import request

from emulator.control.curl import curl_command
from emulator.control.snippets import httpie_command, requests_program
from emulator.control.wire import exchange_out
from emulator.core.journal import Exchange
from emulator.edge.context import sheet
from emulator.fixtures import SettingSpec

_TOKEN = re.compile(r"<[^<>]*>|[^<]+")


@dataclass(frozen=True, slots=True)
class Side:
    """The request or the answer: ``pretty`` is empty where the body is as readable as it gets."""

    line: str
    headers: list[tuple[str, str]]
    body: str
    pretty: str
    cut: bool
    parameters: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a message was refused: ``to`` is its recipient; empty where the request was refused as a whole."""

    to: str
    refusal: Mapping[str, Any]
    setting: SettingSpec | None


@dataclass(frozen=True, slots=True)
class Wire:
    exchange: dict[str, Any]
    asked: Side
    answered: Side
    copies: list[tuple[str, str, str]]
    verdicts: list[Verdict]


def wire(exchange: Exchange) -> Wire:
    """Secrets are masked in all of it; the copies name shell or environment variables in their place."""
    shown = exchange_out(exchange)
    asked, answered = shown["request"], shown["response"]
    base = request.host_url.rstrip("/")
    copies = (
        []
        if exchange.request_cut
        else [
            ("curl", "curl", curl_command(exchange, base)),
            ("httpie", "HTTPie", httpie_command(exchange, base)),
            ("python", "Python requests", requests_program(exchange, base)),
        ]
    )
    return Wire(
        exchange=shown,
        asked=_side(f"{asked['method']} {asked['path']}", asked, asked["path"].partition("?")[2]),
        answered=_side(str(answered["status"]), answered),
        copies=copies,
        verdicts=list(_verdicts(shown)),
    )


def _verdicts(shown: Mapping[str, Any]) -> Iterator[Verdict]:
    settings = sheet(shown["provider"]).settings
    for refusal in shown["refused"] or filter(None, [shown["refusal"]]):
        yield Verdict(refusal.get("to", ""), refusal, settings.get(refusal["setting"] or ""))


def pretty(body: str, content_type: str) -> str:
    """The body indented, as what it says it is or looks like; empty where that would change nothing."""
    start = body.lstrip()[:1]
    if "json" in content_type or start in {"{", "["}:
        made = _json(body)
    elif "xml" in content_type or (start == "<" and "html" not in content_type):
        made = _xml(body)
    elif "x-www-form-urlencoded" in content_type:
        made = "\n".join(f"{name} = {value}" for name, value in _pairs(body))
    else:
        made = ""
    return "" if made.strip() == body.strip() else made


def _side(line: str, shown: dict[str, Any], query: str = "") -> Side:
    headers = list(shown["headers"].items())
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "").lower()
    return Side(line, headers, shown["body"], pretty(shown["body"], content_type), shown["cut"], _pairs(query))


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []


def _json(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return ""


def _xml(body: str) -> str:
    """Indented by its tags alone: no entity is read, nothing is fetched, and what is no XML is shown all the same."""
    lines, depth = [], 0
    tokens = [token.strip() for token in _TOKEN.findall(body) if token.strip()]
    position = 0
    while position < len(tokens):
        token = tokens[position]
        leaf = tokens[position : position + 3]
        if _opens(token) and len(leaf) == 3 and not leaf[1].startswith("<") and leaf[2].startswith("</"):
            lines.append("  " * depth + "".join(leaf))
            position += 3
            continue
        depth -= token.startswith("</")
        lines.append("  " * max(depth, 0) + token)
        depth += _opens(token)
        position += 1
    return "\n".join(lines)


def _opens(token: str) -> bool:
    return token.startswith("<") and not token.startswith(("</", "<!", "<?")) and not token.endswith("/>")
