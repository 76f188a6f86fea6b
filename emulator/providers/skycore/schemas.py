"""What the wire looks like: kebab-case JSON."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from emulator.edge.errors import MISSING

_PRESENT = validate.Length(min=1, error=MISSING)
_YES_NO = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class YesNo(fields.Field[bool]):
    """true or false; also "true", "yes", 1 and their opposites, which the older API knew."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:  # noqa: ARG002
        known = _YES_NO.get(str(value).lower()) if isinstance(value, str | int) else None
        if known is None:
            raise ValidationError("Not a boolean.")
        return known


class _In(Schema):
    class Meta:
        unknown = EXCLUDE  # the service ignores keys it does not know


class ActionIn(_In):
    action = fields.String(required=True, validate=_PRESENT)


class SendsmsIn(_In):
    text = fields.String(data_key="message-text", required=True, validate=_PRESENT)
    recipient = fields.String(data_key="to", required=True, validate=_PRESENT)
    sender = fields.String(data_key="from", required=True, validate=_PRESENT)
    mask = fields.String(data_key="from-mask", load_default="", allow_none=True)
    campaign = fields.String(data_key="campaign-ref", load_default="", allow_none=True)
    click_tracking = YesNo(data_key="click-tracking", load_default=False, allow_none=True)


class SubscriptionIn(_In):
    campaign = fields.String(data_key="campaign-ref", required=True, validate=_PRESENT)
    mobile = fields.String(required=True, validate=_PRESENT)
    subscriber = fields.String(data_key="subscriber-ref", load_default=None, allow_none=True)
    data = fields.Dict(load_default=None, allow_none=True)


ACTION_IN = ActionIn()
SENDSMS_IN = SendsmsIn()
SUBSCRIPTION_IN = SubscriptionIn()
