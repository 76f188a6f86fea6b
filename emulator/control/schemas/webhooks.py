"""Calls to the application, replies of handsets, forced statuses."""

from typing import Any

from marshmallow import Schema, fields, validate

from emulator.control.schemas.values import Instant
from emulator.core.addresses import ANSWERABLE
from emulator.core.lifecycle import FORCIBLE
from emulator.core.message import Status
from emulator.core.webhooks import State, WebhookCall


class InboundIn(Schema):
    provider = fields.String(required=True)
    to = fields.String(
        required=True,
        validate=validate.Regexp(ANSWERABLE, error="must be a number: a handset cannot reply to an alpha tag"),
    )
    handset = fields.String(
        data_key="from",
        required=True,
        validate=validate.Regexp(r"\+?[0-9]{7,15}\Z"),
        metadata={"pattern": "^\\+?[0-9]{7,15}$"},
    )
    text = fields.String(required=True)
    account = fields.String(load_default=None, allow_none=True)


class StatusIn(Schema):
    status = fields.Enum(Status, by_value=True, required=True, metadata={"enum": sorted(one.value for one in FORCIBLE)})
    error = fields.String(load_default=None, allow_none=True)


class AttemptOut(Schema):
    at = Instant(required=True)
    status = fields.Integer(required=True, allow_none=True, metadata={"description": "what the application answered"})
    error = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True, metadata={"description": "the beginning of the body of its answer"})


class WebhookOut(Schema):
    id = fields.String(attribute="key", required=True)
    provider = fields.String(required=True)
    account = fields.String(required=True)
    message = fields.String(required=True)
    method = fields.String(attribute="call.method", required=True)
    url = fields.String(attribute="call.url", required=True)
    headers = fields.Dict(fields.String(), fields.String(), attribute="call.headers", required=True)
    body = fields.Function(
        lambda webhook: webhook.call.body.decode(errors="replace"), required=True, metadata={"type": "string"}
    )
    state = fields.Enum(State, by_value=True, required=True)
    attempts = fields.List(fields.Nested(AttemptOut), required=True)


class WebhooksOut(Schema):
    webhooks = fields.List(fields.Nested(WebhookOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


INBOUND_IN, STATUS_IN = InboundIn(), StatusIn()
_WEBHOOK_OUT = WebhookOut()


def webhook_out(webhook: WebhookCall) -> dict[str, Any]:
    return dict(_WEBHOOK_OUT.dump(webhook))
