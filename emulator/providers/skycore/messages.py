"""From a request's fields to the message the handset gets: sender or mask, campaign, short links."""

import re
from collections.abc import Mapping
from typing import Any

from emulator.core.accounts import Account
from emulator.core.addresses import is_msisdn, is_north_american
from emulator.core.errors import Reason, Refusal
from emulator.core.links import replace_links
from emulator.core.message import Submission
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

MASK_LENGTH = 11  # "limited to 11 characters beyond which it will be cut-off"
LINK_HOST = "skyc.re/r"

_SENDER = re.compile(r"\+?[0-9]{3,15}")  # short code, toll-free or 10DLC number


def compose(account: Account, sent: Mapping[str, Any]) -> Submission:
    """Raises Refusal: INVALID_RECIPIENT, INVALID_SENDER; and Fail(E714, E715) where Enforce Campaign Check is on."""
    recipient = international(sent["recipient"])
    if not is_msisdn(recipient):
        raise Refusal(Reason.INVALID_RECIPIENT, f"{sent['recipient']!r} is no international number", field="to")
    if not _SENDER.fullmatch(sent["sender"]):
        raise Refusal(Reason.INVALID_SENDER, f"{sent['sender']!r} is no short code or number", field="from")
    if account.settings["enforce_campaign_check"]:
        check_subscribed(account, sent["campaign"] or "", recipient)
    mask, warnings = _mask(sent["mask"] or "", recipient)
    text, links = _tracked(account, sent["text"]) if sent["click_tracking"] else (sent["text"], {})
    return Submission(
        recipient=recipient,
        text=text,
        sender=sent["sender"],
        mask=mask,
        campaign=sent["campaign"] or None,
        options={"from": sent["sender"]},
        links=links,
        warnings=warnings,
    )


def international(number: str) -> str:
    """The number with its plus; the document's examples have one, its introduction forbids it: both are taken."""
    return number if number.startswith("+") else f"+{number}"


def check_subscribed(account: Account, campaign: str, recipient: str) -> None:
    """Raises Fail: E714 for a campaign that is not the account's, E715 for a recipient not subscribed to it."""
    subscribed = account.settings["campaigns"].get(campaign)
    if subscribed is None:
        raise Fail("E714", f"no campaign {campaign!r}", field="campaign-ref")
    if recipient not in map(international, subscribed):
        raise Fail("E715", f"{recipient} is not subscribed to {campaign!r}", field="to")


def _mask(mask: str, recipient: str) -> tuple[str | None, tuple[str, ...]]:
    if not mask:
        return None, ()
    if is_north_american(recipient):
        return None, (f'sender mask "{mask}" ignored: not supported in the USA and Canada',)
    if len(mask) > MASK_LENGTH:
        return mask[:MASK_LENGTH], (f'sender mask "{mask}" cut to "{mask[:MASK_LENGTH]}"',)
    return mask, ()


def _tracked(account: Account, text: str) -> tuple[str, dict[str, str]]:
    """``text`` with a short link for each distinct address, and where those links lead."""
    short: dict[str, str] = {}

    def shorten(address: str) -> str:
        if address not in short:
            short[address] = smsc.new_link(account, LINK_HOST, lambda identifier: identifier[:8])
        return short[address]

    tracked = replace_links(text, shorten)
    return tracked, {url: target for target, url in short.items()}
