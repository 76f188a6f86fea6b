"""Accounts as they are shown. What a provider's accounts may be given stands in its ``provider.yaml``."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields

from emulator.control.schemas.values import Money
from emulator.core.accounts import Account

_AMOUNT = {"type": ["string", "integer"], "description": 'such as "10.00"'}


class ChangeIn(Schema):
    """``balance``, and the settings of the provider's accounts as flat keys."""

    class Meta:
        unknown = INCLUDE

    balance = fields.Raw(metadata=_AMOUNT)


class OpenIn(ChangeIn):
    """A fresh account; what is not given is made."""

    provider = fields.String(required=True)
    credentials = fields.Dict(fields.String(), fields.String())


class AccountOut(Schema):
    id = fields.String(required=True)
    provider = fields.String(required=True)
    credentials = fields.Dict(fields.String(), fields.String(), required=True)
    balance = Money(required=True, metadata={"type": "string"})
    currency = fields.String(required=True)
    settings = fields.Dict(fields.String(), required=True)


class AccountsOut(Schema):
    accounts = fields.List(fields.Nested(AccountOut), required=True)


_ACCOUNT_OUT = AccountOut()


def account_out(account: Account) -> dict[str, Any]:
    return dict(_ACCOUNT_OUT.dump(account))
