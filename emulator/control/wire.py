"""Exchanges as they may be shown: bodies as text, credentials masked."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus
from xml.sax.saxutils import escape, unescape

from emulator.control.schemas import iso
from emulator.core.accounts import Account
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, sheet, smsc

MASK = "***"

_SECRET_EVERYWHERE = frozenset({"authorization", "proxy-authorization", "cookie", "x-auth-token", "password", "secret"})
_WRITTEN = r"""(?xi)
    (?P<pair>    (?: ^ | [?&\s] ) (?: {names} ) = ) (?P<of_pair> [^&\s]* )
  | (?P<json>    "(?: {names} )" \s* : \s* " ) (?P<of_json> (?: [^"\\] | \\. )* )
  | (?P<element> {element} ) (?P<of_element> (?: [^<] | <!\[CDATA\[ .*? \]\]> )+ )
"""
_ELEMENT = r"<(?:[\w.-]+:)?(?:{names})(?:\s[^>]*)?(?<!/)>"
_WIDE = {  # how XML in more than one octet per character begins
    b"\xff\xfe\x00\x00": "utf-32", b"\x00\x00\xfe\xff": "utf-32", b"<\x00\x00\x00": "utf-32-le", b"\x00\x00\x00<": "utf-32-be",
    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be",
}  # fmt: skip
_LENGTH = 4  # a shorter secret is masked where it is named only: elsewhere its letters mean something else


def exchange_out(exchange: Exchange) -> dict[str, Any]:
    hide = _Masking(exchange)
    ruling = exchange.ruling
    return {
        "id": exchange.id,
        "provider": exchange.provider,
        "account": exchange.account,
        "operation": exchange.operation,
        "at": iso(exchange.at),
        "request": {
            "method": exchange.method,
            "path": hide(exchange.path),
            "headers": {name: hide.header(name, value) for name, value in exchange.request_headers},
            "body": hide(_sent(exchange)),
            "cut": exchange.request_cut,
        },
        "response": {
            "status": exchange.status,
            "headers": {name: hide(value) for name, value in exchange.response_headers},
            "body": hide(_text(exchange.response_body)),
            "cut": exchange.response_cut,
        },
        "refusal": None
        if ruling is None
        else {
            "code": ruling.code,
            "rule": ruling.rule,
            "detail": hide(ruling.detail),
            "field": ruling.field,
            "source": ruling.source,
            "evidence": ruling.evidence,
            "setting": ruling.setting,
        },
        "messages": list(exchange.messages),
    }


class _Masking:
    """Masks what stands under a secret name, and every secret value of some length wherever else it stands.

    The login name is no secret; in XML, where it stands beside its password, it is masked as well.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._names = names = runtime().providers[exchange.provider].secrets | _SECRET_EVERYWHERE
        self._named = re.compile(
            _WRITTEN.format(names=_any_of(names), element=_ELEMENT.format(names=_any_of(names))), re.DOTALL
        )
        logins = {spec.name for spec in sheet(exchange.provider).credentials if spec.login}
        self._login = re.compile(f"(?i)({_ELEMENT.format(names=_any_of(logins))})[^<]+")
        values = set(exchange.secrets) | _account_secrets(exchange.account)
        values |= {value for name, value in exchange.request_headers if name.lower() in names}
        for text in (exchange.path, _sent(exchange)):
            values |= set(map(_value, self._named.finditer(text)))
        long = {form for value in values if len(value) >= _LENGTH for form in _forms(value)}
        longest_first = sorted(long, key=len, reverse=True)
        self._anywhere = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def header(self, name: str, value: str) -> str:
        return MASK if name.lower() in self._names else self(value)

    def __call__(self, text: str) -> str:
        named = self._named.sub(lambda match: (match["pair"] or match["json"] or match["element"]) + MASK, text)
        return self._anywhere.sub(MASK, self._login.sub(rf"\g<1>{MASK}", named))


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, names)))


def _value(match: re.Match[str]) -> str:
    return unescape((match["of_element"] or "").strip()) or unquote_plus(match["of_pair"] or match["of_json"] or "")


def _forms(value: str) -> set[str]:
    """How a value may be written."""
    least = value.replace("&", "&amp;").replace("<", "&lt;")
    in_xml = {least, escape(value), escape(value, {'"': "&quot;", "'": "&apos;"})}
    return {value, quote(value, safe=""), quote_plus(value), *in_xml}


def _account_secrets(account_id: str | None) -> set[str]:
    account = smsc.store.get(Account, account_id) if account_id else None
    if account is None:
        return set()
    return {account.credentials[spec.name] for spec in sheet(account.provider).credentials if spec.secret}


def _sent(exchange: Exchange) -> str:
    """The body of the request, in the character set it is in as far as one can see."""
    body = exchange.request_body
    content_type = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    said = re.search(r"(?i)charset=[\"']?([\w.-]+)", content_type)
    wide = next((codec for start, codec in _WIDE.items() if body.startswith(start)), None)
    try:
        return body.decode(wide or (said[1] if said else "utf-8"), "replace")
    except (LookupError, ValueError):  # no character set, or none of texts
        return _text(body)


def _text(body: bytes) -> str:
    return body.decode(errors="replace")
