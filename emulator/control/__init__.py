"""The control API, ``/_emulator``, and the map of everything at ``/``."""

from flask import Blueprint

from emulator.control import errors
from emulator.control.routes import (
    accounts,
    clock,
    crashes,
    description,
    exchanges,
    faults,
    front,
    health,
    messages,
    reset,
    snapshot,
    waiting,
    webhooks,
)
from emulator.edge.provider import Api

_blueprint = Blueprint("control", __name__)
for _room in (health, messages, waiting, accounts, exchanges, faults, clock, reset, snapshot, webhooks, crashes, description):
    _blueprint.register_blueprint(_room.blueprint, url_prefix="/_emulator")
_blueprint.register_blueprint(front.blueprint)

control = Api("", _blueprint, errors.TABLE, errors.render)
