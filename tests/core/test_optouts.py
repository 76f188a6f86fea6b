"""Handsets that want no more messages: which words say so, of whom, and how they come back."""

import pytest
from core_builders import PHONE, account, new_smsc, present, send, submission

from emulator.core.errors import Reason
from emulator.core.message import Refused, Reply, Status
from emulator.core.optouts import OptOutRules, has_opted_out

OURS, OTHER = "+15550001111", "+15550002222"
BY_NUMBER = OptOutRules(frozenset({"stop", "quit"}), every_words=frozenset({"stop all", "stop stop"}), back=None)
OF_ALL = OptOutRules(frozenset({"stop"}), back=frozenset({"start"}), of_every_sender=True)


def replied(rules, *texts, to=OURS, handset=PHONE):
    """A centre whose account got these replies."""
    smsc = new_smsc(opt_out=rules)
    for text in texts:
        smsc.receive(account(), Reply(handset, to, text))
    return smsc


def is_out(smsc, sender=OURS, handset=PHONE):
    return has_opted_out(smsc.store, account(), handset, sender)


@pytest.mark.parametrize("text", ["STOP", "stop", "Stop", " stop ", "stop.", "STOP!", "\tstop\n", "quit"])
def test_a_word_opts_out_in_any_case_with_what_phones_put_around_it(text):
    assert is_out(replied(BY_NUMBER, text))


@pytest.mark.parametrize("text", ["", "please stop", "stop it", "nonstop", "stopp", "end", "s t o p", "stop?", "ştop"])
def test_a_text_that_is_more_than_the_word_opts_nobody_out(text):
    assert not is_out(replied(BY_NUMBER, text))


def test_an_opt_out_is_of_the_number_texted():
    smsc = replied(BY_NUMBER, "STOP")
    assert (is_out(smsc), is_out(smsc, OTHER)) == (True, False)


def test_an_opt_out_is_of_the_handset_that_texted():
    assert not is_out(replied(BY_NUMBER, "STOP"), handset="+15559999999")


def test_an_opt_out_is_of_the_account_that_was_texted():
    smsc = replied(BY_NUMBER, "STOP")
    other = account(id="acme-2")
    assert not has_opted_out(smsc.store, other, PHONE, OURS)


@pytest.mark.parametrize("text", ["STOP ALL", "stop stop", "Stop  All", "STOP ALL."])
def test_some_words_opt_out_of_every_number(text):
    smsc = replied(BY_NUMBER, text)
    assert (is_out(smsc), is_out(smsc, OTHER), is_out(smsc, "ACME")) == (True, True, True)


def test_with_a_provider_that_says_so_every_word_is_of_every_number():
    smsc = replied(OF_ALL, "stop")
    assert is_out(smsc, OTHER)


@pytest.mark.parametrize("sender", ["15550001111", "+15550001111"])
def test_a_sender_is_the_same_with_and_without_its_plus(sender):
    assert is_out(replied(BY_NUMBER, "STOP", to="15550001111"), sender)


def test_a_short_code_and_a_tag_are_senders_too():
    assert is_out(replied(BY_NUMBER, "STOP", to="12345"), "12345")
    assert is_out(replied(BY_NUMBER, "STOP", to="ACME"), "ACME")


@pytest.mark.parametrize("text", ["START", "hello", "yes please"])
def test_any_other_word_opts_in_again_where_the_provider_says_so(text):
    assert not is_out(replied(BY_NUMBER, "STOP", text))


def test_the_word_that_opts_in_opts_in_of_every_number_too():
    smsc = replied(BY_NUMBER, "STOP ALL", "hello")
    assert (is_out(smsc), is_out(smsc, OTHER)) == (False, False)


def test_a_word_to_one_number_leaves_the_opt_out_of_another():
    smsc = replied(BY_NUMBER, "STOP")
    smsc.receive(account(), Reply(PHONE, OTHER, "hello"))
    assert is_out(smsc)


def test_only_the_providers_own_words_opt_in_where_it_has_some():
    assert is_out(replied(OF_ALL, "STOP", "hello"))
    assert not is_out(replied(OF_ALL, "STOP", "hello", "Start"))


def test_stopping_twice_is_stopping_and_starting_unasked_is_nothing():
    assert is_out(replied(OF_ALL, "STOP", "STOP"))
    assert not is_out(replied(OF_ALL, "START", "START"))


def test_without_words_replies_opt_nobody_out():
    assert not is_out(replied(OptOutRules(), "STOP"))


def test_a_message_to_who_has_opted_out_is_refused_and_costs_nothing():
    smsc = replied(OF_ALL, "STOP")
    [outcome] = smsc.submit(account(), [submission(sender=OURS)])
    assert isinstance(outcome, Refused)
    assert (outcome.refusal.reason, outcome.refusal.field) == (Reason.OPTED_OUT, "to")


def test_others_in_the_batch_are_sent_to():
    smsc = replied(BY_NUMBER, "STOP")
    numbers = [PHONE, "+15559999999"]
    outcomes = smsc.submit(account(), [submission(recipient=number, sender=OURS) for number in numbers])
    assert [isinstance(outcome, Refused) for outcome in outcomes] == [True, False]


def test_after_the_way_back_messages_are_sent_again():
    assert send(replied(OF_ALL, "STOP", "START")).status is Status.SENT


def test_what_was_accepted_before_still_arrives():
    smsc = new_smsc(opt_out=OF_ALL)
    sent = send(smsc)
    smsc.receive(account(), Reply(PHONE, OURS, "STOP"))
    smsc.advance_to(sent.due_at + smsc.delivery)
    assert present(smsc, sent).status is Status.DELIVERED


def test_the_reply_itself_is_kept():
    smsc = new_smsc(opt_out=OF_ALL)
    reply = smsc.receive(account(), Reply(PHONE.removeprefix("+"), OURS, "STOP"))
    assert (reply.status, reply.sender, reply.recipient, reply.text) == (Status.RECEIVED, PHONE, OURS, "STOP")
