"""Campaigns: from a mailing to messages, by the clock."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from core_builders import (
    PHONE,
    START,
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
)

from emulator.core.accounts import Account
from emulator.core.campaigns import CampaignStatus, Slice
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message, Status

NOW = 2  # seconds that a campaign which is to go out at once is queued


def refused(command, *arguments):
    with pytest.raises(Refusal) as caught:
        command(*arguments)
    return caught.value.reason


def centre(*accounts, **changes):
    return new_smsc(*accounts, **{"writer": PlainWriter(), **changes})


@pytest.fixture
def smsc():
    return centre()


def messages(smsc):
    return list(smsc.store.find(Message))


def sent_to(smsc):
    return [message.recipient for message in messages(smsc)]


def present(smsc, campaign):
    return smsc.campaigns.campaign(account(), campaign.key)


def settle(smsc, **settings):
    smsc.change_settings(account(), lambda _: settings)


# What is said to whom


def test_each_recipient_gets_a_message_of_its_own(smsc):
    people = new_list(smsc)
    new_contact(smsc, people, phones(2)[0], first_name="John")
    new_contact(smsc, people, phones(2)[1], first_name="Gail")
    launch(smsc, mailing(people, "Hi NAME", reference="mine"))
    smsc.advance_to(after(NOW))
    assert [(one.recipient, one.text) for one in messages(smsc)] == list(zip(phones(2), ["Hi John", "Hi Gail"], strict=True))
    assert {one.status for one in messages(smsc)} == {Status.SENT}
    smsc.advance_to(after(NOW + 2))
    assert {one.status for one in messages(smsc)} == {Status.DELIVERED}


def test_its_messages_are_found_by_the_campaign_and_by_its_reference(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, *phones(2)), reference="mine"))
    other = launch(smsc, mailing(new_list(smsc, PHONE)))
    smsc.advance_to(after(NOW))
    assert [one.recipient for one in smsc.store.find(Message, campaign=campaign.key)] == phones(2)
    assert [one.recipient for one in smsc.store.find(Message, reference="mine")] == phones(2)
    assert [one.reference for one in smsc.store.find(Message, campaign=other.key)] == [other.label]


def test_contacts_without_a_phone_or_who_have_opted_out_are_skipped(smsc):
    people = new_list(smsc, "", "12345", "+0", *phones(2))
    smsc.opt_out(account(), phones(1)[0])
    campaign = launch(smsc, mailing(people))
    smsc.advance_to(after(NOW))
    assert sent_to(smsc) == phones(2)[1:]
    assert campaign.recipients == 1


def test_a_phone_that_is_on_the_list_twice_gets_two_messages(smsc):
    launch(smsc, mailing(new_list(smsc, PHONE, PHONE)))
    smsc.advance_to(after(NOW))
    assert sent_to(smsc) == [PHONE, PHONE]


def test_a_list_of_another_account_is_not_found():
    smsc = centre(account(), account(id="acme-2", login="road"))
    people = new_list(smsc, PHONE, by="acme-2")
    assert refused(smsc.campaigns.quote, account(), mailing(people)) is Reason.NOT_FOUND


def test_a_campaign_of_another_account_is_not_found():
    smsc = centre(account(), account(id="acme-2", login="road"))
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)))
    assert refused(smsc.campaigns.campaign, account(id="acme-2"), campaign.key) is Reason.NOT_FOUND
    assert list(smsc.campaigns.campaigns(account(id="acme-2"))) == []


# Money


def test_a_quote_takes_no_money_and_makes_no_messages(smsc):
    quote = smsc.campaigns.quote(account(), mailing(new_list(smsc, *phones(3))))
    assert (quote.recipients, quote.price, quote.first.recipient) == (3, Decimal("0.15"), phones(1)[0])
    assert (balance(smsc), messages(smsc)) == (Decimal("10.00"), [])


def test_a_quote_of_nobody_is_nothing(smsc):
    quote = smsc.campaigns.quote(account(), mailing(new_list(smsc, "")))
    assert (quote.recipients, quote.price, quote.first) == (0, 0, None)


def test_the_price_quoted_is_the_price_charged(smsc):
    """Of each recipient's own text, without those who are skipped."""
    people = new_list(smsc, "", *phones(3))
    smsc.opt_out(account(), phones(1)[0])
    new_contact(smsc, people, "+15552000009", first_name="x" * 160)  # makes two parts
    wanted = mailing(people, "Hi NAME")
    quote = smsc.campaigns.quote(account(), wanted)
    assert quote.price == Decimal("0.20")
    campaign = launch(smsc, wanted)
    assert (balance(smsc), campaign.held) == (Decimal("9.80"), quote.price)
    smsc.advance_to(after(NOW))
    assert balance(smsc) == Decimal("9.80")
    assert sum(one.price for one in messages(smsc)) == quote.price


@pytest.mark.parametrize("setting", [{"blocked_recipients": phones(1)}, {"uncovered_prefixes": [phones(1)[0][1:]]}])
def test_who_will_be_refused_is_not_in_the_price(setting):
    smsc = centre(account(settings=setting))
    wanted = mailing(new_list(smsc, *phones(3)))
    assert smsc.campaigns.quote(account(settings=setting), wanted).price == Decimal("0.10")
    launch(smsc, wanted)
    smsc.advance_to(after(NOW))
    assert balance(smsc) == Decimal("9.90")


def test_a_campaign_that_cannot_be_paid_is_refused_whole():
    smsc = centre(account(balance=Decimal("0.14")))
    assert refused(launch, smsc, mailing(new_list(smsc, *phones(3)))) is Reason.NO_CREDIT
    smsc.advance_to(after(NOW))
    assert (balance(smsc), messages(smsc), list(smsc.campaigns.campaigns(account()))) == (Decimal("0.14"), [], [])


def test_the_last_of_the_money_pays_a_campaign():
    smsc = centre(account(balance=Decimal("0.15")))
    launch(smsc, mailing(new_list(smsc, *phones(3))))
    smsc.advance_to(after(NOW))
    assert (balance(smsc), len(messages(smsc))) == (0, 3)


def test_a_list_that_has_grown_is_paid_from_the_balance(smsc):
    people = new_list(smsc, *phones(2))
    campaign = launch(smsc, mailing(people, due_at=after(60)))
    new_contact(smsc, people)
    smsc.advance_to(after(60))
    assert (present(smsc, campaign).recipients, len(messages(smsc))) == (3, 3)
    assert balance(smsc) == Decimal("9.85")


def test_a_list_that_has_grown_beyond_the_balance_rejects_the_rest():
    smsc = centre(account(balance=Decimal("0.10")))
    people = new_list(smsc, *phones(2))
    launch(smsc, mailing(people, due_at=after(60)))
    new_contact(smsc, people)
    smsc.advance_to(after(60))
    assert [(one.recipient, one.status, one.price) for one in messages(smsc)] == [
        (phones(2)[0], Status.SENT, Decimal("0.05")),
        (phones(2)[1], Status.SENT, Decimal("0.05")),
        (PHONE, Status.REJECTED, 0),
    ]
    assert balance(smsc) == 0


def test_a_list_that_has_shrunk_gives_money_back(smsc):
    people = new_list(smsc, *phones(3))
    campaign = launch(smsc, mailing(people, due_at=after(60)))
    smsc.contacts.remove(people, list(smsc.contacts.contacts(people))[:2])
    smsc.advance_to(after(60))
    assert sent_to(smsc) == phones(3)[2:]
    assert (balance(smsc), present(smsc, campaign).held) == (Decimal("9.95"), 0)


def test_a_refused_recipient_is_kept_as_rejected_and_costs_nothing(smsc):
    launch(smsc, mailing(new_list(smsc, "+15005550001", PHONE)))
    smsc.advance_to(after(NOW))
    bad, good = messages(smsc)
    assert (bad.status, bad.price, bad.recipient) == (Status.REJECTED, 0, "+15005550001")
    assert "rejected" in bad.warnings[-1]
    assert (good.status, balance(smsc)) == (Status.SENT, Decimal("9.95"))


def test_one_that_the_network_rejects_gives_its_money_back_once(smsc):
    launch(smsc, mailing(new_list(smsc, "+15005550005", PHONE)))
    smsc.advance_to(after(NOW + 60))
    assert [one.status for one in messages(smsc)] == [Status.REJECTED, Status.DELIVERED]
    assert balance(smsc) == Decimal("9.95")


def test_who_opts_out_before_it_begins_is_skipped_and_not_charged(smsc):
    launch(smsc, mailing(new_list(smsc, *phones(2)), due_at=after(60)))
    smsc.opt_out(account(), phones(1)[0])
    smsc.advance_to(after(60))
    assert (sent_to(smsc), balance(smsc)) == (phones(2)[1:], Decimal("9.95"))


# Status and time


def test_one_that_is_to_go_out_at_once_is_queued_then_sent(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)))
    assert (campaign.status, campaign.due_at) == (CampaignStatus.QUEUED, after(NOW))
    smsc.advance_to(after(NOW - 0.001))
    assert (present(smsc, campaign), messages(smsc)) == (campaign, [])
    smsc.advance_to(after(NOW))
    assert present(smsc, campaign).status is CampaignStatus.SENT


@pytest.mark.parametrize("moment", [0, -60])
def test_a_time_that_is_over_means_now(smsc, moment):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE), due_at=after(moment)))
    assert (campaign.status, campaign.mailing.due_at) == (CampaignStatus.QUEUED, START)


@pytest.mark.parametrize("delivery", [None, timedelta(0)])
def test_without_a_time_of_delivery_it_is_due_at_once(delivery):
    smsc = centre(delivery=delivery)
    launch(smsc, mailing(new_list(smsc, PHONE)))
    smsc.advance()
    assert sent_to(smsc) == [PHONE]


def test_a_scheduled_one_waits_for_its_time(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE), due_at=after(60)))
    smsc.advance_to(after(59))
    assert (present(smsc, campaign).status, messages(smsc)) == (CampaignStatus.SCHEDULED, [])
    smsc.advance_to(after(60))
    assert (present(smsc, campaign).status, sent_to(smsc)) == (CampaignStatus.SENT, [PHONE])


@pytest.mark.parametrize(("due_at", "begins"), [(None, 300 + NOW), (after(60), 300 + NOW), (after(900), 900)])
def test_one_that_waits_for_approval_begins_when_it_has_it_and_is_due(smsc, due_at, begins):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE), due_at=due_at), approval=timedelta(minutes=5))
    assert campaign.status is CampaignStatus.WAITING
    smsc.advance_to(after(begins - 1))
    assert messages(smsc) == []
    smsc.advance_to(after(begins))
    assert sent_to(smsc) == [PHONE]


def test_one_to_nobody_fails(smsc):
    """Its people have opted out since."""
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)))
    smsc.opt_out(account(), PHONE)
    smsc.advance_to(after(NOW))
    ended = present(smsc, campaign)
    assert (ended.status, ended.recipients, balance(smsc)) == (CampaignStatus.FAILED, 0, Decimal("10.00"))


def test_one_of_a_blocked_account_fails_and_is_paid_back(smsc):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)))
    settle(smsc, blocked=True)
    smsc.advance_to(after(NOW))
    assert (present(smsc, campaign).status, messages(smsc)) == (CampaignStatus.FAILED, [])
    assert (balance(smsc), present(smsc, campaign).held) == (Decimal("10.00"), 0)


def test_one_whose_list_is_gone_fails_and_is_paid_back_without_a_fuss(smsc, caplog):
    people = new_list(smsc, PHONE)
    campaign = launch(smsc, mailing(people, due_at=after(60)))
    smsc.contacts.close_list(people)
    smsc.advance_to(after(60))
    assert present(smsc, campaign).status is CampaignStatus.FAILED
    assert (balance(smsc), caplog.records) == (Decimal("10.00"), [])


def test_one_that_breaks_its_writer_fails_is_paid_back_and_is_told_of(smsc, caplog):
    campaign = launch(smsc, mailing(new_list(smsc, PHONE)))
    smsc.terms["acme"] = replace(smsc.terms["acme"], writer=object())
    smsc.advance_to(after(NOW))
    assert (present(smsc, campaign).status, balance(smsc)) == (CampaignStatus.FAILED, Decimal("10.00"))
    assert "a planned step failed" in caplog.text


def test_one_whose_account_is_gone_is_forgotten(smsc, caplog):
    launch(smsc, mailing(new_list(smsc, PHONE)))
    smsc.store.remove(Account, "acme-1")
    smsc.advance_to(after(NOW))
    assert (messages(smsc), caplog.records) == ([], [])


def test_a_slice_of_an_unknown_campaign_changes_nothing(smsc):
    assert not smsc.campaigns.run(Slice(START, "acme-1", "1", 0))
    assert messages(smsc) == []
