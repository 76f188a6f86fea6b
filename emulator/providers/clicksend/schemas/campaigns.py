"""Campaigns in and out (ClickSend REST v3, SMS Campaigns). Keys stand in the document's order."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from emulator.core.accounts import Account
from emulator.core.campaigns import Campaign, CampaignQuote, CampaignStatus, Mailing
from emulator.edge.errors import MISSING
from emulator.providers.clicksend.auth import user_id
from emulator.providers.clicksend.composer import has_opt_out
from emulator.providers.clicksend.members import sender_id
from emulator.providers.clicksend.schemas.wire import In, Moment, Text, Whole, trimmed, unix

STATUSES: Mapping[CampaignStatus, str] = {
    CampaignStatus.SCHEDULED: "Scheduled",
    CampaignStatus.WAITING: "WaitApproval",
    CampaignStatus.APPROVED: "Approved",
    CampaignStatus.QUEUED: "Queued",
    CampaignStatus.SENDING: "Sending",
    CampaignStatus.SENT: "Sent",
    CampaignStatus.CANCELLED: "Cancelled",
    CampaignStatus.FAILED: "Failed",
}


class SenderIn(In):
    recipient_country_code = Text(required=True)
    sender_id = Text(load_default=None, allow_none=True)
    sender_type = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(["", "shared_longcode"]))
    sender_country_code = Text(load_default=None, allow_none=True)

    @validates_schema
    def has_sender(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data["sender_id"] and data["sender_type"] != "shared_longcode":
            raise ValidationError(MISSING, "sender_id")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> dict[str, str]:
        """The keys that were given, in the document's order."""
        order = ("sender_id", "sender_type", "sender_country_code", "recipient_country_code")
        return {name: data[name] for name in order if data[name]}


class CampaignIn(In):
    list_number = Whole(data_key="list_id", required=True)
    name = Text(required=True)
    text = Text(data_key="body", required=True)
    sender = Text(data_key="from", load_default=None, allow_none=True)
    senders = fields.List(fields.Nested(SenderIn), load_default=list, allow_none=True)
    url = fields.String(
        data_key="url_to_shorten",
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"(https?://[^\s/?#]+\S*)?\Z", error="neither http nor https"),
    )
    source = Text(load_default=None, allow_none=True)
    reference = Text(data_key="custom_string", load_default=None, allow_none=True)
    due_at = Moment(data_key="schedule", load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Mailing:
        emptied = {name: data[name] or None for name in ("sender", "url", "reference")}
        return Mailing(**{**data, **emptied, "senders": tuple(data["senders"] or ())})


CAMPAIGN_IN = CampaignIn()


def kept(mailing: Mailing) -> dict[str, Any]:
    """What an update need not say again: the document's own has no fields for most of it."""
    return {
        "from": mailing.sender,
        "senders": list(mailing.senders),
        "url_to_shorten": mailing.url,
        "source": mailing.source,
        "custom_string": mailing.reference,
    }


FIELDS: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    name: lambda row, name=name: row[name]  # type: ignore[misc]
    for name in (
        "sms_campaign_id", "name", "user_id", "subaccount_id", "list_id", "from", "body", "schedule", "status", "date_added",
        "custom_string", "url_to_shorten", "unsubscribe_link", "source",
    )
}  # fmt: skip


def campaign_out(campaign: Campaign, account: Account, list_name: str, usual_sender: str) -> dict[str, Any]:
    """The 17 keys. ``usual_sender`` is shown where the request named no sender."""
    mailing = campaign.mailing
    return {
        "sms_campaign_id": campaign.number,
        "name": mailing.name,
        "user_id": user_id(account),
        "subaccount_id": sender_id(account, mailing.options),
        "list_id": mailing.list_number,
        "from": mailing.sender or usual_sender,
        "body": mailing.text,
        "schedule": unix(mailing.due_at or campaign.created_at),
        "status": STATUSES[campaign.status],
        "date_added": unix(campaign.created_at),
        "custom_string": mailing.reference,
        "url_to_shorten": mailing.url or "",
        "unsubscribe_link": int(has_opt_out(mailing.text)),
        "source": mailing.source,
        "senders": list(mailing.senders),
        "_total_count": campaign.recipients,
        "_list_name": list_name,
    }


def as_printed(row: dict[str, Any], account: Account) -> dict[str, Any]:
    """The row with times as texts, as the document prints send, update and view, where the account wants it so."""
    if account.settings["type_profile"] != "seed":
        return row
    return {**row, "schedule": str(row["schedule"]), "date_added": str(row["date_added"])}


def price_out(
    mailing: Mailing, quote: CampaignQuote, sender: str, schedule: int, currency: Mapping[str, str]
) -> dict[str, Any]:
    """``total_price`` is a text; the inner ``data`` shows the first recipient's message."""
    return {
        "total_count": quote.recipients,
        "total_price": trimmed(quote.price),
        "data": {"from": sender, "body": quote.first.text if quote.first else mailing.text, "schedule": schedule},
        "_currency": dict(currency),
    }
