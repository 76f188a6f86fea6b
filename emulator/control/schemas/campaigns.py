"""Campaigns: what they say, to how many, and how far they are."""

from typing import Any

from marshmallow import Schema, fields, validate

from emulator.control.schemas.values import MAX_LIMIT, Cursor, Instant, Money
from emulator.core.campaigns import CampaignStatus
from emulator.core.message import Status
from emulator.core.standings import Standing

_COUNTS = {"type": "object", "propertyNames": {"enum": [one.value for one in Status]}}


class CampaignsIn(Schema):
    provider = fields.String(load_default=None)
    account = fields.String(load_default=None)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_LIMIT))
    cursor = Cursor(load_default=None, metadata={"description": "next_cursor of the page before"})


class CampaignOut(Schema):
    """A campaign; one that is only a name on messages has no status, text, list and due time of its own."""

    id = fields.String(required=True)
    provider = fields.String(required=True)
    account = fields.String(required=True)
    campaign = fields.String(required=True, metadata={"description": "what its messages carry, for campaign: in q"})
    name = fields.String(required=True)
    status = fields.String(
        attribute="launched.status",
        required=True,
        dump_default=None,
        allow_none=True,
        metadata={"enum": [*(one.value for one in CampaignStatus), None]},
    )
    text = fields.String(attribute="launched.mailing.text", required=True, dump_default=None, allow_none=True)
    sender = fields.String(attribute="launched.mailing.sender", required=True, dump_default=None, allow_none=True)
    list = fields.Integer(attribute="launched.mailing.list_number", required=True, dump_default=None, allow_none=True)
    created_at = Instant(required=True)
    due_at = Instant(attribute="launched.due_at", required=True, dump_default=None, allow_none=True)
    recipients = fields.Integer(required=True, metadata={"description": "how many it is for"})
    messages = fields.Integer(required=True, metadata={"description": "made so far, those forgotten since included"})
    ended = fields.Integer(required=True, metadata={"description": "messages that will not move any more"})
    by_status = fields.Dict(fields.String(), fields.Integer(), required=True, metadata=_COUNTS)
    segments = fields.Integer(required=True)
    price = Money(required=True, metadata={"type": "string"})
    is_cancellable = fields.Boolean(required=True)


class CampaignsOut(Schema):
    campaigns = fields.List(fields.Nested(CampaignOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


CAMPAIGNS_IN = CampaignsIn()
_CAMPAIGN_OUT = CampaignOut()


def campaign_out(standing: Standing) -> dict[str, Any]:
    return dict(_CAMPAIGN_OUT.dump(standing))
