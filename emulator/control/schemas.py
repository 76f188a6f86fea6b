"""What the control API takes and shows: snake_case, times in ISO 8601 UTC, ids and money as strings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from emulator.core import addresses, onetime
from emulator.core.accounts import Account
from emulator.core.errors import Reason
from emulator.core.fates import NAMES
from emulator.core.faults import Effect
from emulator.core.message import Fate, Link, Message, Status
from emulator.core.webhooks import WebhookCall

MAX_LIMIT = 1000
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)  # far enough from the end of the calendar for all that is planned from there


class Instant(fields.Field[datetime]):
    """ISO 8601; without an offset it is UTC."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return None if value is None else iso(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:  # noqa: ARG002
        try:
            instant = datetime.fromisoformat(value)
            instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
        except (TypeError, ValueError, OverflowError) as error:
            raise ValidationError("must be a time such as 2026-01-31T12:00:00Z") from error
        if not EARLIEST <= instant <= LATEST:
            raise ValidationError(f"must be between {EARLIEST:%Y} and {LATEST:%Y}")
        return instant


class ListingIn(Schema):
    """Query of a listing."""

    q = fields.String(load_default="")
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = fields.String(load_default=None)


class ForgetIn(Schema):
    q = fields.String(load_default="")


class ClockIn(Schema):
    frozen = fields.Boolean(load_default=None, truthy={True}, falsy={False})
    now = Instant(load_default=None, allow_none=True)


class AdvanceIn(Schema):
    seconds = fields.Float(load_default=None, validate=validate.Range(0, 100 * 365 * 86400))
    to = fields.String(load_default=None, validate=validate.OneOf(["next"]))

    @validates_schema
    def one_of_both(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data["seconds"] is None) is (data["to"] is None):
            raise ValidationError('either "seconds" or "to": "next"', "seconds")


class ResetIn(Schema):
    account = fields.String(load_default=None)


class InboundIn(Schema):
    provider = fields.String(required=True)
    to = fields.String(
        required=True,
        validate=validate.Regexp(r"\+?[0-9]{2,15}\Z", error="must be a number: a handset cannot reply to an alpha tag"),
    )
    handset = fields.String(data_key="from", required=True, validate=validate.Regexp(r"\+?[0-9]{7,15}\Z"))
    text = fields.String(required=True)
    account = fields.String(load_default=None, allow_none=True)


class StatusIn(Schema):
    status = fields.Enum(Status, by_value=True, required=True)
    error = fields.String(load_default=None, allow_none=True)


_FATES = {name: fate for name, fate in NAMES.items() if isinstance(fate, Fate)}


def _is_true(value: object) -> None:
    if value is not True:
        raise ValidationError("must be true")


class RateIn(Schema):
    limit = fields.Integer(strict=True, required=True, validate=validate.Range(1))
    per = fields.Float(required=True, validate=validate.Range(0, min_inclusive=False))


class EffectIn(Schema):
    """Exactly one effect; ``retry_after`` goes with ``status``, ``after`` (seconds) with ``fate``."""

    delay = fields.Float(validate=validate.Range(0, 60))
    status = fields.Integer(strict=True, validate=validate.Range(400, 599))
    drop = fields.Boolean(truthy={True}, falsy=set(), validate=_is_true)
    truncate = fields.Integer(strict=True, validate=validate.Range(0))
    garble = fields.Boolean(truthy={True}, falsy=set(), validate=_is_true)
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
    match = fields.String(load_default="")
    provider = fields.String(load_default=None, allow_none=True)
    account = fields.String(load_default=None, allow_none=True)
    operation = fields.String(load_default=None, allow_none=True)
    effect = fields.Nested(EffectIn, required=True)
    times = fields.Integer(strict=True, load_default=None, allow_none=True, validate=validate.Range(1))
    after = fields.Integer(strict=True, load_default=0, validate=validate.Range(0))


FAULT_IN = FaultIn()
INBOUND_IN, STATUS_IN = InboundIn(), StatusIn()
LISTING_IN, FORGET_IN, CLOCK_IN, ADVANCE_IN, RESET_IN = ListingIn(), ForgetIn(), ClockIn(), AdvanceIn(), ResetIn()


class LinkOut(Schema):
    url = fields.String()
    target = fields.String()
    local = fields.Function(lambda link: f"/{link.provider}/r/{link.key.partition('/')[2]}")
    clicks = fields.Integer()


class StepOut(Schema):
    status = fields.String()
    at = Instant()


class PartOut(Schema):
    text = fields.String()
    units = fields.Integer()
    udh = fields.Function(lambda part: part.udh.hex().upper())


class MessageOut(Schema):
    """A message; ``links`` are handed in beside it, because they live apart."""

    id = fields.String()
    provider = fields.String()
    account = fields.String()
    direction = fields.String()
    sender = fields.String()
    recipient = fields.String()
    country = fields.Function(lambda message: addresses.country(message.recipient))
    text = fields.Function(lambda message: message.text or message.payload.hex().upper())
    encoding = fields.String()
    segments = fields.Integer()
    status = fields.String()
    error = fields.String()
    price = fields.Function(lambda message: money(message.price))
    currency = fields.String()
    reference = fields.String()
    campaign = fields.String()
    provider_message_id = fields.String()
    created_at = Instant()
    updated_at = Instant()
    due_at = Instant()
    codes = fields.Function(lambda message: onetime.codes_in(message.text))
    warnings = fields.List(fields.String())


class AccountOut(Schema):
    id = fields.String()
    provider = fields.String()
    credentials = fields.Raw()
    balance = fields.Function(lambda account: money(account.balance))
    currency = fields.String()
    settings = fields.Raw()


_MESSAGE_OUT, _LINK_OUT, _STEP_OUT, _PART_OUT, _ACCOUNT_OUT = (
    MessageOut(),
    LinkOut(),
    StepOut(),
    PartOut(),
    AccountOut(),
)


def message_out(message: Message, links: list[Link]) -> dict[str, Any]:
    return {**_MESSAGE_OUT.dump(message), "links": _LINK_OUT.dump(links, many=True)}


def message_detail(
    message: Message, links: list[Link], webhooks: list[dict[str, Any]], exchange_id: str | None
) -> dict[str, Any]:
    """With its parts, as they were sent, every step it has taken, and who was told of it."""
    return {
        **message_out(message, links),
        "parts": _PART_OUT.dump(message.segmentation().parts, many=True),
        "timeline": _STEP_OUT.dump([step._asdict() for step in message.timeline], many=True),
        "webhooks": webhooks,
        "exchange_id": exchange_id,
    }


def webhook_out(webhook: WebhookCall) -> dict[str, Any]:
    return {
        "id": webhook.key,
        "provider": webhook.provider,
        "account": webhook.account,
        "message": webhook.message,
        "method": webhook.call.method,
        "url": webhook.call.url,
        "headers": dict(webhook.call.headers),
        "body": webhook.call.body.decode(errors="replace"),
        "state": webhook.state.value,
        "attempts": [{"at": iso(one.at), "status": one.status, "error": one.error} for one in webhook.attempts],
    }


def account_out(account: Account) -> dict[str, Any]:
    return dict(_ACCOUNT_OUT.dump(account))


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def money(amount: Any) -> str:
    """A decimal string, with two decimals at least and no exponent."""
    text = f"{amount:f}"
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"
