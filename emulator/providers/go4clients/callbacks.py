"""What Go4clients posts: delivery receipts of final statuses, and replies. JSON; taken when answered with 200."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from emulator.core.accounts import Account
from emulator.core.message import Link, Message, Status
from emulator.core.webhooks import Call, RetryPlan
from emulator.edge.callbacks import digits, json_call
from emulator.fixtures import Sheet

PLAN = RetryPlan(delays=(timedelta(seconds=60),) * 9, timeout=10, only_200=True)  # 10 attempts; the interval is assumed

STATUSES: Mapping[Status, tuple[str, str]] = {  # DELIVRD with 000 is the vendor's sample, the others are SMPP's words (assumed)
    Status.DELIVERED: ("DELIVRD", "000"),
    Status.UNDELIVERED: ("UNDELIV", "001"),
    Status.EXPIRED: ("EXPIRED", "001"),
    Status.REJECTED: ("REJECTD", "001"),
}
NETWORK = {"mccmnc": "123/981", "operatorName": "sms-emulator"}


class Go4clientsCallbacks:
    def receipt(self, account: Account, message: Message) -> Sequence[Call]:
        """The sample's keys and, behind them, the parameter table's other spellings."""
        if message.status not in STATUSES:
            return ()
        word, code = STATUSES[message.status]
        document = {
            "messageId": message.provider_message_id,
            "deliverInitTStamp": f"{message.created_at:%Y-%m-%d}",
            "mblNetworkReceiveTStamp": f"{message.updated_at:%Y-%m-%d}",
            "requestId": None,
            "sourceNumber": digits(message.sender),
            "recipentNumber": digits(message.recipient),
            "deliverReceiptStatus": word,
            "errorCode": code,
            "messagePrice": float(message.price),
            "mccmnc": NETWORK["mccmnc"],
            "campaignUuid": message.campaign,
            "operatorName": NETWORK["operatorName"],
        }
        if account.settings["receipt_keys"] == "all":
            document |= {
                "dlrDeliverInitTStamp": _stamp(message.created_at),
                "recipientNumber": digits(message.recipient),
            }
        return _posted(account, "callback_url", document)

    def inbound(self, account: Account, message: Message) -> Sequence[Call]:
        """``senderId`` is the number the handset texted to; what follows it is lost and assumed."""
        milliseconds = int(message.created_at.timestamp() * 1000)
        document = {
            "messageId": message.provider_message_id,
            "dlrDeliverInitTStamp": milliseconds,
            "mblNetworkReceiveTStamp": milliseconds,
            "senderId": digits(message.recipient),
            "sourceNumber": digits(message.sender),
            "message": message.text,
            "keyword": (message.text.split() or [""])[0],
            **NETWORK,
        }
        return _posted(account, "inbound_url", document)

    def click(self, account: Account, message: Message, link: Link, at: datetime) -> Sequence[Call]:  # noqa: ARG002
        """No such call is documented."""
        return ()


def _posted(account: Account, setting: str, document: Mapping[str, Any]) -> Sequence[Call]:
    url = account.settings[setting]
    return () if url is None else (json_call(account.settings["callback_method"], url, document, PLAN),)


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}.{instant.microsecond // 1000:03}{instant:%z}"


def words(_sheet: Sheet, status: Status, _error: str | None) -> str:
    return " ".join(STATUSES.get(status, ()))


CALLBACKS = Go4clientsCallbacks()
