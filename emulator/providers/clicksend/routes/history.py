"""What was sent and received: history, its export, statistics, usage."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from emulator.core.errors import Reason, Refusal
from emulator.core.message import Direction, Message, Status
from emulator.edge.context import sheet
from emulator.edge.errors import Fail
from emulator.providers.clicksend.auth import authenticate
from emulator.providers.clicksend.members import messages_of, sender_id, sender_name
from emulator.providers.clicksend.paging import Listing, page
from emulator.providers.clicksend.responses import currency, success
from emulator.providers.clicksend.routes.blueprint import v3
from emulator.providers.clicksend.schemas.messages import history_fields, history_out
from emulator.providers.clicksend.schemas.wire import number, unix

_BOUNCED = frozenset({Status.UNDELIVERED, Status.EXPIRED, Status.REJECTED})


@v3.get("/sms/history")
def sms_history() -> Response:
    """Every message of the account, those of campaigns and those that came in included, oldest first."""
    account = authenticate(request)
    listing: Listing[Message] = Listing(
        lambda message: history_out(account, sheet("clicksend"), message), history_fields(account), date="date"
    )
    return success("Here are your data.", page(listing, messages_of(account)))


@v3.get("/statistics/sms")
def sms_statistics() -> Response:
    """Messages and money in all, and by day."""
    account = authenticate(request)
    by_day: dict[datetime, list[Message]] = defaultdict(list)
    for message in messages_of(account):
        by_day[message.created_at.replace(hour=0, minute=0, second=0, microsecond=0)].append(message)
    everything = [message for messages in by_day.values() for message in messages]
    stats = [{"date": unix(day), **_counted(messages)} for day, messages in sorted(by_day.items())]
    return success("Here are your data.", {"total": _counted(everything), "stats": stats, "_currency": currency()})


@v3.get("/account/usage/<int:year>/<int:month>/<kind>")
def account_usage(year: int, month: int, kind: str) -> Response:
    """What each subaccount has used in a month. Whatever else is listed, the service knows ``subaccount`` only."""
    account = authenticate(request)
    if kind != "subaccount":
        raise Fail("BAD_REQUEST/subaccount", f"{kind!r} asked for", field="type")
    if month not in range(1, 13):
        raise Refusal(Reason.INVALID_FIELD, f"no month {month}", field="month")
    sent = [
        message
        for message in messages_of(account)
        if message.direction is Direction.OUT and (message.created_at.year, message.created_at.month) == (year, month)
    ]
    by_sender: dict[tuple[int, str], list[Message]] = defaultdict(list)
    for message in sent:
        by_sender[sender_id(account, message.options), sender_name(account, message.options)].append(message)
    rows = [
        {
            "subaccount_id": subaccount,
            "username": username,
            "total_count": str(len(messages)),
            "total_price": number(sum((message.price for message in messages), Decimal(0))),
            "notes": None,
        }
        for (subaccount, username), messages in by_sender.items()
    ]
    price = number(sum((message.price for message in sent), Decimal(0)))
    others = ("mms", "voice", "fax", "post", "email", "email_transactional", "postcards")
    data: dict[str, Any] = {"sms": rows}
    data |= {name: [] for name in others}
    data |= {"sms_total": {"count": len(sent), "price": price}}
    data |= {f"{name}_total": {"count": 0, "price": 0} for name in others}
    return success("Here is your usage for this month.", {**data, "_currency": currency()})


def _counted(messages: Iterable[Message]) -> dict[str, dict[str, Any]]:
    out: list[Message] = []
    inbound = 0
    for message in messages:
        if message.direction is Direction.OUT:
            out.append(message)
        else:
            inbound += 1
    bounced = [message for message in out if message.status in _BOUNCED]
    return {
        "outbound": {"count": len(out), "price": number(sum((one.price for one in out), Decimal(0)))},
        "inbound": {"count": inbound, "price": 0},
        "bounced": {"count": len(bounced), "price": number(sum((one.price for one in bounced), Decimal(0)))},
    }
