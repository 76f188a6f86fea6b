import queue
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from emulator.core.accounts import Account
from emulator.core.clock import SystemClock
from emulator.core.ids import IdSource
from emulator.core.message import Fate, Message, Status, Submission
from emulator.core.pricing import PriceBook
from emulator.core.smsc import Smsc
from emulator.core.terms import Terms
from emulator.delivery.worker import Worker
from emulator.stores.memory import MemoryStore

PATIENCE = 10  # real seconds after which a test gives up; none waits that long when all is well
ACCOUNT = Account("acme-1", "acme", "wile", {}, Decimal(1000), "USD", {})
TERMS = Terms(PriceBook("USD", Decimal("0.05")), "user", False, "ACME", frozenset({Status.REJECTED}), str)


class WatchedStore(MemoryStore):
    """Notes each look of a worker at what is due next; ``meanwhile`` runs once, before the worker learns what it saw."""

    def __init__(self):
        super().__init__()
        self.looks = queue.Queue()
        self.meanwhile = None

    def next_due(self):
        due = super().next_due()
        if threading.current_thread().name == "delivery":
            self.looks.put(due)
            if self.meanwhile is not None:
                meanwhile, self.meanwhile = self.meanwhile, None
                meanwhile()
        return due


class WatchedSmsc(Smsc):
    """Notes each event that a worker fires; ``before`` runs at the start of each advance."""

    def __init__(self, delivery):
        store = WatchedStore()
        super().__init__(store, SystemClock(), IdSource(0, store.next_number), {"acme": TERMS}, delivery=delivery)
        self.fired = queue.Queue()
        self.before = lambda: None
        store.put(ACCOUNT)

    def advance(self):
        self.before()
        fired = super().advance()
        if threading.current_thread().name == "delivery":
            for event in fired:
                self.fired.put(event)
        return fired

    def send(self, **changes):
        [outcome] = self.submit(ACCOUNT, [Submission(recipient="+15551234567", text="hi", **changes)])
        return outcome.message

    def present(self, message):
        return self.store.get(Message, message.id)


@pytest.fixture
def centre():
    """Makes a centre and the worker that lets its time pass, not yet started; stops what was started."""
    started = []

    def make(delivery=timedelta(0)):
        smsc = WatchedSmsc(delivery)
        worker = Worker(smsc)
        smsc.on_planned, smsc.on_clock_changed = worker.planned, worker.wake
        started.append(worker)
        return smsc, worker

    yield make
    for worker in started:
        if worker._thread.is_alive():
            stop(worker)


def stop(worker):
    """Stop ``worker``; fails if it does not within PATIENCE."""
    stopping = threading.Thread(target=worker.stop, daemon=True)
    stopping.start()
    stopping.join(PATIENCE)
    assert not stopping.is_alive()


def wait_for(condition):
    """Until ``condition`` holds; fails after PATIENCE."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if condition():
            return
        pause.wait(0.005)
    pytest.fail("waited in vain")


def test_a_step_planned_before_the_start_happens(centre):
    smsc, worker = centre()
    sent = smsc.send()
    worker.start()
    assert smsc.fired.get(timeout=PATIENCE).message == sent.id
    assert smsc.present(sent).status is Status.DELIVERED


def test_a_step_planned_while_the_worker_rests_wakes_it(centre):
    smsc, worker = centre()
    worker.start()
    smsc.store.looks.get(timeout=PATIENCE)
    sent = smsc.send()
    assert smsc.fired.get(timeout=PATIENCE).message == sent.id


def test_a_step_happens_when_the_running_clock_reaches_it(centre):
    smsc, worker = centre(delivery=timedelta(milliseconds=50))
    worker.start()
    sent = smsc.send()
    event = smsc.fired.get(timeout=PATIENCE)
    assert event.due_at == sent.due_at + timedelta(milliseconds=50) <= smsc.clock.now()


def test_steps_happen_one_after_the_other(centre):
    smsc, worker = centre(delivery=timedelta(milliseconds=10))
    worker.start()
    scheduled = smsc.send(due_at=smsc.clock.now() + timedelta(milliseconds=20))
    statuses = [smsc.fired.get(timeout=PATIENCE).status for _ in range(2)]
    assert (statuses, smsc.present(scheduled).status) == ([Status.SENT, Status.DELIVERED], Status.DELIVERED)


def test_a_sooner_step_is_not_kept_waiting_by_a_later_one(centre):
    smsc, worker = centre()
    smsc.send(due_at=smsc.clock.now() + timedelta(hours=1))
    worker.start()
    wait_for(lambda: worker._awaited is not None)
    sooner = smsc.send()
    assert smsc.fired.get(timeout=PATIENCE).message == sooner.id


def test_a_step_planned_while_the_worker_looks_is_not_missed(centre):
    smsc, worker = centre()
    smsc.send()
    sender = threading.Thread(target=smsc.send)

    def send_elsewhere():
        sender.start()
        wait_for(lambda: MemoryStore.next_due(smsc.store) is not None)

    def once_the_first_is_due():
        smsc.before = lambda: None
        smsc.store.meanwhile = send_elsewhere

    smsc.before = once_the_first_is_due
    worker.start()
    fired = {smsc.fired.get(timeout=PATIENCE).message for _ in range(2)}
    sender.join(PATIENCE)
    assert len(fired) == 2


def test_a_later_step_does_not_wake_the_worker(centre):
    smsc, worker = centre()
    smsc.send(due_at=smsc.clock.now() + timedelta(hours=1))
    worker.start()
    wait_for(lambda: worker._awaited is not None)
    calls = []
    worker.wake = lambda: calls.append("woken")
    smsc.send(due_at=smsc.clock.now() + timedelta(hours=2))
    assert calls == []


def test_a_step_that_is_not_due_is_left_alone(centre):
    smsc, worker = centre(delivery=timedelta(hours=1))
    sent = smsc.send()
    advanced = []
    smsc.before = lambda: advanced.append("advanced")
    worker.start()
    smsc.store.looks.get(timeout=PATIENCE)
    stop(worker)
    assert (advanced, smsc.present(sent).status) == ([], Status.SENT)


def test_the_worker_does_nothing_while_the_clock_is_frozen(centre):
    smsc, worker = centre()
    smsc.set_clock(frozen=True)
    sent = smsc.send()
    worker.start()
    smsc.store.looks.get(timeout=PATIENCE)
    stop(worker)
    assert (smsc.fired.empty(), smsc.present(sent).status) == (True, Status.SENT)


def test_a_step_planned_on_a_frozen_clock_waits(centre):
    smsc, worker = centre()
    smsc.set_clock(frozen=True)
    worker.start()
    smsc.store.looks.get(timeout=PATIENCE)
    sent = smsc.send()
    smsc.store.looks.get(timeout=PATIENCE)
    stop(worker)
    assert (smsc.fired.empty(), smsc.present(sent).status) == (True, Status.SENT)


def test_a_released_clock_lets_the_due_steps_happen(centre):
    smsc, worker = centre()
    smsc.set_clock(frozen=True)
    sent = smsc.send()
    worker.start()
    smsc.store.looks.get(timeout=PATIENCE)
    smsc.set_clock(frozen=False)
    assert smsc.fired.get(timeout=PATIENCE).message == sent.id


def test_a_clock_frozen_while_the_worker_waits_holds_the_step(centre):
    smsc, worker = centre(delivery=timedelta(hours=1))
    sent = smsc.send()
    worker.start()
    wait_for(lambda: worker._awaited is not None)
    while not smsc.store.looks.empty():
        smsc.store.looks.get()
    smsc.set_clock(frozen=True)
    smsc.store.looks.get(timeout=PATIENCE)
    smsc.clock.move_to(smsc.clock.now() + timedelta(hours=2))
    worker.wake()
    smsc.store.looks.get(timeout=PATIENCE)
    stop(worker)
    assert (smsc.fired.empty(), smsc.present(sent).status) == (True, Status.SENT)


def test_a_clock_moved_by_others_is_seen(centre):
    smsc, worker = centre(delivery=timedelta(hours=1))
    sent = smsc.send()
    worker.start()
    wait_for(lambda: worker._awaited is not None)
    smsc.clock.move_to(smsc.clock.now() + timedelta(hours=1))
    worker.wake()
    assert smsc.fired.get(timeout=PATIENCE).message == sent.id


def test_a_step_that_fails_is_logged_and_ends_nothing_else(centre, caplog):
    smsc, worker = centre()
    smsc.send(fate=Fate(Status.REJECTED))
    smsc.terms = {}  # the refund of the rejected message cannot be looked up
    worker.start()
    wait_for(lambda: "a planned step failed" in caplog.text)
    smsc.terms = {"acme": TERMS}
    healthy = smsc.send()
    assert smsc.fired.get(timeout=PATIENCE).message == healthy.id


def test_a_stopped_worker_fires_no_more(centre):
    smsc, worker = centre()
    worker.start()
    smsc.store.looks.get(timeout=PATIENCE)
    stop(worker)
    smsc.send()
    assert (worker._thread.is_alive(), smsc.fired.empty()) == (False, True)


def test_a_worker_that_waits_for_a_far_step_stops_at_once(centre):
    smsc, worker = centre()
    smsc.send(due_at=datetime(2100, 1, 1, tzinfo=UTC))
    worker.start()
    wait_for(lambda: worker._awaited is not None)
    stop(worker)
    assert not worker._thread.is_alive()


def test_stopping_waits_for_the_step_under_way(centre):
    smsc, worker = centre()
    begun, go_on = threading.Event(), threading.Event()

    def hold():
        begun.set()
        go_on.wait(PATIENCE)

    smsc.before = hold
    sent = smsc.send()
    worker.start()
    begun.wait(PATIENCE)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    stopping.join(0.05)
    waited = stopping.is_alive()
    go_on.set()
    stopping.join(PATIENCE)
    assert (waited, stopping.is_alive(), smsc.present(sent).status) == (True, False, Status.DELIVERED)


def test_many_messages_sent_at_once_are_all_delivered(centre):
    smsc, worker = centre()
    worker.start()
    threads = [threading.Thread(target=lambda: [smsc.send() for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    delivered = {smsc.fired.get(timeout=PATIENCE).message for _ in range(200)}
    assert len(delivered) == 200


def test_a_step_that_is_centuries_away_does_not_end_the_worker(centre):
    smsc, worker = centre()
    worker.start()
    smsc.send(due_at=datetime(2400, 1, 1, tzinfo=UTC))
    soon = smsc.send()
    assert smsc.fired.get(timeout=PATIENCE).message == soon.id
