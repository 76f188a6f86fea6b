"""What is where, for the program that knocks at ``/``."""

from flask import request
from werkzeug.wrappers import Response

from emulator import __version__
from emulator.edge.body import json_response
from emulator.edge.context import runtime

_CONTROL = (
    "health messages changes campaigns accounts exchanges faults webhooks inbound clock clock/advance snapshot reset "
    "crashes openapi.json docs"
)


def map_of_everything() -> Response:
    """Every provider's base URL, and the calls of the control API."""
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
