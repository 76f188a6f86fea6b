import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
from core_builders import (
    PHONE,
    START,
    account,
    after,
    balance,
    fated,
    new_smsc,
    present,
    seconds,
    send,
    submission,
)  # fmt: skip

from emulator.core.accounts import Account, Credentials
from emulator.core.clock import SystemClock
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.message import Accepted, Direction, Link, Message, Refused, Status, Step
from emulator.core.pricing import PriceBook, Quote
from emulator.core.segments import Encoding
from emulator.core.smsc import Smsc
from emulator.stores.memory import MemoryStore


def refused(command, *arguments, **named):
    """The reason ``command`` is refused for."""
    with pytest.raises(Refusal) as caught:
        command(*arguments, **named)
    return caught.value.reason


def reasons(outcomes):
    return [outcome.refusal.reason if isinstance(outcome, Refused) else None for outcome in outcomes]


def steps(message):
    return [(step.status, step.at) for step in message.timeline]


def stored(smsc):
    return list(smsc.store.find(Message))


# Who is calling


def credentials(address=None, **values):
    return Credentials({"user": "wile", "password": "beepbeep", **values}, address)


def test_an_account_is_let_in_by_all_its_credentials():
    assert new_smsc().authenticate("acme", credentials()) == account()


@pytest.mark.parametrize(
    "wrong", [{"password": "x"}, {"password": ""}, {"user": "x"}, {"user": "WILE"}, {"password": "BEEPBEEP"}]
)
def test_a_wrong_credential_is_refused(wrong):
    assert refused(new_smsc().authenticate, "acme", credentials(**wrong)) is Reason.BAD_CREDENTIALS


@pytest.mark.parametrize("given", [{}, {"user": "wile"}, {"password": "beepbeep"}])
def test_a_missing_credential_is_refused(given):
    assert refused(new_smsc().authenticate, "acme", Credentials(given)) is Reason.BAD_CREDENTIALS


def test_a_login_that_ignores_case_is_found_in_any_case():
    smsc = new_smsc(login_ignores_case=True)
    assert smsc.authenticate("acme", credentials(user="Wile")) == account()


def test_two_accounts_of_one_login_are_told_apart_by_the_rest():
    other = account(id="acme-2", credentials={"user": "wile", "password": "other"})
    assert new_smsc(account(), other).authenticate("acme", credentials(password="other")) == other


def test_an_account_of_another_provider_is_not_let_in():
    smsc = new_smsc(account(provider="other"))
    assert refused(smsc.authenticate, "acme", credentials()) is Reason.BAD_CREDENTIALS


def test_a_blocked_account_is_refused():
    smsc = new_smsc(account(settings={"blocked": True}))
    assert refused(smsc.authenticate, "acme", credentials()) is Reason.ACCOUNT_BLOCKED


def test_wrong_credentials_of_a_blocked_account_tell_nothing_of_the_block():
    smsc = new_smsc(account(settings={"blocked": True}))
    assert refused(smsc.authenticate, "acme", credentials(password="x")) is Reason.BAD_CREDENTIALS


@pytest.mark.parametrize("address", ["192.0.2.2", None])
def test_an_address_that_is_not_allowed_is_refused(address):
    smsc = new_smsc(account(settings={"allowed_ips": ["192.0.2.1"]}))
    assert refused(smsc.authenticate, "acme", credentials(address)) is Reason.NOT_PERMITTED


@pytest.mark.parametrize("allowed", [None, ["192.0.2.1"]])
def test_an_allowed_address_is_let_in(allowed):
    owner = account(settings={"allowed_ips": allowed})
    assert new_smsc(owner).authenticate("acme", credentials("192.0.2.1")) == owner


def test_requests_over_the_rate_limit_are_refused_until_the_bucket_refills():
    smsc = new_smsc(account(settings={"rate_limit": 2}))
    first = [smsc.authenticate("acme", credentials()) for _ in range(2)]
    over = refused(smsc.authenticate, "acme", credentials())
    smsc.advance_to(after(30))
    assert (len(first), over, smsc.authenticate("acme", credentials()).id) == (2, Reason.THROTTLED, "acme-1")


def test_wrong_credentials_use_up_no_allowance():
    smsc = new_smsc(account(settings={"rate_limit": 1}))
    refused(smsc.authenticate, "acme", credentials(password="x"))
    assert smsc.authenticate("acme", credentials()).id == "acme-1"


def test_each_account_has_its_own_allowance():
    other = account(id="acme-2", login="road", settings={"rate_limit": 1}, credentials={"user": "road", "password": "runner"})
    smsc = new_smsc(account(settings={"rate_limit": 1}), other)
    smsc.authenticate("acme", credentials())
    assert smsc.authenticate("acme", Credentials({"user": "road", "password": "runner"})) == other


# Sessions


def test_a_session_stands_for_its_account():
    smsc = new_smsc()
    session = smsc.open_session(account())
    assert smsc.resume(session.key, seconds(900), None) == account()


def test_a_session_idle_for_exactly_the_time_allowed_still_stands():
    smsc = new_smsc()
    session = smsc.open_session(account())
    smsc.advance_to(after(900))
    assert smsc.resume(session.key, seconds(900), None) == account()


def test_a_session_idle_for_longer_has_expired():
    smsc = new_smsc()
    session = smsc.open_session(account())
    smsc.advance_to(after(901))
    assert refused(smsc.resume, session.key, seconds(900), None) is Reason.NOT_FOUND


def test_use_renews_a_session():
    smsc = new_smsc()
    session = smsc.open_session(account())
    for moment in (800, 1600, 2400):
        smsc.advance_to(after(moment))
        smsc.resume(session.key, seconds(900), None)
    assert smsc.resume(session.key, seconds(900), None) == account()


def test_an_unknown_session_is_not_found():
    assert refused(new_smsc().resume, "nothing", seconds(900), None) is Reason.NOT_FOUND


def test_the_session_of_a_forgotten_account_is_not_found():
    smsc = new_smsc()
    session = smsc.open_session(account())
    smsc.store.remove(Account, "acme-1")
    assert refused(smsc.resume, session.key, seconds(900), None) is Reason.NOT_FOUND


def test_a_session_does_not_help_an_account_blocked_since():
    smsc = new_smsc()
    session = smsc.open_session(account())
    smsc.change_settings(account(), lambda _: {"blocked": True})
    assert refused(smsc.resume, session.key, seconds(900), None) is Reason.ACCOUNT_BLOCKED


def test_each_login_opens_a_session_of_its_own():
    smsc = new_smsc()
    assert smsc.open_session(account()).key != smsc.open_session(account()).key


# Accepting


def test_an_accepted_message_is_stored_as_sent_at_once():
    smsc = new_smsc()
    sent = send(smsc, text="hello", sender="15550001111", reference="r1", campaign="spring", options={"a": "b"})
    assert present(smsc, sent) == sent
    assert (sent.status, sent.direction, sent.recipient, sent.text) == (Status.SENT, Direction.OUT, PHONE, "hello")
    assert (sent.sender, sent.reference, sent.campaign, sent.options) == ("+15550001111", "r1", "spring", {"a": "b"})
    assert steps(sent) == [(Status.QUEUED, START), (Status.SENT, START)]


def test_outcomes_come_in_the_order_of_the_submissions():
    outcomes = new_smsc().submit(account(), [submission(text="a"), submission(recipient="x"), submission(text="b")])
    assert [outcome.message.text if isinstance(outcome, Accepted) else None for outcome in outcomes] == ["a", None, "b"]


def test_messages_are_stored_in_the_order_of_the_submissions():
    smsc = new_smsc()
    smsc.submit(account(), [submission(text="a"), submission(text="b")])
    assert [message.text for message in stored(smsc)] == ["a", "b"]


def test_nothing_submitted_is_nothing_done():
    smsc = new_smsc()
    assert (smsc.submit(account(), []), balance(smsc)) == ([], Decimal("10.00"))


def test_the_provider_writes_the_message_id_its_own_way():
    sent = send(new_smsc())
    assert sent.provider_message_id == f"P-{sent.id[:8]}"


def test_a_message_without_sender_shows_the_providers_default():
    assert send(new_smsc()).sender == "ACME"


def test_a_mask_is_shown_in_the_senders_stead():
    assert send(new_smsc(), sender="15550001111", mask="Coyote").sender == "Coyote"


def test_the_sender_is_checked_and_not_its_mask():
    smsc = new_smsc()
    owner = account(settings={"senders": ["15550001111"]})
    outcomes = smsc.submit(owner, [submission(sender="15550001111", mask="Coyote"), submission(sender="Coyote")])
    assert reasons(outcomes) == [None, Reason.INVALID_SENDER]


@pytest.mark.parametrize(
    ("asked", "encoding", "parts"),
    [
        ({"text": "a" * 161}, Encoding.GSM7, 2),
        ({"text": "я" * 71}, Encoding.UCS2, 2),
        ({"text": "a" * 71, "encoding": Encoding.UCS2}, Encoding.UCS2, 2),
        ({"text": "", "encoding": Encoding.BINARY, "payload": bytes(141)}, Encoding.BINARY, 2),
        (
            {"text": "", "encoding": Encoding.BINARY, "payload": bytes(134), "udh": bytes.fromhex("06050415811581")},
            Encoding.BINARY,
            2,
        ),
        ({"text": "a" * 153, "udh": bytes.fromhex("06050415811581")}, Encoding.GSM7, 2),
    ],
)
def test_a_message_knows_its_encoding_and_its_parts(asked, encoding, parts):
    sent = send(new_smsc(), **asked)
    assert (sent.encoding, sent.segments, len(sent.segmentation().parts)) == (encoding, parts, parts)


def test_a_refused_message_is_not_stored():
    smsc = new_smsc()
    smsc.submit(account(), [submission(recipient="nobody")])
    assert (stored(smsc), smsc.store.next_due()) == ([], None)


def test_the_same_requests_get_the_same_ids():
    assert [send(smsc).id for smsc in (new_smsc(), new_smsc())] == [send(new_smsc()).id] * 2


def test_a_message_submitted_alone_is_answered_itself():
    smsc = new_smsc()
    sent = smsc.submit_one(account(), submission(text="alone"))
    assert (sent.text, stored(smsc)) == ("alone", [sent])


def test_a_message_refused_alone_raises_its_refusal():
    smsc = new_smsc()
    assert refused(smsc.submit_one, account(), submission(recipient="nobody")) is Reason.INVALID_RECIPIENT
    assert (stored(smsc), balance(smsc)) == ([], Decimal("10.00"))


def test_duplicates_are_sent_twice():
    smsc = new_smsc()
    outcomes = smsc.submit(account(), [submission(), submission()])
    assert len({outcome.message.id for outcome in outcomes}) == len(stored(smsc)) == 2


def test_who_lets_time_pass_is_told_the_earliest_instant_planned():
    smsc = new_smsc()
    told = []
    smsc.on_planned = told.append
    smsc.submit(account(), [submission(due_at=after(60)), submission(), submission(due_at=after(30))])
    assert told == [after(2)]


# Money


def test_every_part_of_a_message_is_charged():
    smsc = new_smsc()
    sent = send(smsc, text="a" * 161)
    assert (sent.price, balance(smsc)) == (Decimal("0.10"), Decimal("9.90"))


def test_a_scheduled_message_is_charged_when_it_is_accepted():
    smsc = new_smsc()
    send(smsc, due_at=after(3600))
    assert balance(smsc) == Decimal("9.95")


def test_a_refused_message_is_not_charged():
    smsc = new_smsc()
    smsc.submit(account(), [submission(recipient="nobody")])
    assert balance(smsc) == Decimal("10.00")


def test_a_quote_is_what_will_be_charged():
    smsc = new_smsc(prices=PriceBook("USD", Decimal("0.05"), {"44": Decimal("0.08")}))
    wanted = [submission(text="a" * 161), submission(recipient="+447700900123"), submission()]
    quotes = smsc.quote(account(), wanted)
    before = balance(smsc)
    smsc.submit(account(), wanted)
    assert quotes == [Quote(2, Decimal("0.10")), Quote(1, Decimal("0.08")), Quote(1, Decimal("0.05"))]
    assert before - balance(smsc) == sum(quote.price for quote in quotes)


def test_a_quote_tells_one_content_from_another_of_the_same_text():
    wanted = [
        submission(text="a" * 71),
        submission(text="a" * 71, encoding=Encoding.UCS2),
        submission(text="a" * 160),
        submission(text="a" * 160, udh=bytes.fromhex("06050415811581")),
        submission(text="", encoding=Encoding.BINARY, payload=bytes(140)),
        submission(text="", encoding=Encoding.BINARY, payload=bytes(141)),
    ]
    assert [quote.parts for quote in new_smsc().quote(account(), wanted)] == [1, 2, 1, 2, 1, 2]


def test_a_quote_charges_and_stores_nothing():
    smsc = new_smsc()
    smsc.quote(account(), [submission()])
    assert (balance(smsc), stored(smsc)) == (Decimal("10.00"), [])


def test_the_first_messages_are_sent_and_those_the_balance_does_not_cover_get_no_credit():
    smsc = new_smsc(account(balance=Decimal("0.12")))
    outcomes = smsc.submit(account(), [submission() for _ in range(4)])
    assert reasons(outcomes) == [None, None, Reason.NO_CREDIT, Reason.NO_CREDIT]
    assert (balance(smsc), len(stored(smsc))) == (Decimal("0.02"), 2)


def test_the_last_of_the_balance_can_be_spent():
    smsc = new_smsc(account(balance=Decimal("0.05")))
    send(smsc)
    assert balance(smsc) == 0


def test_a_refused_number_leaves_its_money_to_the_next():
    smsc = new_smsc(account(balance=Decimal("0.05")))
    outcomes = smsc.submit(account(), [submission(recipient="nobody"), submission()])
    assert reasons(outcomes) == [Reason.INVALID_RECIPIENT, None]


def test_the_balance_charged_is_the_present_one_and_not_the_callers_copy():
    smsc = new_smsc(account(balance=Decimal("0.05")))
    rich = account(balance=Decimal(1000))
    outcomes = smsc.submit(rich, [submission(), submission()])
    assert (reasons(outcomes), balance(smsc)) == ([None, Reason.NO_CREDIT], 0)


def test_a_whole_submission_that_can_be_paid_is_accepted_whole():
    smsc = new_smsc(account(balance=Decimal("0.10")))
    outcomes = smsc.submit(account(), [submission(), submission()], whole=True)
    assert (reasons(outcomes), balance(smsc)) == ([None, None], 0)


@pytest.mark.parametrize(
    ("last", "reason"), [({"text": "a" * 161}, Reason.NO_CREDIT), ({"recipient": "nobody"}, Reason.INVALID_RECIPIENT)]
)
def test_a_whole_submission_with_one_refusal_is_not_begun(last, reason):
    smsc = new_smsc(account(balance=Decimal("0.14")))
    assert refused(smsc.submit, account(), [submission(), submission(**last)], whole=True) is reason
    assert (balance(smsc), stored(smsc), smsc.store.next_due()) == (Decimal("0.14"), [], None)


def test_a_whole_submission_is_refused_for_its_first_refusal():
    smsc = new_smsc(account(balance=Decimal(0)))
    wanted = [submission(recipient="nobody"), submission()]
    assert refused(smsc.submit, account(), wanted, whole=True) is Reason.INVALID_RECIPIENT


def test_concurrent_submissions_never_overspend():
    smsc = new_smsc(account(balance=Decimal("1.00")))
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: smsc.submit(account(), [submission(), submission()]), range(20)))
    accepted = [outcome.message for batch in batches for outcome in batch if isinstance(outcome, Accepted)]
    assert (len({message.id for message in accepted}), len(stored(smsc)), balance(smsc)) == (20, 20, 0)


# Cancelling


def test_a_scheduled_message_can_be_cancelled_and_is_paid_back():
    smsc = new_smsc()
    cancelled = smsc.cancel(send(smsc, due_at=after(60)))
    assert (cancelled.status, cancelled.price, balance(smsc)) == (Status.CANCELLED, 0, Decimal("10.00"))


def test_a_cancelled_message_is_never_sent():
    smsc = new_smsc()
    cancelled = smsc.cancel(send(smsc, due_at=after(60)))
    assert smsc.advance_to(after(3600)) == []
    assert steps(present(smsc, cancelled)) == [(Status.SCHEDULED, START), (Status.CANCELLED, START)]


def test_a_cancelled_message_is_paid_back_once():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60))
    smsc.cancel(scheduled)
    assert refused(smsc.cancel, scheduled) is Reason.NOT_CANCELLABLE
    assert balance(smsc) == Decimal("10.00")


@pytest.mark.parametrize("moment", [0, 1, 2, 100])
def test_a_released_message_cannot_be_cancelled(moment):
    smsc = new_smsc()
    sent = send(smsc)
    smsc.advance_to(after(moment))
    assert refused(smsc.cancel, sent) is Reason.NOT_CANCELLABLE
    assert balance(smsc) == Decimal("9.95")


def test_a_message_is_cancelled_as_it_is_and_not_as_the_caller_saw_it():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60))
    smsc.advance_to(after(60))
    assert refused(smsc.cancel, scheduled) is Reason.NOT_CANCELLABLE


def test_a_provider_that_does_not_refund_keeps_the_money():
    smsc = new_smsc(refunds=frozenset())
    cancelled = smsc.cancel(send(smsc, due_at=after(60)))
    assert (cancelled.status, cancelled.price, balance(smsc)) == (Status.CANCELLED, Decimal("0.05"), Decimal("9.95"))


def test_cancelling_happens_at_the_clocks_present():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60))
    smsc.advance_to(after(10))
    assert smsc.cancel(scheduled).updated_at == after(10)


# Asking afterwards


def test_a_message_is_found_by_the_providers_id():
    smsc = new_smsc()
    sent = send(smsc)
    assert smsc.query(account(), sent.provider_message_id) == sent


def test_the_newest_message_of_a_reference_is_found():
    smsc = new_smsc()
    _, newest = send(smsc, reference="r1"), send(smsc, reference="r1")
    assert smsc.query_reference(account(), "r1") == newest


def test_a_message_of_another_account_is_not_found():
    smsc = new_smsc()
    sent = send(smsc, reference="r1")
    assert refused(smsc.query, account(id="acme-2"), sent.provider_message_id) is Reason.NOT_FOUND
    assert refused(smsc.query_reference, account(id="acme-2"), "r1") is Reason.NOT_FOUND


def test_an_unknown_message_is_not_found():
    smsc = new_smsc()
    send(smsc)
    assert refused(smsc.query, account(), "nothing") is Reason.NOT_FOUND
    assert refused(smsc.query_reference, account(), "nothing") is Reason.NOT_FOUND


# Settings and links


def test_changed_settings_leave_the_others():
    smsc = new_smsc(account(settings={"blocked": False, "count": 1}))
    changed = smsc.change_settings(account(), lambda settings: {"count": settings["count"] + 1})
    assert changed.settings == smsc.store.get(Account, "acme-1").settings == {"blocked": False, "count": 2}


def test_settings_are_changed_from_the_present_ones():
    smsc = new_smsc(account(settings={"count": 0}))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: smsc.change_settings(account(), lambda old: {"count": old["count"] + 1}), range(50)))
    assert smsc.store.get(Account, "acme-1").settings == {"count": 50}


def test_a_new_link_is_written_as_the_provider_writes_it():
    link = new_smsc().new_link(account(), "smsg.io", lambda identifier: identifier[:5].upper())
    assert link.startswith("smsg.io/")
    assert re.fullmatch("[0-9A-F]{5}", link.removeprefix("smsg.io/"))


def test_a_new_link_is_not_one_in_use():
    smsc = new_smsc()
    used = [Link(f"acme/{digit:x}", "acme", "acme-1", "m1", "u", "t") for digit in range(16) if digit != 7]
    smsc.store.put(*used)
    assert smsc.new_link(account(), "smsg.io", lambda identifier: identifier[:1]) == "smsg.io/7"


def test_an_accepted_message_brings_its_links():
    smsc = new_smsc()
    sent = send(smsc, links={"smsg.io/r/abcde": "http://example.com"})
    link = smsc.store.get(Link, "acme/abcde")
    assert link == Link("acme/abcde", "acme", "acme-1", sent.id, "smsg.io/r/abcde", "http://example.com")


def test_a_refused_message_brings_no_links():
    smsc = new_smsc()
    smsc.submit(account(), [submission(recipient="nobody", links={"smsg.io/r/abcde": "http://example.com"})])
    assert smsc.store.count(Link) == 0


def test_following_a_link_counts_the_click():
    smsc = new_smsc()
    send(smsc, links={"smsg.io/r/abcde": "http://example.com"})
    smsc.follow("acme", "abcde")
    assert (smsc.follow("acme", "abcde").clicks, smsc.store.get(Link, "acme/abcde").clicks) == (2, 2)


@pytest.mark.parametrize(("provider", "link"), [("acme", "nothing"), ("other", "abcde")])
def test_an_unknown_link_is_not_found(provider, link):
    smsc = new_smsc()
    send(smsc, links={"smsg.io/r/abcde": "http://example.com"})
    assert refused(smsc.follow, provider, link) is Reason.NOT_FOUND


# From accepted to delivered


def test_a_message_is_delivered_after_the_delivery_time():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.advance_to(after(2))
    assert steps(present(smsc, sent))[-1] == (Status.DELIVERED, after(2))


def test_a_message_is_not_delivered_before():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.advance_to(after(1.999))
    assert present(smsc, sent).status is Status.SENT


def test_immediate_delivery_still_waits_for_the_next_advance():
    smsc = new_smsc(delivery=seconds(0))
    sent = send(smsc)
    assert sent.status is Status.SENT
    smsc.advance()
    assert present(smsc, sent).status is Status.DELIVERED


def test_a_scheduled_message_is_released_when_due_and_then_delivered():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60))
    assert (scheduled.status, steps(scheduled)) == (Status.SCHEDULED, [(Status.SCHEDULED, START)])
    smsc.advance_to(after(600))
    assert steps(present(smsc, scheduled))[1:] == [(Status.SENT, after(60)), (Status.DELIVERED, after(62))]


@pytest.mark.parametrize("moment", [0, -60])
def test_a_message_scheduled_for_now_or_the_past_goes_out_now(moment):
    sent = send(new_smsc(), due_at=after(moment))
    assert (sent.status, sent.due_at) == (Status.SENT, START)


def test_manual_delivery_leaves_a_message_sent():
    smsc = new_smsc(delivery=None)
    sent = send(smsc, fate=fated(Status.UNDELIVERED), validity=seconds(10))
    smsc.advance_to(after(7 * 24 * 3600))
    assert present(smsc, sent) == sent


def test_manual_delivery_still_releases_a_scheduled_message():
    smsc = new_smsc(delivery=None)
    scheduled = send(smsc, due_at=after(60))
    smsc.advance_to(after(600))
    assert present(smsc, scheduled).status is Status.SENT


@pytest.mark.parametrize("status", [Status.UNDELIVERED, Status.REJECTED])
def test_a_fate_ends_the_message_with_its_error(status):
    smsc = new_smsc()
    sent = send(smsc, fate=fated(status, "12"))
    smsc.advance_to(after(2))
    assert (present(smsc, sent).status, present(smsc, sent).error) == (status, "12")


def test_a_release_does_not_carry_the_error_of_the_fate():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60), fate=fated(Status.UNDELIVERED, "12"))
    smsc.advance_to(after(60))
    assert (present(smsc, scheduled).status, present(smsc, scheduled).error) == (Status.SENT, None)


@pytest.mark.parametrize(("validity", "expiry"), [(seconds(600), 600), (None, 24 * 3600)])
def test_a_message_fated_to_expire_does_so_after_its_validity(validity, expiry):
    smsc = new_smsc()
    sent = send(smsc, fate=fated(Status.EXPIRED), validity=validity)
    smsc.advance_to(after(48 * 3600))
    assert steps(present(smsc, sent))[-1] == (Status.EXPIRED, after(expiry))


def test_a_message_that_cannot_be_delivered_in_its_validity_expires():
    smsc = new_smsc()
    sent = send(smsc, validity=seconds(1))
    smsc.advance_to(after(10))
    assert steps(present(smsc, sent))[-1] == (Status.EXPIRED, after(1))


def test_validity_counts_from_the_release():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60), fate=fated(Status.EXPIRED), validity=seconds(600))
    smsc.advance_to(after(3600))
    assert present(smsc, scheduled).updated_at == after(660)


def test_a_message_rejected_by_the_network_is_paid_back():
    smsc = new_smsc()
    sent = send(smsc, fate=fated(Status.REJECTED))
    smsc.advance_to(after(2))
    assert (present(smsc, sent).price, balance(smsc)) == (0, Decimal("10.00"))


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED])
def test_other_ends_are_not_paid_back(status):
    smsc = new_smsc()
    sent = send(smsc, fate=fated(status))
    smsc.advance_to(after(48 * 3600))
    assert (present(smsc, sent).status, present(smsc, sent).price, balance(smsc)) == (status, Decimal("0.05"), Decimal("9.95"))


def test_the_message_of_a_forgotten_account_is_paid_back_to_nobody():
    smsc = new_smsc()
    sent = send(smsc, fate=fated(Status.REJECTED))
    smsc.store.remove(Account, "acme-1")
    smsc.advance_to(after(2))
    assert (present(smsc, sent).status, smsc.store.count(Account)) == (Status.REJECTED, 0)


def test_an_event_of_an_older_version_is_ignored():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.store.change(Message, sent.id, lambda message: replace(message, version=message.version + 1))
    assert smsc.advance_to(after(10)) == []
    assert present(smsc, sent).status is Status.SENT


def test_a_message_that_has_moved_on_is_not_moved_again():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.store.change(Message, sent.id, lambda message: message.moved(Status.UNDELIVERED, START, "1"))
    smsc.advance_to(after(10))
    assert (present(smsc, sent).status, present(smsc, sent).error) == (Status.UNDELIVERED, "1")


def test_an_event_whose_step_is_not_allowed_is_ignored():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.store.change(Message, sent.id, lambda message: replace(message, status=Status.EXPIRED))
    assert smsc.advance_to(after(10)) == []
    assert present(smsc, sent).status is Status.EXPIRED


def test_the_event_of_a_forgotten_message_is_ignored():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.store.remove(Message, sent.id)
    assert smsc.advance_to(after(10)) == []


# Moving time


def test_advance_runs_what_is_due_and_answers_it():
    smsc = new_smsc(delivery=seconds(0))
    sent = [send(smsc), send(smsc)]
    fired = smsc.advance()
    assert [(event.message, event.status) for event in fired] == [(one.id, Status.DELIVERED) for one in sent]


def test_advance_does_not_move_the_clock():
    smsc = new_smsc()
    send(smsc)
    assert (smsc.advance(), smsc.clock.now()) == ([], START)


def test_advance_runs_what_its_own_steps_make_due():
    smsc = new_smsc()
    scheduled = send(smsc, due_at=after(60))
    smsc.clock.move_to(after(3600))
    assert [event.status for event in smsc.advance()] == [Status.SENT, Status.DELIVERED]
    assert steps(present(smsc, scheduled))[1:] == [(Status.SENT, after(60)), (Status.DELIVERED, after(62))]


def test_advancing_stops_at_every_planned_instant_on_the_way():
    smsc = new_smsc()
    seen = []
    smsc.on_planned = lambda _: seen.append(smsc.clock.now())
    send(smsc, due_at=after(60))
    send(smsc, due_at=after(30))
    smsc.advance_to(after(600))
    assert seen == [START, START, after(30), after(60)]


def test_advancing_fires_in_the_order_of_time():
    smsc = new_smsc()
    late, early = send(smsc, due_at=after(31)), send(smsc, due_at=after(30))
    fired = smsc.advance_to(after(600))
    assert [(event.message, event.due_at) for event in fired] == [
        (early.id, after(30)), (late.id, after(31)), (early.id, after(32)), (late.id, after(33)),
    ]  # fmt: skip


def test_advancing_ends_at_the_target():
    smsc = new_smsc()
    send(smsc)
    smsc.advance_to(after(600))
    assert smsc.clock.now() == after(600)


def test_advancing_leaves_what_is_due_behind_the_target():
    smsc = new_smsc()
    send(smsc, due_at=after(601))
    assert (smsc.advance_to(after(600)), smsc.store.next_due()) == ([], after(601))


def test_advancing_to_the_past_keeps_the_clock():
    smsc = new_smsc()
    smsc.advance_to(after(600))
    smsc.advance_to(START)
    assert smsc.clock.now() == after(600)


def test_setting_the_clock_forward_fires_on_the_way():
    smsc = new_smsc()
    sent = send(smsc, due_at=after(60))
    fired = smsc.set_clock(now=after(600))
    assert (len(fired), smsc.clock.now(), present(smsc, sent).updated_at) == (2, after(600), after(62))


def test_setting_the_clock_back_fires_nothing_twice():
    smsc = new_smsc()
    sent = send(smsc)
    smsc.advance_to(after(10))
    fired = smsc.set_clock(now=START) + smsc.set_clock(now=after(60))
    assert (fired, len(present(smsc, sent).timeline)) == ([], 3)


def test_setting_the_clock_back_keeps_what_is_planned():
    smsc = new_smsc()
    sent = send(smsc)
    back = smsc.set_clock(now=after(-3600))
    assert (back, smsc.clock.now()) == ([], after(-3600))
    assert [event.message for event in smsc.advance_to(after(2))] == [sent.id]


def test_a_message_accepted_on_a_clock_set_back_lives_in_that_time():
    smsc = new_smsc()
    smsc.set_clock(now=after(-3600))
    sent = send(smsc)
    smsc.advance_to(after(-3598))
    assert (sent.created_at, present(smsc, sent).updated_at) == (after(-3600), after(-3598))


def test_the_clock_can_be_held_moved_and_released():
    store = MemoryStore()
    smsc = Smsc(store, SystemClock(), IdSource(0, store.next_number), {}, delivery=None)
    smsc.set_clock(frozen=True, now=after(60))
    held = (smsc.clock.frozen, smsc.clock.now())
    smsc.set_clock(frozen=False)
    assert (held, smsc.clock.frozen) == ((True, after(60)), False)


def test_asking_nothing_of_the_clock_leaves_it_held():
    store = MemoryStore()
    smsc = Smsc(store, SystemClock(), IdSource(0, store.next_number), {}, delivery=None)
    smsc.set_clock(frozen=True)
    smsc.set_clock()
    assert smsc.clock.frozen


@pytest.mark.parametrize(
    "change",
    [
        lambda smsc: smsc.advance_to(after(1)),
        lambda smsc: smsc.set_clock(now=after(-1)),
        lambda smsc: smsc.set_clock(frozen=True),
        lambda smsc: smsc.reset_clock(),
    ],
    ids=["advance", "back", "freeze", "reset"],
)
def test_who_lets_time_pass_is_told_of_a_changed_clock(change):
    smsc = new_smsc()
    told = []
    smsc.on_clock_changed = lambda: told.append(smsc.clock.now())
    change(smsc)
    assert told[-1:] == [smsc.clock.now()]


def test_a_reset_clock_shows_its_beginning():
    smsc = new_smsc()
    smsc.advance_to(after(600))
    smsc.reset_clock()
    assert smsc.clock.now() == START


def test_concurrent_advances_fire_each_event_once():
    smsc = new_smsc(account(balance=Decimal(1000)), delivery=seconds(0))
    smsc.submit(account(), [submission() for _ in range(200)])
    with ThreadPoolExecutor(4) as pool:
        fired = [event for batch in pool.map(lambda _: smsc.advance(), range(8)) for event in batch]
    assert len({event.message for event in fired}) == len(fired) == 200
    assert all(message.timeline[-1] == Step(Status.DELIVERED, START) for message in stored(smsc))


def test_a_step_that_fails_does_not_keep_those_due_with_it(monkeypatch, caplog):
    smsc = new_smsc()
    first, second = send(smsc), send(smsc)
    settle, failed = smsc._settle, []

    def fail_once(message):
        if not failed:
            failed.append(message)
            raise RuntimeError("a bug")
        settle(message)

    monkeypatch.setattr(smsc, "_settle", fail_once)
    fired = smsc.advance_to(after(2))
    assert [event.message for event in fired] == [second.id]
    assert failed[0].id == first.id
    assert "a planned step failed" in caplog.text
