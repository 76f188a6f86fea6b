"""A store that tells a feed what changes in it."""

from collections.abc import Callable
from typing import Any, TypeVar

from emulator.core.changes import Feed
from emulator.core.store import Document, Entity, Store

E = TypeVar("E", bound=Entity)


class WatchedStore:
    """Hands every call on to ``store``; what has changed is noted once it has."""

    def __init__(self, store: Store, feed: Feed) -> None:
        self._store = store
        self._feed = feed
        self.get, self.find, self.knows, self.count = store.get, store.find, store.knows, store.count
        self.schedule, self.claim_due, self.next_due = store.schedule, store.claim_due, store.next_due
        self.next_number, self.dump, self.dropped = store.next_number, store.dump, store.dropped

    def put(self, *entities: Entity) -> None:
        self._store.put(*entities)
        for entity in entities:
            self._feed.note(type(entity), entity.key)

    def add(self, entity: Entity) -> bool:
        added = self._store.add(entity)
        if added:
            self._feed.note(type(entity), entity.key)
        return added

    def change(self, kind: type[E], key: str, edit: Callable[[E], E]) -> E:
        changed = self._store.change(kind, key, edit)
        self._feed.note(kind, key)
        return changed

    def remove(self, kind: type[E], key: str | None = None, **equals: Any) -> int:
        removed = self._store.remove(kind, key, **equals)
        if removed and key is not None:
            self._feed.note(kind, key)
        elif removed:
            self._feed.note_all()
        return removed

    def load(self, document: Document) -> None:
        self._store.load(document)
        self._feed.begin_anew()

    def clear(self, account: str | None = None) -> None:
        self._store.clear(account)
        self._feed.note_all()
