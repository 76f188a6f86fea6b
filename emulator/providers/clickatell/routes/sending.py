"""sendmsg, and what the other commands that send share with it."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Outcome
from emulator.edge.context import smsc
from emulator.fixtures import Code
from emulator.providers.clickatell.auth import authenticate
from emulator.providers.clickatell.errors import TABLE
from emulator.providers.clickatell.messages import compose
from emulator.providers.clickatell.parameters import parameters, recipients
from emulator.providers.clickatell.responses import outcome_lines, plain
from emulator.providers.clickatell.schemas import SENDMSG_IN, Sending

MOST_RECIPIENTS = {"GET": 300, "POST": 600}

blueprint = Blueprint("sending", __name__)


@blueprint.route("/http/sendmsg", methods=["GET", "POST"])
def sendmsg() -> Response:
    """Send one text to one or several numbers; each number has its line in the answer."""
    given, account, numbers = addressed()
    return sent(account, SENDMSG_IN.load(given), numbers)


def addressed() -> tuple[Mapping[str, str], Account, list[str]]:
    """The parameters, whose they are, and the numbers of ``to``, which the rendering of errors names one by one too.

    Raises what ``authenticate`` raises, and Refusal(TOO_MANY_RECIPIENTS).
    """
    given = parameters()
    numbers = g.numbers = recipients(given.get("to", ""))
    account = authenticate(given)
    most = MOST_RECIPIENTS.get(request.method, MOST_RECIPIENTS["GET"])
    if len(numbers) > most:
        raise Refusal(Reason.TOO_MANY_RECIPIENTS, f"{len(numbers)} numbers, {most} allowed by {request.method}", field="to")
    return given, account, numbers


def sent(account: Account, sending: Sending, numbers: Sequence[str], *, always_to: bool = False) -> Response:
    outcomes: list[Outcome] = smsc.submit(account, compose(account, sending, numbers))
    return plain(outcome_lines(outcomes, numbers, row_of, always_to=always_to))


def row_of(refusal: Refusal) -> Code:
    return TABLE.row(TABLE.fail(refusal))
