"""Delivery receipts that are fetched instead of pushed: they are there where a rule with action POLL is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.errors import Refusal
from emulator.core.ids import upper_uuid
from emulator.core.message import Message
from emulator.edge.body import json_object
from emulator.edge.context import runtime, sheet, smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate, subaccount_id, user_id
from emulator.providers.clicksend.callbacks import call
from emulator.providers.clicksend.members import message_of, messages_of
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.responses import success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.rules import receipt_rules
from emulator.providers.clicksend.schemas.automations import TEST_IN, to_be_read
from emulator.providers.clicksend.schemas.messages import receipt_out
from emulator.providers.clicksend.schemas.sms import READ_IN
from emulator.providers.clicksend.schemas.wire import unix
from emulator.providers.clicksend.statuses import delivery_of

TEST_RECEIPTS = "test_receipt"
POLL = "poll"


@v3.get("/sms/receipts")
def view_receipts() -> Response:
    """The receipts that nobody has marked as read."""
    account = authenticate(request)
    rows = [*_tests(account), *(row for _, row in _unread(account))]
    listing: Listing[dict[str, Any]] = Listing(lambda row: row)
    return success("Here are your delivery receipts.", page(listing, rows))


@v3.get("/sms/receipts/<message_id>")
def view_receipt(message_id: str) -> Response:
    """The receipt of one message, read or not."""
    account = authenticate(request)
    try:
        message = message_of(account, message_id)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/receipt", refusal.detail, field="message_id") from refusal
    delivery = delivery_of(sheet("clicksend"), message)
    if delivery is None:
        raise Fail("NOT_FOUND/receipt", f"the message is {message.status}", field="message_id")
    return success("Your receipt.", receipt_out(account, message, delivery))


@v3.put("/sms/receipts-read")
def read_receipts() -> Response:
    """Mark receipts as read, all of them or those sent before ``date_before``."""
    account = authenticate(request)
    until = READ_IN.load(json_object(request) if request.get_data() else {})["until"]
    for message, _ in list(_unread(account)):
        if until is None or message.due_at < until:
            smsc.store.change(Message, message.id, lambda present: replace(present, is_read=True))
    for record in list(smsc.records.rows(account.id, TEST_RECEIPTS)):
        if until is None or record.created_at < until:
            smsc.records.remove(record)
    return success("Receipts have been marked as read.", None)


@v3.post("/sms/receipts")
def create_test_receipt() -> Response:
    """Post a made-up receipt to ``url``, or keep it to be fetched where that says "poll"."""
    account = authenticate(request)
    url = TEST_IN.load(json_object(request))["url"]
    now = smsc.clock.now()
    receipt = _made_up(account, now)
    if url.lower() == POLL:
        smsc.records.add(account.id, TEST_RECEIPTS, receipt, now)
    else:
        runtime().dispatcher.post(account, "", [call("post", url, _as_pushed(account, receipt))])
    return success("Receipt has been added", receipt)


def _unread(account: Account) -> Iterator[tuple[Message, dict[str, Any]]]:
    """Messages that have ended since there is a rule that keeps receipts, with their receipts."""
    since = min((rule.created_at for rule in receipt_rules(smsc.store, account, "POLL")), default=None)
    for message in messages_of(account) if since else ():
        delivery = delivery_of(sheet("clicksend"), message)
        if delivery is not None and to_be_read(message, since):
            yield message, receipt_out(account, message, delivery)


def _as_pushed(account: Account, receipt: dict[str, Any]) -> dict[str, Any]:
    """With the keys that a receipt has when it is posted."""
    pushed = {name: value for name, value in receipt.items() if name != "digits"}
    repeated = {"messageid": receipt["message_id"], "customstring": receipt["custom_string"]}
    return {**pushed, "status": "Sent", "user_id": user_id(account), **repeated}


def _tests(account: Account) -> Iterator[dict[str, Any]]:
    return (dict(record.values) for record in smsc.records.rows(account.id, TEST_RECEIPTS))


def _made_up(account: Account, now: datetime) -> dict[str, Any]:
    delivered = sheet("clicksend").document["delivery_codes"]["4"]
    return {
        "timestamp_send": unix(now),
        "timestamp": unix(now),
        "message_id": upper_uuid(smsc.ids.draw(account.id, TEST_RECEIPTS)),
        "status_code": delivered["code"],
        "status_text": delivered["text"],
        "error_code": None,
        "error_text": None,
        "custom_string": None,
        "subaccount_id": subaccount_id(account),
        "message_type": "sms",
        "digits": None,
    }
