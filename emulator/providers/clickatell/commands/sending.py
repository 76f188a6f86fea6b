"""sendmsg, and what the other commands that send share with it."""

from collections.abc import Sequence

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Outcome
from emulator.edge.context import smsc
from emulator.fixtures import Code
from emulator.providers.clickatell.auth import authenticate
from emulator.providers.clickatell.errors import TABLE, name_numbers
from emulator.providers.clickatell.messages import compose
from emulator.providers.clickatell.parameters import Given, recipients
from emulator.providers.clickatell.responses import outcome_lines
from emulator.providers.clickatell.schemas import SENDMSG_IN, Sending


def sendmsg(given: Given) -> list[str]:
    """Send one text to one or several numbers; each number has its line in the answer."""
    account, numbers = addressed(given)
    return sent(account, SENDMSG_IN.load(given), numbers, guessed_utf8=given.guessed_utf8)


def addressed(given: Given) -> tuple[Account, list[str]]:
    """Whose call it is, and the numbers of ``to``.

    Raises what ``authenticate`` raises, and Refusal(TOO_MANY_RECIPIENTS).
    """
    name_numbers(given)
    account, numbers = authenticate(given), recipients(given.get("to", ""))
    if len(numbers) > given.most_numbers:
        raise Refusal(Reason.TOO_MANY_RECIPIENTS, f"{len(numbers)} numbers, {given.most_numbers} allowed", field="to")
    return account, numbers


def sent(
    account: Account, sending: Sending, numbers: Sequence[str], *, always_to: bool = False, guessed_utf8: bool = False
) -> list[str]:
    submissions = compose(account, sending, numbers, guessed_utf8=guessed_utf8)
    outcomes: list[Outcome] = smsc.submit(account, submissions)
    return outcome_lines(outcomes, numbers, row_of, always_to=always_to)


def row_of(refusal: Refusal) -> Code:
    return TABLE.row(TABLE.fail(refusal))
