"""Fault rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from emulator.control.schemas.values import Flag
from emulator.core.errors import Reason
from emulator.core.fates import NAMES
from emulator.core.faults import Effect, FaultRule
from emulator.core.message import Fate

_FATES = {name: fate for name, fate in NAMES.items() if isinstance(fate, Fate)}
_TRUE = {"type": "boolean", "enum": [True]}


def _is_true(value: object) -> None:
    if value is not True:
        raise ValidationError("must be true")


class RateIn(Schema):
    limit = fields.Integer(strict=True, required=True, validate=validate.Range(1))
    per = fields.Float(required=True, validate=validate.Range(0, min_inclusive=False), metadata={"exclusiveMinimum": 0})


class EffectIn(Schema):
    """Exactly one effect; ``retry_after`` goes with ``status``, ``after`` (seconds) with ``fate``."""

    delay = fields.Float(validate=validate.Range(0, 60))
    status = fields.Integer(strict=True, validate=validate.Range(400, 599))
    drop = Flag(validate=_is_true, metadata=_TRUE)
    truncate = fields.Integer(strict=True, validate=validate.Range(0))
    garble = Flag(validate=_is_true, metadata=_TRUE)
    refuse = fields.Enum(Reason, by_value=True)
    fate = fields.String(validate=validate.OneOf(list(_FATES)))
    rate = fields.Nested(RateIn)
    retry_after = fields.Integer(strict=True, validate=validate.Range(0))
    after = fields.Float(validate=validate.Range(0, 366 * 86400))

    @validates_schema
    def one(self, data: Mapping[str, Any], **_: Any) -> None:
        kinds = data.keys() - {"retry_after", "after"}
        if len(kinds) != 1:
            raise ValidationError("exactly one of delay, status, drop, truncate, garble, refuse, fate, rate")
        if ("retry_after" in data and "status" not in data) or ("after" in data and "fate" not in data):
            raise ValidationError("retry_after goes with status, after with fate")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Effect:
        after = data.pop("after", None)
        if "fate" in data:
            fate = _FATES[data["fate"]]
            data["fate"] = fate if after is None else replace(fate, after=timedelta(seconds=after))
        if "rate" in data:
            data["rate"] = (data["rate"]["limit"], data["rate"]["per"])
        return Effect(**data)


class FaultIn(Schema):
    match = fields.String(load_default="", metadata={"description": "the messages it strikes, in the q language"})
    provider = fields.String(load_default=None, allow_none=True)
    account = fields.String(load_default=None, allow_none=True)
    operation = fields.String(
        load_default=None,
        allow_none=True,
        metadata={"description": "as `sms-emulator routes` prints it; a call that cannot be read far enough to tell has none"},
    )
    effect = fields.Nested(EffectIn, required=True)
    times = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1))
    after = fields.Integer(strict=True, load_default=0, validate=validate.Range(0))


class FaultOut(Schema):
    id = fields.String(attribute="key", required=True)
    match = fields.String(required=True)
    provider = fields.String(required=True, allow_none=True)
    account = fields.String(required=True, allow_none=True)
    operation = fields.String(required=True, allow_none=True)
    effect = fields.Raw(attribute="effect_as_asked", required=True, metadata={"type": "object"})
    times = fields.Integer(required=True, allow_none=True)
    after = fields.Integer(required=True)
    seen = fields.Integer(required=True)
    used = fields.Integer(required=True)


class FaultsOut(Schema):
    faults = fields.List(fields.Nested(FaultOut), required=True)


FAULT_IN = FaultIn()
_FAULT_OUT = FaultOut()


def fault_out(rule: FaultRule) -> dict[str, Any]:
    return dict(_FAULT_OUT.dump(rule))
