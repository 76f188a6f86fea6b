"""Subaccounts in and out. Keys stand in the document's order."""

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from emulator.core.accounts import Account
from emulator.core.records import Record
from emulator.providers.clicksend.auth import Member, subaccount_id
from emulator.providers.clicksend.schemas.wire import In, Text, Whole

ACCESS = tuple(
    f"access_{name}"
    for name in (
        "users", "billing", "reporting", "contacts", "settings", "sms", "email", "voice", "fax", "post", "reseller", "mms",
    )
)  # fmt: skip
_NAMES = ("api_username", "email", "phone_number", "first_name", "last_name")
FIELDS = ("subaccount_id", *_NAMES, *ACCESS, "share_campaigns", "notes")
_FLAG = validate.OneOf([0, 1])

_IN: dict[str, fields.Field[Any]] = {
    **{name: Text(required=True) for name in (*_NAMES, "password")},
    **{name: Whole(load_default=1, validate=_FLAG) for name in ACCESS},
    "share_campaigns": Whole(load_default=0, validate=_FLAG),
    "notes": Text(load_default=None, allow_none=True),
}
SubaccountIn = In.from_dict(_IN, name="SubaccountIn")
SUBACCOUNT_IN = SubaccountIn()


def subaccount_out(record: Record) -> dict[str, Any]:
    """The service shows the API key in clear here."""
    values = record.values
    return {
        "subaccount_id": record.number,
        **{name: values[name] for name in (*_NAMES, "api_key", *ACCESS, "share_campaigns", "notes")},
    }


def own_out(account: Account, profile: Mapping[str, str]) -> dict[str, Any]:
    """The subaccount that is calling: the account itself, where it is none. ``profile`` is the person behind the account."""
    if isinstance(account, Member):
        return subaccount_out(account.subaccount)
    return {
        "subaccount_id": subaccount_id(account),
        "api_username": account.credentials["username"],
        "email": profile["user_email"],
        "phone_number": profile["user_phone"],
        "first_name": profile["user_first_name"],
        "last_name": profile["user_last_name"],
        "api_key": account.credentials["api_key"],
        **dict.fromkeys(ACCESS, 1),
        "share_campaigns": 0,
        "notes": None,
    }
