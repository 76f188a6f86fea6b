"""What ClickSend posts: delivery receipts and replies, to the addresses of automation rules and of the account."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from emulator.core.accounts import Account
from emulator.core.lifecycle import is_final
from emulator.core.message import Link, Message
from emulator.core.store import Store
from emulator.core.webhooks import Call, RetryPlan
from emulator.edge.body import FORM
from emulator.edge.callbacks import json_call, with_query
from emulator.fixtures import Sheet
from emulator.providers.clicksend.auth import user_id
from emulator.providers.clicksend.members import sender_id
from emulator.providers.clicksend.rules import inbound_rules, receipt_rules
from emulator.providers.clicksend.schemas.wire import unix
from emulator.providers.clicksend.statuses import Delivery, delivery_of

# Archived sources disagree: every ten minutes ten times, or a back-off over hours; the first is taken.
PLAN = RetryPlan(delays=(timedelta(minutes=10),) * 9, timeout=30, only_200=False)


class ClickSendCallbacks:
    """Final statuses only."""

    def __init__(self, store: Store, sheet: Sheet) -> None:
        self._store = store
        self._sheet = sheet

    def receipt(self, account: Account, message: Message) -> Sequence[Call]:
        delivery = delivery_of(self._sheet, message) if is_final(message) else None
        if delivery is None:
            return ()
        document = receipt_document(account, message, delivery)
        method = account.settings["callback_method"]
        own = _account_call("get" if method == "GET" else "post", account.settings["callback_url"], document)
        rules = receipt_rules(self._store, account, "URL")
        return (*own, *(call("post", str(rule.values["action_address"] or ""), document) for rule in rules))

    def inbound(self, account: Account, message: Message) -> Sequence[Call]:
        document = inbound_document(account, message)
        method = account.settings["callback_method"]
        own = _account_call("get" if method == "GET" else "post", account.settings["inbound_url"], document)
        rules = (rule for rule in inbound_rules(self._store, account, message) if rule.values["action"] == "URL")
        pushed = (call(str(one.values["webhook_type"]), str(one.values["action_address"] or ""), document) for one in rules)
        return (*own, *pushed)

    def click(self, account: Account, message: Message, link: Link, at: datetime) -> Sequence[Call]:  # noqa: ARG002
        """Nothing documents a push; clicks are asked for (``routes/links``)."""
        return ()


def call(webhook_type: str, url: str, document: Mapping[str, Any]) -> Call:
    """``webhook_type`` is post (a form), get (a query) or json; null is empty where there is no null."""
    if webhook_type == "json":
        return json_call("POST", url, document, PLAN)
    encoded = urlencode({name: "" if value is None else value for name, value in document.items()})
    if webhook_type == "get":
        return Call("GET", with_query(url, encoded), PLAN)
    return Call("POST", url, PLAN, {"Content-Type": FORM}, encoded.encode())


def receipt_document(account: Account, message: Message, delivery: Delivery) -> dict[str, Any]:
    """The last two keys repeat others in an older spelling."""
    return {
        "timestamp_send": unix(message.due_at),
        "timestamp": unix(message.updated_at),
        "message_id": message.provider_message_id,
        "status": delivery.status,
        "status_code": delivery.status_code,
        "status_text": delivery.status_text,
        "error_code": delivery.error_code,
        "error_text": delivery.error_text,
        "custom_string": message.reference,
        "user_id": user_id(account),
        "subaccount_id": sender_id(account, message.options),
        "message_type": "sms",
        "messageid": message.provider_message_id,
        "customstring": message.reference,
    }


def inbound_document(account: Account, message: Message) -> dict[str, Any]:
    """``original_...`` is the message that was answered; some keys repeat others in an older spelling."""
    original = message.options.get("original", "")
    return {
        "originalsenderid": message.recipient,
        "body": message.text,
        "message": message.text,
        "sms": message.sender,
        "custom_string": message.reference or "",
        "to": message.recipient,
        "original_message_id": original,
        "originalmessageid": original,
        "customstring": message.reference or "",
        "from": message.sender,
        "originalmessage": message.options.get("original_text", ""),
        "user_id": user_id(account),
        "subaccount_id": sender_id(account, message.options),
        "original_body": message.options.get("original_text", ""),
        "timestamp": unix(message.created_at),
        "message_id": message.provider_message_id,
    }


def _account_call(webhook_type: str, url: str | None, document: Mapping[str, Any]) -> Iterator[Call]:
    if url is not None:
        yield call(webhook_type, url, document)
