"""The whole state, out and in."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator import __version__
from emulator.control.schemas.snapshot import SnapshotOut, SnapshotPutOut
from emulator.control.spoken import speaks
from emulator.edge.body import json_body, json_response, takes_up_to
from emulator.edge.context import runtime

blueprint = Blueprint("snapshot", __name__)

_EMPTY = {
    "format": 1,
    "version": __version__,
    "clock": {"now": "2026-01-01T00:00:00Z", "frozen": False, "shift": 0.0},
    "numbers": {},
    "entities": {},
    "events": [],
}

LARGEST = 256 * 1024 * 1024


@blueprint.get("/snapshot")
@speaks(SnapshotOut)
def snapshot() -> Response:
    """Everything there is, credentials as they are, as one JSON document."""
    return json_response(runtime().snapshots.out())


@blueprint.put("/snapshot")
@speaks(SnapshotPutOut, body=SnapshotOut, example=_EMPTY)
@takes_up_to(LARGEST)
def put() -> Response:
    """Replace everything by what such a document says; one that cannot be is refused and changes nothing."""
    runtime().snapshots.put(json_body(request))
    return json_response({"loaded": True})
