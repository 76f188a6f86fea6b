"""What is where, for whoever knocks at ``/``."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator import __version__
from emulator.edge.body import json_response
from emulator.edge.context import runtime

blueprint = Blueprint("front", __name__)

_CONTROL = (
    "health messages changes campaigns accounts exchanges faults webhooks inbound clock clock/advance snapshot reset "
    "crashes openapi.json docs"
)


@blueprint.get("/")
def front() -> Response:
    """A map of every provider's base URL and of the control API."""
    base = request.host_url.rstrip("/")
    providers = {
        name: {"title": sheet.title, "url": f"{base}/{name}", "hosts": list(sheet.hosts)}
        for name, sheet in runtime().sheets.items()
    }
    return json_response(
        {
            "name": "sms-emulator",
            "version": __version__,
            "providers": providers,
            "control": {name: f"{base}/_emulator/{name}" for name in _CONTROL.split()},
        }
    )
