"""Default senders in and out."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from emulator.core.accounts import Account
from emulator.core.addresses import country_names
from emulator.core.records import Record
from emulator.edge.errors import MISSING, Fail
from emulator.providers.clicksend.auth import subaccount_id, user_id
from emulator.providers.clicksend.errors import DEFAULT_SENDER
from emulator.providers.clicksend.registry import iso
from emulator.providers.clicksend.schemas.wire import In, Text

_LONG = r"\+?[0-9]{2,15}"
_FORMS = {
    "alpha_tag": r"(?=.*[A-Za-z+])[A-Za-z0-9+]{3,11}",
    "shortcode": r"[0-9]{3,8}",
    **dict.fromkeys(("longcode", "tollfree", "10DLC", "own_number"), _LONG),
    "shared_longcode": r"",
}
_NUMBERS = frozenset({"longcode", "tollfree", "10DLC", "own_number"})


def _is_country(code: str) -> None:
    if code not in country_names():
        raise ValidationError("Invalid country code")


class StrategyIn(In):
    sender_type = fields.String(required=True, validate=validate.OneOf(tuple(_FORMS), error="Invalid sender type"))
    sender_id = Text(load_default="", allow_none=True)
    sender_country_code = fields.String(load_default=None, allow_none=True, validate=_is_country)
    note = Text(load_default=None, allow_none=True, validate=validate.Length(max=200))

    @validates_schema
    def fits(self, data: Mapping[str, Any], **_: Any) -> None:
        sender = data["sender_id"] or ""
        if re.fullmatch(_FORMS[data["sender_type"]], sender) is None:
            raise ValidationError("Invalid sender ID format", "sender_id")
        if (data["sender_type"] in _NUMBERS or sender.startswith("+1")) and not data["sender_country_code"]:
            raise ValidationError(MISSING, "sender_country_code")


class ChangeIn(In):
    strategies = fields.List(
        fields.Nested(StrategyIn),
        data_key="default_sender_strategies",
        required=True,
        validate=validate.Length(equal=1),
    )


class DefaultSenderIn(ChangeIn):
    country = fields.String(data_key="country_code", required=True, validate=_is_country)
    product_type = fields.String(required=True, validate=validate.Equal("SMS"))


DEFAULT_SENDER_IN, CHANGE_IN = DefaultSenderIn(), ChangeIn()


def loaded(schema: ChangeIn, sent: dict[str, Any]) -> dict[str, Any]:
    """Raises Fail, which names the field and why."""
    try:
        values: dict[str, Any] = schema.load(sent)
    except ValidationError as error:
        field, reason = _first(error.messages)
        raise Fail(DEFAULT_SENDER, reason, field=field) from error
    return values


def default_sender_out(account: Account, record: Record) -> dict[str, Any]:
    values = record.values
    [strategy] = values["strategies"]
    place = {"sender_country_code": strategy["sender_country_code"]} if strategy["sender_country_code"] else {}
    return {
        "id": values["id"],
        "user_id": user_id(account),
        "subaccount_id": subaccount_id(account),
        "country_code": values["country"],
        "product_type": "SMS",
        "default_sender_strategies": [
            {
                "sender_type": strategy["sender_type"],
                "sender_id": strategy["sender_id"] or "",
                **place,
                "priority": 1,
                "status": "ENABLED",
                "note": strategy["note"],
            }
        ],
        "status": "ENABLED",
        "created_timestamp": iso(record.created_at),
        "updated_timestamp": values["updated_at"],
    }


def _first(messages: Any, path: str = "") -> tuple[str, str]:
    """The first leaf as ``default_sender_strategies[0].sender_id`` and what is wrong with it."""
    if isinstance(messages, dict):
        name, below = next(iter(messages.items()))
        return _first(below, f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}".lstrip("."))
    return path, str(messages[0])
