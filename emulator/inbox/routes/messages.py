"""One message: as the phone shows it, what became of it, and the wire that brought it."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.routes.messages import exchange_of, links_of
from emulator.core.errors import Reason, Refusal
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.edge.context import smsc
from emulator.inbox.grid import DRAWN, advice, grids
from emulator.inbox.listing import listed
from emulator.inbox.pages import fragment_wanted, page
from emulator.inbox.story import story
from emulator.inbox.wires import wire

blueprint = Blueprint("messages", __name__)

TABS = ("text", "timeline", "wire")


@blueprint.get("/messages/<message_id>")
def message(message_id: str) -> Response:
    """The message beside the list, or alone where only that is to change; ``tab`` says what of it."""
    found = smsc.store.get(Message, message_id)
    if found is None and fragment_wanted() == "detail":  # an open page asks what has become of it
        return page("message/gone.html", listing=listed(request), chosen=message_id)
    if found is None:
        raise Refusal(Reason.NOT_FOUND, f"There is no message {message_id}: it was forgotten, or dropped as the oldest.")
    tab = request.args.get("tab", TABS[0])
    tab = tab if tab in TABS else TABS[0]
    template = "message/detail.html" if fragment_wanted() == "detail" else "message/page.html"
    facts = {"message": found, "chosen": found.id, "tab": tab, "tabs": TABS, **_of_tab(tab, found)}
    return page(template, listing=listed(request), **facts)


def _of_tab(tab: str, found: Message) -> dict[str, Any]:
    if tab == "timeline":
        return {"story": story(found)}
    if tab == "wire":
        identifier = exchange_of(found)
        exchange = smsc.store.get(Exchange, identifier) if identifier else None
        return {"wire": wire(exchange) if exchange else None}
    return {"grids": grids(found), "drawn": DRAWN, "advice": advice(found), "links": links_of(found)}
