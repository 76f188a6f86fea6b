"""The short links that providers write into texts: ``/<provider>/r/<id>``, or ``/r/<id>`` at the provider's link host."""

from flask import Blueprint, request
from werkzeug.urls import iri_to_uri
from werkzeug.wrappers import Response

from emulator.core.errors import Refusal
from emulator.core.links import absolute
from emulator.core.message import OPT_OUT
from emulator.edge.context import smsc


def is_short(path: str) -> bool:
    """Whether ``path`` is that of a short link, there or not."""
    return path.split("/", 3)[2:3] == ["r"]


def blueprint_for(provider: str) -> Blueprint:
    """A blueprint of its own, because every provider has these links and none of them is part of its dialect."""
    blueprint = Blueprint(f"{provider}-links", __name__)

    @blueprint.get("/r/<link_id>")
    def follow(link_id: str) -> Response:
        """Count the click and go where the link of the text led."""
        try:
            target = smsc.follow(provider, link_id, count=request.method == "GET").target
        except Refusal as refusal:  # a phone's browser is asking, not a client of the API
            return Response(f"{refusal.detail}\n", 404, mimetype="text/plain")
        if target == OPT_OUT:
            return Response("You have opted out and will get no more messages from this sender.\n", mimetype="text/plain")
        return Response(status=302, headers={"Location": iri_to_uri(absolute(target))})

    return blueprint
