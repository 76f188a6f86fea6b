"""From a request's fields to messages: campaign, delivery date, landing page."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from emulator.core.accounts import Account
from emulator.core.errors import Reason, Refusal
from emulator.core.message import Submission
from emulator.edge.context import smsc

MAX_LENGTH = 160  # "Supports a maximum length of 160 characters"
GENERAL_CAMPAIGN = "General 1-way Campaign"
LANDING_TAG = "#Landing_Preview#"
LINK_HOST = "go4clients.com/r"
_SENDER = re.compile(r"\+?[0-9]{3,15}")  # "A number of origin of the SMS"
LANDING_PAGE = "https://go4clients.com/landing/{landing}"  # where such a page lives (assumed)


def compose(account: Account, sent: Mapping[str, Any], number: str) -> Submission:
    """Raises Refusal: TEXT_TOO_LONG, INVALID_SENDER, INVALID_SCHEDULE; NOT_FOUND for a landing page of somebody else."""
    if len(sent["text"]) > MAX_LENGTH and not account.settings["split_long_messages"]:
        raise Refusal(
            Reason.TEXT_TOO_LONG,
            f"{len(sent['text'])} characters, {MAX_LENGTH} allowed",
            field="message",
            setting="split_long_messages",
        )
    if sent["sender"] and not _SENDER.fullmatch(sent["sender"]):
        raise Refusal(Reason.INVALID_SENDER, f"{sent['sender'][:20]!r} is no number", field="from")
    text, links, warnings = _with_landing_page(account, sent)
    return Submission(
        recipient=f"+{number}",
        text=text,
        sender=sent["sender"] or None,
        campaign=sent["campaign"] or GENERAL_CAMPAIGN,
        due_at=_due_at(account, sent["date"]),
        links=links,
        warnings=warnings,
    )


def _due_at(account: Account, date: str | None) -> datetime | None:
    """``yyyy-MM-dd HH:mm`` in the account's time zone; a past one means now."""
    if not date:
        return None
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", date):
            raise ValueError(date)
        local = datetime.strptime(date, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(account.settings["time_zone"]))
        return local.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal(Reason.INVALID_SCHEDULE, f"{date!r} is not yyyy-MM-dd HH:mm", field="startDate") from error


def _with_landing_page(account: Account, sent: Mapping[str, Any]) -> tuple[str, dict[str, str], tuple[str, ...]]:
    """The text with the tag replaced by a short link, where that link leads, and what would surprise the sender."""
    text: str = sent["text"]
    landing = sent["landing"]
    if not landing:
        return text, {}, (f"{LANDING_TAG} without landingId: sent as it is",) if LANDING_TAG in text else ()
    if landing not in account.settings["landing_pages"]:
        raise Refusal(Reason.NOT_FOUND, f"no landing page {landing!r}", field="landingId", setting="landing_pages")
    if LANDING_TAG not in text:
        return text, {}, (f"landingId without {LANDING_TAG} in the message: no link is sent",)
    link = smsc.new_link(account, LINK_HOST, lambda identifier: identifier[:8])
    return text.replace(LANDING_TAG, link), {link: LANDING_PAGE.format(landing=landing)}, ()
