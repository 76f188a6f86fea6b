"""What ClickSend calls the state of a message: history status, delivery codes (help, "List of SMS gateway error codes")."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    codes = sheet.document["delivery_codes"]
    code = message.error if message.error is not None and message.error in codes else _CODES[message.status]
    row = codes[code]
    if message.status is Status.DELIVERED:
        return Delivery(row["status"], row["code"], row["text"])
    return Delivery(row["status"], row["code"], row["text"], int(code), row["text"])


def status_words(sheet: Sheet, status: Status, error: str | None) -> str:
    """The delivery code with its text, or for a status that has none the history's word."""
    code = error or _CODES.get(status, "")
    row = sheet.document["delivery_codes"].get(code)
    return HISTORY[status] if row is None else f"{HISTORY[status]}, {code} {row['text']}"
