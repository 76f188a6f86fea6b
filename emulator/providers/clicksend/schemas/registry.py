"""Own numbers and alpha tags in and out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from emulator.core.accounts import Account
from emulator.core.records import Record
from emulator.edge.errors import MISSING
from emulator.providers.clicksend.registry import iso, whose
from emulator.providers.clicksend.schemas.wire import In, Text

_LABEL = validate.Length(1, 200)
NEARING = timedelta(days=335)  # "more than 11 months ago"
REASONS = (
    "Sole Trader Name", "Company Name", "Partnership Name", "Registered Trust Name", "Co-Operative Name",
    "Indigenous Corporation Name", "Registered Organisation Name", "Personal Name", "Trademark", "Government Agency or Entity",
    "Product or Service Name", "Acronym/Initialism", "Contraction of Name", "Third Party",
)  # fmt: skip


class OwnNumberIn(In):
    label = Text(load_default=None, allow_none=True, validate=_LABEL)
    phone_number = Text(required=True)
    country = Text(load_default=None, allow_none=True)


class LabelIn(In):
    label = Text(required=True, validate=_LABEL)


class CodeIn(In):
    code = Text(required=True, validate=validate.Length(equal=6))
    phone_number = Text(required=True)
    country = Text(load_default=None, allow_none=True)


class AlphaTagIn(In):
    alpha_tag = Text(required=True, validate=validate.Regexp(r"(?=.*[^0-9])[A-Za-z0-9+]{3,11}\Z", error="no alpha tag"))
    reason = Text(load_default=None, allow_none=True, validate=validate.OneOf(REASONS))
    countries = fields.List(fields.String(validate=validate.Equal("AU")), load_default=None, validate=validate.Length(equal=1))
    businesses = fields.List(fields.Dict(keys=fields.String()), load_default=None, validate=validate.Length(equal=1))

    @validates_schema
    def has_business(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["countries"] and not data["businesses"]:
            raise ValidationError(MISSING, "businesses")


OWN_NUMBER_IN, LABEL_IN, CODE_IN, ALPHA_TAG_IN = OwnNumberIn(), LabelIn(), CodeIn(), AlphaTagIn()


def own_number_out(account: Account, record: Record, now: datetime) -> dict[str, Any]:
    values = record.values
    verified = values["verified_at"]
    return {
        "id": values["id"],
        **whose(account),
        "phone_number": values["phone_number"],
        "country": values["country"],
        "label": values["label"],
        "status": values["status"],
        "verified_timestamp": verified,
        "notified_timestamp": None,
        "is_nearing_expiration": verified is not None and now - datetime.fromisoformat(verified) > NEARING,
        "created_timestamp": iso(record.created_at),
        "updated_timestamp": values["updated_at"],
    }


def verification_out(record: Record) -> dict[str, Any]:
    values = record.values
    names = ("id", "own_number_id", "status", "expires_timestamp", "remaining_attempts")
    return {
        **{name: values[name] for name in names},
        "created_timestamp": iso(record.created_at),
        "updated_timestamp": values["updated_at"],
    }


def alpha_tag_out(account: Account, record: Record, now: datetime, review: timedelta | None) -> dict[str, Any]:
    """Approved after ``review``, if ever."""
    values, created = record.values, record.created_at
    approved = review is not None and now >= created + review
    return {
        "id": values["id"],
        **whose(account),
        "alpha_tag": values["alpha_tag"],
        "status": "APPROVED" if approved else "PENDING",
        "reason": values["reason"],
        "countries": values["countries"],
        "created_timestamp": iso(created, "milliseconds"),
        "updated_timestamp": iso(created + review if approved and review else created, "milliseconds"),
    }
