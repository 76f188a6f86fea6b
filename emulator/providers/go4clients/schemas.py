"""What the wire looks like: camelCase JSON."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from emulator.edge.errors import MISSING

_DATE_NAMES = ("startDate", "scheduleDate", "scheduledDate", "deliveryDate", "date")
_PRESENT = validate.Length(min=1, error=MISSING)


class Number(fields.Field[str]):
    """A telephone number, written as a text or as a JSON number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:  # noqa: ARG002
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise ValidationError("Not a number.")
        return str(value)


class _In(Schema):
    class Meta:
        unknown = EXCLUDE

    text = fields.String(data_key="message", required=True, validate=_PRESENT)
    sender = fields.String(data_key="from", load_default=None, allow_none=True)
    campaign = fields.String(data_key="campaignName", load_default=None, allow_none=True)
    date = fields.String(load_default=None, allow_none=True)
    landing = fields.String(data_key="landingId", load_default=None, allow_none=True)

    @pre_load
    def name_date(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """The document's name of the delivery date is lost: take the names the vendor's other services use."""
        given = (data[name] for name in _DATE_NAMES if data.get(name) is not None)
        return {**data, "date": next(given, None)}


class SendIn(_In):
    recipient = Number(data_key="to", required=True, validate=_PRESENT)


class SendmessageIn(_In):
    recipients = fields.List(Number(validate=_PRESENT), data_key="toList", required=True, validate=_PRESENT)


SEND_IN = SendIn()
SENDMESSAGE_IN = SendmessageIn()
