"""What the emulator itself did not foresee."""

from flask import Blueprint
from werkzeug.wrappers import Response

from emulator.control.schemas.exchanges import CRASH_OUT, CrashesOut
from emulator.control.spoken import speaks
from emulator.edge.body import json_response
from emulator.edge.context import smsc
from emulator.edge.crashes import Crash

blueprint = Blueprint("crashes", __name__)


@blueprint.get("/crashes")
@speaks(CrashesOut)
def crashes() -> Response:
    """Errors of the emulator since the last reset, with their tracebacks: each is a bug of ours."""
    return json_response({"crashes": CRASH_OUT.dump(list(smsc.store.find(Crash)), many=True)})
