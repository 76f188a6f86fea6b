"""Asks the provider what it would post, posts it, and tries again as the provider does."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from emulator.core.accounts import Account
from emulator.core.clock import Clock
from emulator.core.ids import IdSource
from emulator.core.lifecycle import is_final
from emulator.core.message import Direction, Link, Message, Receipts, Status
from emulator.core.store import Store
from emulator.core.webhooks import Attempt, Call, Callbacks, Errand, LateReceipt, State, WebhookCall
from emulator.delivery.lanes import Lane
from emulator.delivery.transport import Answered, Request, Transport

PATIENCE = 5.0  # real seconds that advancing the clock waits for an answer
OUT_OF_ORDER = timedelta(seconds=1)  # how long the intermediate receipt comes after the final one

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class _Flight:
    """A try that is not answered yet: of which webhook about which message, after how many others, and whom it calls."""

    webhook: str
    message: str
    number: int
    receiver: str
    answered: bool = False
    over: bool = False


class Dispatcher:
    """The Smsc's outbox. Calls wait in the store's schedule like every other step, so that time drives them."""

    def __init__(
        self, store: Store, clock: Clock, ids: IdSource, callbacks: Mapping[str, Callbacks], transport: Transport
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._callbacks = callbacks
        self._transport = transport
        self._changed = threading.Condition()
        self._in_flight: dict[str, _Flight] = {}  # by the request's key
        self._lanes: dict[str, Lane] = {}  # by the host called
        self._ended_ever = 0
        self._silent: set[str] = set()  # who did not answer in the present advance: not waited for again in it
        self.on_planned: Callable[[datetime], None] = lambda _: None

    def moved(self, account: Account, message: Message) -> None:
        """Post the receipts of the message's new status, as its fate lets them through."""
        if message.direction is Direction.IN or message.fate.receipts is Receipts.LOST:
            return
        final = is_final(message)
        out_of_order = message.fate.receipts is Receipts.OUT_OF_ORDER
        if out_of_order and not final:
            return
        self._post_receipt(account, message)
        if final and message.fate.receipts is Receipts.DUPLICATE:
            self._post_receipt(account, message)
        if final and out_of_order:
            late = LateReceipt(self._clock.now() + OUT_OF_ORDER, account.id, replace(message, status=Status.SENT, error=None))
            self._store.schedule(late)
            self.on_planned(late.due_at)

    def received(self, account: Account, message: Message) -> None:
        self.post(account, message.id, self._callbacks[account.provider].inbound(account, message))

    def clicked(self, account: Account, message: Message, link: Link) -> None:
        calls = self._callbacks[account.provider].click(account, message, link, self._clock.now())
        self.post(account, message.id, calls)

    def resend(self, webhook_id: str) -> WebhookCall:
        """Make the same call once more now, whatever became of it. Raises KeyError."""
        webhook = self._store.get(WebhookCall, webhook_id)
        if webhook is None:
            raise KeyError(webhook_id)
        again = replace(webhook, key=self._ids.draw(webhook.account, "webhook"), attempts=(), state=State.PENDING)
        self._store.put(again)
        self._plan(again, self._clock.now())
        return again

    def run(self, planned: Errand | LateReceipt) -> bool:
        if isinstance(planned, LateReceipt):
            account = self._store.get(Account, planned.account)
            if account is not None:
                self._post_receipt(account, planned.message)
            return account is not None
        webhook = self._store.get(WebhookCall, planned.webhook)
        if webhook is None or len(webhook.attempts) != planned.number:
            return False
        self._begin(webhook)
        return True

    def settle(self) -> None:
        """Wait until what is under way now has ended.

        When nothing at all ends for PATIENCE, it is recorded as unanswered; what waits in line behind it is not tried.
        """
        with self._changed:
            awaited = dict(self._in_flight)
        for flight in awaited.values():
            while not self._has_progressed(flight):
                self._give_up({key: flight for key, flight in awaited.items() if not flight.over})

    def forgive(self) -> None:
        with self._changed:
            self._silent.clear()

    def pending(self) -> int:
        """Calls that are neither taken nor given up."""
        return self._store.count(WebhookCall, state="pending")

    def _post_receipt(self, account: Account, message: Message) -> None:
        calls = self._callbacks[account.provider].receipt(account, message)
        self.post(account, message.id, calls, reports=message.status)

    def post(self, account: Account, message_id: str, calls: Sequence[Call], *, reports: Status | None = None) -> None:
        """Make these calls now. ``message_id`` names what they are about, if anything, ``reports`` the status they tell."""
        for call in calls:
            key = self._ids.draw(account.id, "webhook")
            webhook = WebhookCall(key, account.id, account.provider, message_id, call, reports=reports)
            self._store.put(webhook)
            self._plan(webhook, self._clock.now())

    def _plan(self, webhook: WebhookCall, due_at: datetime) -> None:
        self._store.schedule(Errand(due_at, webhook.account, webhook.key, len(webhook.attempts)))
        self.on_planned(due_at)

    def _begin(self, webhook: WebhookCall) -> None:
        with self._changed:
            if (key := _key_of_next(webhook)) in self._in_flight:
                return
            receiver = _receiver(webhook)
            self._in_flight[key] = _Flight(webhook.key, webhook.message, len(webhook.attempts), receiver)
            silent = receiver in self._silent
            lane = self._lanes.setdefault(receiver, Lane())
            if not silent and lane.queue(webhook, is_frozen=self._clock.frozen):
                return
            lane.enter(webhook)
        if silent:
            self._answered(Answered(key, None, "not tried: the receiver did not answer earlier in this advance"))
        else:
            self._send(webhook)

    def _send(self, webhook: WebhookCall) -> None:
        following: WebhookCall | None = webhook
        while following is not None:
            call = following.call
            headers = {"User-Agent": "sms-emulator", **call.headers}
            key = _key_of_next(following)
            request = Request(key, call.method, call.url, headers, call.body, call.plan.timeout)
            try:
                self._transport.send(request, self._answered)
            except (OSError, RuntimeError) as error:  # it is gone: the plan's next try finds another
                following = self._ended(Answered(key, None, repr(error)))
            else:
                return

    def _answered(self, answered: Answered) -> None:
        following = self._ended(answered)
        if following is not None:
            self._send(following)

    def _has_progressed(self, flight: _Flight) -> bool:
        """Wait for the end of ``flight``; False when PATIENCE goes by in which nothing has ended."""
        with self._changed:
            while not flight.over:
                ended = self._ended_ever
                if not self._changed.wait_for(lambda ended=ended: self._ended_ever != ended, PATIENCE):  # type: ignore[misc]
                    return False
        return True

    def _give_up(self, flights: Mapping[str, _Flight]) -> None:
        """What has not been sent yet is taken out of its line first, so that no answer sends it."""
        with self._changed:
            waiting = {_key_of_next(webhook) for lane in self._lanes.values() for webhook in lane.waiting()}
            given_up = {flight.webhook for key, flight in flights.items() if key in waiting}
            for lane in self._lanes.values():
                lane.forget(given_up)
            self._silent |= {flight.receiver for flight in flights.values()}
        for key in flights:
            error = f"no answer within {PATIENCE:g} s of advancing"
            if key in waiting:
                self._ended(Answered(key, None, f"not tried: {error} to the call before"), was_sent=False)
            else:
                self._answered(Answered(key, None, error))

    def _ended(self, answered: Answered, *, was_sent: bool = True) -> WebhookCall | None:
        """Record how a try has ended, once; answers the call that is next in its line."""
        with self._changed:
            flight = self._in_flight.get(answered.key)
            if flight is None or flight.answered:
                return None
            flight.answered = True
        try:
            self._record(answered, flight)
        except Exception:  # noqa: BLE001  # an answer must never end the thread that brings it
            _log.exception("an answer could not be recorded: %s", answered)
        with self._changed:
            del self._in_flight[answered.key]
            flight.over = True
            self._ended_ever += 1
            following = self._next_in_lane(flight) if was_sent else None
            self._changed.notify_all()
        return following

    def _record(self, answered: Answered, flight: _Flight) -> None:
        number = flight.number
        attempt = Attempt(self._clock.now(), answered.status, answered.error, answered.answer)
        try:
            webhook = self._store.change(
                WebhookCall,
                flight.webhook,
                lambda present: present.answered(attempt) if len(present.attempts) == number else present,
            )
        except KeyError:  # forgotten meanwhile
            return
        if len(webhook.attempts) == number + 1 and (due_at := webhook.next_try()) is not None:
            self._plan(webhook, due_at)

    def _next_in_lane(self, flight: _Flight) -> WebhookCall | None:
        lane = self._lanes[flight.receiver]
        following = lane.leave(flight.message)
        if lane.is_empty:
            del self._lanes[flight.receiver]
        return following


def _receiver(webhook: WebhookCall) -> str:
    """The host called: what goes to it on a frozen clock goes in the order planned, whatever the path."""
    try:
        return urlsplit(webhook.call.url).netloc
    except ValueError:  # no address at all, as the transport will find
        return ""


def _key_of_next(webhook: WebhookCall) -> str:
    """Names the try to be made, so that a late answer to an earlier one is not taken for its own."""
    return f"{webhook.key}/{len(webhook.attempts)}"
