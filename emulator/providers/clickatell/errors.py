"""Which code and text for which refusal; texts and evidence are in fixtures/clickatell/codes.yaml."""

from collections.abc import Mapping

from flask import g
from werkzeug.wrappers import Response

from emulator.core.errors import Reason
from emulator.edge.errors import ErrorTable, Fail
from emulator.fixtures import Code
from emulator.providers.clickatell.parameters import Given, recipients
from emulator.providers.clickatell.responses import error_line, plain

CODES: Mapping[Reason, str] = {
    Reason.BAD_CREDENTIALS: "001",
    Reason.ACCOUNT_BLOCKED: "004",
    Reason.NO_CREDIT: "301",
    Reason.MALFORMED: "100",
    Reason.MISSING_FIELD: "101",
    Reason.INVALID_FIELD: "101",
    Reason.INVALID_RECIPIENT: "105",
    Reason.UNROUTABLE: "114",
    Reason.OPTED_OUT: "122",
    Reason.RECIPIENT_BLOCKED: "121",
    Reason.INVALID_SENDER: "106",
    Reason.EMPTY_TEXT: "107",
    Reason.TEXT_TOO_LONG: "113",
    Reason.TOO_MANY_RECIPIENTS: "101",
    Reason.INVALID_SCHEDULE: "120",
    Reason.NOT_FOUND: "103",
    Reason.NOT_CANCELLABLE: "101",
    Reason.THROTTLED: "901",
    Reason.NOT_PERMITTED: "007",
    Reason.UNKNOWN_OPERATION: "111",
    Reason.INTERNAL: "901",
}
TABLE = ErrorTable(
    "clickatell",
    CODES,
    missing={"template": "202", "batch_id": "201"},
    invalid={"deliv_time": "120", "scheduled_time": "120", "msg_type": "112"},
    precedence=("deliv_time", "scheduled_time", "msg_type"),
)


def render(fail: Fail, row: Code) -> Response:  # noqa: ARG001
    """HTTP 200 on errors."""
    return plain(error_lines(row), row.http)


def name_numbers(given: Given) -> None:
    """From here on errors of the present call are named for each of its numbers; not for more than it may have."""
    numbers = recipients(given.get("to", ""))
    g.numbers = numbers if len(numbers) <= given.most_numbers else ()


def error_lines(row: Code) -> list[str]:
    """A call for several numbers has the error once for each of them."""
    numbers = g.get("numbers", ())
    return [error_line(row, number) for number in numbers] if len(numbers) > 1 else [error_line(row)]
