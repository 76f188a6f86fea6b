"""What becomes of a message to a test number, and who may say otherwise."""

from datetime import timedelta
from decimal import Decimal

import pytest
from core_builders import account, after, balance, new_smsc, present, send, submission

from emulator.core.errors import Reason, Refusal
from emulator.core.fates import NAMES, TEST_NUMBERS, fate_of
from emulator.core.message import Fate, Message, Receipts, Refused, Status

NUMBERS = {name: f"+1500555{number:04}" for number, name in enumerate(NAMES, start=1)}
REFUSED = {
    "+15005550001": Reason.INVALID_RECIPIENT,
    "+15005550004": Reason.OPTED_OUT,
    "+15005550008": Reason.THROTTLED,
    "+15005550012": Reason.NO_CREDIT,
}
ENDS = {  # status, seconds after release, price in the end
    "+15005550002": (Status.UNDELIVERED, 2, "0.05"),
    "+15005550003": (Status.EXPIRED, 86400, "0.05"),
    "+15005550005": (Status.REJECTED, 2, "0"),
    "+15005550006": (Status.DELIVERED, 2, "0.05"),
    "+15005550007": (Status.DELIVERED, 30, "0.05"),
    "+15005550010": (Status.DELIVERED, 2, "0.05"),
    "+15005550011": (Status.DELIVERED, 2, "0.05"),
}


def test_the_table_is_twelve_numbers():
    assert sorted(TEST_NUMBERS) == [f"+150055500{number:02}" for number in range(1, 13)]
    assert set(REFUSED) | set(ENDS) | {"+15005550009"} == set(TEST_NUMBERS)


@pytest.mark.parametrize(("number", "reason"), REFUSED.items())
def test_some_numbers_are_refused_and_cost_nothing(number, reason):
    smsc = new_smsc()
    [outcome] = smsc.submit(account(), [submission(recipient=number)])
    assert isinstance(outcome, Refused)
    assert (outcome.refusal.reason, outcome.refusal.field, outcome.refusal.setting) == (reason, "to", "")
    assert f"{number} is a test number" in outcome.refusal.detail
    assert (balance(smsc), smsc.store.count(Message)) == (Decimal("10.00"), 0)


@pytest.mark.parametrize(("number", "end"), ENDS.items())
def test_others_are_accepted_and_end_as_the_table_says(number, end):
    status, seconds, price = end
    smsc = new_smsc()
    sent = send(smsc, recipient=number)
    assert (sent.status, sent.price) == (Status.SENT, Decimal("0.05"))
    smsc.advance_to(after(seconds - 0.001))
    assert present(smsc, sent).status is Status.SENT
    smsc.advance_to(after(seconds))
    ended = present(smsc, sent)
    assert (ended.status, ended.updated_at, ended.price) == (status, after(seconds), Decimal(price))
    assert balance(smsc) == Decimal("10.00") - Decimal(price)


def test_one_stays_sent_for_ever():
    smsc = new_smsc()
    sent = send(smsc, recipient="+15005550009")
    assert smsc.advance_to(after(365 * 86400)) == []
    assert present(smsc, sent).status is Status.SENT


def test_an_expiring_message_expires_at_the_end_of_its_own_validity():
    smsc = new_smsc()
    sent = send(smsc, recipient="+15005550003", validity=timedelta(minutes=5))
    smsc.advance_to(after(299))
    assert present(smsc, sent).status is Status.SENT
    smsc.advance_to(after(300))
    assert present(smsc, sent).status is Status.EXPIRED


def test_a_late_message_whose_validity_is_shorter_expires():
    smsc = new_smsc()
    sent = send(smsc, recipient="+15005550007", validity=timedelta(seconds=20))
    smsc.advance_to(after(60))
    assert (present(smsc, sent).status, present(smsc, sent).updated_at) == (Status.EXPIRED, after(20))


def test_time_to_the_end_counts_from_the_release():
    smsc = new_smsc()
    sent = send(smsc, recipient="+15005550007", due_at=after(600))
    smsc.advance_to(after(629))
    assert present(smsc, sent).status is Status.SENT
    smsc.advance_to(after(630))
    assert present(smsc, sent).status is Status.DELIVERED


@pytest.mark.parametrize("number", ENDS)
def test_nothing_ends_by_itself_where_delivery_is_manual(number):
    smsc = new_smsc(delivery=None)
    sent = send(smsc, recipient=number)
    smsc.advance_to(after(7 * 86400))
    assert present(smsc, sent).status is Status.SENT


@pytest.mark.parametrize("number", ["+15005550000", "+15005550013", "+15005551001", "15005550002", "+150055500021"])
def test_a_number_beside_the_table_is_delivered(number):
    assert fate_of(account(), submission(recipient=number)) == Fate()


@pytest.mark.parametrize("name", NAMES)
def test_the_setting_of_an_account_decides_for_all_its_messages(name):
    fated = account(settings={"fate": name})
    for recipient in ("+15551234567", *TEST_NUMBERS):
        decided = fate_of(fated, submission(recipient=recipient, fate=Fate(Status.REJECTED, "009")))
        assert (decided.reason if isinstance(decided, Refusal) else decided) == NAMES[name]


def test_the_providers_own_reason_comes_before_the_number():
    own = Fate(Status.REJECTED, "009")
    assert fate_of(account(), submission(recipient="+15005550006", fate=own)) == own


def test_a_setting_that_is_null_decides_nothing():
    assert fate_of(account(settings={"fate": None}), submission(recipient="+15005550002")) == Fate(Status.UNDELIVERED)


def test_an_error_of_a_fate_is_the_messages_error_in_the_end_alone():
    smsc = new_smsc()
    sent = send(smsc, fate=Fate(Status.REJECTED, "009"))
    assert sent.error is None
    smsc.advance_to(after(2))
    assert present(smsc, sent).error == "009"


@pytest.mark.parametrize(
    ("name", "receipts"),
    [
        ("lost", Receipts.LOST),
        ("duplicate", Receipts.DUPLICATE),
        ("out_of_order", Receipts.OUT_OF_ORDER),
        ("late", Receipts.ALL),
    ],
)
def test_what_becomes_of_the_receipts(name, receipts):
    assert TEST_NUMBERS[NUMBERS[name]].receipts is receipts


def test_in_a_batch_each_number_has_its_own_fate():
    smsc = new_smsc()
    outcomes = smsc.submit(account(), [submission(recipient=number) for number in TEST_NUMBERS])
    assert [isinstance(outcome, Refused) for outcome in outcomes] == [number in REFUSED for number in TEST_NUMBERS]
    assert balance(smsc) == Decimal("10.00") - Decimal("0.05") * 8


def test_what_the_account_lacks_comes_before_what_the_number_stands_for():
    smsc = new_smsc(account(settings={"blocked_recipients": ["+15005550012"]}))
    [outcome] = smsc.submit(account(settings={"blocked_recipients": ["+15005550012"]}), [submission(recipient="+15005550012")])
    assert outcome.refusal.reason is Reason.RECIPIENT_BLOCKED
