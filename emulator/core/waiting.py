"""Waiting for messages, without looking at all of them again and again."""

import time
from itertools import islice

from emulator.core.accounts import Account
from emulator.core.changes import Feed
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.search import Query, check_there, matching
from emulator.core.store import Store

_REST = 0.005  # real seconds between two looks, so that a burst of messages is looked at once
_LOOKED_THROUGH = 1000  # the newest messages, and exchanges, that near misses are chosen from


class Watch:
    """Up to ``count`` messages that match ``query``, kept up to date from what the feed says has changed. For one thread."""

    def __init__(self, store: Store, feed: Feed, query: Query, count: int) -> None:
        check_there(store, Message, after=query.after)
        self._store = store
        self._feed = feed
        self._query = query
        self._count = count
        self._number = feed.number
        self._found = self._look_at_all()

    @property
    def is_over(self) -> bool:
        return len(self._found) >= self._count

    def newest(self) -> list[Message]:
        """Those that match, newest first, as every list of messages is; fewer than ``count`` while it is not over."""
        in_order = list(self._look_at_all().values()) if len(self._found) > 1 else []
        return in_order if len(in_order) >= len(self._found) else list(reversed(self._found.values()))

    def wait(self, timeout: float) -> bool:
        """Until ``count`` match at once; False when ``timeout`` (real seconds) is over before, or the emulator stops."""
        end = time.monotonic() + timeout
        while not self.is_over:
            if not self._feed.wait(self._number, max(end - time.monotonic(), 0)):
                return False
            self._look_at_changes()
            if not self.is_over:
                time.sleep(_REST)
        return True

    def _look_at_all(self) -> dict[str, Message]:
        return {message.id: message for message in islice(matching(self._store, self._query), self._count)}

    def _look_at_changes(self) -> None:
        changes = self._feed.since(self._number)
        self._number = changes.number
        if changes.entries is None:
            self._found = self._look_at_all()
            return
        for key in changes.keys(Message):
            message = self._store.get(Message, key)
            if message is not None and self._query.matches(message) and self._is_new(message):
                self._found[key] = message
            else:
                self._found.pop(key, None)

    def _is_new(self, message: Message) -> bool:
        """Whether it came after ``after:``, which a message that only changes its status may not have."""
        if self._query.after is None:
            return True
        alike = self._store.find(Message, since=self._query.after, provider_message_id=message.provider_message_id)
        return any(one.id == message.id for one in alike)


def near_misses(store: Store, query: Query, limit: int) -> list[tuple[Message, list[str]]]:
    """The messages that fail the fewest terms of ``query``, each with the terms it fails; the newest first among equals.

    Messages of other accounts than the one asked for are none: they are nobody's business.
    """
    newer = {message.id for message in islice(store.find(Message, newest=True, since=query.after), _LOOKED_THROUGH)}
    accounts = {name: value for name, value in query.equals.items() if name == "account"}
    missed = []
    for message in islice(store.find(Message, newest=True, **accounts), _LOOKED_THROUGH):
        failed = [str(term) for term in query.terms if not term.holds(message)]
        if query.after is not None and message.id not in newer:
            failed.append(f"after:{query.after}")
        if failed:
            missed.append((message, failed))
    return sorted(missed, key=lambda miss: len(miss[1]))[:limit]


def recent_refusals(store: Store, query: Query, limit: int) -> list[Exchange]:
    """The newest requests that a provider has refused, of the account and provider asked for.

    With those of an account come its provider's of nobody: who was not let in may have meant it.
    """
    own = {name: value for name, value in query.equals.items() if name in Exchange.indexed}
    wanted = own.pop("account", None)
    account = store.get(Account, wanted) if wanted is not None else None
    if account is not None:
        own.setdefault("provider", account.provider)
    found = store.find(Exchange, newest=True, **own)
    if wanted is not None:
        found = (exchange for exchange in found if exchange.account in {wanted, None})
    newest = islice(found, _LOOKED_THROUGH)
    return list(islice((exchange for exchange in newest if exchange.ruling is not None), limit))
