"""Single messages in and out. Keys stand in the order that captures show."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields

from emulator.core.accounts import Account
from emulator.core.addresses import country
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Message, Submission
from emulator.core.pricing import Quote
from emulator.edge.errors import MISSING
from emulator.providers.clicksend.auth import subaccount_id, user_id
from emulator.providers.clicksend.errors import status_of
from emulator.providers.clicksend.schemas.campaigns import SenderIn
from emulator.providers.clicksend.schemas.messages import parts_counted
from emulator.providers.clicksend.schemas.wire import FILLED, In, Moment, Text, Whole, unix


class MessageIn(In):
    text = fields.String(data_key="body", required=True)
    to = Text(load_default=None, allow_none=True)
    list_number = Whole(data_key="list_id", load_default=None, allow_none=True)
    sender = Text(data_key="from", load_default=None, allow_none=True)
    due_at = Moment(data_key="schedule", load_default=None, allow_none=True)
    reference = Text(data_key="custom_string", load_default=None, allow_none=True)
    country = Text(load_default=None, allow_none=True)
    source = Text(load_default=None, allow_none=True)
    from_email = Text(load_default=None, allow_none=True)


class SmsSenderIn(SenderIn):
    """On single messages the types of the vendor's own samples are taken, too."""

    sender_type = Text(load_default=None, allow_none=True)


class SendIn(In):
    messages = fields.List(fields.Raw(), required=True, validate=FILLED)
    senders = fields.List(fields.Nested(SmsSenderIn), load_default=list, allow_none=True)
    shortens = fields.Boolean(data_key="shorten_urls", load_default=False, allow_none=True)


class CancelIn(In):
    reference = Text(data_key="custom_string", load_default=None, allow_none=True)


class ReadIn(In):
    """``date_before`` is a unix timestamp; without it everything is meant."""

    until = Moment(data_key="date_before", load_default=None, allow_none=True)


SEND_IN, CANCEL_IN, READ_IN = SendIn(), CancelIn(), ReadIn()
_MESSAGE_IN = MessageIn()
_WITHOUT_SCHEDULE = frozenset({"INVALID_RECIPIENT", "COUNTRY_NOT_ENABLED"})  # as captures show them


def entry(sent: Any) -> dict[str, Any] | Refusal:
    """One entry of ``messages``; what is wrong with it is the entry's own, and refuses no other."""
    try:
        loaded: dict[str, Any] = _MESSAGE_IN.load(sent)
    except ValidationError as error:
        wrong = error.messages_dict
        name = next(iter(wrong))
        if name == "schedule":
            return Refusal(Reason.INVALID_SCHEDULE, "no unix timestamp", field=name)
        missing = MISSING in wrong[name]
        return Refusal(Reason.MISSING_FIELD if missing else Reason.INVALID_FIELD, f"{name}: {wrong[name]}", field=name)
    if not loaded["text"].strip():
        return Refusal(Reason.EMPTY_TEXT, "body is empty", field="body")
    if not loaded["to"] and loaded["list_number"] is None:
        return Refusal(Reason.MISSING_FIELD, "neither to nor list_id", field="to")
    return loaded


def sent_out(account: Account, message: Message) -> dict[str, Any]:
    """An accepted message."""
    options = message.options
    return {
        "direction": "out",
        "date": unix(message.created_at),
        "to": message.recipient,
        "body": message.text,
        "from": message.sender,
        "schedule": unix(message.due_at),
        "message_id": message.provider_message_id,
        "message_parts": parts_counted(message),
        "message_price": f"{message.price:.4f}",
        "from_email": options.get("from_email"),
        "list_id": options.get("list_id"),
        "custom_string": message.reference or "",
        "contact_id": options.get("contact_id"),
        "user_id": user_id(account),
        "subaccount_id": subaccount_id(account),
        "is_shared_system_number": "shared" in options,
        "country": country(message.recipient) or "",
        "carrier": "",
        "status": "SUCCESS",
    }


def refused_out(submission: Submission, refusal: Refusal, message_id: str, schedule: int | str) -> dict[str, Any]:
    """A refused one is short; where the country is not enabled it says so with parts and price of nothing."""
    status = status_of(refusal)
    shown = {
        "to": submission.recipient,
        "body": submission.text,
        "from": submission.mask or submission.sender or "",
        "schedule": "" if status in _WITHOUT_SCHEDULE else schedule,
        "message_id": message_id,
        "custom_string": submission.reference or "",
        "is_shared_system_number": "shared" in submission.options,
    }
    if status == "COUNTRY_NOT_ENABLED":
        where = {"country": country(submission.recipient) or "", "carrier": ""}
        shown |= {"message_parts": 0, "message_price": "0.0000", **where}
    return {**shown, "status": status}


def priced_out(submission: Submission, quote: Quote, message_id: str, schedule: str) -> dict[str, Any]:
    is_free = submission.is_free
    return {
        "to": submission.recipient,
        "body": submission.text,
        "from": submission.mask or "",
        "schedule": schedule,
        "message_id": message_id,
        "message_parts": 0 if is_free else quote.parts,
        "message_price": f"{quote.price:.4f}",
        "custom_string": submission.reference or "",
        "is_shared_system_number": "shared" in submission.options,
        "country": country(submission.recipient) or "",
        "status": "SUCCESS",
    }


def totals(rows: list[dict[str, Any]], total_price: int | float, currency: Mapping[str, str]) -> dict[str, Any]:
    """``total_price`` is a JSON number here, not a text as in campaigns."""
    statuses = [row["status"] for row in rows]
    return {
        "total_price": total_price,
        "total_count": len(rows),
        "queued_count": statuses.count("SUCCESS"),
        "messages": rows,
        "_currency": dict(currency),
        "blocked_count": statuses.count("COUNTRY_NOT_ENABLED"),
    }
