"""One request to a provider: why it was refused, and the wire."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.core.errors import Reason, Refusal
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.edge.context import smsc
from emulator.inbox.listing import listed
from emulator.inbox.pages import fragment_wanted, page
from emulator.inbox.wires import wire

blueprint = Blueprint("exchanges", __name__)

_TOLD = 50  # messages of one request that are named


@blueprint.get("/exchanges/<exchange_id>")
def exchange(exchange_id: str) -> Response:
    """The request beside the list, or alone where only that is to change."""
    found = smsc.store.get(Exchange, exchange_id)
    if found is None:
        said = f"There is no request {exchange_id}: it was dropped as the oldest, or forgotten by a reset."
        raise Refusal(Reason.NOT_FOUND, said)
    kept = [smsc.store.get(Message, identifier) for identifier in found.messages[:_TOLD]]
    template = "exchange/detail.html" if fragment_wanted() == "detail" else "exchange/page.html"
    facts = {"exchange": found, "chosen": found.id, "brought": [one for one in kept if one], "wire": wire(found)}
    return page(template, listing=listed(request), **facts)
