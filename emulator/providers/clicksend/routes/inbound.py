"""Messages that have come in and are fetched instead of pushed: they are there where a rule with action POLL is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Refusal
from emulator.core.ids import upper_uuid
from emulator.core.message import Direction, Message
from emulator.edge.body import json_object
from emulator.edge.context import runtime, sheet, smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate, subaccount_id, user_id
from emulator.providers.clicksend.callbacks import call
from emulator.providers.clicksend.members import message_of, messages_of
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.rules import inbound_rules
from emulator.providers.clicksend.schemas.automations import TEST_IN, to_be_read
from emulator.providers.clicksend.schemas.messages import inbound_out
from emulator.providers.clicksend.schemas.sms import READ_IN
from emulator.providers.clicksend.schemas.wire import unix

TEST_INBOUND = "test_inbound"
POLL = "poll"


@v3.get("/sms/inbound")
def view_inbound() -> Response:
    """The messages that came in and nobody has marked as read."""
    account = authenticate(request)
    tests = (dict(record.values) for record in smsc.records.rows(account.id, TEST_INBOUND))
    rows = [*tests, *(inbound_out(message) for message in _unread(account))]
    listing: Listing[dict[str, Any]] = Listing(lambda row: row)
    return success("Here are your data.", page(listing, rows))


@v3.get("/sms/inbound/<original_message_id>")
def view_reply(original_message_id: str) -> Response:
    """The newest answer to a message that was sent."""
    account = authenticate(request)
    for message in messages_of(account, newest=True):
        if message.options.get("original", "") == original_message_id and message.direction is Direction.IN:
            return success("Here are your data.", inbound_out(message))
    raise Fail("NOT_FOUND/inbound", f"nobody has answered {original_message_id}", field="original_message_id")


@v3.put("/sms/inbound-read")
def read_inbound() -> Response:
    """Mark what came in as read, all of it or what came before ``date_before``."""
    account = authenticate(request)
    until = READ_IN.load(json_object(request) if request.get_data() else {})["until"]
    for message in list(_unread(account)):
        if until is None or message.created_at < until:
            _read(message)
    for record in list(smsc.records.rows(account.id, TEST_INBOUND)):
        if until is None or record.created_at < until:
            smsc.records.remove(record)
    return success("Inbound messages have been marked as read.", None)


@v3.put("/sms/inbound-read/<message_id>")
def read_one_inbound(message_id: str) -> Response:
    """Mark one message that came in as read."""
    account = authenticate(request)
    try:
        message = message_of(account, message_id)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/inbound", refusal.detail, field="message_id") from refusal
    if message.direction is not Direction.IN:
        raise Fail("NOT_FOUND/inbound", "the message was sent by the account", field="message_id")
    _read(message)
    return success("Receipt have been marked as read.", 1)


@v3.post("/sms/inbound")
def create_test_inbound() -> Response:
    """Post a made-up message to ``url`` in the form that ``webhook_type`` says, or keep it where ``url`` says "poll"."""
    account = authenticate(request)
    wanted = TEST_IN.load(json_object(request))
    now = smsc.clock.now()
    number = sheet("clicksend").document["default_sender"]
    identifier, original = (upper_uuid(smsc.ids.draw(account.id, TEST_INBOUND)) for _ in range(2))
    text = "This is a test message."
    shown = {
        "timestamp_send": unix(now),
        "from": "+61411111111",
        "body": text,
        "original_body": text,
        "original_message_id": original,
        "to": number,
        "custom_string": "",
        "message_id": identifier,
        "_keyword": "this",
    }
    if wanted["url"].lower() == POLL:
        polled = {"timestamp": unix(now), **{name: value for name, value in shown.items() if name != "timestamp_send"}}
        smsc.records.add(account.id, TEST_INBOUND, polled, now)
    else:
        pushed = {
            "originalsenderid": number,
            "message": text,
            "sms": "+61411111111",
            **{name: value for name, value in shown.items() if name not in {"timestamp_send", "_keyword"}},
            "originalmessageid": original,
            "originalmessage": text,
            "customstring": "",
            "timestamp": unix(now),
            "user_id": user_id(account),
            "subaccount_id": subaccount_id(account),
        }
        runtime().dispatcher.post(account, "", [call(wanted["webhook_type"], wanted["url"], pushed)])
    return success("Here are your incoming messages.", shown)


def _unread(account: Account) -> Iterator[Message]:
    """What has come in, meets a rule that keeps it, and came after that rule."""
    for message in messages_of(account):
        if message.direction is Direction.IN:
            keepers = (rule for rule in inbound_rules(smsc.store, account, message) if rule.values["action"] == "POLL")
            if to_be_read(message, min((rule.created_at for rule in keepers), default=None)):
                yield message


def _read(message: Message) -> None:
    smsc.store.change(Message, message.id, lambda present: replace(present, is_read=True))
