"""The short message service centre: every dialect speaks to this, in the standard's verbs."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from emulator.core.acceptance import accepted, links_of, parts_of
from emulator.core.accounts import Account, Credentials, Session
from emulator.core.clock import Clock
from emulator.core.errors import Reason, Refusal
from emulator.core.ids import IdSource
from emulator.core.lifecycle import Event, may_move, next_event
from emulator.core.message import Accepted, Link, Message, Outcome, Refused, Status, Submission
from emulator.core.policy import Policy
from emulator.core.pricing import Quote
from emulator.core.segments import MAX_PARTS
from emulator.core.store import Store
from emulator.core.terms import Terms
from emulator.core.throttle import Bucket

_log = logging.getLogger(__name__)


class Smsc:
    """Accepts, prices, stores and moves messages. All state is in ``store``, all time in ``clock``.

    ``delivery`` is the time from release to delivery, None for never by itself. Whoever lets time pass (the worker) sets
    ``on_planned``, which is told the instant of newly planned events, and ``on_clock_changed``.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: IdSource,
        terms: Mapping[str, Terms],
        *,
        delivery: timedelta | None,
    ) -> None:
        self.store = store
        self.clock = clock
        self.ids = ids
        self.terms = terms
        self.delivery = delivery
        self.on_planned: Callable[[datetime], None] = lambda _: None
        self.on_clock_changed: Callable[[], None] = lambda: None
        self._advancing = threading.RLock()  # what the worker has begun is done before anybody else's advance answers

    # Who is calling

    def authenticate(self, provider: str, credentials: Credentials) -> Account:
        """The account whose credentials all agree. Raises Refusal: BAD_CREDENTIALS and what ``admit`` raises."""
        login = self.terms[provider].login_of(credentials.values)
        for account in self.store.find(Account, provider=provider, login=login):
            if self._agree(account, credentials.values):
                return self.admit(account, credentials.address)
        raise Refusal(Reason.BAD_CREDENTIALS)

    def admit(self, account: Account, address: str | None) -> Account:
        """Let a known account in. Raises Refusal: ACCOUNT_BLOCKED, NOT_PERMITTED (its address), THROTTLED."""
        if account.settings.get("blocked"):
            raise Refusal(Reason.ACCOUNT_BLOCKED, setting="blocked")
        allowed = account.settings.get("allowed_ips")
        if allowed is not None and address not in allowed:
            raise Refusal(Reason.NOT_PERMITTED, f"called from {address}", setting="allowed_ips")
        if limit := account.settings.get("rate_limit"):
            self._draw_token(account, limit)
        return account

    def open_session(self, account: Account) -> Session:
        session = Session(self.ids.draw(account.id, "session"), account.id, self.clock.now())
        self.store.put(session)
        return session

    def resume(self, session_id: str, idle: timedelta, address: str | None) -> Account:
        """The account of a session used within ``idle``; the use renews it.

        Raises Refusal(NOT_FOUND) for an unknown or expired session, and what ``admit`` raises.
        """
        now = self.clock.now()
        session = self.store.get(Session, session_id)
        account = self.store.get(Account, session.account) if session else None
        if session is None or account is None or now - session.used_at > idle:
            raise Refusal(Reason.NOT_FOUND, "the session is unknown or has expired")
        self.store.put(replace(session, used_at=now))
        return self.admit(account, address)

    # Sending

    def submit(self, account: Account, submissions: Sequence[Submission], *, whole: bool = False) -> list[Outcome]:
        """Accept or refuse each submission, in order; the accepted are charged, stored and planned.

        With ``whole`` all are accepted or none: the first refusal is raised.
        """
        now = self.clock.now()
        policy = Policy.of(account)
        quotes = self.quote(account, submissions)
        checked = [
            (submission, policy.objection(submission) or _too_long(quote) or quote)
            for submission, quote in zip(submissions, quotes, strict=True)
        ]
        checked = self._charged(account, checked, whole=whole)
        terms = self.terms[account.provider]
        outcomes: list[Outcome] = []
        messages: list[Message] = []
        links: list[Link] = []
        for submission, result in checked:
            if isinstance(result, Refusal):
                outcomes.append(Refused(submission, result))
                continue
            identifier = self.ids.draw(account.id, "message")
            message = accepted(account, submission, result, terms, identifier=identifier, now=now)
            outcomes.append(Accepted(message))
            messages.append(message)
            links.extend(links_of(message, submission))
        self.store.put(*messages, *links)
        self._plan(messages)
        return outcomes

    def submit_one(self, account: Account, submission: Submission) -> Message:
        """The accepted message. Raises Refusal."""
        for outcome in self.submit(account, [submission], whole=True):
            if isinstance(outcome, Accepted):
                return outcome.message
        raise AssertionError("whole submissions are accepted or raise")

    def quote(self, account: Account, submissions: Sequence[Submission]) -> list[Quote]:
        """What each submission would cost, whether or not it would be accepted."""
        prices = self.terms[account.provider].prices
        counted: dict[tuple[object, ...], int] = {}  # one text to many recipients is counted once
        quotes = []
        for submission in submissions:
            content = (submission.text, submission.encoding, submission.payload, submission.udh)
            if content not in counted:
                counted[content] = parts_of(submission)
            quotes.append(prices.quote(submission.recipient, counted[content]))
        return quotes

    # Afterwards

    def query(self, account: Account, message_id: str) -> Message:
        """The account's message by the provider's id. Raises Refusal(NOT_FOUND)."""
        return self._newest(account, provider_message_id=message_id)

    def query_reference(self, account: Account, reference: str) -> Message:
        """The account's newest message with the client's own reference. Raises Refusal(NOT_FOUND)."""
        return self._newest(account, reference=reference)

    def cancel(self, message: Message) -> Message:
        """Stop a message that is not yet released; what it cost is given back where the provider does so.

        Raises Refusal: NOT_CANCELLABLE, and NOT_FOUND for a message forgotten meanwhile.
        """
        now = self.clock.now()

        def cancelled(present: Message) -> Message:
            if not may_move(present, Status.CANCELLED):
                raise Refusal(Reason.NOT_CANCELLABLE, f"the message is {present.status}")
            return present.moved(Status.CANCELLED, now)

        try:
            changed = self.store.change(Message, message.id, cancelled)
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, "no such message") from None
        self._settle(changed)
        return self.store.get(Message, message.id) or changed

    def change_settings(self, account: Account, edit: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Account:
        """Replace some settings; ``edit`` answers those that change."""
        return self.store.change(
            Account,
            account.id,
            lambda present: replace(present, settings={**present.settings, **edit(present.settings)}),
        )

    def new_link(self, account: Account, host: str, length: int) -> str:
        """An unused short address ``<host>/r/<id>``, its id ``length`` hex digits."""
        while True:
            identifier = self.ids.draw(account.id, "link")[:length]
            if self.store.get(Link, f"{account.provider}/{identifier}") is None:
                return f"{host}/r/{identifier}"

    def follow(self, provider: str, link_id: str, *, count: bool = True) -> Link:
        """The link behind a short address; ``count`` makes it one click richer. Raises Refusal(NOT_FOUND)."""
        try:
            return self.store.change(Link, f"{provider}/{link_id}", lambda link: replace(link, clicks=link.clicks + count))
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, f"no short link {link_id}") from None

    # Time

    def advance(self) -> list[Event]:
        """Run what is due now, in order, and what that makes due; answers the events that changed something."""
        fired: list[Event] = []
        with self._advancing:
            while due := self.store.claim_due(self.clock.now()):
                fired.extend(event for event in due if self._fired(event))
        return fired

    def advance_to(self, target: datetime) -> list[Event]:
        """Move the clock forward to ``target``, stopping at every planned instant on the way."""
        with self._advancing:
            fired = self.advance()
            while (due := self.store.next_due()) is not None and due <= target:
                self.clock.move_to(max(due, self.clock.now()))
                fired.extend(self.advance())
            self.clock.move_to(max(target, self.clock.now()))
        self.on_clock_changed()
        return fired

    def set_clock(self, *, frozen: bool | None = None, now: datetime | None = None) -> list[Event]:
        """Hold or release the clock, and move it; moving it forward fires what becomes due on the way."""
        with self._advancing:
            if frozen:
                self.clock.freeze()
            fired: list[Event] = []
            if now is not None and now >= self.clock.now():
                fired = self.advance_to(now)
            elif now is not None:
                self.clock.move_to(now)
            if frozen is False:
                self.clock.run()
        self.on_clock_changed()
        return fired

    def reset_clock(self) -> None:
        self.clock.reset()
        self.on_clock_changed()

    # How it is done

    def _agree(self, account: Account, presented: Mapping[str, str]) -> bool:
        login = self.terms[account.provider].login
        return all(presented.get(name) == value for name, value in account.credentials.items() if name != login)

    def _draw_token(self, account: Account, limit: int) -> None:
        now = self.clock.now()
        self.store.add(Bucket(account.id, float(limit), now))
        self.store.change(Bucket, account.id, lambda bucket: bucket.drawn(limit, now))

    def _charged(
        self, account: Account, checked: list[tuple[Submission, Quote | Refusal]], *, whole: bool
    ) -> list[tuple[Submission, Quote | Refusal]]:
        """Debit what can be paid, in order and at once; a submission that cannot be paid becomes a refusal."""
        charged: list[tuple[Submission, Quote | Refusal]] = []

        def debit(present: Account) -> Account:
            charged.clear()
            for submission, result in checked:
                if isinstance(result, Quote):
                    try:
                        present = present.debited(result.price)
                    except Refusal as refusal:
                        result = refusal  # noqa: PLW2901
                if whole and isinstance(result, Refusal):
                    raise result
                charged.append((submission, result))
            return present

        self.store.change(Account, account.id, debit)
        return charged

    def _plan(self, messages: Iterable[Message]) -> None:
        events = [event for event in (next_event(message, self.delivery) for message in messages) if event is not None]
        if events:
            self.store.schedule(*events)
            self.on_planned(min(event.due_at for event in events))

    def _fired(self, event: Event) -> bool:
        try:
            return self._fire(event)
        except Exception:  # noqa: BLE001  # those claimed with it must still happen
            _log.exception("a planned step failed: %s", event)
            return False

    def _fire(self, event: Event) -> bool:
        try:
            message = self.store.change(Message, event.message, lambda present: _stepped(present, event))
        except (KeyError, _Stale):
            return False
        self._settle(message)
        self._plan([message])
        return True

    def _settle(self, message: Message) -> None:
        """Give the money back where the provider charges nothing for such an end."""
        if message.status not in self.terms[message.provider].refunds or not message.price:
            return
        price = message.price
        with suppress(KeyError):  # forgotten meanwhile
            self.store.change(Message, message.id, lambda present: replace(present, price=Decimal(0)))
            self.store.change(Account, message.account, lambda account: account.credited(price))

    def _newest(self, account: Account, **equals: str) -> Message:
        for message in self.store.find(Message, newest=True, limit=1, account=account.id, **equals):
            return message
        raise Refusal(Reason.NOT_FOUND, "no such message")


class _Stale(Exception):
    """The message has moved on since the event was planned."""


def _too_long(quote: Quote) -> Refusal | None:
    """The header that numbers parts counts to 255."""
    if quote.parts > MAX_PARTS:
        return Refusal(Reason.TEXT_TOO_LONG, f"{quote.parts} parts, and no message has more than {MAX_PARTS}", field="text")
    return None


def _stepped(message: Message, event: Event) -> Message:
    if message.version != event.version or not may_move(message, event.status):
        raise _Stale
    error = message.fate.error if event.status is message.fate.status else None
    return message.moved(event.status, event.due_at, error)
