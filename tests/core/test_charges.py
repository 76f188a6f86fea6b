from decimal import Decimal

import pytest
from core_builders import account, submission, thorough
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.accounts import Account
from emulator.core.charges import charge
from emulator.core.errors import Reason, Refusal
from emulator.core.pricing import Quote
from emulator.stores.memory import MemoryStore

OUT = Refusal(Reason.OPTED_OUT, "no")


def new_store(balance):
    store = MemoryStore()
    store.put(account(balance=Decimal(balance)))
    return store


def checked(*prices):
    """One submission per price; None is one that was refused before."""
    return [(submission(), OUT if price is None else Quote(1, Decimal(price))) for price in prices]


def paid(charged):
    return [result.price if isinstance(result, Quote) else result.reason for _, result in charged]


def balance(store):
    return store.get(Account, "acme-1").balance


def test_what_can_be_paid_is_paid_and_the_rest_is_refused():
    """Also what comes after one that was too dear."""
    store = new_store("1.00")
    charged, left = charge(store, account(), checked("0.60", "0.60", "0.40"), whole=False)
    assert paid(charged) == [Decimal("0.60"), Reason.NO_CREDIT, Decimal("0.40")]
    assert (balance(store), left) == (0, 0)


def test_what_was_refused_before_stays_so_and_costs_nothing():
    store = new_store("1.00")
    charged, _ = charge(store, account(), checked(None, "0.10"), whole=False)
    assert (paid(charged), balance(store)) == ([Reason.OPTED_OUT, Decimal("0.10")], Decimal("0.90"))


@pytest.mark.parametrize("prices", [("0.60", "0.60"), ("0.10", None)])
def test_a_whole_is_refused_by_its_first_refusal_and_costs_nothing(prices):
    store = new_store("1.00")
    with pytest.raises(Refusal):
        charge(store, account(), checked(*prices), whole=True)
    assert balance(store) == Decimal("1.00")


def test_what_was_held_is_used_up_first():
    store = new_store("1.00")
    _, left = charge(store, account(), checked("0.10", "0.10"), whole=False, held=Decimal("0.30"))
    assert (balance(store), left) == (Decimal("1.00"), Decimal("0.10"))


def test_the_balance_pays_what_goes_beyond_what_was_held():
    store = new_store("1.00")
    _, left = charge(store, account(), checked("0.10", "0.30"), whole=False, held=Decimal("0.30"))
    assert (balance(store), left) == (Decimal("0.90"), 0)


money = st.decimals(0, 1, places=2)


@thorough
@given(money, money, st.lists(st.none() | money, max_size=8))
def test_no_money_is_made_or_lost(owned, held, prices):
    store = new_store(owned)
    charged, left = charge(store, account(), checked(*prices), whole=False, held=held)
    spent = sum((result.price for _, result in charged if isinstance(result, Quote)), Decimal(0))
    assert balance(store) + left + spent == owned + held
    assert left == max(held - spent, Decimal(0))
    assert balance(store) >= 0
