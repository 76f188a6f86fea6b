"""The stream: everything that was sent, received or refused, newest first."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.front import map_of_everything
from emulator.edge.context import smsc
from emulator.inbox.listing import listed
from emulator.inbox.pages import fragment_wanted, page, wants_page
from emulator.inbox.rows import arrivals

blueprint = Blueprint("stream", __name__)

_PARTS = {"list": "stream/list.html", "more": "stream/more.html", "detail": "stream/nothing.html"}


@blueprint.get("/")
def stream() -> Response:
    """The stream, for a browser; a program gets the map of everything."""
    if not wants_page(request):
        return map_of_everything()
    listing = listed(request)
    answer = page(_PARTS.get(fragment_wanted(), "stream/page.html"), listing=listing, chosen=None)
    if fragment_wanted() == "list":
        answer.headers["HX-Push-Url"] = f"/{listing.query()}"  # an empty search leaves nothing in the address
    return answer


@blueprint.get("/_inbox/arrivals")
def arrived() -> Response:
    """How much has come since ``after``, for the number in the title of every page."""
    return page("arrivals.html", arrivals=arrivals(smsc.store, request.args.get("after", "")))


@blueprint.get("/_inbox/clock")
def clock() -> Response:
    """The hands in the corner of every page."""
    return page("clock_link.html")
