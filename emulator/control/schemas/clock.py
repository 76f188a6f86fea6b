"""Time, and going back to the start."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from emulator.control.schemas.values import Flag, Instant


class ClockIn(Schema):
    frozen = Flag(load_default=None)
    now = Instant(load_default=None, allow_none=True)


class AdvanceIn(Schema):
    """Either ``seconds`` or ``to``."""

    seconds = fields.Float(load_default=None, validate=validate.Range(0, 100 * 365 * 86400))
    to = fields.String(load_default=None, validate=validate.OneOf(["next"]))

    @validates_schema
    def one_of_both(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data["seconds"] is None) is (data["to"] is None):
            raise ValidationError('either "seconds" or "to": "next"', "seconds")


class ClockOut(Schema):
    now = Instant(required=True)
    frozen = fields.Boolean(required=True)


class AdvancedOut(ClockOut):
    fired = fields.List(
        fields.Dict(fields.String()), required=True, metadata={"description": "the planned steps that happened"}
    )


class ResetIn(Schema):
    account = fields.String(load_default=None, metadata={"description": "its id; without one everything is reset"})


class ResetOut(Schema):
    reset = fields.String(required=True)


class HealthOut(Schema):
    status = fields.String(required=True, metadata={"enum": ["ready"]})
    version = fields.String(required=True)
    store = fields.String(required=True)
    providers = fields.List(fields.String(), required=True)
    clock = fields.Nested(ClockOut, required=True)
    messages = fields.Integer(required=True)
    messages_dropped = fields.Integer(required=True)
    webhooks_pending = fields.Integer(required=True)


CLOCK_IN, ADVANCE_IN, RESET_IN = ClockIn(), AdvanceIn(), ResetIn()
