"""Campaigns of every account: how far they are, and stopping one that waits."""

from itertools import dropwhile, islice

from flask import Blueprint, request
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response

from emulator.control.schemas.campaigns import CAMPAIGNS_IN, CampaignOut, CampaignsIn, CampaignsOut, campaign_out
from emulator.control.spoken import speaks
from emulator.core.errors import Reason, Refusal
from emulator.core.standings import Standing
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("campaigns", __name__)


class CampaignId(PathConverter):
    """May hold slashes, but does not swallow what is done with the campaign."""

    regex = r"[^/].*?(?<!/cancel)"


@blueprint.get("/campaigns")
@speaks(CampaignsOut, query=CampaignsIn)
def campaigns() -> Response:
    """Campaigns that were launched, and the names that messages carry as theirs; newest first.

    Their messages are those that match ``campaign:``. What is counted outlives the messages.
    """
    wanted = CAMPAIGNS_IN.load(request.args)
    equals = {name: wanted[name] for name in ("provider", "account") if wanted[name] is not None}
    standings = smsc.standings.all(**equals)
    if wanted["cursor"] is not None:
        if smsc.standings.one(wanted["cursor"]) is None:
            raise Refusal(Reason.INVALID_FIELD, f"cursor: no campaign {wanted['cursor']!r}", field="cursor")
        standings = islice(dropwhile(lambda standing: standing.id != wanted["cursor"], standings), 1, None)
    found = list(islice(standings, wanted["limit"]))
    cursor = found[-1].id if len(found) == wanted["limit"] else None
    return json_response({"campaigns": [campaign_out(standing) for standing in found], "next_cursor": cursor})


@blueprint.get("/campaigns/<campaign:campaign_id>")
@speaks(CampaignOut, errors=("unknown_campaign",))
def campaign(campaign_id: str) -> Response:
    """One campaign with its messages counted by status."""
    return json_response(campaign_out(_known(campaign_id)))


@blueprint.post("/campaigns/<campaign_id>/cancel")
@speaks(CampaignOut, errors=("unknown_campaign", "not_cancellable"))
def cancel(campaign_id: str) -> Response:
    """Stop a campaign that waits for its time; its money is given back."""
    standing = _known(campaign_id)
    try:
        if standing.launched is None:
            raise Refusal(Reason.NOT_CANCELLABLE, "it is only a name on messages")
        smsc.campaigns.cancel(standing.launched)
    except Refusal as refusal:
        raise Fail("not_cancellable", refusal.detail) from refusal
    return json_response(campaign_out(_known(campaign_id)))


def _known(campaign_id: str) -> Standing:
    found = smsc.standings.one(campaign_id)
    if found is None:
        raise Fail("unknown_campaign", f"no campaign {campaign_id!r}")
    return found
