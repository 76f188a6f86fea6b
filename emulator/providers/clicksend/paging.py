"""Listings: pages, ``q``, ``order_by`` and dates (ClickSend REST v3, View SMS Campaigns)."""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from flask import request

from emulator.core.errors import Reason, Refusal
from emulator.edge.hosts import ASKED_PATH

E = TypeVar("E")
_LARGEST = 10**15
FEWEST, MOST = 15, 100  # rows of a page; the fewest are also the default

_CONDITION = re.compile(r"\s*([a-z_]+):", re.IGNORECASE)


@dataclass(frozen=True)
class Listing(Generic[E]):
    """How a row of one endpoint looks, which of its ``fields`` may be asked for, and which of them is its ``date``.

    Without ``fields`` the endpoint has no ``q`` of this form and no ``order_by``: they are not looked at.
    """

    show: Callable[[E], Any]
    fields: Mapping[str, Callable[[E], Any]] = field(default_factory=dict)
    date: str | None = None


def page(listing: Listing[E], entities: Iterable[E], *, has_links: bool = False) -> dict[str, Any]:
    """The page that the request asks for. A limit that is too small or too large becomes the nearest one allowed.

    ``has_links`` adds the keys of the newer paginator. Raises Refusal(INVALID_FIELD) for a field that is not there.
    """
    is_wanted = _filter(listing)
    found = _ordered(listing, [entity for entity in entities if is_wanted(entity)])
    limit = min(max(number_of("limit", FEWEST), FEWEST), MOST)
    number = max(number_of("page", 1), 1)
    last = -(-len(found) // limit)
    first = (number - 1) * limit
    rows = found[first : first + limit]
    shown = {
        "total": len(found),
        "per_page": limit,
        "current_page": number,
        "last_page": last,
        "next_page_url": _url(number + 1) if number < last else None,
        "prev_page_url": _url(number - 1) if number > 1 else None,
        "from": first + 1 if rows else None,
        "to": first + len(rows) if rows else None,
    }
    if has_links:
        shown |= _links(number, last)
    return {**shown, "data": [listing.show(row) for row in rows]}


def _filter(listing: Listing[E]) -> Callable[[E], bool]:
    """What ``q`` and the dates ask for; where nothing may be asked for, everything."""
    terms = _terms(request.args.get("q", ""), listing.fields) if listing.fields else []
    conditions = [_condition(listing, name, value) for name, value in terms]
    combine = any if conditions and request.args.get("operator", "AND").upper() == "OR" else all
    dated = _dated(listing)
    return lambda entity: dated(entity) and combine(condition(entity) for condition in conditions)


def _terms(q: str, known: Container[str]) -> list[tuple[str, str]]:
    """``name:value`` pairs with commas between them; a piece without a name belongs to the value before it.

    So does one that a space follows the comma of, unless its name is ``known``: it is how people write.
    """
    terms: list[tuple[str, str]] = []
    for piece in q.split(",") if q else []:
        named = _CONDITION.match(piece)
        if named is not None and (not terms or named[1].lower() in known or not piece[0].isspace()):
            terms.append((named[1].lower(), piece[named.end() :].strip()))
        elif terms:
            terms[-1] = (terms[-1][0], f"{terms[-1][1]},{piece}")
        else:
            raise Refusal(Reason.INVALID_FIELD, "not of the form field:value", field="q")
    return terms


def _condition(listing: Listing[E], name: str, value: str) -> Callable[[E], bool]:
    """A text holds the value anywhere, in any case of its letters; a number is the value; an empty value is any."""
    read = _reader(listing, name, "q")
    wanted = value.casefold()

    def holds(entity: E) -> bool:
        held = read(entity)
        if not wanted:
            return held not in (None, "", [])
        return str(held) == wanted if isinstance(held, int) else wanted in str(held or "").casefold()

    return holds


def _dated(listing: Listing[E]) -> Callable[[E], bool]:
    if listing.date is None:
        return lambda _: True
    earliest, latest = _timestamp("date_from"), _timestamp("date_to")
    if not (earliest or latest):
        return lambda _: True
    read = listing.fields[listing.date]
    return lambda entity: earliest <= read(entity) and (not latest or read(entity) <= latest)


def _timestamp(name: str) -> int:
    """A date of the query, 0 where there is none. Raises Refusal(INVALID_FIELD) for what is no unix timestamp."""
    stamp = number_of(name, -1 if request.args.get(name, "").strip() else 0)
    if stamp < 0:
        raise Refusal(Reason.INVALID_FIELD, "no unix timestamp", field=name)
    return stamp


def _ordered(listing: Listing[E], found: list[E]) -> list[E]:
    """By the date, oldest first, unless the request says otherwise."""
    name, _, direction = request.args.get("order_by", "").partition(":")
    if not name or not listing.fields:
        return found if listing.date is None else sorted(found, key=listing.fields[listing.date])
    read = _reader(listing, name.strip().lower(), "order_by")
    if direction.strip().lower() not in {"", "asc", "desc"}:
        raise Refusal(Reason.INVALID_FIELD, f"{direction!r} is neither asc nor desc", field="order_by")
    return sorted(found, key=lambda entity: _sortable(read(entity)), reverse=direction.strip().lower() == "desc")


def _sortable(value: Any) -> tuple[int, float, str]:
    if isinstance(value, int | float):
        return (0, value, "")
    return (1, 0, str(value or "").casefold())


def _reader(listing: Listing[E], name: str, parameter: str) -> Callable[[E], Any]:
    if name not in listing.fields:
        raise Refusal(Reason.INVALID_FIELD, f"no field {name!r}; there are {', '.join(listing.fields)}", field=parameter)
    return listing.fields[name]


def number_of(name: str, default: int) -> int:
    """A whole number of the query; what is none counts as the default."""
    value = request.args.get(name, "").strip()
    return min(int(value), _LARGEST) if re.fullmatch(r"-?[0-9]{1,1000}", value) else default


def _url(number: int) -> str:
    return f"{path_asked()}?page={number}"


def path_asked() -> str:
    """The address of the endpoint as the caller knows it."""
    return request.host_url.rstrip("/") + str(request.environ.get(ASKED_PATH, request.path)).rstrip("/")


def base_url() -> str:
    """The caller's base URL, up to and with the version."""
    before, version, _ = path_asked().partition("/v3")
    return before + version


def _links(number: int, last: int) -> dict[str, Any]:
    previous = {"url": _url(number - 1) if number > 1 else None, "label": "&laquo; Previous", "page": None, "active": False}
    following = {"url": _url(number + 1) if number < last else None, "label": "Next &raquo;", "page": None, "active": False}
    pages = [{"url": _url(one), "label": str(one), "page": one, "active": one == number} for one in range(1, max(last, 1) + 1)]
    return {
        "first_page_url": _url(1),
        "last_page_url": _url(max(last, 1)),
        "path": path_asked(),
        "links": [previous, *pages, following],
    }
