"""startbatch, senditem, quicksend, endbatch."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell import batches
from emulator.providers.clickatell.auth import authenticate
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain
from emulator.providers.clickatell.routes.sending import addressed, sent
from emulator.providers.clickatell.schemas import BATCH_IN, SENDMSG_IN, STARTBATCH_IN

blueprint = Blueprint("batches", __name__)


@blueprint.route("/http_batch/startbatch", methods=["GET", "POST"])
@blueprint.route("/http/startbatch", methods=["GET", "POST"])
def startbatch() -> Response:
    """Begin a batch with a template and the parameters all its messages share."""
    given = parameters()
    account = authenticate(given)
    STARTBATCH_IN.load(given)
    batch = batches.start(account, given)
    return plain([f"ID: {batch.key}"])


@blueprint.route("/http_batch/senditem", methods=["GET", "POST"])
@blueprint.route("/http/senditem", methods=["GET", "POST"])
def senditem() -> Response:
    """Send the template with its fields filled in."""
    given, account, numbers = addressed()
    batch = batches.running(account, BATCH_IN.load(given)["batch_id"])
    return sent(account, SENDMSG_IN.load({**batch.parameters, "text": batch.rendered(given)}), numbers)


@blueprint.route("/http_batch/quicksend", methods=["GET", "POST"])
@blueprint.route("/http/quicksend", methods=["GET", "POST"])
def quicksend() -> Response:
    """Send the template as it stands to several numbers."""
    given, account, numbers = addressed()
    batch = batches.running(account, BATCH_IN.load(given)["batch_id"])
    text = batch.parameters["template"]
    return sent(account, SENDMSG_IN.load({**batch.parameters, "text": text}), numbers, always_to=True)


@blueprint.route("/http_batch/endbatch", methods=["GET", "POST"])
@blueprint.route("/http/endbatch", methods=["GET", "POST"])
def endbatch() -> Response:
    """End a batch; its id is worth nothing afterwards."""
    given = parameters()
    account = authenticate(given)
    batch_id = BATCH_IN.load(given)["batch_id"]
    batches.end(batches.running(account, batch_id))
    return plain(["OK"])
