"""sendmsg."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell.commands import sending
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain

blueprint = Blueprint("sending", __name__)


@blueprint.route("/http/sendmsg", methods=["GET", "POST"])
def sendmsg() -> Response:
    """Send one text to one or several numbers; each number has its line in the answer."""
    return plain(sending.sendmsg(parameters()))
