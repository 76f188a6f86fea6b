import pytest
from core_builders import account, submission

from emulator.core.errors import Reason
from emulator.core.policy import Policy


def objection(settings, **changes):
    return Policy.of(account(settings=settings)).objection(submission(**changes))


@pytest.mark.parametrize("sender", [None, "ACME", "85355", "+15550001111"])
def test_an_account_without_settings_lets_any_sender_pass(sender):
    assert objection({}, sender=sender) is None


@pytest.mark.parametrize("sender", ["15550001111", "+15550001111", "ACME"])
def test_an_owned_sender_passes_with_or_without_its_plus(sender):
    assert objection({"senders": ["+15550001111", "ACME"]}, sender=sender) is None


@pytest.mark.parametrize("senders", [["ACME"], []])
def test_a_sender_the_account_does_not_own_is_refused(senders):
    refusal = objection({"senders": senders}, sender="OTHER")
    assert (refusal.reason, refusal.field, refusal.setting) == (Reason.INVALID_SENDER, "from", "senders")


@pytest.mark.parametrize(("senders", "owned"), [(None, True), (["+15550001111"], True), (["ACME"], False), ([], False)])
def test_an_account_without_a_list_of_senders_owns_them_all(senders, owned):
    assert Policy.of(account(settings={"senders": senders})).owns("15550001111") is owned


def test_the_default_sender_passes_whatever_the_account_owns():
    assert objection({"senders": []}, sender=None) is None


@pytest.mark.parametrize("recipient", ["", "15551234567", "+123", "bob"])
def test_a_recipient_that_is_no_international_number_is_refused(recipient):
    refusal = objection({}, recipient=recipient)
    assert (refusal.reason, refusal.field) == (Reason.INVALID_RECIPIENT, "to")


@pytest.mark.parametrize("prefix", ["+44", "44", "447700900123"])
def test_a_recipient_behind_an_uncovered_prefix_is_unroutable(prefix):
    refusal = objection({"uncovered_prefixes": ["999", prefix]}, recipient="+447700900123")
    assert (refusal.reason, refusal.setting) == (Reason.UNROUTABLE, "uncovered_prefixes")


def test_a_recipient_behind_no_uncovered_prefix_passes():
    assert objection({"uncovered_prefixes": ["44", "7700"]}, recipient="+15551234567") is None


@pytest.mark.parametrize(("number", "covered"), [("447700900123", False), ("+447700900123", False), ("+15551234567", True)])
def test_coverage_is_asked_with_or_without_plus(number, covered):
    assert Policy.of(account(settings={"uncovered_prefixes": ["44"]})).covers(number) is covered


@pytest.mark.parametrize("blocked", ["+15551234567", "15551234567"])
def test_a_blocked_recipient_is_refused(blocked):
    refusal = objection({"blocked_recipients": [blocked]}, recipient="+15551234567")
    assert (refusal.reason, refusal.setting) == (Reason.RECIPIENT_BLOCKED, "blocked_recipients")


def test_a_blocked_number_is_no_prefix():
    assert objection({"blocked_recipients": ["1555123"]}, recipient="+15551234567") is None


@pytest.mark.parametrize("setting", ["senders", "uncovered_prefixes", "blocked_recipients"])
def test_a_setting_left_at_none_objects_to_nothing(setting):
    assert objection({setting: None}, sender="ACME") is None
