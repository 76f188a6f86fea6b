"""Calls to the application, replies of handsets, and statuses forced on messages."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.query import asked
from emulator.control.schemas.messages import MessageOut, message_out
from emulator.control.schemas.values import LISTING_IN, ListingIn
from emulator.control.schemas.webhooks import INBOUND_IN, STATUS_IN, InboundIn, StatusIn, WebhookOut, WebhooksOut, webhook_out
from emulator.control.spoken import speaks
from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Link, Message, Reply
from emulator.core.search import search_webhooks
from emulator.core.webhooks import WebhookCall
from emulator.edge.body import json_object, json_response
from emulator.edge.context import runtime, smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("webhooks", __name__)


@blueprint.get("/webhooks")
@speaks(WebhooksOut, query=ListingIn)
def webhooks() -> Response:
    """Calls to the application that match ``q``, or whose message does, with every attempt; newest first."""
    wanted = LISTING_IN.load(request.args)
    found = search_webhooks(smsc.store, asked(wanted["q"], WebhookCall), limit=wanted["limit"], cursor=wanted["cursor"])
    cursor = found[-1].key if len(found) == wanted["limit"] else None
    return json_response({"webhooks": [webhook_out(webhook) for webhook in found], "next_cursor": cursor})


@blueprint.post("/webhooks/<webhook_id>/resend")
@speaks({202: WebhookOut}, errors=("unknown_webhook",))
def resend(webhook_id: str) -> Response:
    """Make the same call once more, now."""
    try:
        again = runtime().dispatcher.resend(webhook_id)
    except KeyError:
        raise Fail("unknown_webhook", f"no webhook {webhook_id!r}") from None
    return json_response(webhook_out(again), 202)


@blueprint.post("/inbound")
@speaks(
    {201: MessageOut},
    body=InboundIn,
    example={"provider": "clickatell", "from": "2799900001", "to": "27000000000", "text": "STOP"},
    errors=("unknown_provider", "unknown_account"),
)
def inbound() -> Response:
    """A handset texts one of the provider's numbers."""
    wanted = INBOUND_IN.load(json_object(request))
    if wanted["provider"] not in runtime().providers:
        known = ", ".join(runtime().providers)
        raise Fail("unknown_provider", f"no provider {wanted['provider']!r}; there are {known}", field="provider")
    handset = canonical_sender(wanted["handset"])
    message = smsc.receive(_account(wanted, handset), Reply(handset, wanted["to"], wanted["text"]))
    return json_response(message_out(message, []), 201)


@blueprint.post("/messages/<message_id>/status")
@speaks(MessageOut, body=StatusIn, example={"status": "undelivered"}, errors=("unknown_message",))
def force(message_id: str) -> Response:
    """Give a message its next status now; its receipt follows."""
    wanted = STATUS_IN.load(json_object(request))
    try:
        message = smsc.force(message_id, wanted["status"], wanted["error"])
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise Fail("unknown_message", refusal.detail) from refusal
        raise
    return json_response(message_out(message, list(smsc.store.find(Link, message=message.id))))


def _account(wanted: dict[str, Any], handset: str) -> Account:
    if wanted["account"] is None:
        return smsc.addressee(wanted["provider"], wanted["to"], handset)
    account = smsc.store.get(Account, wanted["account"])
    if account is None or account.provider != wanted["provider"]:
        raise Fail("unknown_account", f"no account {wanted['account']!r} of {wanted['provider']}", field="account")
    return account


def webhooks_of(message: Message) -> list[dict[str, Any]]:
    """The calls that told of ``message``, oldest first."""
    return [webhook_out(webhook) for webhook in smsc.store.find(WebhookCall, message=message.id)]
