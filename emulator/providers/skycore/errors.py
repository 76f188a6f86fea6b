"""Which code and text for which refusal; texts and evidence are in fixtures/skycore/codes.yaml."""

from collections.abc import Mapping

from flask import g
from werkzeug.wrappers import Response

from emulator.core.errors import Reason
from emulator.edge.body import json_response
from emulator.edge.errors import ErrorTable, Fail
from emulator.fixtures import Code

CODES: Mapping[Reason, str] = {
    Reason.BAD_CREDENTIALS: "E104",
    Reason.ACCOUNT_BLOCKED: "E103",
    Reason.NO_CREDIT: "E713",
    Reason.MALFORMED: "E108",
    Reason.MISSING_FIELD: "E100",
    Reason.INVALID_FIELD: "E100",
    Reason.INVALID_RECIPIENT: "E110",
    Reason.UNROUTABLE: "E628",
    Reason.OPTED_OUT: "E114",
    Reason.RECIPIENT_BLOCKED: "E114",
    Reason.INVALID_SENDER: "E111",
    Reason.EMPTY_TEXT: "E712",
    Reason.TEXT_TOO_LONG: "E100",
    Reason.TOO_MANY_RECIPIENTS: "E110",
    Reason.INVALID_SCHEDULE: "E100",
    Reason.NOT_FOUND: "E714",
    Reason.NOT_CANCELLABLE: "E100",
    Reason.THROTTLED: "E113",
    Reason.NOT_PERMITTED: "E112",
    Reason.UNKNOWN_OPERATION: "E107",
    Reason.INTERNAL: "E503",
}
TABLE = ErrorTable(
    "skycore",
    CODES,
    missing={"to": "E110", "from": "E111", "message-text": "E712", "mobile": "E901", "campaign-ref": "E902"},
    http={404: "E100", 405: "E100", 413: "E100"},
    precedence=("action", "to", "from", "message-text", "mobile", "campaign-ref"),
)


def render(_fail: Fail, row: Code) -> Response:
    """HTTP 200 for every logical answer (assumed: the document prints no status).

    A failure names the recipient without its plus, as the document's example does; it cannot before the caller is known
    and the body is read, and the printed E100 indeed has none.
    """
    body = {"status": "Failure", "error-code": row.code, "error-info": row.text}
    recipient = g.get("recipient")
    if isinstance(recipient, str):
        body["to"] = recipient.removeprefix("+")
    return json_response(body, row.http)
