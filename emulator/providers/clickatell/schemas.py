"""What the wire looks like: flat parameters, all of them texts."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

MAX_CONCAT = 35
LONGEST_DELAY = timedelta(days=7)

MESSAGE_TYPES = (
    "SMS_TEXT", "SMS_FLASH", "SMS_NOKIA_OLOGO", "SMS_NOKIA_GLOGO", "SMS_NOKIA_PICTURE", "SMS_NOKIA_RINGTONE",
    "SMS_NOKIA_RTTL", "SMS_NOKIA_RTTTL", "SMS_NOKIA_CLEAN", "SMS_NOKIA_VCARD", "SMS_NOKIA_VCAL",
)  # fmt: skip


class Whole(fields.Field[int]):
    """A whole number in ASCII digits between two bounds."""

    def __init__(self, least: int, most: int | None = None, *, required: bool = False) -> None:
        super().__init__(required=True) if required else super().__init__(load_default=None)
        self._least = least
        self._most = most

    def _deserialize(self, value: str, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        number = int(value) if re.fullmatch(r"[0-9]{1,9}", value) else -1
        if number < self._least or (self._most is not None and number > self._most):
            most = "" if self._most is None else f" to {self._most}"
            raise ValidationError(f"must be a whole number from {self._least}{most}, not {value!r}")
        return number


class Flag(Whole):
    """0 or 1."""

    def __init__(self) -> None:
        super().__init__(0, 1)


class Credits(fields.Field[Decimal]):
    """A number of credits, with or without decimals."""

    def _deserialize(self, value: str, attr: str | None, data: Any, **kwargs: Any) -> Decimal:  # noqa: ARG002
        try:
            amount = Decimal(value)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or amount < 0:
            raise ValidationError(f"must be a number of credits, not {value!r}")
        return amount


class ScheduledTime(fields.Field[datetime]):
    """Seconds since 1970, or ``2026-01-31T12:00:00Z``; in UTC (HTTP API specification 2.3.8, 5.2.17)."""

    def _deserialize(self, value: str, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ARG002
        try:
            if re.fullmatch(r"[0-9]{1,11}", value):
                return datetime.fromtimestamp(int(value), UTC)
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except (ValueError, OverflowError, OSError) as error:
            raise ValidationError(f"must be a unix time or YYYY-MM-DDTHH:mm:ssZ, not {value!r}") from error


class _In(Schema):
    class Meta:
        unknown = EXCLUDE  # the gateway ignores names it does not know


class SendingIn(_In):
    """How to send: every parameter of sendmsg but ``to`` and the text itself."""

    sender = fields.String(data_key="from", load_default=None)
    callback = Whole(0, 7)
    msg_callback = Whole(0, 7)
    mo = Flag()
    reference = fields.String(data_key="climsgid", load_default=None, validate=validate.Regexp(r"[0-9A-Za-z]{1,32}\Z"))
    concat = Whole(1)
    deliv_ack = Flag()
    deliv_time = Whole(0, 10080)
    scheduled_time = ScheduledTime(load_default=None)
    validity = Whole(1, 1440)
    escalate = Flag()
    max_credits = Credits(load_default=None)
    queue = Whole(1, 3)
    req_feat = Whole(0)
    unicode = Flag()
    binary = Flag()
    msg_type = fields.String(load_default="SMS_TEXT", validate=validate.OneOf(MESSAGE_TYPES))
    udh = fields.String(load_default="")
    mclass = Whole(0, 3)

    @post_load
    def settle(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """``callback`` is the name HTTP clients send, ``msg_callback`` the document's; the former wins."""
        data["callback_level"] = data["msg_callback"] if data["callback"] is None else data["callback"]
        return data


class SendmsgIn(SendingIn):
    text = fields.String(load_default="")
    data = fields.String(load_default="")


class StartbatchIn(SendingIn):
    template = fields.String(required=True)


class BatchIn(_In):
    batch_id = fields.String(required=True)


class SiPushIn(SendingIn):
    si_id = fields.String(required=True)
    si_url = fields.String(required=True)
    si_text = fields.String(required=True)


class IndPushIn(SendingIn):
    mms_subject = fields.String(required=True)
    mms_class = Whole(80, 83, required=True)
    mms_expire = fields.String(required=True)
    mms_from = fields.String(required=True)
    mms_url = fields.String(required=True)


class CoverageIn(_In):
    msisdn = fields.String(required=True)


class TokenIn(_In):
    token = fields.String(required=True, validate=validate.Regexp(r"[0-9]{16}\Z"))


SENDMSG_IN, STARTBATCH_IN, BATCH_IN = SendmsgIn(), StartbatchIn(), BatchIn()
SI_PUSH_IN, IND_PUSH_IN = SiPushIn(), IndPushIn()
COVERAGE_IN, TOKEN_IN = CoverageIn(), TokenIn()

Sending = Mapping[str, Any]
"""What SendingIn and its kin have read."""
