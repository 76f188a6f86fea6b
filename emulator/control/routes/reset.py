"""Back to the seeded state."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.schemas.clock import RESET_IN, ResetIn, ResetOut
from emulator.control.spoken import speaks
from emulator.core.errors import Reason, Refusal
from emulator.edge.body import json_object, json_response
from emulator.edge.context import runtime
from emulator.edge.errors import Fail

blueprint = Blueprint("reset", __name__)


@blueprint.post("/reset")
@speaks(ResetOut, body=ResetIn, body_is_optional=True, example={"account": "skycore-demo"}, errors=("unknown_account",))
def reset() -> Response:
    """Everything as it was at the start: demo accounts, balances, ids, clock; or one account as it was made."""
    wanted = RESET_IN.load(json_object(request) if request.get_data() else {})
    if wanted["account"] is None:
        runtime().report.close_chapter()
    try:
        runtime().registrar.reset(wanted["account"])
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise Fail("unknown_account", refusal.detail, field="account") from refusal
        raise
    return json_response({"reset": wanted["account"] or "all"})
