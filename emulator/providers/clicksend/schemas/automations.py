"""Automation rules in and out, and the test calls that go with them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from emulator.core.message import Message
from emulator.core.records import Record
from emulator.edge.errors import MISSING
from emulator.providers.clicksend.rules import ACTIONS
from emulator.providers.clicksend.schemas.wire import In, Text, Whole

WEBHOOK_TYPES = ("post", "get", "json")
_ACTION = validate.OneOf(ACTIONS)
_WEBHOOK = r"(?i)https?://[^\s/?#]+\S*\Z"
_ADDRESS = validate.Regexp(rf"{_WEBHOOK}|(?i:poll)\Z", error="neither an address nor poll")


class RuleIn(In):
    """``action_address`` of action URL is the webhook; what other actions are addressed to differs."""

    rule_name = Text(required=True)
    action = fields.String(required=True, validate=_ACTION)
    action_address = Text(load_default="", allow_none=True)
    enabled = Whole(load_default=1, validate=validate.OneOf([0, 1]))

    @validates_schema
    def has_address(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["action"] == "URL" and not data["action_address"]:
            raise ValidationError(MISSING, "action_address")
        if data["action"] == "URL" and not re.match(_WEBHOOK, data["action_address"]):
            raise ValidationError("no address of a webhook", "action_address")


class ReceiptRuleIn(RuleIn):
    match_type = Whole(load_default=0, validate=validate.Equal(0))


class InboundRuleIn(RuleIn):
    dedicated_number = Text(load_default="*", allow_none=True)
    message_search_type = Whole(load_default=0, validate=validate.Range(0, 3))
    message_search_term = Text(load_default="", allow_none=True)
    webhook_type = fields.String(load_default="post", allow_none=True, validate=validate.OneOf(WEBHOOK_TYPES))
    body = Text(load_default=None, allow_none=True)


class TestIn(In):
    url = Text(required=True, validate=_ADDRESS)
    webhook_type = fields.String(load_default="post", validate=validate.OneOf(WEBHOOK_TYPES))


RECEIPT_RULE_IN, INBOUND_RULE_IN, TEST_IN = ReceiptRuleIn(), InboundRuleIn(), TestIn()


def receipt_rule_out(record: Record) -> dict[str, Any]:
    names = ("rule_name", "match_type", "action", "action_address", "enabled")
    return {"receipt_rule_id": record.number, **_texts(record.values, names)}


def inbound_rule_out(record: Record) -> dict[str, Any]:
    names = (
        "dedicated_number", "rule_name", "message_search_type", "message_search_term", "action", "action_address", "body",
        "enabled", "webhook_type",
    )  # fmt: skip
    return {"inbound_rule_id": record.number, **_texts(record.values, names)}


def to_be_read(message: Message, since: datetime | None) -> bool:
    """Whether the message moved to where it is after ``since`` (None: nobody keeps anything) and is still unread."""
    return since is not None and not message.is_read and message.updated_at >= since


def _texts(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: values[name] for name in names}
