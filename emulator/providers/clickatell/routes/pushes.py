"""si_push, ind_push."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell.commands import pushes
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain

blueprint = Blueprint("pushes", __name__)


@blueprint.route("/mms/si_push", methods=["GET", "POST"])
@blueprint.route("/http/si_push", methods=["GET", "POST"])
def si_push() -> Response:
    """Send a service indication: a text and its link."""
    return plain(pushes.si_push(parameters()))


@blueprint.route("/mms/ind_push", methods=["GET", "POST"])
@blueprint.route("/http/ind_push", methods=["GET", "POST"])
def ind_push() -> Response:
    """Send an MMS indication: its subject and where the message can be fetched."""
    return plain(pushes.ind_push(parameters()))
