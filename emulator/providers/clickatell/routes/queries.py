"""querymsg, delmsg, getbalance, getmsgcharge, routeCoverage, token_pay."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.providers.clickatell.commands import queries
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import plain

blueprint = Blueprint("queries", __name__)


@blueprint.route("/http/querymsg", methods=["GET", "POST"])
def querymsg() -> Response:
    """The status of a message, by apimsgid or the client's own climsgid."""
    return plain(queries.querymsg(parameters()))


@blueprint.route("/http/delmsg", methods=["GET", "POST"])
def delmsg() -> Response:
    """Stop a message that waits for its time; one already sent answers its status."""
    return plain(queries.delmsg(parameters()))


@blueprint.route("/http/getbalance", methods=["GET", "POST"])
def getbalance() -> Response:
    """The credits left."""
    return plain(queries.getbalance(parameters()))


@blueprint.route("/http/getmsgcharge", methods=["GET", "POST"])
def getmsgcharge() -> Response:
    """What a message has cost, and its status."""
    return plain(queries.getmsgcharge(parameters()))


@blueprint.route("/utils/routecoverage", methods=["GET", "POST"])
@blueprint.route("/http/routecoverage", methods=["GET", "POST"])
def routecoverage() -> Response:
    """Whether a number can be reached, and the price of a part."""
    return plain(queries.routecoverage(parameters()))


@blueprint.route("/http/token_pay", methods=["GET", "POST"])
def token_pay() -> Response:
    """Take a 16-digit voucher; nothing is credited."""
    return plain(queries.token_pay(parameters()))
