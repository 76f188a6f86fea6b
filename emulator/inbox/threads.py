"""Phones: what each handset was sent, and what it sent back."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender, is_answerable
from emulator.core.journal import Exchange, Ruling
from emulator.core.message import Direction, Message
from emulator.core.optouts import EVERY_SENDER, OptOut
from emulator.core.search import SCANNED, Query, matching
from emulator.core.store import Store

PHONES = 100  # handsets that are listed
SPOKEN = 200  # messages of a thread that are shown
REFUSED = 1_000  # requests looked through for what was refused to a handset


@dataclass(frozen=True, slots=True)
class Phone:
    """One handset as one provider knows it: its newest message, and how many there are among those looked at."""

    provider: str
    number: str
    newest: Message
    count: int


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What was refused to a handset, and why; ``text`` is empty where the request names none."""

    exchange: Exchange
    ruling: Ruling
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said, oldest first; what was refused stands between the messages. ``senders`` are numbers it can answer to.

    ``alpha_tag`` is who texted it last where that is no number, so that nobody can answer; else empty.
    """

    provider: str
    number: str
    entries: list[Message | Unsaid]
    senders: list[str]
    alpha_tag: str
    opted_out_of: list[str]


def handset_of(message: Message) -> str:
    return message.sender if message.direction is Direction.IN else message.recipient


def phones(store: Store, query: Query) -> list[Phone]:
    """The handsets of the messages that match, the one that was last heard of first."""
    newest: dict[tuple[str, str], Message] = {}
    counts: dict[tuple[str, str], int] = {}
    for message in islice(matching(store, query), SCANNED):
        key = (message.provider, handset_of(message))
        newest.setdefault(key, message)
        counts[key] = counts.get(key, 0) + 1
    return [Phone(*key, message, counts[key]) for key, message in islice(newest.items(), PHONES)]


def thread(store: Store, provider: str, number: str, default_sender: str) -> Thread:
    """The newest of the conversation; empty where there was none. ``default_sender`` is the provider's."""
    found = list(islice(_said(store, provider, number), SPOKEN))
    if not found:  # longer ago than what is looked through: what it was sent has an index
        found = list(store.find(Message, newest=True, limit=SPOKEN, provider=provider, recipient=number))
    senders = [one.recipient if one.direction is Direction.IN else one.sender for one in found]
    own = [*senders, *_owned(store, found), canonical_sender(default_sender)]
    last = next((one.sender for one in found if one.direction is Direction.OUT), "")
    return Thread(
        provider,
        number,
        _with_refusals(found, _refused(store, provider, number))[::-1],
        list(dict.fromkeys(filter(is_answerable, own))),
        "" if is_answerable(last) else last,
        _opted_out_of(store, provider, number),
    )


def _owned(store: Store, found: list[Message]) -> list[str]:
    """The senders that the account of the newest message owns, as far as its settings name them."""
    account = store.get(Account, found[0].account) if found else None
    return [canonical_sender(one) for one in (account.settings.get("senders") or () if account else ())]


def _said(store: Store, provider: str, number: str) -> Iterator[Message]:
    looked_at = store.find(Message, newest=True, limit=SCANNED, provider=provider)
    return (message for message in looked_at if handset_of(message) == number)


def _refused(store: Store, provider: str, number: str) -> Iterator[Unsaid]:
    """Newest first, of what one request says to the handset the last."""
    for one in store.find(Exchange, newest=True, limit=REFUSED, provider=provider):
        if one.refused:
            mine = (message for message in reversed(one.refused) if canonical_sender(message.recipient) == number)
            yield from (Unsaid(one, message.ruling, message.text) for message in mine)
        elif one.ruling is not None and number in map(canonical_sender, one.recipients):
            yield Unsaid(one, one.ruling, one.text)


def _with_refusals(messages: list[Message], refusals: Iterator[Unsaid]) -> list[Message | Unsaid]:
    """Newest first. Of one instant, a refusal counts as the newer: what it was refused for stood before it."""
    oldest = messages[-1].created_at if messages else None
    entries: list[Message | Unsaid] = [*(one for one in refusals if oldest is None or one.exchange.at >= oldest), *messages]
    return sorted(entries, key=lambda one: one.created_at if isinstance(one, Message) else one.exchange.at, reverse=True)


def _opted_out_of(store: Store, provider: str, number: str) -> list[str]:
    """The senders it wants no more messages of, or that it wants none at all."""
    outs = [
        out
        for account in store.find(Account, provider=provider)
        for out in store.find(OptOut, account=account.id)
        if out.handset == number
    ]
    return ["every number" if out.sender == EVERY_SENDER else out.sender for out in outs]
