"""The short message service centre: every dialect speaks to this, in the standard's verbs."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from emulator.core.acceptance import accepted, links_of, parts_of, received
from emulator.core.accounts import Account
from emulator.core.admission import Admission
from emulator.core.clock import Clock
from emulator.core.errors import Reason, Refusal
from emulator.core.fates import fate_of
from emulator.core.ids import IdSource
from emulator.core.lifecycle import FORCIBLE, Event, is_final, may_move, next_event
from emulator.core.message import Accepted, Fate, Link, Message, Outcome, Refused, Reply, Status, Submission
from emulator.core.optouts import has_opted_out, heed
from emulator.core.planned import Planned
from emulator.core.policy import Policy
from emulator.core.pricing import Quote
from emulator.core.segments import MAX_PARTS
from emulator.core.store import Store
from emulator.core.terms import Terms
from emulator.core.webhooks import NoOutbox, Outbox

_log = logging.getLogger(__name__)


class Smsc(Admission):
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
        super().__init__(store, clock, ids, terms)
        self.delivery = delivery
        self.outbox: Outbox = NoOutbox()
        self.on_planned: Callable[[datetime], None] = lambda _: None
        self.on_clock_changed: Callable[[], None] = lambda: None
        self._advancing = threading.RLock()  # what the worker has begun is done before anybody else's advance answers

    # Sending

    def submit(self, account: Account, submissions: Sequence[Submission], *, whole: bool = False) -> list[Outcome]:
        """Accept or refuse each submission, in order; the accepted are charged, stored and planned.

        With ``whole`` all are accepted or none: the first refusal is raised.
        """
        now = self.clock.now()
        policy = Policy.of(account)
        quotes = self.quote(account, submissions)
        fates = [fate_of(account, submission) for submission in submissions]
        objections = [policy.objection(submission) or self._opted_out(account, submission) for submission in submissions]
        checked = [
            (submission, objection or _too_long(quote) or (fate if isinstance(fate, Refusal) else quote))
            for submission, objection, fate, quote in zip(submissions, objections, fates, quotes, strict=True)
        ]
        checked = self._charged(account, checked, whole=whole)
        terms = self.terms[account.provider]
        outcomes: list[Outcome] = []
        messages: list[Message] = []
        links: list[Link] = []
        for (submission, result), fate in zip(checked, fates, strict=True):
            if isinstance(result, Refusal):
                outcomes.append(Refused(submission, result))
                continue
            assert isinstance(fate, Fate)  # noqa: S101  # one that refuses has become the result
            identifier = self.ids.draw(account.id, "message")
            message = accepted(account, replace(submission, fate=fate), result, terms, identifier=identifier, now=now)
            outcomes.append(Accepted(message))
            messages.append(message)
            links.extend(links_of(message, submission))
        self.store.put(*messages, *links)
        self._plan(messages)
        for message in messages:
            if message.status is Status.SENT:
                self.outbox.moved(account, message)
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
        self._moved(changed)
        return self.store.get(Message, message.id) or changed

    def force(self, message_id: str, status: Status, error: str | None = None) -> Message:
        """Give a message that has not ended its next status now, whatever was planned.

        Raises Refusal: NOT_FOUND, and INVALID_FIELD where the message has ended or the status is none it could get.
        """
        now = self.clock.now()

        def forced(present: Message) -> Message:
            if is_final(present) or status is present.status or status not in FORCIBLE:
                raise Refusal(
                    Reason.INVALID_FIELD, f"a message that is {present.status} cannot become {status}", field="status"
                )
            return present.moved(status, now, error)

        try:
            changed = self.store.change(Message, message_id, forced)
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, f"no message {message_id!r}") from None
        self._moved(changed)
        self._plan([changed])
        return self.store.get(Message, message_id) or changed

    def receive(self, account: Account, reply: Reply) -> Message:
        """A handset texts the account: keep it, heed its opt-out words, tell the application."""
        terms = self.terms[account.provider]
        now = self.clock.now()
        message = received(account, reply, terms, identifier=self.ids.draw(account.id, "message"), now=now)
        self.store.put(message)
        heed(self.store, account, terms.opt_out, message)
        self.outbox.received(account, message)
        return message

    def addressee(self, provider: str, to: str, handset: str) -> Account:
        """Whom a reply reaches: who owns ``to``, else who last texted ``handset``, else the provider's first account.

        Raises Refusal(NOT_FOUND) where the provider has no account.
        """
        accounts = list(self.store.find(Account, provider=provider))
        owner = next((one for one in accounts if one.settings.get("senders") and Policy.of(one).owns(to)), None)
        if owner is not None:
            return owner
        for message in self.store.find(Message, newest=True, limit=1, provider=provider, recipient=handset):
            if (sender := self.store.get(Account, message.account)) is not None:
                return sender
        if not accounts:
            raise Refusal(Reason.NOT_FOUND, f"{provider} has no account")
        return accounts[0]

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
            link = self.store.change(Link, f"{provider}/{link_id}", lambda link: replace(link, clicks=link.clicks + count))
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, f"no short link {link_id}") from None
        account, message = self.store.get(Account, link.account), self.store.get(Message, link.message)
        if count and account is not None and message is not None:
            self.outbox.clicked(account, message, link)
        return link

    # Time

    def advance(self) -> list[Planned]:
        """Run what is due now, in order, and what that makes due; answers what changed something or called somebody."""
        fired: list[Planned] = []
        with self._advancing:
            while due := self.store.claim_due(self.clock.now()):
                fired.extend(planned for planned in due if self._fired(planned))
        return fired

    def advance_to(self, target: datetime) -> list[Planned]:
        """Move the clock forward to ``target``, stopping at every planned instant on the way.

        At each of them every call to the application is answered, or given up, before time goes on. No lock is held
        meanwhile, because the application may call back.
        """
        fired = self.advance()
        self.outbox.settle()
        while (due := self.store.next_due()) is not None and due <= target:
            with self._advancing:
                self.clock.move_to(max(due, self.clock.now()))
            fired.extend(self.advance())
            self.outbox.settle()
        self.outbox.forgive()
        with self._advancing:
            self.clock.move_to(max(target, self.clock.now()))
        self.on_clock_changed()
        return fired

    def set_clock(self, *, frozen: bool | None = None, now: datetime | None = None) -> list[Planned]:
        """Hold or release the clock, and move it; moving it forward fires what becomes due on the way."""
        if frozen:
            self.clock.freeze()
        fired: list[Planned] = []
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

    def _fired(self, planned: Planned) -> bool:
        try:
            return self._fire(planned) if isinstance(planned, Event) else self.outbox.run(planned)
        except Exception:  # noqa: BLE001  # those claimed with it must still happen
            _log.exception("a planned step failed: %s", planned)
            return False

    def _fire(self, event: Event) -> bool:
        try:
            message = self.store.change(Message, event.message, lambda present: _stepped(present, event))
        except (KeyError, _Stale):
            return False
        self._moved(message)
        self._plan([message])
        return True

    def _moved(self, message: Message) -> None:
        self._settle(message)
        account, settled = self.store.get(Account, message.account), self.store.get(Message, message.id)
        if account is not None and settled is not None:
            self.outbox.moved(account, settled)

    def _opted_out(self, account: Account, submission: Submission) -> Refusal | None:
        sender = submission.sender or self.terms[account.provider].default_sender
        if has_opted_out(self.store, account, submission.recipient, sender):
            return Refusal(Reason.OPTED_OUT, f"{submission.recipient} has opted out", field="to")
        return None

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
