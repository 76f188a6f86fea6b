"""Exchanges as they may be shown: bodies as text, credentials masked."""

import re
from typing import Any
from urllib.parse import quote, quote_plus

from emulator.control.schemas import iso
from emulator.core.accounts import Account
from emulator.core.journal import Exchange
from emulator.edge.context import runtime, sheet, smsc

MASK = "***"


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
            "headers": {name: hide(value) for name, value in exchange.request_headers},
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
    """Replaces every value that was presented under a secret name, and the account's own secrets, wherever they stand."""

    def __init__(self, exchange: Exchange) -> None:
        names = runtime().providers[exchange.provider].secrets
        alternatives = "|".join(sorted(map(re.escape, names)))
        presented = re.compile(rf'(?i)(?:^|[?&\s])(?:{alternatives})=([^&\s]+)|"(?:{alternatives})"\s*:\s*"((?:[^"\\]|\\.)*)"')
        values = set(exchange.secrets) | _account_secrets(exchange.account)
        values |= {value for name, value in exchange.request_headers if name.lower() in names}
        for text in (exchange.path, _text(exchange.request_body)):
            values |= {found for match in presented.findall(text) for found in match if found}
        written = {form for value in values if value for form in (value, quote(value, safe=""), quote_plus(value))}
        longest_first = sorted(written, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern else text


def _account_secrets(account_id: str | None) -> set[str]:
    account = smsc.store.get(Account, account_id) if account_id else None
    if account is None:
        return set()
    return {account.credentials[spec.name] for spec in sheet(account.provider).credentials if spec.secret}


def _text(body: bytes) -> str:
    return body.decode(errors="replace")
