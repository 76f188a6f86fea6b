"""Campaigns: how far each is, and to whom it went."""

from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.lifecycle import MOVES
from emulator.core.message import Message, Status
from emulator.core.search import Term
from emulator.core.standings import Standing
from emulator.edge.context import smsc
from emulator.inbox.asking import ask
from emulator.inbox.pages import fragment_wanted, page

blueprint = Blueprint("campaigns", __name__)

CAMPAIGNS, RECIPIENTS = 25, 50  # on one page
_ORDER = (*(status for status in Status if status not in MOVES), *reversed(MOVES))  # in a bar, from the left


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a page stands in what is listed; numbers begin at 1. ``last`` is None where nobody has counted so far."""

    number: int
    size: int
    shown: int
    has_next: bool
    total: int | None = None

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return self.first + self.shown - 1

    @property
    def pages(self) -> int | None:
        return None if self.total is None else max(-(-self.total // self.size), 1)


@blueprint.get("/campaigns")
def campaigns() -> Response:
    """A row for each campaign, newest first."""
    number = _number()
    start = (number - 1) * CAMPAIGNS
    found = list(islice(smsc.standings.all(), start, start + CAMPAIGNS + 1))
    standings = found[:CAMPAIGNS]
    leaf = Leaf(number, CAMPAIGNS, len(standings), has_next=len(found) > CAMPAIGNS)
    return page(_template("list"), standings=standings, leaf=leaf, bar=bar, href=href)


@blueprint.get("/campaigns/<path:campaign_id>")
def campaign(campaign_id: str) -> Response:
    """One campaign and a page of its recipients."""
    return _one(campaign_id)


@blueprint.post("/campaigns/<path:campaign_id>")
def cancel(campaign_id: str) -> Response:
    """Stop it, while it waits for its time."""
    reply = ask("POST", f"/campaigns/{quote(campaign_id, safe='')}/cancel")
    return _one(campaign_id, objection=reply.objection)


def bar(standing: Standing) -> list[tuple[Status, int, float, float]]:
    """The parts of a progress bar: status, how many, where it begins and how wide it is, of 100."""
    whole, begins, parts = max(standing.recipients, 1), 0.0, []
    for status in _ORDER:
        if count := standing.by_status.get(status, 0):
            width = 100 * count / whole
            parts.append((status, count, round(begins, 3), round(width, 3)))
            begins += width
    return parts


def href(standing: Standing) -> str:
    return f"/campaigns/{quote(standing.id)}"


def _one(campaign_id: str, objection: str = "") -> Response:
    standing = smsc.standings.one(campaign_id)
    if standing is None:
        raise NotFound(f"There is no campaign {campaign_id!r}.")
    wanted = next((status for status in Status if status == request.args.get("status")), None)
    number = _number()
    start = (number - 1) * RECIPIENTS
    found = smsc.store.find(Message, account=standing.account, campaign=standing.campaign)
    if wanted is not None:
        found = (message for message in found if message.status is wanted)
    messages = list(islice(found, start, start + RECIPIENTS + 1))
    shown = messages[:RECIPIENTS]
    kept = smsc.store.count(Message, account=standing.account, campaign=standing.campaign)
    total = kept if wanted is None else None
    leaf = Leaf(number, RECIPIENTS, len(shown), has_next=len(messages) > RECIPIENTS, total=total)
    return page(
        _template("one"),
        standing=standing,
        messages=shown,
        leaf=leaf,
        wanted=wanted,
        kept=kept,
        bar=bar,
        href=href,
        objection=objection,
        currency=getattr(smsc.store.get(Account, standing.account), "currency", ""),
        search=str(Term("campaign", standing.campaign)),
    )


def _template(name: str) -> str:
    return f"campaigns/{name}.html" if fragment_wanted() else f"campaigns/{name}_page.html"


def _number() -> int:
    """The page asked for; what is no number is the first."""
    asked = request.args.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
