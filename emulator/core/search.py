"""The ``q`` language: one way to say which messages or exchanges are meant.

Bare words and "quoted phrases" match the text; ``key:value`` matches an attribute; ``-`` before a term negates it; a message
must match every term. ``segments:`` and ``price:`` compare numbers (``>1``, ``>=1``, ``<2``, ``<=2``, ``1``).
"""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, TypeVar

from emulator.core.errors import Reason, Refusal
from emulator.core.journal import Exchange
from emulator.core.message import Direction, Message, Status
from emulator.core.segments import Encoding
from emulator.core.store import Store
from emulator.core.webhooks import State, WebhookCall

SCANNED = 20_000  # the newest messages a search reads that no index answers

_TERM = re.compile(r'(?P<minus>-?)(?:(?P<key>[a-z_]+):(?!//))?(?P<value>"[^"]*"?|\S*)')
_NUMBER = re.compile(r"(?P<sign>>=|<=|>|<|=?)(?P<number>.*)", re.DOTALL)
_COMPARE = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "=": operator.eq, "": operator.eq,
}  # fmt: skip
_ALIASES = {"parts": "segments"}
_INDEXED = {"account": "account", "provider": "provider", "to": "recipient", "reference": "reference", "campaign": "campaign"}

_CLOSED = {"status": tuple(Status), "direction": tuple(Direction), "encoding": tuple(Encoding)}
_HTTP_STATUS = re.compile(r"[1-5][0-9][0-9]")

_CLIENTS_OWN = frozenset({"reference", "campaign"})  # their letters count by case

_VALUES: dict[str, Callable[[Message], str | None]] = {
    "provider": lambda message: message.provider,
    "account": lambda message: message.account,
    "to": lambda message: message.recipient,
    "from": lambda message: message.sender,
    "status": lambda message: message.status.value,
    "encoding": lambda message: message.encoding.value,
    "campaign": lambda message: message.campaign,
    "reference": lambda message: message.reference,
    "direction": lambda message: message.direction.value,
}
_NUMBERS: dict[str, Callable[[Message], Decimal]] = {
    "segments": lambda message: Decimal(message.segments),
    "price": lambda message: message.price,
}
Wire = Exchange | WebhookCall
"""What went over the wire, in either direction."""
W = TypeVar("W", Exchange, WebhookCall)

KEYS = (*_VALUES, "text", *_NUMBERS, *_ALIASES, "after")


@dataclass(frozen=True, slots=True)
class Term:
    """One condition; ``key`` is "text" for bare words and phrases."""

    key: str
    value: str
    negated: bool = False

    def __str__(self) -> str:
        """As it could be written."""
        value = f'"{self.value}"' if any(map(str.isspace, self.value)) else self.value
        return ("-" if self.negated else "") + (value if self.key == "text" else f"{self.key}:{value}")

    def holds(self, message: Message) -> bool:
        return self._holds(message) is not self.negated

    def _holds(self, message: Message) -> bool:
        if self.key == "text":
            return self.value.casefold() in message.text.casefold()
        if self.key in _NUMBERS:
            return _compared(self.key, self.value)(_NUMBERS[self.key](message))
        held = _VALUES[self.key](message)
        if held is None or self.key in _CLIENTS_OWN:
            return held == self.value
        return _plain(held) == _plain(self.value)

    def holds_of_wire(self, record: "Wire", messages: list[Message]) -> bool:
        """``messages`` are those of the record; a term about messages holds if it does for one of them."""
        return self._holds_of_wire(record, messages) is not self.negated

    def _holds_of_wire(self, record: "Wire", messages: list[Message]) -> bool:
        status = record.state.value if isinstance(record, WebhookCall) else str(record.status)
        own = {"provider": record.provider, "account": record.account, "status": status}
        if self.key in own and own[self.key] == self.value:
            return True
        if self.key == "text" and self.value.casefold() in _wire_text(record).casefold():
            return True
        if self.key == "to" and isinstance(record, Exchange) and _plain(self.value) in map(_plain, record.recipients):
            return True
        return any(self._holds(message) for message in messages)


@dataclass(frozen=True, slots=True)
class Query:
    """Terms that must all hold; ``after`` is the id of the newest message that is too old."""

    terms: tuple[Term, ...] = ()
    after: str | None = None

    @property
    def equals(self) -> dict[str, Any]:
        """What an index can answer: attribute to value."""
        found = {}
        for term in self.terms:
            if term.key in _INDEXED and not term.negated:
                found[_INDEXED[term.key]] = _as_kept(term)
        return found

    @property
    def is_indexed(self) -> bool:
        """Whether indexes answer all of it, so that every candidate is a match or nearly so."""
        return self.after is None and len(self.equals) == len(self.terms)

    def matches(self, message: Message) -> bool:
        return all(term.holds(message) for term in self.terms)

    def matches_wire(self, record: "Wire", messages: list[Message]) -> bool:
        return all(term.holds_of_wire(record, messages) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages, newest first; ``next_cursor`` continues behind the last of them."""

    messages: list[Message]
    total: int
    total_is_exact: bool
    next_cursor: str | None


def parse(text: str, *wires: type[Wire], providers: Collection[str] = ()) -> Query:
    """``wires`` are what is searched beside messages: their ``status:`` is an HTTP status, or the state of a webhook.

    Raises Refusal(INVALID_FIELD) for a key that does not exist or has no value, a number that is none, and a value that there
    is not, among ``providers`` too if given.
    """
    terms: list[Term] = []
    after = None
    for match in _TERM.finditer(text):
        value = match["value"]
        if value.startswith('"'):
            value = value[1:].removesuffix('"')
        key = _ALIASES.get(match["key"], match["key"]) if match["key"] else "text"
        if key == "after" and match["minus"]:
            raise Refusal(Reason.INVALID_FIELD, '"after:" cannot be negated', field="q")
        if key not in KEYS:
            known = " ".join(f"{name}:" for name in KEYS)
            raise Refusal(
                Reason.INVALID_FIELD,
                f'"{key}:" is no search key; quote the words to search the text. Keys: {known}',
                field="q",
            )
        if not value and not match["key"]:
            continue
        _check(match["key"] or key, key, value, wires, providers)
        if key == "after":
            after = value
            continue
        terms.append(Term(key, value, bool(match["minus"])))
    return Query(tuple(terms), after)


def _check(written: str, key: str, value: str, wires: Iterable[type[Wire]], providers: Collection[str]) -> None:
    """Raises Refusal(INVALID_FIELD) for a value that could match nothing. ``written`` is the key as it was asked."""
    if not value:
        raise Refusal(Reason.INVALID_FIELD, f'"{written}:" needs a value', field="q")
    if key in _NUMBERS:
        _compared(key, value)
    there: Collection[str] = providers if key == "provider" else _CLOSED.get(key, ())
    if key == "status":
        if Exchange in wires and _HTTP_STATUS.fullmatch(value):
            return
        there = [*there, *(State if WebhookCall in wires else ())]
    if there and value.casefold() not in there:
        more = " and HTTP statuses" if key == "status" and Exchange in wires else ""
        raise Refusal(Reason.INVALID_FIELD, f'there is no "{written}:{value}"; there are {" ".join(there)}{more}', field="q")


def check_there(store: Store, kind: type[Message] | type[Exchange] | type[WebhookCall], **ids: str | None) -> None:
    """Raises Refusal(INVALID_FIELD) for an id (by the name of its field) that is not, or no longer, there to go on from."""
    for field, identifier in ids.items():
        if identifier is not None and not store.knows(kind, identifier):
            raise Refusal(Reason.INVALID_FIELD, f"{field}: nothing is (or is left) with the id {identifier!r}", field=field)


def search(store: Store, query: Query, *, limit: int, cursor: str | None = None) -> Page:
    """The newest ``limit`` messages that match, and how many there are in all."""
    check_there(store, Message, cursor=cursor, q=query.after)
    found: list[Message] = []
    for message in matching(store, query, cursor):
        if len(found) == limit:
            return Page(found, *_total(store, query), next_cursor=found[-1].id)
        found.append(message)
    return Page(found, *_total(store, query), next_cursor=None)


def matching(store: Store, query: Query, cursor: str | None = None) -> Iterator[Message]:
    """Messages that match, newest first; a search that no index narrows stops after the newest SCANNED."""
    limit = None if query.is_indexed else SCANNED
    found = store.find(Message, newest=True, after=cursor, since=query.after, limit=limit, **query.equals)
    return filter(query.matches, found)


def every(store: Store, query: Query) -> Iterator[Message]:
    """All messages that match, newest first, however long that takes."""
    check_there(store, Message, q=query.after)
    return filter(query.matches, store.find(Message, newest=True, since=query.after, **query.equals))


def search_exchanges(store: Store, query: Query, *, limit: int, cursor: str | None = None) -> list[Exchange]:
    """The newest ``limit`` exchanges that match."""
    return list(islice(matching_exchanges(store, query, cursor), limit))


def matching_exchanges(store: Store, query: Query, cursor: str | None = None) -> Iterator[Exchange]:
    """Exchanges that match, newest first, read as they are asked for."""
    return _wires(store, Exchange, query, cursor, lambda exchange: exchange.messages)


def search_webhooks(store: Store, query: Query, *, limit: int, cursor: str | None = None) -> list[WebhookCall]:
    """The newest ``limit`` calls to the application that match, or whose message does."""
    return list(islice(_wires(store, WebhookCall, query, cursor, lambda webhook: (webhook.message,)), limit))


def _wires(store: Store, kind: type[W], query: Query, cursor: str | None, ids: Callable[[W], Iterable[str]]) -> Iterator[W]:
    check_there(store, kind, cursor=cursor, q=query.after)
    equals = {name: value for name, value in query.equals.items() if name in kind.indexed}
    for record in store.find(kind, newest=True, after=cursor, since=query.after, **equals):
        if not query.terms or query.matches_wire(record, list(_messages_of(store, ids(record)))):
            yield record


def _messages_of(store: Store, ids: Iterable[str]) -> Iterator[Message]:
    return (message for message in (store.get(Message, key) for key in ids) if message is not None)


def _total(store: Store, query: Query) -> tuple[int, bool]:
    if query.is_indexed:
        return store.count(Message, **query.equals), True
    candidates = store.find(Message, newest=True, since=query.after, limit=SCANNED + 1, **query.equals)
    verdicts = [query.matches(message) for message in candidates]
    return sum(verdicts[:SCANNED]), len(verdicts) <= SCANNED


def _compared(key: str, text: str) -> Callable[[Decimal], bool]:
    match = _NUMBER.fullmatch(text)
    try:
        sign, bound = (match["sign"], Decimal(match["number"])) if match else ("", Decimal(text))
    except InvalidOperation:
        bound = Decimal("NaN")
    if not bound.is_finite():
        raise Refusal(Reason.INVALID_FIELD, f'"{key}:{text}" compares with no number', field="q")
    return lambda held: bool(_COMPARE[sign](held, bound))


def _plain(value: str) -> str:
    return value.removeprefix("+").casefold()


def _as_kept(term: Term) -> str:
    """The term's value as the indexed attribute holds it: numbers with their plus, our own names in lower case."""
    if term.key in _CLIENTS_OWN:
        return term.value
    if term.key != "to":
        return term.value.lower()
    number = term.value.removeprefix("+")
    return f"+{number}" if number.isdigit() and 7 <= len(number) <= 15 else number


def _wire_text(record: Wire) -> str:
    if isinstance(record, WebhookCall):
        return f"{record.call.method} {record.call.url}\n{record.call.body.decode(errors='replace')}"
    bodies = record.request_body + b"\n" + record.response_body
    return f"{record.method} {record.path}\n{bodies.decode(errors='replace')}"
