"""A store in this process: small, fast, gone with it."""

import heapq
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Any, TypeVar

from emulator.core.planned import Planned
from emulator.core.store import Document, Entity
from emulator.stores.sequence import Sequence

E = TypeVar("E", bound=Entity)

_CHUNK = 200  # entities read under one hold of the lock
_REMEMBERED = 10_000  # keys of each kind that are gone, so that who stood there can go on


class _Table:
    """The entities of one kind. Each gets a number when it is first put; order and indexes are ascending numbers."""

    def __init__(self, kind: type[Entity], capacity: int | None) -> None:
        self.capacity = capacity
        self.dropped = 0
        self.rows: dict[int, Entity] = {}
        self.numbers: dict[str, int] = {}
        self.gone: OrderedDict[str, int] = OrderedDict()  # numbers of what was removed last
        self.order = Sequence()
        self.attributes = {name: attrgetter(name) for name in kind.indexed}
        self.indexes: dict[str, dict[str | None, Sequence]] = {name: {} for name in kind.indexed}
        self._last = 0

    def put(self, entity: Entity) -> None:
        number = self.numbers.get(entity.key)
        if number is None:
            self._last = number = self._last + 1
            self.numbers[entity.key] = number
            self.order.add(number)
        else:
            self._unindex(number, self.rows[number], entity)
        for name, read in self.attributes.items():
            index, value = self.indexes[name], read(entity)
            if value not in index:
                index[value] = Sequence()
            index[value].add(number)
        self.rows[number] = entity
        if self.capacity is not None and len(self.rows) > self.capacity:
            self.remove(self.rows[self.order.first()])
            self.dropped += 1

    def remove(self, entity: Entity) -> None:
        number = self.numbers.pop(entity.key)
        self.gone[entity.key] = number
        if len(self.gone) > _REMEMBERED:
            self.gone.popitem(last=False)
        self._unindex(number, self.rows.pop(number), None)
        self.order.discard(number)

    def place(self, key: str) -> int | None:
        """The number of what has this key, or had it until lately."""
        return self.numbers.get(key, self.gone.get(key))

    def empty(self) -> int:
        """Forget all; numbers go on counting."""
        removed = len(self.rows)
        self.gone.update(self.numbers)
        while len(self.gone) > _REMEMBERED:
            self.gone.popitem(last=False)
        self.rows.clear()
        self.numbers.clear()
        self.indexes = {name: {} for name in self.attributes}
        self.order = Sequence()
        return removed

    def matching(self, equals: Mapping[str, str]) -> tuple[Sequence, Callable[[Entity], bool]]:
        """The shortest sequence that holds every match, and what is left to check on each."""
        if not equals:
            return self.order, lambda _: True
        sequences = {name: self.sequence(name, value) for name, value in equals.items()}
        shortest = min(sequences, key=lambda name: len(sequences[name]))
        rest = [(self.attributes[name], value) for name, value in equals.items() if name != shortest]
        return sequences[shortest], lambda entity: all(read(entity) == value for read, value in rest)

    def sequence(self, name: str, value: str | None) -> Sequence:
        return self.indexes[name].get(value, _EMPTY)

    def _unindex(self, number: int, old: Entity, new: Entity | None) -> None:
        for name, read in self.attributes.items():
            value = read(old)
            if new is not None and read(new) == value:
                continue
            index = self.indexes[name]
            index[value].discard(number)
            if not index[value]:
                del index[value]


_EMPTY = Sequence()


class MemoryStore:
    """Everything in dicts under one lock.

    ``capacities`` bounds kinds, ``capacity`` those not named there; over it, the oldest entity is dropped. None is no bound.
    """

    def __init__(self, capacities: Mapping[type[Entity], int | None] | None = None, *, capacity: int | None = None) -> None:
        self._capacities = dict(capacities or {})
        self._capacity = capacity
        self._lock = threading.RLock()
        self._tables: dict[type[Entity], _Table] = {}
        self._events: list[tuple[datetime, int, Planned]] = []
        self._planned = 0
        self._numbers: Counter[str] = Counter()

    def put(self, *entities: Entity) -> None:
        with self._lock:
            for entity in entities:
                self._table(type(entity)).put(entity)

    def add(self, entity: Entity) -> bool:
        with self._lock:
            if self.get(type(entity), entity.key) is not None:
                return False
            self.put(entity)
            return True

    def get(self, kind: type[E], key: str) -> E | None:
        with self._lock:
            table = self._table(kind)
            number = table.numbers.get(key)
            return None if number is None else table.rows[number]  # type: ignore[return-value]  # a table holds one kind

    def change(self, kind: type[E], key: str, edit: Callable[[E], E]) -> E:
        with self._lock:
            present = self.get(kind, key)
            if present is None:
                raise KeyError(key)
            changed = edit(present)
            self._table(kind).put(changed)
            return changed

    def remove(self, kind: type[E], key: str | None = None, **equals: Any) -> int:
        with self._lock:
            table = self._table(kind)
            if key is None and not equals:
                return table.empty()
            if key is not None:
                found = [entity for entity in [self.get(kind, key)] if entity is not None]
            else:
                found = list(self.find(kind, **equals))
            for entity in found:
                table.remove(entity)
            return len(found)

    def find(
        self,
        kind: type[E],
        *,
        newest: bool = False,
        after: str | None = None,
        since: str | None = None,
        limit: int | None = None,
        **equals: Any,
    ) -> Iterator[E]:
        with self._lock:
            table = self._table(kind)
            position = None if after is None else table.place(after)
            oldest = 0 if since is None else table.place(since) or 0
        if not newest and oldest:
            position = max(position or 0, oldest)
        found = 0
        while limit is None or found < limit:
            with self._lock:
                table = self._table(kind)
                sequence, matches = table.matching(equals)
                numbers = sequence.beyond(position, newest=newest, limit=_CHUNK)
                numbers = [number for number in numbers if number > oldest]
                rows = [table.rows[number] for number in numbers]
            for row in rows:
                if matches(row):
                    yield row  # type: ignore[misc]  # a table holds one kind
                    found += 1
                    if found == limit:
                        return
            if len(rows) < _CHUNK:
                return
            position = numbers[-1]

    def knows(self, kind: type[E], key: str) -> bool:
        with self._lock:
            return self._table(kind).place(key) is not None

    def count(self, kind: type[E], **equals: str) -> int:
        with self._lock:
            table = self._table(kind)
            if not equals:
                return len(table.order)
            shortest, *others = sorted((table.sequence(name, value) for name, value in equals.items()), key=len)
            return len(set(shortest).intersection(*others)) if others else len(shortest)

    def dropped(self, kind: type[E]) -> int:
        with self._lock:
            return self._table(kind).dropped

    def schedule(self, *events: Planned) -> None:
        with self._lock:
            for event in events:
                self._planned += 1
                heapq.heappush(self._events, (event.due_at, self._planned, event))

    def claim_due(self, now: datetime) -> list[Planned]:
        with self._lock:
            due = []
            while self._events and self._events[0][0] <= now:
                due.append(heapq.heappop(self._events)[2])
            return due

    def next_due(self) -> datetime | None:
        with self._lock:
            return self._events[0][0] if self._events else None

    def next_number(self, sequence: str) -> int:
        with self._lock:
            self._numbers[sequence] += 1
            return self._numbers[sequence]

    def dump(self) -> Document:
        with self._lock:
            return {
                "entities": {kind: [table.rows[number] for number in table.order] for kind, table in self._tables.items()},
                "events": [event for _, _, event in sorted(self._events)],
                "numbers": dict(self._numbers),
            }

    def load(self, document: Document) -> None:
        with self._lock:
            self.clear()
            for entities in document["entities"].values():
                self.put(*entities)
            self.schedule(*document["events"])
            self._numbers.update(document["numbers"])

    def clear(self, account: str | None = None) -> None:
        with self._lock:
            if account is None:
                self._tables.clear()
                self._events.clear()
                self._numbers.clear()
                return
            for kind, table in self._tables.items():
                if "account" in table.attributes:
                    self.remove(kind, account=account)
            self._events = [entry for entry in self._events if entry[2].account != account]
            heapq.heapify(self._events)
            for sequence in [name for name in self._numbers if name.startswith(f"{account}/")]:
                del self._numbers[sequence]

    def _table(self, kind: type[Any]) -> _Table:
        table = self._tables.get(kind)
        if table is None:
            table = self._tables[kind] = _Table(kind, self._capacities.get(kind, self._capacity))
        return table
