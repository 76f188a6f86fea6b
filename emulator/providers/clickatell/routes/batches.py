"""startbatch, senditem, quicksend, endbatch."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell.commands import batches
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain

blueprint = Blueprint("batches", __name__)


@blueprint.route("/http_batch/startbatch", methods=["GET", "POST"])
@blueprint.route("/http/startbatch", methods=["GET", "POST"])
def startbatch() -> Response:
    """Begin a batch with a template and the parameters all its messages share."""
    return plain(batches.startbatch(parameters()))


@blueprint.route("/http_batch/senditem", methods=["GET", "POST"])
@blueprint.route("/http/senditem", methods=["GET", "POST"])
def senditem() -> Response:
    """Send the template with its fields filled in."""
    return plain(batches.senditem(parameters()))


@blueprint.route("/http_batch/quicksend", methods=["GET", "POST"])
@blueprint.route("/http/quicksend", methods=["GET", "POST"])
def quicksend() -> Response:
    """Send the template as it stands to several numbers."""
    return plain(batches.quicksend(parameters()))


@blueprint.route("/http_batch/endbatch", methods=["GET", "POST"])
@blueprint.route("/http/endbatch", methods=["GET", "POST"])
def endbatch() -> Response:
    """End a batch; its id is worth nothing afterwards."""
    return plain(batches.endbatch(parameters()))
