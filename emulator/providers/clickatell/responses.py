"""The lines that answer a command: one per recipient, separated by a bare newline, none at the end."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from string import digits

from werkzeug.wrappers import Response

from emulator.core.errors import Refusal
from emulator.core.message import Accepted, Message, Outcome, Status
from emulator.fixtures import Code, Sheet

STATUSES: Mapping[Status, str] = {  # texts and evidence: fixtures/clickatell/provider.yaml
    Status.SCHEDULED: "011",
    Status.QUEUED: "008",
    Status.SENT: "003",
    Status.DELIVERED: "004",
    Status.UNDELIVERED: "007",
    Status.EXPIRED: "010",
    Status.REJECTED: "009",
    Status.CANCELLED: "006",
}

COVERED = "OK: This prefix is currently supported. Messages sent to this prefix will be routed. Charge: {charge}"
NOT_COVERED = (
    "ERR: This prefix is not currently supported. Messages sent to this prefix will fail. "
    "Please contact support for assistance."
)
VOUCHER_TAKEN = "OK: 605"


def plain(lines: Iterable[str], status: int = 200) -> Response:
    return Response("\n".join(lines), status, content_type="text/html; charset=utf-8")


def error_line(row: Code, number: str | None = None) -> str:
    return f"ERR: {row.code}, {row.text}{_to(number)}"


def accepted_line(message: Message, number: str | None = None) -> str:
    return f"ID: {message.provider_message_id}{_to(number)}"


def status_line(message: Message) -> str:
    return f"ID: {message.provider_message_id} Status: {status_number(message)}"


def charge_line(message: Message, *, by_reference: bool) -> str:
    reference = f" cliMsgId: {message.reference}" if by_reference else ""
    charge, status = amount(message.price), status_number(message)
    return f"apiMsgId: {message.provider_message_id}{reference} charge: {charge} status: {status}"


def balance_line(balance: Decimal) -> str:
    return f"Credit: {balance.quantize(Decimal('0.001'), ROUND_DOWN):f}"


def status_number(message: Message) -> str:
    """Three digits; a message that failed for a reason of its own has that reason's number."""
    return message.error or STATUSES[message.status]


def status_words(sheet: Sheet, status: Status, error: str | None) -> str:
    """The number with its description in the table."""
    number = error or STATUSES.get(status, "")
    row = sheet.document["statuses"].get(number)
    return number if row is None else f"{number} {row['text']}"


def amount(value: Decimal) -> str:
    """A bare number: 1, 0.33, 0."""
    return f"{value.normalize():f}" if value else "0"


def outcome_lines(
    outcomes: Sequence[Outcome], numbers: Sequence[str], row_of: Callable[[Refusal], Code], *, always_to: bool = False
) -> list[str]:
    """One line per number in request order.

    ``To:`` stands where there are several numbers, with ``always_to`` also behind the id of a single one.
    """
    several = len(numbers) > 1
    return [
        accepted_line(outcome.message, number if several or always_to else None)
        if isinstance(outcome, Accepted)
        else error_line(row_of(outcome.refusal), number if several else None)
        for outcome, number in zip(outcomes, numbers, strict=True)
    ]


def _to(number: str | None) -> str:
    """The digits of the number as it was sent; nothing is left of one without any."""
    return "" if number is None else " To: " + "".join(character for character in number if character in digits)
