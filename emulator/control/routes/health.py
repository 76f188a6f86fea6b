"""Whether the emulator can be used, and what it is."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator import __version__
from emulator.control.routes.clock import clock_out
from emulator.control.schemas.clock import HealthOut
from emulator.control.spoken import speaks
from emulator.core.message import Message
from emulator.edge.body import json_response
from emulator.edge.context import runtime, smsc

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@speaks(HealthOut)
def health() -> Response:
    """Ready: this answers only once every provider is mounted."""
    return json_response(
        {
            "status": "ready",
            "version": __version__,
            "store": runtime().store_name,
            "providers": list(runtime().providers),
            "clock": clock_out(),
            "messages": smsc.store.count(Message),
            "messages_dropped": smsc.store.dropped(Message),
            "webhooks_pending": runtime().dispatcher.pending(),
        }
    )
