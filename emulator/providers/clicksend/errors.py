"""Which code and text for which refusal; texts and evidence are in fixtures/clicksend/codes.yaml."""

from collections.abc import Mapping
from types import MappingProxyType

from werkzeug.wrappers import Response

from emulator.core.errors import Reason, Refusal
from emulator.edge.body import json_response
from emulator.edge.errors import ErrorTable, Fail
from emulator.fixtures import Code

CODES: Mapping[Reason, str] = {
    Reason.BAD_CREDENTIALS: "UNAUTHORIZED",
    Reason.ACCOUNT_BLOCKED: "FORBIDDEN/suspended",
    Reason.NO_CREDIT: "INSUFFICIENT_CREDIT",
    Reason.MALFORMED: "BAD_REQUEST/malformed",
    Reason.MISSING_FIELD: "BAD_REQUEST/required",
    Reason.INVALID_FIELD: "BAD_REQUEST/invalid",
    Reason.INVALID_RECIPIENT: "BAD_REQUEST/invalid",
    Reason.UNROUTABLE: "BAD_REQUEST/invalid",
    Reason.OPTED_OUT: "BAD_REQUEST/invalid",
    Reason.RECIPIENT_BLOCKED: "BAD_REQUEST/invalid",
    Reason.INVALID_SENDER: "INVALID_SENDER_ID",
    Reason.EMPTY_TEXT: "BAD_REQUEST/required",
    Reason.TEXT_TOO_LONG: "BAD_REQUEST/invalid",
    Reason.TOO_MANY_RECIPIENTS: "TOO_MANY_RECIPIENTS",
    Reason.INVALID_SCHEDULE: "INVALID_SCHEDULE",
    Reason.NOT_FOUND: "NOT_FOUND/endpoint",
    Reason.NOT_CANCELLABLE: "BAD_REQUEST/message_not_scheduled",
    Reason.THROTTLED: "HTTP_TOO_MANY_REQUESTS",
    Reason.NOT_PERMITTED: "FORBIDDEN/resource",
    Reason.UNKNOWN_OPERATION: "NOT_FOUND/endpoint",
    Reason.INTERNAL: "INTERNAL_SERVER_ERROR",
}
DEFAULT_SENDER = "BAD_REQUEST/default_sender"  # which has details
STATUSES: Mapping[Reason, str] = {
    Reason.NO_CREDIT: "INSUFFICIENT_CREDIT",
    Reason.MALFORMED: "MISSING_REQUIRED_FIELDS",
    Reason.MISSING_FIELD: "MISSING_REQUIRED_FIELDS",
    Reason.INVALID_FIELD: "MISSING_REQUIRED_FIELDS",
    Reason.INVALID_RECIPIENT: "INVALID_RECIPIENT",
    Reason.OPTED_OUT: "INVALID_RECIPIENT",
    Reason.RECIPIENT_BLOCKED: "INVALID_RECIPIENT",
    Reason.UNROUTABLE: "COUNTRY_NOT_ENABLED",
    Reason.INVALID_SENDER: "INVALID_SENDER_ID",
    Reason.EMPTY_TEXT: "EMPTY_MESSAGE",
    Reason.INVALID_SCHEDULE: "INVALID_SCHEDULE",
    Reason.TOO_MANY_RECIPIENTS: "TOO_MANY_RECIPIENTS",
    Reason.NOT_PERMITTED: "NOT_ENOUGH_PERMISSION_TO_LIST_ID",
    Reason.THROTTLED: "THROTTLED",
    Reason.INTERNAL: "INTERNAL_ERROR",
}
"""The ``status`` of one message of /sms/send; what is not listed is INVALID_RECIPIENT."""


class _Table(ErrorTable):
    def fail(self, error: Exception) -> Fail:
        """What is wrong with no field is wrong with the whole body."""
        found = super().fail(error)
        if found.code == self.reasons[Reason.INVALID_FIELD] and found.field is None:
            return Fail(self.reasons[Reason.MALFORMED], found.detail)
        return found


TABLE = _Table(
    "clicksend",
    CODES,
    invalid={"list_id": "NOT_FOUND/list", "schedule": "INVALID_SCHEDULE"},
    wordings={
        "Not a valid string.": "BAD_REQUEST/string",
        "Not a valid integer.": "BAD_REQUEST/integer",
        "Not a valid list.": "BAD_REQUEST/array",
    },
    http={404: "NOT_FOUND/endpoint", 405: "NOT_FOUND/endpoint"},
    messages=STATUSES,
    precedence=("list_id", "name", "body", "from", "schedule", "senders", "recipient_country_code", "sender_id"),
)


def status_of(refusal: Refusal) -> str:
    return STATUSES.get(refusal.reason, "INVALID_RECIPIENT")


def render(fail: Fail, row: Code) -> Response:
    """``http_code`` is the HTTP status; ``data`` is null."""
    named = row.text.replace("{field}", (fail.field or "value").replace("_", " "))
    more = {"details": [{"field": fail.field, "reason": fail.detail}]} if row.code == DEFAULT_SENDER else {}
    return envelope(row.http, row.code.partition("/")[0], named, None, more)


def envelope(status: int, code: str, message: str, data: object, more: Mapping[str, object] = MappingProxyType({})) -> Response:
    """``more`` are further keys."""
    shown = {"http_code": status, "response_code": code, "response_msg": message, "data": data}
    return json_response({**shown, **more}, status)
