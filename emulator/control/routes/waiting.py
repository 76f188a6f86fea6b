"""Waiting for messages, and what is new since."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.errors import error_body
from emulator.control.query import asked
from emulator.control.routes.messages import links_of
from emulator.control.schemas.messages import (
    CHANGES_IN,
    WAIT_IN,
    ChangesIn,
    ChangesOut,
    FoundOut,
    HeldOut,
    UnwantedOut,
    WaitedInVainOut,
    WaitIn,
    message_out,
)
from emulator.control.spoken import speaks
from emulator.control.wire import exchange_out
from emulator.core.changes import Changes
from emulator.core.journal import Exchange
from emulator.core.message import Message
from emulator.core.search import Query
from emulator.core.waiting import Watch, near_misses, recent_refusals
from emulator.core.webhooks import WebhookCall
from emulator.edge.body import json_response
from emulator.edge.context import runtime, smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("waiting", __name__)

COME_AGAIN_SECONDS = 1
_NEAR = 5  # near misses, and refusals, that are told


@blueprint.get("/messages/wait")
@speaks({200: FoundOut, 202: HeldOut, 408: WaitedInVainOut, 409: UnwantedOut}, query=WaitIn, errors=("stopping",))
def wait() -> Response:
    """Answer as soon as ``count`` messages match, or with ``none`` when the time is over and none does.

    An ``after:`` in ``q`` goes before the parameter. When half of the threads wait already, 202 says to come again.
    """
    wanted = WAIT_IN.load(request.args)
    query = asked(wanted["q"])
    query = replace(query, after=query.after or wanted["after"])
    watch = Watch(smsc.store, runtime().feed, query, 1 if wanted["none"] else wanted["count"])
    if not watch.is_over and wanted["timeout"]:
        with runtime().places.held() as has_place:
            if not has_place:
                return _come_again()
            watch.wait(wanted["timeout"])
    if not watch.is_over and runtime().feed.is_closed:
        raise Fail("stopping", "the emulator stops")
    return _none_wanted(watch, wanted) if wanted["none"] else _some_wanted(watch, wanted, query)


@blueprint.get("/changes")
@speaks({200: ChangesOut, 304: ""}, query=ChangesIn)
def changes() -> Response:
    """What is new since the cursor ``after``; 304 where the ETag says that nothing is. Without ``after``: only the cursor."""
    wanted = CHANGES_IN.load(request.args)
    news = runtime().feed.since(_number(wanted["after"]))
    cursor = _cursor(news.number)
    if request.if_none_match.contains(cursor):
        response = Response(status=304)
    else:
        response = json_response(_changes_out(news, cursor, wanted["limit"]))
    response.set_etag(cursor)
    response.headers["Cache-Control"] = "no-cache"
    return response


def _come_again() -> Response:
    response = json_response({"waiting": True}, 202)
    response.headers["Retry-After"] = str(COME_AGAIN_SECONDS)
    return response


def _some_wanted(watch: Watch, wanted: dict[str, Any], query: Query) -> Response:
    found = [message_out(message, links_of(message)) for message in watch.newest()]
    if watch.is_over:
        return json_response({"messages": found})
    text = f"{len(found)} of {wanted['count']} messages matched within {wanted['timeout']:g} s"
    misses = [
        {**message_out(message, links_of(message)), "missed": missed}
        for message, missed in near_misses(smsc.store, query, _NEAR)
    ]
    refusals = [_refused(exchange) for exchange in recent_refusals(smsc.store, query, _NEAR)]
    return json_response({**error_body("timeout", text), "messages": found, "near_misses": misses, "refusals": refusals}, 408)


def _none_wanted(watch: Watch, wanted: dict[str, Any]) -> Response:
    if not watch.is_over:
        return json_response({"messages": []})
    [culprit] = watch.newest()
    text = f"a message matches, and none was to come within {wanted['timeout']:g} s"
    return json_response({**error_body("unwanted_message", text), "culprit": message_out(culprit, links_of(culprit))}, 409)


def _refused(exchange: Exchange) -> dict[str, Any]:
    return {"exchange_id": exchange.id, **exchange_out(exchange)["refusal"]}


def _number(cursor: str | None) -> int:
    """Where a cursor stands; a cursor of another start of the emulator stands nowhere."""
    feed = runtime().feed
    if cursor is None:
        return -1
    name, _, number = cursor.rpartition("-")
    return int(number) if name == feed.name and number.isdecimal() else -1


def _cursor(number: int) -> str:
    return f"{runtime().feed.name}-{number}"


def _changes_out(news: Changes, cursor: str, limit: int) -> dict[str, Any]:
    keys = news.keys(Message)[::-1]
    there = [(key, smsc.store.get(Message, key)) for key in keys[:limit]]
    return {
        "cursor": cursor,
        "reload": news.entries is None or len(keys) > limit,
        "messages": [message_out(message, links_of(message)) for _, message in there if message is not None],
        "removed": [key for key, message in there if message is None],
        "exchanges": news.keys(Exchange)[::-1][:limit],
        "webhooks": news.keys(WebhookCall)[::-1][:limit],
        "total": smsc.store.count(Message),
    }
