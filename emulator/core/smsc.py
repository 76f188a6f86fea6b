"""The short message service centre: every dialect speaks to this, in the standard's verbs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from emulator.core.acceptance import accepted, links_of, parts_of, received, rejected
from emulator.core.accounts import Account
from emulator.core.addressbook import AddressBook
from emulator.core.addresses import country
from emulator.core.campaigner import Campaigner
from emulator.core.campaigns import Slice
from emulator.core.charges import Checked, charge
from emulator.core.clock import Clock
from emulator.core.errors import Reason, Refusal
from emulator.core.fates import fate_of
from emulator.core.ids import IdSource
from emulator.core.lifecycle import FORCIBLE, Event, is_final, may_move, next_event
from emulator.core.message import OPT_OUT, Accepted, Link, Message, Outcome, Refused, Reply, Status, Submission
from emulator.core.optouts import EVERY_SENDER, OptOut, has_opted_out, heed
from emulator.core.planned import Planned
from emulator.core.policy import Policy
from emulator.core.pricing import Quote
from emulator.core.records import Records
from emulator.core.segments import MAX_PARTS
from emulator.core.standings import Standings
from emulator.core.store import Store
from emulator.core.tallies import Tallies
from emulator.core.terms import Terms
from emulator.core.timetable import Timetable


class Smsc(Timetable):
    """Accepts, prices, stores and moves messages. All state is in ``store``, all time in ``clock``.

    ``delivery`` is the time from release to delivery, None for never by itself.
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
        self.contacts = AddressBook(store, ids, clock.now)
        self.records = Records(store, ids)
        self.campaigns = Campaigner(self)
        self.tallies = Tallies(store)
        self.standings = Standings(store, self.tallies)

    # Sending

    def submit(self, account: Account, submissions: Sequence[Submission], *, whole: bool = False) -> list[Outcome]:
        """Accept or refuse each submission, in order; the accepted are charged, stored and planned.

        With ``whole`` all are accepted or none: the first refusal is raised.
        """
        checked, _ = charge(self.store, account, self._checked(account, submissions), whole=whole)
        outcomes: list[Outcome] = [
            Refused(submission, result)
            if isinstance(result, Refusal)
            else Accepted(self._accepted(account, submission, result))
            for submission, result in checked
        ]
        self._take(account, outcomes, submissions)
        return outcomes

    def release(self, account: Account, submissions: Sequence[Submission], held: Decimal) -> Decimal:
        """Send what was accepted and paid for earlier; one that is refused now is kept as rejected.

        Answers what is left of ``held``.
        """
        checked, left = charge(self.store, account, self._checked(account, submissions), whole=False, held=held)
        outcomes: list[Outcome] = [
            Accepted(rejected(self._accepted(account, replace(submission, fate=None), Quote(1, Decimal(0))), result))
            if isinstance(result, Refusal)
            else Accepted(self._accepted(account, submission, result))
            for submission, result in checked
        ]
        self._take(account, outcomes, submissions)
        return left

    def objection(self, account: Account, submission: Submission) -> Refusal | None:
        """Why the submission would be refused, its price and its fate apart."""
        return next(self.objections(account, [submission]))

    def objections(self, account: Account, submissions: Iterable[Submission]) -> Iterator[Refusal | None]:
        """``objection`` of each submission."""
        policy = Policy.of(account)
        for submission in submissions:
            yield submission.objection or policy.objection(submission) or self._opted_out(account, submission)

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
            content = (submission.text, submission.encoding, submission.payload, submission.udh, submission.crlf)
            if content not in counted:
                counted[content] = parts_of(submission)
            quotes.append(prices.quote(submission.recipient, counted[content], is_free=submission.is_free))
        return quotes

    def exchange(self) -> str | None:
        """The id of the exchange that is being answered; none, where nobody has asked."""
        return None

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
        identifier = self.ids.draw(account.id, "message")
        original = next(self.store.find(Message, newest=True, limit=1, account=account.id, recipient=reply.handset), None)
        message = received(account, reply, terms, identifier=identifier, now=now, original=original)
        self.store.put(message)
        is_out = heed(self.store, account, terms.opt_out, message)
        if is_out is not None:
            self.contacts.note_opt_out(account.id, message.sender, out=is_out, country=country(message.sender))
        self.outbox.received(account, message)
        terms.on_reply(self, account, message)
        return message

    def opt_out(self, account: Account, handset: str) -> None:
        """No more messages of the account to ``handset``."""
        self.store.put(OptOut(account.id, handset, EVERY_SENDER))
        self.contacts.note_opt_out(account.id, handset, out=True, country=country(handset))

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

    def new_link(self, account: Account, host: str, write: Callable[[str], str]) -> str:
        """An unused short address ``<host>/<id>``; ``write`` makes its id of 32 hex digits."""
        while True:
            identifier = write(self.ids.draw(account.id, "link"))
            if self.store.get(Link, f"{account.provider}/{identifier}") is None:
                return f"{host}/{identifier}"

    def follow(self, provider: str, link_id: str, *, count: bool = True) -> Link:
        """The link behind a short address; ``count`` makes it one click richer. Raises Refusal(NOT_FOUND)."""
        now = self.clock.now()

        def opened(link: Link) -> Link:
            return replace(link, clicks=link.clicks + 1, opened_at=link.opened_at or now) if count else link

        try:
            link = self.store.change(Link, f"{provider}/{link_id}", opened)
        except KeyError:
            raise Refusal(Reason.NOT_FOUND, f"no short link {link_id}") from None
        account, message = self.store.get(Account, link.account), self.store.get(Message, link.message)
        if count and account is not None and message is not None:
            self.outbox.clicked(account, message, link)
            if link.target == OPT_OUT:
                self.opt_out(account, message.recipient)
        return link

    # How it is done

    def _checked(self, account: Account, submissions: Sequence[Submission]) -> list[Checked]:
        """Each submission, its fate decided, with what it costs or why it is refused."""
        checked: list[Checked] = []
        quotes, objections = self.quote(account, submissions), self.objections(account, submissions)
        for submission, quote, objection in zip(submissions, quotes, objections, strict=True):
            fate = objection or _too_long(quote) or fate_of(account, submission)
            if isinstance(fate, Refusal):
                checked.append((submission, fate))
            else:
                checked.append((replace(submission, fate=fate), quote))
        return checked

    def _accepted(self, account: Account, submission: Submission, quote: Quote) -> Message:
        identifier = self.ids.draw(account.id, "message")
        terms = self.terms[account.provider]
        if submission.exchange is None:
            submission = replace(submission, exchange=self.exchange())
        return accepted(account, submission, quote, terms, identifier=identifier, now=self.clock.now())

    def _take(self, account: Account, outcomes: Sequence[Outcome], submissions: Sequence[Submission]) -> None:
        """Store what was accepted, plan it, and tell of what has moved already."""
        taken = [
            (outcome.message, sent)
            for outcome, sent in zip(outcomes, submissions, strict=True)
            if isinstance(outcome, Accepted)
        ]
        messages = [message for message, _ in taken]
        self.tallies.add(messages)
        self.store.put(*messages, *(link for message, sent in taken for link in links_of(message, sent)))
        self._plan(messages)
        for message in messages:
            if message.status is not Status.SCHEDULED:
                self.outbox.moved(account, message)

    def _plan(self, messages: Iterable[Message]) -> None:
        events = [event for event in (next_event(message, self.delivery) for message in messages) if event is not None]
        if events:
            self.store.schedule(*events)
            self.on_planned(min(event.due_at for event in events))

    def _fire(self, planned: Planned) -> bool:
        if isinstance(planned, Slice):
            return self.campaigns.run(planned)
        return self._step(planned) if isinstance(planned, Event) else self.outbox.run(planned)

    def _step(self, event: Event) -> bool:
        try:
            message = self.store.change(Message, event.message, lambda present: _stepped(present, event))
        except (KeyError, _Stale):
            return False
        self._moved(message)
        self._plan([message])
        return True

    def _moved(self, message: Message) -> None:
        self.tallies.moved(message)
        self._settle(message)
        account, settled = self.store.get(Account, message.account), self.store.get(Message, message.id)
        if account is not None and settled is not None:
            self.outbox.moved(account, settled)

    def _opted_out(self, account: Account, submission: Submission) -> Refusal | None:
        sender = submission.sender or self.terms[account.provider].default_sender
        if has_opted_out(self.store, account, submission.recipient, sender):
            back = self.terms[account.provider].opt_out.back
            way = "any other word" if back is None else " or ".join(sorted(map(str.upper, back))) or "no word"
            told = f"{submission.recipient} has opted out; {way} from it opts in again, and so does a reset"
            return Refusal(Reason.OPTED_OUT, told, field="to", setting="")
        return None

    def _settle(self, message: Message) -> None:
        """Give the money back where the provider charges nothing for such an end."""
        if message.status not in self.terms[message.provider].refunds or not message.price:
            return
        price = message.price
        with suppress(KeyError):  # forgotten meanwhile
            self.store.change(Message, message.id, lambda present: replace(present, price=Decimal(0)))
            self.store.change(Account, message.account, lambda account: account.credited(price))
            self.tallies.refunded(message)

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
