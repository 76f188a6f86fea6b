"""Every captured message: search, look at one, forget."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.query import asked
from emulator.control.routes.webhooks import webhooks_of
from emulator.control.schemas.messages import (
    FORGET_IN,
    ForgetIn,
    MessageDetailOut,
    MessagesOut,
    message_detail,
    message_out,
)
from emulator.control.schemas.values import LISTING_IN, DeletedOut, ListingIn
from emulator.control.spoken import speaks
from emulator.core.journal import Exchange
from emulator.core.message import Link, Message
from emulator.core.search import Query, every, search
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("messages", __name__)


@blueprint.get("/messages")
@speaks(MessagesOut, query=ListingIn)
def messages() -> Response:
    """Messages that match ``q``, newest first."""
    wanted = LISTING_IN.load(request.args)
    page = search(smsc.store, asked(wanted["q"]), limit=wanted["limit"], cursor=wanted["cursor"])
    body = {
        "messages": [message_out(message, links_of(message)) for message in page.messages],
        "total": page.total,
        "next_cursor": page.next_cursor,
    }
    if not page.total_is_exact:
        body["total_is_exact"] = False
    return json_response(body)


@blueprint.get("/messages/<message_id>")
@speaks(MessageDetailOut, errors=("unknown_message",))
def message(message_id: str) -> Response:
    """One message with its parts and timeline."""
    found = smsc.store.get(Message, message_id)
    if found is None:
        raise Fail("unknown_message", f"no message {message_id!r}")
    return json_response(message_detail(found, links_of(found), webhooks_of(found), exchange_of(found)))


@blueprint.delete("/messages")
@speaks(DeletedOut, query=ForgetIn)
def forget() -> Response:
    """Forget the messages that match ``q``; all of them without one."""
    query = asked(FORGET_IN.load(request.args)["q"])
    if query == Query():
        smsc.store.remove(Link)
        return json_response({"deleted": smsc.store.remove(Message)})
    forgotten = 0
    for found in list(every(smsc.store, query)):
        smsc.store.remove(Link, message=found.id)
        forgotten += smsc.store.remove(Message, found.id)
    return json_response({"deleted": forgotten})


def links_of(message: Message) -> list[Link]:
    return list(smsc.store.find(Link, message=message.id))


def exchange_of(message: Message) -> str | None:
    """The exchange that brought the message, while it is kept."""
    return message.exchange if smsc.store.get(Exchange, message.exchange or "") else None
