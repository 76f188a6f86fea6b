"""Exchanges as they may be shown: bodies as text, credentials masked."""

from collections.abc import Iterable
from typing import Any

from emulator.control.schemas.values import iso
from emulator.control.secrets import Secrets
from emulator.control.sent import body_sent, is_longer
from emulator.core.journal import Exchange, Ruling

MASK = "***"


def exchange_out(exchange: Exchange) -> dict[str, Any]:
    secrets = Secrets(exchange)

    def hide(text: str) -> str:
        return "".join(plain + (MASK if variable else "") for plain, variable in secrets.pieces(text))

    def headers(of: Iterable[tuple[str, str]]) -> dict[str, str]:
        return {name: MASK if secrets.is_name(name) else hide(value) for name, value in of}

    def refusal(ruling: Ruling) -> dict[str, Any]:
        return {
            "code": ruling.code,
            "rule": ruling.rule,
            "detail": hide(ruling.detail),
            "field": ruling.field,
            "source": ruling.source,
            "evidence": ruling.evidence,
            "setting": ruling.setting,
        }

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
            "headers": headers(exchange.request_headers),
            "body": hide(body_sent(exchange)),
            "cut": is_longer(exchange),
        },
        "response": {
            "status": exchange.status,
            "headers": headers(exchange.response_headers),
            "body": hide(_text(exchange.response_body)),
            "cut": exchange.response_cut,
        },
        "refusal": None if ruling is None else refusal(ruling),
        "refused": [{"to": one.recipient, **refusal(one.ruling)} for one in exchange.refused],
        "messages": list(exchange.messages),
    }


def _text(body: bytes) -> str:
    return body.decode(errors="replace")
