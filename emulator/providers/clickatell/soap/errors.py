"""Which errors are answers (``ERR: ...`` in a ``return``, as over HTTP) and which are faults of SOAP 1.1."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from werkzeug.wrappers import Response

from emulator.core.errors import Reason
from emulator.edge.errors import Fail
from emulator.fixtures import Code
from emulator.providers.clickatell import errors
from emulator.providers.clickatell.soap.calls import answered, fault, known_call

_OF_BODY = frozenset({"Client.Envelope", "Client.Doctype", "Client.Operation"})
_FAULTS: Mapping[int, str] = {404: "Client.Address", 405: "Client.Method", 413: "Client.Size"}
TABLE = replace(
    errors.TABLE,
    reasons={**errors.CODES, Reason.MALFORMED: "Client.Envelope", Reason.UNKNOWN_OPERATION: "Client.Operation"},
    http=_FAULTS,
)


def render(fail: Fail, row: Code) -> Response:
    """An answer wherever the operation is known, since it is the operation's answer; else a fault."""
    if not row.code.isdecimal():
        return fault(row.code.partition(".")[0], row.text, row.http, fail.detail if row.code in _OF_BODY else "")
    call = known_call()
    if call is None:
        return fault("Server" if row.code == errors.CODES[Reason.INTERNAL] else "Client", f"{row.code}, {row.text}", 500)
    return answered(call, errors.error_lines(row))


def render_status(status: int) -> Response:
    """What a front end that speaks SOAP says with an HTTP status."""
    try:
        text = HTTPStatus(status).phrase
    except ValueError:
        text = f"HTTP status {status}"
    return fault("Client" if 400 <= status < 500 else "Server", text, status)
