"""One line on the console per captured or refused message."""

import logging

from emulator.core.journal import Exchange
from emulator.core.message import Accepted, Message
from emulator.edge.context import Capture, runtime

LOGGER = logging.getLogger("emulator.console")

_SHOWN = 5  # messages of one request that get a line of their own


def report(record: Capture, exchange: Exchange) -> None:
    if runtime().is_quiet or not LOGGER.isEnabledFor(logging.INFO):
        return
    accepted = [outcome.message for outcome in record.outcomes if isinstance(outcome, Accepted)]
    for message in accepted[:_SHOWN]:
        LOGGER.info("%s", _captured(message))
    if len(accepted) > _SHOWN:
        LOGGER.info("%-10s accepted  and %d more of the same request", exchange.provider, len(accepted) - _SHOWN)
    if record.ruling is not None:
        LOGGER.info("%s", _refused(record, exchange))


def _captured(message: Message) -> str:
    parts = "" if message.segments == 1 else f"  {message.segments} parts"
    text = message.payload.hex() if message.payload else message.text
    sender = _line(message.sender, quote=False)
    return f"{message.provider:10} {message.status:9} {message.recipient} <- {sender}  {_line(text)}{parts}"


def _refused(record: Capture, exchange: Exchange) -> str:
    ruling = record.ruling
    assert ruling is not None  # noqa: S101  # the caller has looked
    where = f" [{ruling.field}]" if ruling.field else ""
    detail = f": {ruling.detail}" if ruling.detail else ""
    relax = f"  (setting {ruling.setting})" if ruling.setting else ""
    path = exchange.path.partition("?")[0].partition("=")[0]  # what somebody has put behind it may be a secret
    asked = _line(exchange.operation or f"{exchange.method} {path}", quote=False)
    return f"{exchange.provider:10} refused   {ruling.code} {asked}{where}  {ruling.rule}{_line(detail, quote=False)}{relax}"


def _line(text: str, *, quote: bool = True) -> str:
    """``text`` on one line, without control characters, cut at 80."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    shown = shown if len(shown) <= 80 else f"{shown[:79]}…"
    return f'"{shown}"' if quote else shown
