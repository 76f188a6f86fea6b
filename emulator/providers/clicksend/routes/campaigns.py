"""SMS campaigns: send, price, update, view, cancel, list."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.addressbook import AddressBook
from emulator.core.campaigns import REVISABLE, Campaign, CampaignQuote, Mailing
from emulator.core.errors import Reason, Refusal
from emulator.edge.body import json_object
from emulator.edge.context import sheet, smsc
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.members import is_shared, mark
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.responses import currency, success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.campaigns import CAMPAIGN_IN, FIELDS, as_printed, campaign_out, kept, price_out
from emulator.providers.clicksend.schemas.wire import unix
from emulator.providers.clicksend.senders import Senders


@v3.post("/sms-campaigns/send")
def send_campaign() -> Response:
    """Send one text to a whole list, now or at ``schedule``."""
    account = authenticate(request)
    mailing = replace(CAMPAIGN_IN.load(json_object(request)), options=mark(account))
    quote = _quote(account, mailing)
    campaign = smsc.campaigns.launch(account, mailing, quote, _approval(account))
    return success("Your new campaign has been added.", as_printed(_shown(account, campaign), account))


@v3.post("/sms-campaigns/price")
def price_campaign() -> Response:
    """What the campaign would cost if it went out now; nothing is charged."""
    account = authenticate(request)
    mailing = CAMPAIGN_IN.load(json_object(request))
    quote = _quote(account, mailing)
    schedule = unix(max(mailing.due_at or smsc.clock.now(), smsc.clock.now()))
    sender = mailing.sender or _usual_sender(account)
    return success("Here is your price for your SMS Campaign.", price_out(mailing, quote, sender, schedule, currency()))


@v3.put("/sms-campaigns/<sms_campaign_id>")
def update_campaign(sms_campaign_id: str) -> Response:
    """Replace a campaign that has not begun. Without ``schedule`` it goes out now; what else is not said stays."""
    account = authenticate(request)
    campaign = _campaign(account, sms_campaign_id)
    mailing = CAMPAIGN_IN.load({**kept(campaign.mailing), **json_object(request)})
    mailing = replace(mailing, options=campaign.mailing.options)
    if campaign.status not in REVISABLE:
        raise Fail("BAD_REQUEST/not_updatable", f"the campaign is {campaign.status}")
    try:
        campaign = smsc.campaigns.revise(account, campaign, mailing, _quote(account, mailing), _approval(account))
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_CANCELLABLE:
            raise Fail("BAD_REQUEST/not_updatable", refusal.detail) from refusal
        raise
    return success("Your SMS Campaign has been updated.", as_printed(_shown(account, campaign), account))


@v3.get("/sms-campaigns/<sms_campaign_id>")
def view_campaign(sms_campaign_id: str) -> Response:
    """One campaign, with its status as it is now."""
    account = authenticate(request)
    campaign = _campaign(account, sms_campaign_id)
    return success("Your SMS Campaign.", as_printed(_shown(account, campaign), account))


@v3.put("/sms-campaigns/<sms_campaign_id>/cancel")
def cancel_campaign(sms_campaign_id: str) -> Response:
    """Stop a scheduled campaign; what it cost is given back."""
    account = authenticate(request)
    try:
        campaign = smsc.campaigns.cancel(_campaign(account, sms_campaign_id))
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_CANCELLABLE:
            raise Fail("BAD_REQUEST/not_scheduled", refusal.detail) from refusal
        raise
    return success("Your SMS Campaign.", _shown(account, campaign))


@v3.get("/sms-campaigns")
def list_campaigns() -> Response:
    """The account's campaigns, oldest first unless ``order_by`` says otherwise."""
    account = authenticate(request)
    rows = [_shown(account, campaign) for campaign in smsc.campaigns.campaigns(account) if is_shared(account, campaign)]
    listing: Listing[dict[str, Any]] = Listing(lambda row: row, FIELDS, date="date_added")
    return success("Here are your SMS campaign(s) (shared included).", page(listing, rows))


def _quote(account: Account, mailing: Mailing) -> CampaignQuote:
    """Raises Refusal(TOO_MANY_RECIPIENTS) and Fail for a list that is not the account's or has nobody to send to."""
    book: AddressBook = smsc.contacts
    try:
        book.list_of(account.id, mailing.list_number)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/list", refusal.detail, field="list_id") from refusal
    quote = smsc.campaigns.quote(account, mailing)
    if not quote.recipients:
        raise Fail("BAD_REQUEST/empty_list", "nobody on the list has a phone number and wants messages", field="list_id")
    return quote


def _approval(account: Account) -> timedelta:
    return timedelta(minutes=account.settings["campaign_review"] or 0)


def _campaign(account: Account, number: str) -> Campaign:
    try:
        found = smsc.campaigns.campaign(account, number)
    except Refusal as refusal:
        raise Fail("NOT_FOUND/campaign", refusal.detail, field="sms_campaign_id") from refusal
    if not is_shared(account, found):
        raise Fail("NOT_FOUND/campaign", "another subaccount's, not shared", field="sms_campaign_id")
    return found


def _shown(account: Account, campaign: Campaign) -> dict[str, Any]:
    try:
        list_name = smsc.contacts.list_of(account.id, campaign.mailing.list_number).name
    except Refusal:  # deleted meanwhile
        list_name = ""
    return campaign_out(campaign, account, list_name, _usual_sender(account))


def _usual_sender(account: Account) -> str:
    return Senders(account, sheet("clicksend").document["shared_numbers"]).usual()
