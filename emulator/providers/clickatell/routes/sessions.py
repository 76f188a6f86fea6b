"""auth, ping."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.edge.context import keep_secret, smsc
from emulator.edge.errors import Fail
from emulator.providers.clickatell.auth import log_in, resume
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain

blueprint = Blueprint("sessions", __name__)


@blueprint.route("/http/auth", methods=["GET", "POST"])
def auth() -> Response:
    """Open a session; it dies after 15 minutes without a call."""
    session = smsc.open_session(log_in(parameters()))
    keep_secret(session.key)
    return plain([f"OK: {session.key}"])


@blueprint.route("/http/ping", methods=["GET", "POST"])
def ping() -> Response:
    """Keep a session alive."""
    session = parameters().get("session_id")
    if not session:
        raise Fail("005", field="session_id")
    resume(session)
    return plain([f"OK: {session}"])
