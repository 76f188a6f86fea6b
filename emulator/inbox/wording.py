"""How values are written for people."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from emulator.control.schemas.values import iso, money
from emulator.control.wire import exchange_out
from emulator.core import addresses, onetime
from emulator.core.campaigns import Campaign
from emulator.core.characters import is_seen, spoken
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.segments import Encoding
from emulator.edge.context import runtime, sheet, smsc

_ALPHABETS = {Encoding.GSM7: "GSM-7", Encoding.UCS2: "UCS-2", Encoding.BINARY: "8-bit data"}
_UNITS = {Encoding.GSM7: "septets", Encoding.UCS2: "code units", Encoding.BINARY: "octets"}
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}
_TOLD = 400  # characters of a text that a row shows


def alphabet(encoding: Encoding) -> str:
    return _ALPHABETS[encoding]


def units(encoding: Encoding) -> str:
    return _UNITS[encoding]


def parts(count: int) -> str:
    return "1 part" if count == 1 else f"{count} parts"


def text_of(message: Message) -> str:
    """What the handset shows; the octets of a binary message in hex. Control characters as their pictures."""
    return visible(message.text or message.payload.hex(" ").upper())


def visible(text: Any) -> str:
    return str(text).translate(_PICTURES)


def brief(message: Message) -> str:
    """As much of the text as a row shows."""
    shown = text_of(message)
    return shown if len(shown) <= _TOLD else f"{shown[:_TOLD]}…"


def price(message: Message) -> str:
    return f"{money(message.price)} {message.currency}"


def amount(value: Decimal) -> str:
    return money(value)


def country(number: str) -> str:
    return addresses.country(number) or ""


def codes(message: Message) -> list[str]:
    return onetime.codes_in(message.text)


def handset_sender(message: Message) -> str:
    return message.sender or "no sender"


def sender_cut(message: Message) -> str:
    """The warning that says that the sender was cut, empty where it was not."""
    return next((said for said in message.warnings if "sender" in said and " cut " in said), "")


def campaign_name(message: Message) -> str:
    """The name it was launched by; what the message carries where nobody launched it."""
    launched = _launched(message)
    return launched.mailing.name if launched else message.campaign or ""


def campaign_page(message: Message) -> str:
    """Where the campaign of the message is shown."""
    launched = _launched(message)
    standing = launched.key if launched else f"{message.account}/{message.campaign}"
    return f"/campaigns/{quote(standing)}"


def _launched(message: Message) -> Campaign | None:
    found = smsc.store.get(Campaign, message.campaign) if message.campaign else None
    return found if found is not None and found.account == message.account else None


def clock_time(instant: datetime) -> str:
    """With its date where that is not today's, by the emulator's clock."""
    now = smsc.clock.now()
    if instant.date() == now.date():
        return hands(instant)
    return f"{instant:%a %d %b} {hands(instant)}" if instant.year == now.year else f"{day(instant)} {hands(instant)}"


def hands(instant: datetime) -> str:
    return f"{instant:%H:%M:%S}"


def day(instant: datetime) -> str:
    return f"{instant:%a %d %b %Y}"


def reason(message: Message) -> str:
    """What the provider itself calls how the message stands; where it has no words, the error alone."""
    provider = runtime().providers[message.provider]
    return visible(provider.status_words(sheet(provider.name), message.status, message.error) or message.error)


def refusal_detail(exchange: Exchange) -> str:
    """The particulars of a refusal, its secrets masked."""
    return visible(exchange_out(exchange)["refusal"]["detail"])


def refusals(exchange: Exchange) -> list[dict[str, Any]]:
    """The messages refused of a request that was answered message by message, secrets masked."""
    return list(exchange_out(exchange)["refused"])


def provider_words(provider: str, code: str) -> str:
    document = sheet(provider)
    rows = document.document.get("statuses", {})
    if code in rows:
        return f"{code} {rows[code]['text']}"
    row = document.codes.get(code)
    return f"{code} {row.text}" if row is not None else code


FILTERS: Mapping[str, Callable[..., Any]] = {
    "alphabet": alphabet,
    "units": units,
    "parts": parts,
    "text_of": text_of,
    "visible": visible,
    "brief": brief,
    "price": price,
    "amount": amount,
    "country": country,
    "codes": codes,
    "handset_sender": handset_sender,
    "sender_cut": sender_cut,
    "campaign_name": campaign_name,
    "campaign_page": campaign_page,
    "clock_time": clock_time,
    "hands": hands,
    "day": day,
    "iso": iso,
    "provider_words": provider_words,
    "spoken": spoken,
    "is_seen": is_seen,
    "reason": reason,
    "refusal_detail": refusal_detail,
    "refusals": refusals,
}
