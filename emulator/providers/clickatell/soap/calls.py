"""The SOAP call of the present request: read once, answered through the endpoint that read it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from flask import g, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from emulator.edge.body import kept_body
from emulator.edge.context import capture, keep_secret
from emulator.edge.errors import Fail
from emulator.edge.packing import WINDOWS, coding_of, unpacked
from emulator.providers.clickatell.auth import SECRETS
from emulator.providers.clickatell.errors import name_numbers
from emulator.providers.clickatell.soap.operations import DOCUMENT, ENCODED, OLDEST
from emulator.providers.clickatell.soap.service import Call, Endpoint
from emulator.providers.clickatell.soap.wsdl import DOCUMENT_NAMES, encoded_names, encoding_schema, wsdl


@dataclass(frozen=True, slots=True)
class Served:
    """An endpoint and its WSDL, which takes the address it is asked at."""

    endpoint: Endpoint
    wsdl: Callable[[str], bytes]


_DOCUMENT, _ENCODED, _OLDEST = Endpoint("document", DOCUMENT), Endpoint("encoded", ENCODED), Endpoint("oldest", OLDEST)

SERVED: Mapping[str, Served] = {  # by the view that serves it
    "document_literal": Served(_DOCUMENT, wsdl(DOCUMENT, DOCUMENT_NAMES)),
    "rpc_encoded": Served(_ENCODED, wsdl(ENCODED, encoded_names("rpc_encoded/webservice"))),
    "webservice_vs": Served(_ENCODED, wsdl(ENCODED, encoded_names("webservice_vs.php"))),
    "webservice": Served(_OLDEST, wsdl(OLDEST, encoded_names("webservice.php"))),
}

_ENCODING = encoding_schema()


def served() -> Served:
    """What serves the present request; document/literal where no view does."""
    return SERVED[(request.endpoint or "document_literal").rpartition(".")[2]]


def present_call() -> Call:
    """Raises Fail for a body that is no call, and RequestEntityTooLarge for a compressed one that unfolds to too much."""
    if "call" not in g:
        call = served().endpoint.read(_body(), request.mimetype_params.get("charset"))
        name_numbers(call.given)
        for name in SECRETS & call.given.keys():
            keep_secret(call.given[name])
        g.call = call
    present: Call = g.call
    return present


def known_call() -> Call | None:
    """The call an error is about, even where it was raised before anybody had looked; None for a body that is none."""
    if "call" not in g and request.method == "POST" and kept_body(request) is not None:
        with suppress(Exception):  # one error is being answered already; a second would be answered by nobody
            capture().operation = present_call().operation
    call: Call | None = g.get("call")
    return call


def answered(call: Call, lines: Iterable[str]) -> Response:
    return _xml(served().endpoint.written(call, list(lines)), 200)


def fault(code: str, text: str, status: int, reason: str = "") -> Response:
    """``code`` is the one of SOAP 1.1, 4.4.1; ``reason`` why the Body could not be read."""
    return _xml(served().endpoint.fault(code, text, reason), status)


def described(address: str) -> Response:
    return _xml(served().wsdl(address), 200)


def encoding() -> Response:
    """The schema that the WSDLs of the rpc/encoded endpoints import."""
    return _xml(_ENCODING, 200)


def _xml(document: bytes, status: int) -> Response:
    return Response(document, status, content_type="text/xml; charset=utf-8")


def _body() -> bytes:
    """What the client sent, unpacked if it was compressed (the service's option)."""
    body, coding = request.get_data(), coding_of(request.headers.get("Content-Encoding", ""))
    if not coding:
        return body
    if coding not in WINDOWS:
        raise Fail("Client.Envelope", f"unknown coding {coding!r}", field="Content-Encoding")
    most = request.max_content_length or len(body)
    found, is_sound = unpacked(body, coding, most + 1)
    if not is_sound:
        raise Fail("Client.Envelope", f"not compressed with {coding}", field="Content-Encoding")
    if len(found) > most:
        raise RequestEntityTooLarge
    return found
