"""Taking money for messages."""

from collections.abc import Sequence
from decimal import Decimal

from emulator.core.accounts import Account
from emulator.core.errors import Refusal
from emulator.core.message import Submission
from emulator.core.pricing import Quote
from emulator.core.store import Store

Checked = tuple[Submission, Quote | Refusal]


def charge(
    store: Store, account: Account, checked: Sequence[Checked], *, whole: bool, held: Decimal = Decimal(0)
) -> tuple[list[Checked], Decimal]:
    """Debit what can be paid, in order and at once; a submission that cannot be paid becomes a refusal.

    With ``whole`` the first refusal is raised instead. ``held`` was paid before and is used up first; answers what is
    left of it, too.
    """
    charged: list[Checked] = []
    left = held

    def debited(present: Account) -> Account:
        nonlocal left
        charged.clear()
        left = held
        present = present.credited(held)
        for submission, result in checked:
            if isinstance(result, Quote):
                try:
                    present = present.debited(result.price)
                    left = max(left - result.price, Decimal(0))
                except Refusal as refusal:
                    result = refusal  # noqa: PLW2901
            if whole and isinstance(result, Refusal):
                raise result
            charged.append((submission, result))
        return present.credited(-left)

    store.change(Account, account.id, debited)
    return charged, left
