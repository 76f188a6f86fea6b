"""The wire: what was asked and what was answered."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.schemas.exchanges import ExchangeOut, ExchangesOut
from emulator.control.schemas.values import LISTING_IN, ListingIn
from emulator.control.spoken import speaks
from emulator.control.wire import exchange_out
from emulator.core.journal import Exchange
from emulator.core.search import parse, search_exchanges
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.errors import Fail

blueprint = Blueprint("exchanges", __name__)


@blueprint.get("/exchanges")
@speaks(ExchangesOut, query=ListingIn)
def exchanges() -> Response:
    """Requests to providers and their answers that match ``q``, newest first."""
    wanted = LISTING_IN.load(request.args)
    found = search_exchanges(smsc.store, parse(wanted["q"]), limit=wanted["limit"], cursor=wanted["cursor"])
    cursor = found[-1].id if len(found) == wanted["limit"] else None
    return json_response({"exchanges": [exchange_out(exchange) for exchange in found], "next_cursor": cursor})


@blueprint.get("/exchanges/<exchange_id>")
@speaks(ExchangeOut, errors=("unknown_exchange",))
def exchange(exchange_id: str) -> Response:
    """One request with its answer, secrets masked."""
    found = smsc.store.get(Exchange, exchange_id)
    if found is None:
        raise Fail("unknown_exchange", f"no exchange {exchange_id!r}")
    return json_response(exchange_out(found))
