"""The list beside every message: which rows, of which search."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Request, request

from emulator.core.errors import Refusal
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.search import KEYS, SCANNED, check_there, parse
from emulator.edge.context import runtime, smsc
from emulator.inbox.rows import SHOWN, Rows, Stream

_REFUSED = "status:refused"
LOOKED_AT = 1_000  # requests, for one that was accepted


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page shows of the stream. ``objection`` says what is wrong with the search; ``first`` is whether it begins."""

    q: str
    shown: str
    rows: Rows
    is_first: bool
    objection: str = ""
    matches: str = ""
    query_is_indexed: bool = True

    @property
    def is_empty(self) -> bool:
        """Nothing was ever accepted, as far as one can see: the page teaches."""
        if smsc.store.count(Message):
            return False
        return not any(exchange.messages for exchange in smsc.store.find(Exchange, newest=True, limit=LOOKED_AT))

    @property
    def dropped(self) -> int:
        """Messages that were too many to be kept."""
        return smsc.store.dropped(Message)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q.strip()) or self.shown != "all"

    @property
    def scanned(self) -> int | None:
        """How many of the newest messages were looked through, where those are not all."""
        return None if self.query_is_indexed or self.shown == "refused" or smsc.store.count(Message) <= SCANNED else SCANNED

    @property
    def keys(self) -> tuple[str, ...]:
        return KEYS

    @property
    def kinds(self) -> tuple[str, ...]:
        return SHOWN

    @property
    def lessons(self) -> list[tuple[str, str, str]]:
        """Name, title and a line to paste, for every provider."""
        base = request.host_url.rstrip("/")
        return [
            (name, sheet.title, str(sheet.document["try"]).replace("{base}", f"{base}/{name}"))
            for name, sheet in runtime().sheets.items()
        ]

    def query(self, **more: str | None) -> str:
        """The query string of a link that keeps the search."""
        facts = {"q": self.q, "show": "" if self.shown == "all" else self.shown} | more
        kept = {name: value for name, value in facts.items() if value}
        return f"?{urlencode(kept)}" if kept else ""


def listed(asking: Request) -> Listing:
    """The rows that the request's ``q``, ``show`` and ``cursor`` ask for; a search that cannot be says why instead."""
    q, cursor = asking.args.get("q", ""), asking.args.get("cursor", "")
    shown = asking.args.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    if _REFUSED in q.casefold().split():  # a refusal has no status, and a lens of its own
        q, shown = " ".join(word for word in q.split() if word.casefold() != _REFUSED), "refused"
    try:
        query = parse(q, Exchange)
        _check_there(query.after)
        stream = Stream(smsc.store, query, shown)
        rows = stream.page(cursor)
    except Refusal as refusal:
        return Listing(q, shown, Rows([], None), is_first=not cursor, objection=refusal.detail)
    matches = str(len(rows.entries)) if not cursor and rows.cursor is None else stream.count()
    return Listing(q, shown, rows, is_first=not cursor, matches=matches, query_is_indexed=query.is_indexed)


def _check_there(after: str | None) -> None:
    """Raises Refusal for an id that nothing has (any more)."""
    if after is not None and smsc.store.get(Exchange, after) is None:
        check_there(smsc.store, Message, q=after)
