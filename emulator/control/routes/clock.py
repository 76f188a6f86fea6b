"""Time: look at it, hold it, move it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.schemas.clock import ADVANCE_IN, CLOCK_IN, AdvancedOut, AdvanceIn, ClockIn, ClockOut
from emulator.control.schemas.values import iso
from emulator.control.spoken import speaks
from emulator.core.campaigns import Slice
from emulator.core.clock import LATEST
from emulator.core.errors import Reason, Refusal
from emulator.core.lifecycle import Event
from emulator.core.planned import Planned
from emulator.core.webhooks import Errand, LateReceipt
from emulator.edge.body import json_object, json_response
from emulator.edge.context import smsc

blueprint = Blueprint("clock", __name__)


@blueprint.get("/clock")
@speaks(ClockOut)
def show() -> Response:
    """The emulator's time and whether it is held."""
    return json_response(clock_out())


@blueprint.put("/clock")
@speaks(ClockOut, body=ClockIn, example={"frozen": True})
def put() -> Response:
    """Freeze or release the clock, or set it; what becomes due has happened when this answers."""
    wanted = CLOCK_IN.load(json_object(request))
    smsc.set_clock(frozen=wanted["frozen"], now=wanted["now"])
    return json_response(clock_out())


@blueprint.post("/clock/advance")
@speaks(AdvancedOut, body=AdvanceIn, example={"seconds": 10})
def advance() -> Response:
    """Move time forward by seconds or to the next planned step; what becomes due has happened when this answers."""
    wanted = ADVANCE_IN.load(json_object(request))
    now = smsc.clock.now()
    if wanted["to"] is not None:
        fired = smsc.advance_to_next()
    elif (target := now + timedelta(seconds=wanted["seconds"])) <= LATEST:
        fired = smsc.advance_to(max(target, now))
    else:
        raise Refusal(Reason.INVALID_FIELD, f"time ends with the year {LATEST:%Y}", field="seconds")
    return json_response({**clock_out(), "fired": [_fired_out(planned) for planned in fired]})


def clock_out() -> dict[str, Any]:
    return {"now": iso(smsc.clock.now()), "frozen": smsc.clock.frozen}


def _fired_out(planned: Planned) -> dict[str, Any]:
    shown: dict[str, Any] = {"at": iso(planned.due_at), "account": planned.account}
    match planned:
        case Event():
            return {**shown, "message": planned.message, "status": planned.status.value}
        case Errand():
            return {**shown, "webhook": planned.webhook}
        case Slice():
            return {**shown, "campaign": planned.campaign}
        case LateReceipt():
            return {**shown, "message": planned.message.id, "receipt": planned.message.status.value}
