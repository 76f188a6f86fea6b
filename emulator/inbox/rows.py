"""The stream: messages and refused requests in the order in which they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.search import Query, check_there, matching, matching_exchanges
from emulator.core.store import Store

PAGE = 50
COUNTED = 1_000  # rows that are counted before it is just more

SHOWN = ("all", "messages", "refused")


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of the stream, newest first; ``cursor`` goes on behind the last, None at the end."""

    entries: list[Message | Exchange]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """``count`` is None where nobody knows any more since when; ``place`` is where to count from next."""

    count: int | None
    place: str


class Stream:
    """The rows that match ``query``; ``shown`` says which kinds.

    The two kinds are kept apart and a clock may stand still, so the journal decides between equal instants: what a request
    brought is older than the requests after it.
    """

    def __init__(self, store: Store, query: Query, shown: str = "all") -> None:
        self._store = store
        self._query = query
        self._shown = shown

    def page(self, cursor: str = "", limit: int = PAGE) -> Rows:
        """Raises Refusal(INVALID_FIELD) for a cursor whose row is gone."""
        message_id, _, exchange_id = cursor.partition("~")
        check_there(self._store, Message, cursor=message_id or None)
        check_there(self._store, Exchange, cursor=exchange_id or None)
        entries = list(islice(self._merged(message_id or None, exchange_id or None), limit + 1))
        if len(entries) <= limit:
            return Rows(entries, None)
        return Rows(entries[:limit], self._cursor(entries[:limit], message_id, exchange_id))

    def count(self) -> str:
        """How many rows there are, as far as an index knows or COUNTED goes."""
        if self._shown == "messages" and self._query.is_indexed:
            return f"{self._store.count(Message, **self._query.equals):,}"
        found = sum(1 for _ in islice(chain(self._messages(None), self._refusals(None)), COUNTED + 1))
        return f"{COUNTED:,}+" if found > COUNTED else f"{found:,}"

    def _cursor(self, entries: list[Message | Exchange], message_id: str, exchange_id: str) -> str:
        for entry in entries:
            if isinstance(entry, Message):
                message_id = entry.id
            else:
                exchange_id = entry.id
        return f"{message_id}~{exchange_id}"

    def _merged(self, message_id: str | None, exchange_id: str | None) -> Iterator[Message | Exchange]:
        messages = self._messages(message_id)
        exchanges = self._refusals(exchange_id)
        message, refusal = next(messages, None), next(exchanges, None)
        while message is not None or refusal is not None:
            if refusal is None or (message is not None and self._is_newer(message, refusal)):
                yield message  # type: ignore[misc]  # one of the two is there
                message = next(messages, None)
            else:
                yield refusal
                refusal = next(exchanges, None)

    def _is_newer(self, message: Message, refusal: Exchange) -> bool:
        if message.created_at != refusal.at:
            return message.created_at > refusal.at
        newer = self._store.find(Exchange, since=refusal.id, account=message.account)
        return any(message.id in exchange.messages for exchange in newer)

    def _messages(self, after: str | None) -> Iterator[Message]:
        return matching(self._store, self._query, after) if self._shown != "refused" else iter(())

    def _refusals(self, after: str | None) -> Iterator[Exchange]:
        if self._shown == "messages" or self._query.after is not None:
            return iter(())
        found = matching_exchanges(self._store, self._query, after)
        return (exchange for exchange in found if exchange.ruling is not None)


def newest(store: Store) -> str:
    """Where the stream stands now, for ``arrivals``."""
    return "~".join(next((one.key for one in store.find(kind, newest=True, limit=1)), "") for kind in (Message, Exchange))


def arrivals(store: Store, place: str) -> Arrivals:
    """How many rows have come since the stream stood at ``place``."""
    message_id, _, exchange_id = place.partition("~")
    if (message_id and not store.knows(Message, message_id)) or (exchange_id and not store.knows(Exchange, exchange_id)):
        return Arrivals(None, newest(store))
    messages = list(store.find(Message, newest=True, since=message_id or None))
    exchanges = list(store.find(Exchange, newest=True, since=exchange_id or None))
    refused = sum(1 for exchange in exchanges if exchange.ruling is not None)
    now = (messages[0].id if messages else message_id, exchanges[0].id if exchanges else exchange_id)
    return Arrivals(len(messages) + refused, "~".join(now))
