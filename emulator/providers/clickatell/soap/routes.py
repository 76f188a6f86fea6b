"""One URL per style of SOAP; the first element of the Body names the operation, ``?wsdl`` asks for the description."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response

from emulator.edge.context import begin
from emulator.edge.hosts import ASKED_PATH
from emulator.providers.clickatell.commands import COMMANDS
from emulator.providers.clickatell.soap.calls import answered, described, encoding, present_call

blueprint = Blueprint("clickatell-soap", __name__)


@blueprint.route("/document_literal/webservice", methods=["GET", "POST"])
def document_literal() -> Response:
    """Document/literal, the style of the vendor's document."""
    return _act()


@blueprint.route("/rpc_encoded/webservice", methods=["GET", "POST"])
def rpc_encoded() -> Response:
    """Rpc/encoded."""
    return _act()


@blueprint.route("/webservice_vs", methods=["GET", "POST"])
def webservice_vs() -> Response:
    """Rpc/encoded for Visual Studio."""
    return _act()


@blueprint.route("/webservice", methods=["GET", "POST"])
def webservice() -> Response:
    """Rpc/encoded, the oldest."""
    return _act()


def wsdl() -> Response:
    """Describe the service, at the address where the caller has found it."""
    server = f"{request.environ['SERVER_NAME']}:{request.environ['SERVER_PORT']}"
    host = request.host or server  # empty where it is no name of a host
    return described(f"{request.scheme}://{host}{quote(request.environ.get(ASKED_PATH, request.path))}")


def _act() -> Response:
    if request.method == "POST":
        call = present_call()
        begin(call.operation)
        return answered(call, COMMANDS[call.operation](call.given))
    asked = set(map(str.lower, request.args)) & {"wsdl", "xsd"}
    if not asked:
        raise MethodNotAllowed(["POST"], "GET is for ?wsdl")
    begin("wsdl")
    return wsdl() if "wsdl" in asked else encoding()


ACTIONS: Mapping[str, Callable[..., Any]] = {**COMMANDS, "wsdl": wsdl}
