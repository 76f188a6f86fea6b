"""What ClickSend calls the state of a message: history status, delivery codes (help, "List of SMS gateway error codes")."""

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.core.errors import Reason
from emulator.core.message import Direction, Message, Status
from emulator.fixtures import Sheet

HISTORY: Mapping[Status, str] = {
    Status.SCHEDULED: "Scheduled",
    Status.QUEUED: "Queued",
    Status.SENT: "Completed",  # in the delivery queue; nothing is known of its end yet
    Status.DELIVERED: "Sent",
    Status.UNDELIVERED: "Failed",
    Status.EXPIRED: "Failed",
    Status.REJECTED: "Failed",
    Status.CANCELLED: "Cancelled",
    Status.RECEIVED: "Received",
}
_CODES: Mapping[Status, str] = {
    Status.DELIVERED: "4",
    Status.UNDELIVERED: "7",
    Status.EXPIRED: "20",
    Status.REJECTED: "15",
}
"""The delivery code of an end whose message names none of its own."""
_REFUSED: Mapping[str, str] = {
    **dict.fromkeys(Reason, "7"),
    Reason.INVALID_RECIPIENT: "8",
    Reason.UNROUTABLE: "18",
    Reason.THROTTLED: "19",
}
"""Of a campaign's message that was refused when its turn came; where the help lists nothing like it, an unknown failure."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message has ended, as receipts and history say it. A delivered one has no error."""

    status: str
    status_code: int
    status_text: str
    error_code: int | None = None
    error_text: str | None = None


def delivery_of(sheet: Sheet, message: Message) -> Delivery | None:
    """None while the message is under way, and for one that was cancelled or has come in: of these nobody is told."""
    if message.direction is Direction.IN or message.status not in _CODES:
        return None
    code = _code(sheet, message.status, message.error)
    row = sheet.document["delivery_codes"][code]
    if message.status is Status.DELIVERED:
        return Delivery(row["status"], row["code"], row["text"])
    return Delivery(row["status"], row["code"], row["text"], int(code), row["text"])


def status_words(sheet: Sheet, status: Status, error: str | None) -> str:
    """The delivery code with its text, and what the code does not tell; for a status that has none the history's word."""
    code = _code(sheet, status, error)
    row = sheet.document["delivery_codes"].get(code)
    told = "" if error in {None, code} else f" ({error})"
    return HISTORY[status] if row is None else f"{HISTORY[status]}, {code} {row['text']}{told}"


def _code(sheet: Sheet, status: Status, error: str | None) -> str:
    code = _REFUSED.get(error or "", error or "")
    return code if code in sheet.document["delivery_codes"] else _CODES.get(status, "")
