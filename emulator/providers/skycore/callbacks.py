"""What Skycore posts: delivery postbacks, replies, clicks. JSON; taken only when answered with 200 (Messaging API V2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from emulator.core.accounts import Account
from emulator.core.message import Link, Message, Status
from emulator.core.webhooks import Call, RetryPlan
from emulator.edge.callbacks import digits, json_call
from emulator.fixtures import Sheet

PLAN = RetryPlan(delays=(timedelta(minutes=5),) * 5, timeout=10, only_200=True)

CODES: Mapping[Status, tuple[str, str]] = {
    Status.SENT: ("N201", "Sent"),
    Status.DELIVERED: ("N202", "Delivered"),
    Status.UNDELIVERED: ("E201", "Failed"),
    Status.EXPIRED: ("E201", "Failed"),
    Status.REJECTED: ("E202", "Rejected"),
}


class SkycoreCallbacks:
    def receipt(self, account: Account, message: Message) -> Sequence[Call]:
        """N201 on submission, then the final one."""
        if message.status not in CODES:
            return ()
        code, status = CODES[message.status]
        document = {
            "origin": "SMS_MT",
            "code": code,
            "status": status,
            "sent-as": "SMS",
            "from": digits(message.sender),
            "to": digits(message.recipient),
            "tracking-id": message.provider_message_id,
            "timestamp": message.updated_at.isoformat(timespec="microseconds"),
        }
        if message.campaign is not None:
            document["campaign-ref"] = message.campaign
        return _posted(account, "callback_url", document)

    def inbound(self, account: Account, message: Message) -> Sequence[Call]:
        document = {
            "origin": "SMS_MO",
            "code": "N211",
            "from": digits(message.sender),
            "to": digits(message.recipient),
            "message-text": message.text,
            "tracking-id": f"smsmo{message.id[:10]}",
            "timestamp": message.created_at.isoformat(timespec="seconds"),
        }
        return _posted(account, "inbound_url", document)

    def click(self, account: Account, message: Message, link: Link, at: datetime) -> Sequence[Call]:
        """The vendor's payload is lost; the keys are our own choice (assumed)."""
        document = {
            "origin": "CLICK",
            "from": digits(message.sender),
            "to": digits(message.recipient),
            "tracking-id": message.provider_message_id,
            "url": link.target,
            "short-url": link.url,
            "timestamp": at.isoformat(timespec="microseconds"),
        }
        return _posted(account, "click_url", document)


def _posted(account: Account, setting: str, document: Mapping[str, Any]) -> Sequence[Call]:
    url = account.settings[setting]
    return () if url is None else (json_call(account.settings["callback_method"], url, document, PLAN),)


def words(_sheet: Sheet, status: Status, _error: str | None) -> str:
    return " ".join(CODES.get(status, ()))


CALLBACKS = SkycoreCallbacks()
