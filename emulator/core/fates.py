"""What becomes of a message to a test number.

The numbers are Twilio's test range, which no phone owns; each stands for one thing that can happen on the way. An
account's setting ``fate`` decides for all its messages, a provider's own reason (``Submission.fate``) for one.
"""

from collections.abc import Mapping
from datetime import timedelta

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Fate, Receipts, Status, Submission

NAMES: Mapping[str, Fate | Reason] = {
    "invalid_number": Reason.INVALID_RECIPIENT,
    "undelivered": Fate(Status.UNDELIVERED),
    "expired": Fate(Status.EXPIRED),
    "opted_out": Reason.OPTED_OUT,
    "rejected": Fate(Status.REJECTED),
    "delivered": Fate(),
    "late": Fate(after=timedelta(seconds=30)),
    "throttled": Reason.THROTTLED,
    "lost": Fate(Status.SENT, receipts=Receipts.LOST),
    "duplicate": Fate(receipts=Receipts.DUPLICATE),
    "out_of_order": Fate(receipts=Receipts.OUT_OF_ORDER),
    "no_credit": Reason.NO_CREDIT,
}
"""In the order of the test numbers +15005550001 to +15005550012."""

TEST_NUMBERS: Mapping[str, Fate | Reason] = {
    f"+1500555{number:04}": fate for number, fate in enumerate(NAMES.values(), start=1)
}


def fate_of(account: Account, submission: Submission) -> Fate | Refusal:
    """Account setting, then the provider's own reason, then the test number; else delivered."""
    named = account.settings.get("fate")
    destined = NAMES[named] if named else submission.fate or TEST_NUMBERS.get(submission.recipient, Fate())
    if not isinstance(destined, Reason):
        return destined
    if named:
        return Refusal(destined, "the account's fate is to be refused so", field="to", setting="fate")
    stands_for = destined.value.replace("_", " ")
    return Refusal(destined, f"{submission.recipient} is a test number, which stands for: {stands_for}", field="to", setting="")
