import pytest
from core_builders import DELIVERY, after, fated, message, seconds

from emulator.core.lifecycle import Event, may_move, next_event
from emulator.core.message import Status

ALLOWED = {
    ("scheduled", "sent"), ("scheduled", "cancelled"),
    ("queued", "sent"), ("queued", "rejected"), ("queued", "expired"), ("queued", "cancelled"),
    ("sent", "delivered"), ("sent", "undelivered"), ("sent", "expired"), ("sent", "rejected"),
}  # fmt: skip


@pytest.mark.parametrize("start", list(Status))
def test_a_status_becomes_only_what_may_follow_it(start):
    followers = {status for status in Status if may_move(message(status=start), status)}
    assert followers == {status for status in Status if (start, status) in ALLOWED}


@pytest.mark.parametrize("waiting", [Status.SCHEDULED, Status.QUEUED])
def test_a_waiting_message_is_released_when_it_is_due(waiting):
    planned = next_event(message("m1", status=waiting, due_at=after(60), version=3), DELIVERY)
    assert planned == Event(after(60), "acme-1", "m1", 3, Status.SENT)


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.UNDELIVERED, Status.REJECTED])
def test_a_sent_message_ends_as_fated_a_delivery_after_it_was_due(status):
    planned = next_event(message("m1", due_at=after(60), fate=fated(status), version=1), DELIVERY)
    assert planned == Event(after(62), "acme-1", "m1", 1, status)


def test_immediate_delivery_ends_when_the_message_is_due():
    assert next_event(message(due_at=after(60)), seconds(0)).due_at == after(60)


def test_a_message_fated_to_expire_does_so_after_its_validity():
    planned = next_event(message(fate=fated(Status.EXPIRED), validity=seconds(600)), DELIVERY)
    assert (planned.due_at, planned.status) == (after(600), Status.EXPIRED)


def test_a_message_without_validity_expires_after_a_day():
    planned = next_event(message(fate=fated(Status.EXPIRED)), DELIVERY)
    assert (planned.due_at, planned.status) == (after(24 * 3600), Status.EXPIRED)


def test_a_validity_shorter_than_the_delivery_expires_the_message():
    planned = next_event(message(validity=seconds(1)), DELIVERY)
    assert (planned.due_at, planned.status) == (after(1), Status.EXPIRED)


def test_a_validity_as_long_as_the_delivery_is_long_enough():
    assert next_event(message(validity=DELIVERY), DELIVERY).status is Status.DELIVERED


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.EXPIRED])
def test_manual_delivery_plans_no_end(status):
    assert next_event(message(fate=fated(status)), None) is None


def test_manual_delivery_still_releases_what_waits():
    assert next_event(message(status=Status.SCHEDULED, due_at=after(60)), None).status is Status.SENT


@pytest.mark.parametrize("final", ["delivered", "undelivered", "expired", "rejected", "cancelled", "received"])
def test_a_final_status_plans_nothing(final):
    assert next_event(message(status=Status(final)), DELIVERY) is None
