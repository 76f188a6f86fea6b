"""Back to the seeded state."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from emulator.control.schemas import RESET_IN
from emulator.core.errors import Reason, Refusal
from emulator.edge.body import json_object, json_response
from emulator.edge.context import runtime
from emulator.edge.errors import Fail

blueprint = Blueprint("reset", __name__)


@blueprint.post("/reset")
def reset() -> Response:
    """Everything as it was at the start: demo accounts, balances, ids, clock; or one account as it was made."""
    wanted = RESET_IN.load(json_object(request) if request.get_data() else {})
    try:
        runtime().registrar.reset(wanted["account"])
    except Refusal as refusal:
        if refusal.reason is Reason.NOT_FOUND:
            raise Fail("unknown_account", refusal.detail, field="account") from refusal
        raise
    return json_response({"reset": wanted["account"] or "all"})
