"""Errors of the control API: ``{"error": {"code", "message", "field"}}`` with a fitting 4xx."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from emulator.core.errors import Reason
from emulator.edge.body import json_response
from emulator.edge.errors import ErrorTable, Fail
from emulator.fixtures import Code

CODES: Mapping[Reason, str] = dict.fromkeys(Reason, "internal") | {
    Reason.MALFORMED: "malformed",
    Reason.MISSING_FIELD: "missing_field",
    Reason.INVALID_FIELD: "invalid_field",
    Reason.NOT_FOUND: "not_found",
    Reason.NOT_PERMITTED: "not_permitted",
    Reason.UNKNOWN_OPERATION: "unknown_path",
}
_STATUS: Mapping[str, int] = {
    "internal": 500,
    "not_found": 404,
    "not_permitted": 403,
    "unknown_path": 404,
    "unknown_message": 404,
    "unknown_account": 404,
    "unknown_exchange": 404,
    "unknown_webhook": 404,
    "unknown_fault": 404,
    "unknown_provider": 404,
    "unknown_campaign": 404,
    "timeout": 408,
    "unwanted_message": 409,
    "body_cut": 409,
    "not_cancellable": 409,
    "credentials_taken": 409,
    "wrong_method": 405,
    "too_large": 413,
    "stopping": 503,
}
"""HTTP status by code; 400 for those not listed."""
_SAID: Mapping[str, str] = {
    "unknown_path": "there is no such path; /_emulator/docs describes those there are",
    "wrong_method": "the path takes no such method; /_emulator/docs describes those it takes",
}
"""Of what has no detail."""


class _Table(ErrorTable):
    """No fixtures behind it: the text of an error is its own detail."""

    def row(self, fail: Fail) -> Code:
        return Code(fail.code, fail.detail or _SAID.get(fail.code, fail.code), "documented", "", http=status_of(fail.code))


TABLE = _Table("control", CODES, http={405: "wrong_method", 413: "too_large"})


def render(fail: Fail, row: Code) -> Response:
    return json_response(error_body(row.code, row.text, fail.field), row.http)


def error_body(code: str, message: str, field: str | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "field": field}}


def status_of(code: str) -> int:
    """The HTTP status that goes with an error code."""
    return _STATUS.get(code, 400)
