"""querymsg, delmsg, getbalance, getmsgcharge, routeCoverage, token_pay."""

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message
from emulator.core.policy import Policy
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clickatell.auth import authenticate
from emulator.providers.clickatell.messages import international
from emulator.providers.clickatell.parameters import parameters
from emulator.providers.clickatell.responses import (
    COVERED,
    NOT_COVERED,
    VOUCHER_TAKEN,
    amount,
    balance_line,
    charge_line,
    plain,
    status_line,
)
from emulator.providers.clickatell.schemas import COVERAGE_IN, TOKEN_IN

STATUS_KEPT = timedelta(days=6)  # how long querymsg and delmsg know a message
CHARGE_KEPT = timedelta(days=15)  # how long getmsgcharge does

blueprint = Blueprint("queries", __name__)


@blueprint.route("/http/querymsg", methods=["GET", "POST"])
def querymsg() -> Response:
    """The status of a message, by apimsgid or the client's own climsgid."""
    given = parameters()
    account = authenticate(given)
    return plain([status_line(_wanted(account, given, STATUS_KEPT))])


@blueprint.route("/http/delmsg", methods=["GET", "POST"])
def delmsg() -> Response:
    """Stop a message that waits for its time; one already sent answers its status."""
    given = parameters()
    account = authenticate(given)
    message = _wanted(account, given, STATUS_KEPT)
    try:
        message = smsc.cancel(message)
    except Refusal as refusal:
        if refusal.reason is not Reason.NOT_CANCELLABLE:
            raise
    return plain([status_line(message)])


@blueprint.route("/http/getbalance", methods=["GET", "POST"])
def getbalance() -> Response:
    """The credits left."""
    account = authenticate(parameters())
    return plain([balance_line(account.balance)])


@blueprint.route("/http/getmsgcharge", methods=["GET", "POST"])
def getmsgcharge() -> Response:
    """What a message has cost, and its status."""
    given = parameters()
    account = authenticate(given)
    message = _wanted(account, given, CHARGE_KEPT)
    return plain([charge_line(message, by_reference="apimsgid" not in given)])


@blueprint.route("/utils/routecoverage", methods=["GET", "POST"])
@blueprint.route("/http/routecoverage", methods=["GET", "POST"])
def routecoverage() -> Response:
    """Whether a number can be reached, and the price of a part."""
    given = parameters()
    account = authenticate(given)
    number = international(account, COVERAGE_IN.load(given)["msisdn"])
    digits = number.removeprefix("+")
    if not digits.isdecimal() or digits.startswith("0") or not Policy.of(account).covers(number):
        return plain([NOT_COVERED])
    price = smsc.terms[account.provider].prices.price_per_part(number)
    return plain([COVERED.format(charge=amount(price))])


@blueprint.route("/http/token_pay", methods=["GET", "POST"])
def token_pay() -> Response:
    """Take a 16-digit voucher; nothing is credited."""
    given = parameters()
    authenticate(given)
    TOKEN_IN.load(given)
    return plain([VOUCHER_TAKEN])


def _wanted(account: Account, given: Mapping[str, str], kept: timedelta) -> Message:
    """Raises Fail: 109 without an id, 103 and 104 for one that is unknown, another account's or too old."""
    identifier, reference = given.get("apimsgid"), given.get("climsgid")
    if identifier is None and reference is None:
        raise Fail("109", field="apimsgid")
    code, field = ("103", "apimsgid") if identifier is not None else ("104", "climsgid")
    try:
        message = smsc.query_reference(account, reference or "") if identifier is None else smsc.query(account, identifier)
    except Refusal as refusal:
        raise Fail(code, refusal.detail, field=field) from refusal
    if smsc.clock.now() - message.created_at > kept:
        raise Fail(code, f"known for {kept.days} days only", field=field)
    return message
