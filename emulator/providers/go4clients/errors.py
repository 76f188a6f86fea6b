"""Which code for which refusal; texts, HTTP statuses and evidence are in fixtures/go4clients/codes.yaml."""

from collections.abc import Mapping

from werkzeug.wrappers import Response

from emulator.core.errors import Reason
from emulator.edge.body import json_response
from emulator.edge.errors import ErrorTable, Fail
from emulator.fixtures import Code
from emulator.providers.go4clients.responses import envelope

CODES: Mapping[Reason, str] = {
    Reason.BAD_CREDENTIALS: "100",
    Reason.ACCOUNT_BLOCKED: "101",
    Reason.NO_CREDIT: "300",
    Reason.MALFORMED: "200",
    Reason.MISSING_FIELD: "200",
    Reason.INVALID_FIELD: "200",
    Reason.INVALID_RECIPIENT: "202",
    Reason.UNROUTABLE: "202",
    Reason.OPTED_OUT: "208",
    Reason.RECIPIENT_BLOCKED: "208",
    Reason.INVALID_SENDER: "205",
    Reason.EMPTY_TEXT: "203",
    Reason.TEXT_TOO_LONG: "204",
    Reason.TOO_MANY_RECIPIENTS: "201",
    Reason.INVALID_SCHEDULE: "206",
    Reason.NOT_FOUND: "207",
    Reason.NOT_CANCELLABLE: "200",
    Reason.THROTTLED: "429",
    Reason.NOT_PERMITTED: "101",
    Reason.UNKNOWN_OPERATION: "404",
    Reason.INTERNAL: "900",
}
TABLE = ErrorTable(
    "go4clients",
    CODES,
    missing={"to": "201", "toList": "201", "message": "203"},
    http={405: "405"},
    precedence=("to", "toList", "message"),
)


def render(_fail: Fail, row: Code) -> Response:
    return json_response(envelope(row, success=False), row.http)
