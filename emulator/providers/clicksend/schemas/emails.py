"""Addresses that may send SMS by e-mail, in and out."""

from typing import Any

from marshmallow import validate

from emulator.core.records import Record
from emulator.providers.clicksend.schemas.wire import In, Text


class EmailIn(In):
    email_address = Text(required=True, validate=validate.Regexp(r"[^@\s]+@[^@\s]+\Z", error="no e-mail address"))
    sender = Text(data_key="from", load_default="", allow_none=True)


EMAIL_IN = EmailIn()


def email_out(record: Record) -> dict[str, Any]:
    values = record.values
    return {"email_address_id": record.number, "email_address": values["email_address"], "from": values["sender"] or ""}
