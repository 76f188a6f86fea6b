"""The stream: messages and refused requests in the order in which they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.search import Query, check_there, matching, matching_exchanges
from emulator.core.store import Store

PAGE = 50

SHOWN = ("all", "messages", "refused")


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of the stream, newest first; ``cursor`` goes on behind the last, None at the end."""

    entries: list[Message | Exchange]
    cursor: str | None


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
