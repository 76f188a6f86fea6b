"""Campaigns that are cancelled, revised, or meet changes while they are sent."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from core_builders import (
    PHONE,
    PlainWriter,
    account,
    after,
    balance,
    launch,
    mailing,
    new_contact,
    new_list,
    new_smsc,
    phones,
    send,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.core import campaigner
from emulator.core.campaigns import Campaign, CampaignStatus
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message, Status

NOW = 2


def refused(command, *arguments):
    with pytest.raises(Refusal) as caught:
        command(*arguments)
    return caught.value.reason


def centre(*accounts):
    writer = PlainWriter()
    smsc = new_smsc(*accounts, writer=writer)
    smsc.writer = writer
    return smsc


@pytest.fixture
def smsc():
    return centre()


@pytest.fixture
def slices_of_2(monkeypatch):
    monkeypatch.setattr(campaigner, "SLICE", 2)


def sent_to(smsc):
    return [message.recipient for message in smsc.store.find(Message)]


def present(smsc, campaign):
    return smsc.store.get(Campaign, campaign.key)


def revise(smsc, campaign, wanted):
    owner = present_account(smsc)
    return smsc.campaigns.revise(owner, campaign, wanted, smsc.campaigns.quote(owner, wanted))


def present_account(smsc):
    return smsc.store.get(type(account()), "acme-1")


def once(smsc, action, *, turn=1):
    """Do ``action`` before slice number ``turn`` is written."""
    turns = iter(range(1000))
    smsc.writer.meanwhile = lambda: action() if next(turns) == turn else None


# Cancelling


def test_one_that_waits_is_cancelled_and_paid_back(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(3)), due_at=after(60)))
    cancelled = smsc.campaigns.cancel(campaign)
    assert (cancelled.status, cancelled.held, balance(smsc)) == (CampaignStatus.CANCELLED, 0, Decimal("10.00"))
    smsc.advance_to(after(120))
    assert (sent_to(smsc), present(smsc, campaign).status) == ([], CampaignStatus.CANCELLED)


def test_one_that_waits_for_approval_can_be_cancelled(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)), approval=timedelta(minutes=5))
    smsc.campaigns.cancel(campaign)
    smsc.advance_to(after(600))
    assert (sent_to(smsc), balance(smsc)) == ([], Decimal("10.00"))


def test_one_is_cancelled_once(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE), due_at=after(60)))
    smsc.campaigns.cancel(campaign)
    assert refused(smsc.campaigns.cancel, campaign) is Reason.NOT_CANCELLABLE
    assert balance(smsc) == Decimal("10.00")


@pytest.mark.parametrize("moment", [0, NOW])
def test_one_that_is_queued_or_sent_cannot_be_cancelled(smsc, moment):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)))
    smsc.advance_to(after(moment))
    assert refused(smsc.campaigns.cancel, campaign) is Reason.NOT_CANCELLABLE
    assert balance(smsc) == Decimal("9.95")


def test_one_that_has_begun_cannot_be_cancelled(smsc, slices_of_2):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(5)), due_at=after(60)))
    once(smsc, lambda: refused(smsc.campaigns.cancel, campaign))
    smsc.advance_to(after(60))
    assert (sent_to(smsc), present(smsc, campaign).status) == (phones(5), CampaignStatus.SENT)


# Revising


def test_a_revised_one_says_the_new_thing_to_the_new_people_at_the_new_time(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(2)), due_at=after(60)))
    revised = revise(smsc, campaign, mailing(new_list(smsc, PHONE), "bye", due_at=after(120)))
    assert (revised.number, revised.status, revised.recipients) == (campaign.number, CampaignStatus.SCHEDULED, 1)
    smsc.advance_to(after(119))
    assert sent_to(smsc) == []
    smsc.advance_to(after(120))
    assert [(one.recipient, one.text) for one in smsc.store.find(Message)] == [(PHONE, "bye")]


@pytest.mark.parametrize(("number", "left"), [(1, "9.95"), (2, "9.90"), (4, "9.80")])
def test_the_difference_is_paid_or_given_back(smsc, number, left):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(2)), due_at=after(60)))
    revised = revise(smsc, campaign, mailing(new_list(smsc, *phones(number)), due_at=after(60)))
    assert (balance(smsc), revised.held) == (Decimal(left), Decimal("10.00") - Decimal(left))
    smsc.advance_to(after(60))
    assert balance(smsc) == Decimal(left)


def test_a_revision_that_cannot_be_paid_changes_nothing():
    smsc = centre(account(balance=Decimal("0.14")))
    campaign = launch(smsc, mailing(new_list(smsc, *phones(2)), due_at=after(60)))
    dear = mailing(new_list(smsc, *phones(3)), due_at=after(60))
    assert refused(revise, smsc, campaign, dear) is Reason.NO_CREDIT
    assert (present(smsc, campaign), balance(smsc)) == (campaign, Decimal("0.04"))


def test_what_was_held_pays_for_the_revision():
    smsc = centre(account(balance=Decimal("0.10")))
    campaign = launch(smsc, mailing(new_list(smsc, *phones(2)), due_at=after(60)))
    revise(smsc, campaign, mailing(new_list(smsc, *phones(2, start=5)), due_at=after(60)))
    smsc.advance_to(after(60))
    assert (sent_to(smsc), balance(smsc)) == (phones(2, start=5), 0)


def test_one_without_a_time_goes_out_now(smsc):
    people = new_list(smsc, PHONE)
    campaign = launch(smsc, mailing(people, due_at=after(60)))
    assert revise(smsc, campaign, mailing(people)).status is CampaignStatus.QUEUED
    smsc.advance_to(after(NOW))
    assert sent_to(smsc) == [PHONE]
    smsc.advance_to(after(120))
    assert sent_to(smsc) == [PHONE]


def test_one_that_is_queued_can_be_put_off(smsc):
    people = new_list(smsc, PHONE)
    campaign = launch(smsc, mailing(people))
    assert revise(smsc, campaign, mailing(people, due_at=after(60))).status is CampaignStatus.SCHEDULED
    smsc.advance_to(after(59))
    assert sent_to(smsc) == []


def test_one_that_is_sent_or_cancelled_cannot_be_revised(smsc):
    people = new_list(smsc, PHONE)
    sent, cancelled = launch(smsc, mailing(people)), launch(smsc, mailing(people, due_at=after(60)))
    smsc.campaigns.cancel(cancelled)
    smsc.advance_to(after(NOW))
    for campaign in (sent, cancelled):
        assert refused(revise, smsc, present(smsc, campaign), mailing(people)) is Reason.NOT_CANCELLABLE
    assert balance(smsc) == Decimal("9.95")


def test_one_that_has_begun_cannot_be_revised(smsc, slices_of_2):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(5))))
    once(smsc, lambda: refused(revise, smsc, campaign, mailing(new_list(smsc, PHONE), "other")))
    smsc.advance_to(after(NOW))
    assert {one.text for one in smsc.store.find(Message)} == {"hi"}
    assert (sent_to(smsc), balance(smsc)) == (phones(5), Decimal("9.75"))


def test_of_two_revisions_of_one_state_the_second_is_refused(smsc):
    people = new_list(smsc, PHONE)
    campaign = launch(smsc, mailing(people, due_at=after(60)))
    revise(smsc, campaign, mailing(people, "first", due_at=after(60)))
    assert refused(revise, smsc, campaign, mailing(people, "second", due_at=after(60))) is Reason.NOT_CANCELLABLE
    assert (present(smsc, campaign).mailing.text, balance(smsc)) == ("first", Decimal("9.95"))


# While it is sent


def test_a_long_list_is_sent_in_slices_of_500():
    smsc = centre(account(balance=Decimal(100)))
    written = []
    smsc.writer.meanwhile = lambda: written.append(smsc.store.count(Message))
    launch(smsc, mailing(new_list(smsc, *phones(1280))))
    smsc.advance_to(after(NOW))
    assert written == [0, 500, 1000]
    assert sent_to(smsc) == phones(1280)


def test_what_is_due_by_then_has_its_turn_between_two_slices(smsc, slices_of_2):
    launch(smsc, mailing(new_list(smsc, *phones(4))))
    waiting = send(smsc, due_at=after(NOW))
    seen = []
    smsc.writer.meanwhile = lambda: seen.append(smsc.store.get(Message, waiting.id).status)
    smsc.advance_to(after(NOW))
    assert seen == [Status.SCHEDULED, Status.SENT]


def test_status_says_that_it_is_being_sent(smsc, slices_of_2):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(3))))
    seen = []
    smsc.writer.meanwhile = lambda: seen.append(present(smsc, campaign).status)
    smsc.advance_to(after(NOW))
    assert seen == [CampaignStatus.SENDING] * 2


def test_a_list_that_changes_meanwhile_is_sent_as_it_was(smsc, slices_of_2):
    people = new_list(smsc, *phones(5))

    def edit():
        smsc.contacts.remove(people, list(smsc.contacts.contacts(people))[:4])
        for phone in phones(3):
            new_contact(smsc, people, phone)

    launch(smsc, mailing(people))
    once(smsc, edit)
    smsc.advance_to(after(NOW))
    assert Counter(sent_to(smsc)) == Counter(phones(5))


def test_who_opts_out_meanwhile_gets_nothing_and_costs_nothing(smsc, slices_of_2):
    launch(smsc, mailing(new_list(smsc, *phones(5))))
    once(smsc, lambda: smsc.opt_out(account(), phones(5)[4]))
    smsc.advance_to(after(NOW))
    last = list(smsc.store.find(Message))[-1]
    assert (last.recipient, last.status, balance(smsc)) == (phones(5)[4], Status.REJECTED, Decimal("9.80"))


def test_a_block_meanwhile_ends_it_and_the_rest_is_paid_back(smsc, slices_of_2):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(5))))
    once(smsc, lambda: smsc.change_settings(account(), lambda _: {"blocked": True}), turn=0)
    smsc.advance_to(after(NOW))
    assert (sent_to(smsc), present(smsc, campaign).status) == (phones(2), CampaignStatus.FAILED)
    assert balance(smsc) == Decimal("9.90")


def test_a_list_deleted_meanwhile_is_sent_to_its_end(smsc, slices_of_2):
    people = new_list(smsc, *phones(5))
    launch(smsc, mailing(people))
    once(smsc, lambda: smsc.contacts.close_list(people))
    smsc.advance_to(after(NOW))
    assert sent_to(smsc) == phones(5)


# The law


actions = st.lists(
    st.tuples(
        st.sampled_from(["launch", "schedule", "revise", "cancel", "opt out", "block", "unblock", "add", "remove"]),
        st.integers(0, 5),
    ),
    max_size=12,
)


class Ledger:
    """An account with 0.60, which is soon too little, three phones that work and three that are refused or given back."""

    people = ("+15005550001", "+15005550005", "+15005550002", *phones(3))

    def __init__(self):
        self.smsc = centre(account(balance=Decimal("0.60")))
        self.list = new_list(self.smsc, *self.people)

    def money(self):
        """All there is: in the account, held for campaigns, spent on messages."""
        held = sum(campaign.held for campaign in self.smsc.store.find(Campaign))
        return balance(self.smsc) + held + sum(message.price for message in self.smsc.store.find(Message))

    def do(self, action, number):
        contacts = list(self.smsc.contacts.contacts(self.list))
        campaigns = list(self.smsc.store.find(Campaign))
        text = "x" * (40 * (number + 1))
        match action:
            case "launch":
                launch(self.smsc, mailing(self.list, text))
            case "schedule":
                launch(self.smsc, mailing(self.list, text, due_at=self.smsc.clock.now() + timedelta(seconds=number)))
            case "revise" if campaigns:
                revise(self.smsc, campaigns[number % len(campaigns)], mailing(self.list, text))
            case "cancel" if campaigns:
                self.smsc.campaigns.cancel(campaigns[number % len(campaigns)])
            case "opt out":
                self.smsc.opt_out(account(), self.people[number])
            case "block" | "unblock":
                self.smsc.change_settings(account(), lambda _: {"blocked": action == "block"})
            case "add":
                new_contact(self.smsc, self.list, self.people[number])
            case "remove" if contacts:
                self.smsc.contacts.remove(self.list, [contacts[number % len(contacts)]])

    def try_to_do(self, action, number):
        with suppress(Refusal):
            self.do(action, number)


@settings(max_examples=200, deadline=None)
@given(actions, actions, st.integers(1, 4))
def test_no_money_is_made_or_lost_whatever_is_done_before_and_while_campaigns_are_sent(before, meanwhile, size):
    ledger, rest = Ledger(), list(meanwhile)
    ledger.smsc.writer.meanwhile = lambda: ledger.try_to_do(*rest.pop()) if rest else None
    whole = ledger.money()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaigner, "SLICE", size)
        for moment, step in enumerate(before):
            ledger.try_to_do(*step)
            assert ledger.money() == whole
            ledger.smsc.advance_to(after(moment))
            assert ledger.money() == whole
        ledger.smsc.advance_to(after(1000))
    assert ledger.money() == whole
    assert balance(ledger.smsc) >= 0
    assert [one.held for one in ledger.smsc.store.find(Campaign) if one.held] == []
