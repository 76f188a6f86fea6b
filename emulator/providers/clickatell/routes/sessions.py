"""auth, ping."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell.commands import sessions
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain

blueprint = Blueprint("sessions", __name__)


@blueprint.route("/http/auth", methods=["GET", "POST"])
def auth() -> Response:
    """Open a session; it dies after 15 minutes without a call."""
    return plain(sessions.auth(parameters()))


@blueprint.route("/http/ping", methods=["GET", "POST"])
def ping() -> Response:
    """Keep a session alive."""
    return plain(sessions.ping(parameters()))
