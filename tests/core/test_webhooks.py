"""A call and its attempts, without a network."""

from datetime import timedelta

import pytest
from core_builders import after

from emulator.core.webhooks import Attempt, Call, Errand, NoOutbox, RetryPlan, State, WebhookCall

PLAN = RetryPlan((timedelta(seconds=10), timedelta(seconds=60)), timeout=5, only_200=False)
ONCE = RetryPlan((), timeout=5, only_200=False)
STRICT = RetryPlan((), timeout=5, only_200=True)


def webhook(plan=PLAN, *statuses):
    made = WebhookCall("w1", "acme-1", "acme", "m1", Call("POST", "http://127.0.0.1:9/", plan))
    for number, status in enumerate(statuses):
        made = made.answered(Attempt(after(number), status))
    return made


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_taken(status):
    assert PLAN.is_taken(status)


@pytest.mark.parametrize("status", [None, 100, 199, 300, 302, 400, 404, 500, 503])
def test_nothing_else_is_taken(status):
    assert not PLAN.is_taken(status)


@pytest.mark.parametrize(("status", "taken"), [(200, True), (201, False), (204, False), (None, False), (500, False)])
def test_for_some_providers_only_200_is(status, taken):
    assert STRICT.is_taken(status) is taken


def test_a_new_call_is_pending_and_knows_no_next_try():
    assert (webhook().state, webhook().next_try()) == (State.PENDING, None)


def test_a_failed_try_is_followed_by_the_next_of_the_plan():
    once, twice = webhook(PLAN, 500), webhook(PLAN, 500, None)
    assert (once.state, once.next_try()) == (State.PENDING, after(10))
    assert (twice.state, twice.next_try()) == (State.PENDING, after(1 + 60))


def test_after_the_last_try_it_is_given_up():
    thrice = webhook(PLAN, 500, 500, 500)
    assert (thrice.state, thrice.next_try()) == (State.GIVEN_UP, None)
    assert (webhook(ONCE, 500).state, webhook(ONCE, 500).next_try()) == (State.GIVEN_UP, None)


@pytest.mark.parametrize("statuses", [(200,), (500, 200), (500, 500, 204)])
def test_a_taken_call_is_not_tried_again(statuses):
    taken = webhook(PLAN, *statuses)
    assert (taken.state, taken.next_try(), len(taken.attempts)) == (State.TAKEN, None, len(statuses))


def test_every_attempt_is_kept_in_order():
    assert [attempt.status for attempt in webhook(PLAN, 500, None, 200).attempts] == [500, None, 200]


def test_nobody_is_told_by_no_outbox():
    outbox = NoOutbox()
    outbox.settle()
    assert outbox.run(Errand(after(0), "acme-1", "w1", 0)) is False
