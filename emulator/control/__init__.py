"""The control API, ``/_emulator``; its map of everything is what programs find at ``/``."""

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from emulator.control import errors
from emulator.control.routes import (
    accounts,
    campaigns,
    clock,
    crashes,
    description,
    exchanges,
    faults,
    health,
    messages,
    reset,
    snapshot,
    waiting,
    webhooks,
)
from emulator.control.spoken import spoken_by
from emulator.core.errors import Reason, Refusal
from emulator.edge.context import runtime
from emulator.edge.provider import Api

ERA = "Emulator-Era"

_blueprint = Blueprint("control", __name__)
_ROOMS = (
    health, messages, waiting, campaigns, accounts, exchanges, faults, clock, reset, snapshot, webhooks, crashes, description,
)  # fmt: skip
for _room in _ROOMS:
    _blueprint.register_blueprint(_room.blueprint, url_prefix="/_emulator")


@_blueprint.before_request
def refuse_unknown_parameters() -> None:
    """Calls with parameters refuse by their schema those that they do not know; this is for those that have none."""
    spoken = spoken_by(current_app.view_functions[request.endpoint or ""])
    if request.args and (spoken is None or spoken.query is None):
        raise Refusal(Reason.INVALID_FIELD, "Unknown field.", field=next(iter(request.args)))


@_blueprint.after_request
def tell_era(response: Response) -> Response:
    """Whoever has kept ids can see that everything has begun anew since."""
    response.headers[ERA] = runtime().feed.era
    return response


control = Api("", _blueprint, errors.TABLE, errors.render)
