"""The wire: what was asked and what was answered."""

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from emulator.control.curl import curl_command
from emulator.control.query import asked
from emulator.control.schemas.exchanges import ExchangeOut, ExchangesOut
from emulator.control.schemas.values import LISTING_IN, ListingIn
from emulator.control.spoken import speaks
from emulator.control.wire import exchange_out
from emulator.core.journal import Exchange
from emulator.core.search import search_exchanges
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.errors import Fail
from emulator.edge.replay import replay

blueprint = Blueprint("exchanges", __name__)


@blueprint.get("/exchanges")
@speaks(ExchangesOut, query=ListingIn)
def exchanges() -> Response:
    """Requests to providers and their answers that match ``q``, newest first."""
    wanted = LISTING_IN.load(request.args)
    found = search_exchanges(smsc.store, asked(wanted["q"], Exchange), limit=wanted["limit"], cursor=wanted["cursor"])
    cursor = found[-1].id if len(found) == wanted["limit"] else None
    return json_response({"exchanges": [exchange_out(exchange) for exchange in found], "next_cursor": cursor})


@blueprint.get("/exchanges/<exchange_id>")
@speaks(ExchangeOut, errors=("unknown_exchange",))
def exchange(exchange_id: str) -> Response:
    """One request with its answer, secrets masked."""
    return json_response(exchange_out(_known(exchange_id)))


@blueprint.get("/exchanges/<exchange_id>/curl")
@speaks({200: "text/plain"}, errors=("unknown_exchange", "body_cut"))
def curl(exchange_id: str) -> Response:
    """The request as a curl command, with shell variables such as $CLICKATELL_PASSWORD where secrets stood."""
    command = curl_command(_whole(exchange_id), request.host_url.rstrip("/"))
    return Response(f"{command}\n", mimetype="text/plain")


@blueprint.post("/exchanges/<exchange_id>/replay")
@speaks({201: ExchangeOut}, errors=("unknown_exchange", "body_cut"))
def replay_exchange(exchange_id: str) -> Response:
    """Ask the provider the very same once more; answers the new exchange."""
    again = replay(current_app.wsgi_app, _whole(exchange_id), request.remote_addr)
    return json_response(exchange_out(_known(again)), 201)


def _known(exchange_id: str) -> Exchange:
    found = smsc.store.get(Exchange, exchange_id)
    if found is None:
        raise Fail("unknown_exchange", f"no exchange {exchange_id!r}")
    return found


def _whole(exchange_id: str) -> Exchange:
    exchange = _known(exchange_id)
    if exchange.request_cut:
        raise Fail("body_cut", f"of the body only the first {len(exchange.request_body)} octets are kept")
    return exchange
