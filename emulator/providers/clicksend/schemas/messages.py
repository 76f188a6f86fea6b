"""Messages as history, receipts and replies show them."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.core.accounts import Account
from emulator.core.addresses import country
from emulator.core.message import Direction, Message
from emulator.fixtures import Sheet
from emulator.providers.clicksend.auth import user_id
from emulator.providers.clicksend.members import sender_id, sender_name
from emulator.providers.clicksend.schemas.wire import unix
from emulator.providers.clicksend.statuses import HISTORY, Delivery, delivery_of


def parts_counted(message: Message) -> int:
    """One to a free test number counts none."""
    return 0 if "test" in message.options and not message.price else message.segments


def history_fields(account: Account) -> Mapping[str, Callable[[Message], Any]]:
    """What history can be searched and ordered by."""
    return {
        "status": lambda message: HISTORY[message.status],
        "to": lambda message: message.recipient,
        "from": lambda message: message.sender,
        "subaccount_id": lambda message: sender_id(account, message.options),
        "message_id": lambda message: message.provider_message_id,
        "date": lambda message: unix(message.created_at),
        "username": lambda message: sender_name(account, message.options),
        "body": lambda message: message.text,
    }


def history_out(account: Account, sheet: Sheet, message: Message) -> dict[str, Any]:
    """``schedule`` and the codes are texts here, the codes null while nothing is known."""
    options, delivery = message.options, delivery_of(sheet, message)
    return {
        "direction": "in" if message.direction is Direction.IN else "out",
        "date": unix(message.created_at),
        "to": message.recipient,
        "body": message.text,
        "status": HISTORY[message.status],
        "from": message.sender,
        "schedule": str(unix(message.due_at)),
        "status_code": str(delivery.status_code) if delivery else None,
        "status_text": delivery.status_text if delivery else None,
        "error_code": str(delivery.error_code) if delivery and delivery.error_code else None,
        "error_text": delivery.error_text if delivery else None,
        "message_id": message.provider_message_id,
        "message_parts": parts_counted(message),
        "message_price": f"{message.price:.6f}",
        "from_email": options.get("from_email"),
        "list_id": options.get("list_id"),
        "custom_string": message.reference or "",
        "contact_id": options.get("contact_id"),
        "user_id": user_id(account),
        "subaccount_id": sender_id(account, message.options),
        "country": country(message.recipient) or "",
        "carrier": "",
        "first_name": options.get("first_name"),
        "last_name": options.get("last_name"),
        "_api_username": sender_name(account, message.options),
    }


def receipt_out(account: Account, message: Message, delivery: Delivery) -> dict[str, Any]:
    return {
        "timestamp_send": unix(message.due_at),
        "timestamp": unix(message.updated_at),
        "message_id": message.provider_message_id,
        "status_code": delivery.status_code,
        "status_text": delivery.status_text,
        "error_code": delivery.error_code,
        "error_text": delivery.error_text,
        "custom_string": message.reference,
        "subaccount_id": sender_id(account, message.options),
        "message_type": "sms",
        "digits": None,
    }


def inbound_out(message: Message) -> dict[str, Any]:
    """``_keyword`` is the first word, in lower case."""
    return {
        "timestamp": unix(message.created_at),
        "from": message.sender,
        "body": message.text,
        "original_body": message.options.get("original_text", ""),
        "original_message_id": message.options.get("original", ""),
        "to": message.recipient,
        "custom_string": message.reference or "",
        "message_id": message.provider_message_id,
        "_keyword": (message.text.split() or [""])[0].lower(),
    }
