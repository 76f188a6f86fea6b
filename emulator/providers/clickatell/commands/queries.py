"""querymsg, delmsg, getbalance, getmsgcharge, routeCoverage, token_pay."""

from collections.abc import Mapping
from datetime import timedelta

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message
from emulator.core.policy import Policy
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.providers.clickatell.auth import authenticate
from emulator.providers.clickatell.messages import international
from emulator.providers.clickatell.parameters import Given
from emulator.providers.clickatell.responses import (
    COVERED,
    NOT_COVERED,
    VOUCHER_TAKEN,
    amount,
    balance_line,
    charge_line,
    status_line,
)
from emulator.providers.clickatell.schemas import COVERAGE_IN, TOKEN_IN

STATUS_KEPT = timedelta(days=6)  # how long querymsg and delmsg know a message
CHARGE_KEPT = timedelta(days=15)  # how long getmsgcharge does


def querymsg(given: Given) -> list[str]:
    """The status of a message, by apimsgid or the client's own climsgid."""
    account = authenticate(given)
    return [status_line(_wanted(account, given, STATUS_KEPT))]


def delmsg(given: Given) -> list[str]:
    """Stop a message that waits for its time; one already sent answers its status."""
    account = authenticate(given)
    message = _wanted(account, given, STATUS_KEPT)
    try:
        message = smsc.cancel(message)
    except Refusal as refusal:
        if refusal.reason is not Reason.NOT_CANCELLABLE:
            raise
    return [status_line(message)]


def getbalance(given: Given) -> list[str]:
    """The credits left."""
    account = authenticate(given)
    return [balance_line(account.balance)]


def getmsgcharge(given: Given) -> list[str]:
    """What a message has cost, and its status."""
    account = authenticate(given)
    message = _wanted(account, given, CHARGE_KEPT)
    return [charge_line(message, by_reference="apimsgid" not in given)]


def routecoverage(given: Given) -> list[str]:
    """Whether a number can be reached, and the price of a part."""
    account = authenticate(given)
    number = international(account, COVERAGE_IN.load(given)["msisdn"])
    digits = number.removeprefix("+")
    if not digits.isdecimal() or digits.startswith("0") or not Policy.of(account).covers(number):
        return [NOT_COVERED]
    price = smsc.terms[account.provider].prices.price_per_part(number)
    return [COVERED.format(charge=amount(price))]


def token_pay(given: Given) -> list[str]:
    """Take a 16-digit voucher; nothing is credited."""
    authenticate(given)
    TOKEN_IN.load(given)
    return [VOUCHER_TAKEN]


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
