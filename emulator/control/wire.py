"""Exchanges as they may be shown: bodies as text, credentials masked."""

import re
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from emulator.control.schemas.values import iso
from emulator.core.accounts import Account
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, sheet, smsc

MASK = "***"

_SECRET_EVERYWHERE = frozenset({"authorization", "proxy-authorization", "cookie", "x-auth-token", "password", "secret"})
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
            "body": hide(_text(exchange.request_body)),
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
    """Masks what stands under a secret name, and every secret value of some length wherever else it stands."""

    def __init__(self, exchange: Exchange) -> None:
        self._names = names = runtime().providers[exchange.provider].secrets | _SECRET_EVERYWHERE
        either = "|".join(sorted(map(re.escape, names)))
        self._named = re.compile(rf'(?i)((?:^|[?&\s])(?:{either})=)([^&\s]*)|("(?:{either})"\s*:\s*")((?:[^"\\]|\\.)*)')
        values = set(exchange.secrets) | _account_secrets(exchange.account)
        values |= {value for name, value in exchange.request_headers if name.lower() in names}
        for text in (exchange.path, _text(exchange.request_body)):
            values |= {unquote_plus(match[2] or match[4] or "") for match in self._named.finditer(text)}
        long = {form for value in values if len(value) >= _LENGTH for form in (value, quote(value, safe=""), quote_plus(value))}
        longest_first = sorted(long, key=len, reverse=True)
        self._anywhere = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def header(self, name: str, value: str) -> str:
        return MASK if name.lower() in self._names else self(value)

    def __call__(self, text: str) -> str:
        named = self._named.sub(lambda match: (match[1] or match[3]) + MASK, text)
        return self._anywhere.sub(MASK, named)


def _account_secrets(account_id: str | None) -> set[str]:
    account = smsc.store.get(Account, account_id) if account_id else None
    if account is None:
        return set()
    return {account.credentials[spec.name] for spec in sheet(account.provider).credentials if spec.secret}


def _text(body: bytes) -> str:
    return body.decode(errors="replace")
