"""How the messages of each campaign stand, counted as they move: asking costs nothing, and outlives the messages."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import ClassVar

from emulator.core.lifecycle import MOVES
from emulator.core.message import Message, Status
from emulator.core.store import Store

ENDED = frozenset(Status) - MOVES.keys()


@dataclass(frozen=True, slots=True)
class Tally:
    """The messages of one ``account`` that carry one ``campaign``, by status; ``price`` is what they cost together."""

    indexed: ClassVar[tuple[str, ...]] = ("account", "provider")

    account: str
    provider: str
    campaign: str
    begun_at: datetime
    by_status: Mapping[Status, int] = field(default_factory=dict)
    segments: int = 0
    price: Decimal = Decimal(0)

    @property
    def key(self) -> str:
        return key_of(self.account, self.campaign)

    @property
    def messages(self) -> int:
        return sum(self.by_status.values())

    @property
    def ended(self) -> int:
        """How many will not move any more."""
        return sum(number for status, number in self.by_status.items() if status in ENDED)

    def with_all(self, messages: Sequence[Message]) -> "Tally":
        return replace(
            self,
            by_status=_summed(self.by_status, Counter(message.status for message in messages)),
            segments=self.segments + sum(message.segments for message in messages),
            price=self.price + sum((message.price for message in messages), Decimal(0)),
        )

    def with_move(self, before: Status, after: Status) -> "Tally":
        counts = {**self.by_status, after: self.by_status.get(after, 0) + 1}
        counts[before] = counts.get(before, 0) - 1
        if not counts[before]:
            del counts[before]
        return Tally(self.account, self.provider, self.campaign, self.begun_at, counts, self.segments, self.price)


class Tallies:
    """Keeps the tallies of a store's campaigns. A tally that is not kept any more is counted anew from the messages."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._beginning = threading.Lock()  # what one counts anew, nobody adds to meanwhile

    def of(self, account: str, campaign: str) -> Tally | None:
        """None for a campaign that has no message."""
        return self._store.get(Tally, key_of(account, campaign)) or self._counted(account, campaign)

    def add(self, messages: Iterable[Message]) -> None:
        """Count messages that are about to be stored."""
        groups: dict[tuple[str, str], list[Message]] = {}
        for message in messages:
            if message.campaign is not None:
                groups.setdefault((message.account, message.campaign), []).append(message)
        for (account, campaign), group in groups.items():
            self._begin(account, campaign, group[0])
            self._change(group[0], partial(Tally.with_all, messages=group))

    def moved(self, message: Message) -> None:
        """Count the step that ``message`` has just taken."""
        if message.campaign is not None:
            before, after = message.timeline[-2].status, message.timeline[-1].status
            self._change(message, lambda tally: tally.with_move(before, after))

    def refunded(self, message: Message) -> None:
        """What ``message`` cost is given back."""
        if message.campaign is not None:
            self._change(message, lambda tally: replace(tally, price=tally.price - message.price))

    def _change(self, message: Message, edit: Callable[[Tally], Tally]) -> None:
        try:
            self._store.change(Tally, key_of(message.account, message.campaign or ""), edit)
        except KeyError:  # it is counted anew when somebody asks
            return

    def _begin(self, account: str, campaign: str, first: Message) -> None:
        with self._beginning:
            if self._store.get(Tally, key_of(account, campaign)) is None:
                blank = Tally(account, first.provider, campaign, first.created_at)
                self._store.add(self._counted(account, campaign) or blank)

    def _counted(self, account: str, campaign: str) -> Tally | None:
        messages = list(self._store.find(Message, account=account, campaign=campaign))
        if not messages:
            return None
        return Tally(account, messages[0].provider, campaign, messages[0].created_at).with_all(messages)


def key_of(account: str, campaign: str) -> str:
    return f"{account}/{campaign}"


def _summed(counts: Mapping[Status, int], more: Mapping[Status, int]) -> dict[Status, int]:
    summed = {status: counts.get(status, 0) + more.get(status, 0) for status in Status}
    return {status: number for status, number in summed.items() if number}
