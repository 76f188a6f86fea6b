"""From parameters to messages: content, parts, sender, time. The checks stand in the order the codes take precedence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Fate, Status, Submission
from emulator.core.policy import Policy
from emulator.core.segments import CONCATENATION_OCTETS, OCTETS, Encoding, count_parts, encoding_of, is_header, split_octets
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clickatell.alphabet import from_ucs2_hex, into_gsm, octets
from emulator.providers.clickatell.schemas import LONGEST_DELAY, MAX_CONCAT, Sending

ROUTING_ERROR = Fate(Status.REJECTED, "009")


@dataclass(frozen=True, slots=True)
class _Content:
    text: str
    encoding: Encoding
    payload: bytes = b""
    udh: bytes = b""
    warnings: tuple[str, ...] = ()


def compose(account: Account, sending: Sending, numbers: Sequence[str], *, guessed_utf8: bool = False) -> list[Submission]:
    """One submission per number. Raises Fail and Refusal for what is wrong with all of them."""
    due_at = _due_at(sending)
    content = _content(sending, guessed_utf8=guessed_utf8)
    _check_parts(account, sending, content)
    sender = _sender(account, sending)
    if not numbers:
        raise Refusal(Reason.INVALID_RECIPIENT, "no number", field="to")
    unanswerable = _two_way_without_mo(account, sending)
    validity = sending["validity"]
    first = Submission(
        recipient="",
        text=content.text,
        sender=sender,
        encoding=content.encoding,
        payload=content.payload,
        udh=content.udh,
        reference=sending["reference"],
        due_at=due_at,
        validity=None if validity is None else timedelta(minutes=validity),
        fate=ROUTING_ERROR if unanswerable else None,
        options=_options(account, sending),
        warnings=content.warnings + _warnings(account, sending, unanswerable=unanswerable),
    )
    submissions = [replace(first, recipient=international(account, number)) for number in numbers]
    return _within_credits(account, sending, submissions)


def international(account: Account, number: str) -> str:
    """With its plus. A leading zero becomes the account's default dial prefix, if it has one (specification 5.2.2)."""
    prefix = account.settings["default_prefix"]
    return f"+{prefix}{number[1:]}" if prefix and number.startswith("0") else f"+{number}"


def _due_at(sending: Sending) -> datetime | None:
    now = smsc.clock.now()
    due_at: datetime | None = sending["scheduled_time"]
    if due_at is None and sending["deliv_time"]:
        due_at = now + timedelta(minutes=sending["deliv_time"])
    if due_at is not None and due_at > now + LONGEST_DELAY:
        raise Refusal(Reason.INVALID_SCHEDULE, "more than 7 days ahead", field="scheduled_time")
    return due_at


def _content(sending: Sending, *, guessed_utf8: bool) -> _Content:
    """Raises Fail: 102 (udh), 116 (unicode), 101 (hex), and Refusal(EMPTY_TEXT)."""
    udh = _header(sending["udh"])
    text, data = sending["text"], sending.get("data", "")
    if not text and not data:
        raise Refusal(Reason.EMPTY_TEXT, "neither text nor data", field="text")
    if sending["unicode"] and text:
        decoded, warnings = from_ucs2_hex(text)
        return _Content(decoded, Encoding.UCS2, udh=udh, warnings=warnings)
    if udh or data or sending["binary"]:
        warnings = ("an alphanumeric sender is not meant for 8-bit messages",) if _is_alpha(sending["sender"]) else ()
        payload = octets(data, "data") if data else octets(text, "text")
        return _Content("", Encoding.BINARY, payload, udh, warnings)
    shown, warnings = into_gsm(text)
    if guessed_utf8:
        warnings += ("text beyond ASCII without charset: taken as UTF-8 here, the real gateway reads Windows-1252",)
    return _Content(shown, encoding_of(shown), warnings=warnings)


def _header(udh: str) -> bytes:
    try:
        header = bytes.fromhex(udh)
    except ValueError:
        header = b"\xff"
    if udh and not (is_header(header) and len(header) + CONCATENATION_OCTETS < OCTETS):
        raise Fail("102", "not hex, or its length octets do not add up", field="udh")
    return header


def _check_parts(account: Account, sending: Sending, content: _Content) -> None:
    allowed = min(sending["concat"] or account.settings["concat"], MAX_CONCAT)
    if content.encoding is Encoding.BINARY:
        needed = len(split_octets(content.payload, content.udh).parts)
    else:
        needed = count_parts(content.text, content.encoding, content.udh)
    if needed > allowed:
        raise Refusal(Reason.TEXT_TOO_LONG, f"{needed} parts needed, {allowed} allowed", field="text", setting="concat")


def _sender(account: Account, sending: Sending) -> str | None:
    """Raises Refusal(INVALID_SENDER) and, for an alpha tag that is not registered, Fail(123)."""
    sender: str | None = sending["sender"]
    if sender is None:
        return None
    is_number = sender.isdecimal() and sender.isascii() and len(sender) <= 16
    if not is_number and not (_is_alpha(sender) and len(sender) <= 11):
        raise Refusal(Reason.INVALID_SENDER, "neither a number of 16 digits nor 11 letters and digits", field="from")
    if not Policy.of(account).owns(sender) and not is_number:
        raise Fail("123", f"{sender} is not registered", field="from", setting="senders")
    return sender


def _is_alpha(sender: str | None) -> bool:
    return sender is not None and sender.isalnum() and sender.isascii() and not sender.isdecimal()


def _two_way_without_mo(account: Account, sending: Sending) -> bool:
    """A two-way number (one of the account's own) without ``mo=1``: accepted, later a routing error."""
    sender = sending["sender"]
    owned = account.settings["senders"] is not None and sender is not None and not _is_alpha(sender)
    return owned and not sending["mo"] and bool(account.settings["two_way_needs_mo"])


def _warnings(account: Account, sending: Sending, *, unanswerable: bool) -> tuple[str, ...]:
    found = []
    if unanswerable:
        found.append("from is a two-way number and mo=1 is missing: routing error 009 (setting two_way_needs_mo)")
    if sending["mo"] and sending["sender"] is None:
        found.append("mo=1 without from: replies to the default sender are lost")
    if (sending["concat"] or 0) > MAX_CONCAT:
        found.append(f"concat={sending['concat']}: no message has more than {MAX_CONCAT} parts")
    if sending["callback_level"] and account.settings["callback_url"] is None:
        found.append("callback asked for, but the account has no callback_url: nothing will be posted")
    return tuple(found)


def _options(account: Account, sending: Sending) -> Mapping[str, str]:
    options = {"api_id": account.credentials["api_id"], "msg_type": sending["msg_type"]}
    if sending["callback_level"]:
        options["callback"] = str(sending["callback_level"])
    return options


def _within_credits(account: Account, sending: Sending, submissions: list[Submission]) -> list[Submission]:
    """Over ``max_credits`` the call is accepted all the same and ends as a routing error (specification 5.2.8)."""
    most = sending["max_credits"]
    if most is None:
        return submissions
    quotes = smsc.quote(account, submissions)
    return [
        replace(one, fate=ROUTING_ERROR, warnings=(*one.warnings, f"costs {quote.price}, over max_credits: routing error 009"))
        if quote.price > most
        else one
        for one, quote in zip(submissions, quotes, strict=True)
    ]
