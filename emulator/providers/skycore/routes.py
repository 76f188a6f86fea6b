"""One URL; the body's ``action`` names the operation."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from emulator.core.accounts import Account
from emulator.core.addresses import is_msisdn
from emulator.edge.body import json_object
from emulator.edge.context import begin, smsc
from emulator.edge.errors import Fail
from emulator.providers.skycore.auth import authenticate
from emulator.providers.skycore.messages import compose, international
from emulator.providers.skycore.responses import queued, subscription
from emulator.providers.skycore.schemas import ACTION_IN, SENDSMS_IN, SUBSCRIPTION_IN

blueprint = Blueprint("skycore", __name__)


@blueprint.post("/")
@blueprint.post("/ep/v2/")
def act() -> Response:
    """Do what ``action`` says, in any case of its letters."""
    account = authenticate(request)
    body = json_object(request)
    g.recipient = body.get("to")
    action = ACTION_IN.load(body)["action"].lower()
    if action not in ACTIONS:
        raise Fail("E107", f"no action {action!r}", field="action")
    begin(action)
    return ACTIONS[action](account, body)


def sendsms(account: Account, body: Mapping[str, Any]) -> Response:
    """Queue one SMS; a text over one part is concatenated and billed by parts."""
    sent = SENDSMS_IN.load(body)
    message = smsc.submit_one(account, compose(account, sent))
    return queued(message.provider_message_id, sent)


def subscribe(account: Account, body: Mapping[str, Any]) -> Response:
    """Subscribe a number to a campaign; one that is subscribed already stays so."""
    asked = SUBSCRIPTION_IN.load(body)
    mobile = international(asked["mobile"])
    if not is_msisdn(mobile):
        raise Fail("E904", f"{mobile!r} is no international number", field="mobile")

    def added(numbers: list[str]) -> list[str]:
        return numbers if mobile in map(international, numbers) else [*numbers, mobile]

    _change_campaign(account, asked["campaign"], added)
    return subscription(asked)


def unsubscribe(account: Account, body: Mapping[str, Any]) -> Response:
    """Take a number out of a campaign."""
    asked = SUBSCRIPTION_IN.load(body)
    mobile = international(asked["mobile"])

    def removed(numbers: list[str]) -> list[str]:
        rest = [number for number in numbers if international(number) != mobile]
        if len(rest) == len(numbers):
            raise Fail("E905", f"{mobile} is not subscribed", field="mobile")
        return rest

    _change_campaign(account, asked["campaign"], removed)
    return subscription(asked)


def _change_campaign(account: Account, campaign: str, edit: Callable[[list[str]], list[str]]) -> None:
    """Raises Fail(E903) for a campaign that is not the account's."""

    def changed(settings: Mapping[str, Any]) -> dict[str, Any]:
        campaigns = settings["campaigns"]
        if campaign not in campaigns:
            raise Fail("E903", f"no campaign {campaign!r}", field="campaign-ref")
        return {"campaigns": {**campaigns, campaign: edit(campaigns[campaign])}}

    smsc.change_settings(account, changed)


ACTIONS: Mapping[str, Callable[[Account, Mapping[str, Any]], Response]] = {
    "sendsms": sendsms,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
}
