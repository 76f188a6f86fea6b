"""One envelope for everything. No message id is in it, and no other key: strict clients fail on one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from werkzeug.wrappers import Response

from emulator.core.message import Message
from emulator.edge.body import json_response
from emulator.edge.context import sheet
from emulator.fixtures import Code

SUCCESS = "000"


def envelope(row: Code, *, success: bool) -> dict[str, Any]:
    return {"code": row.code, "description": row.text, "success": success}


def sent(message: Message) -> Response:
    return json_response({**_succeeded(), "messagePrice": float(message.price)})


def sent_to_all(messages: Sequence[Message], balance: Decimal) -> Response:
    """``balance`` is what is left after all of them."""
    destinations = [
        {"mobileNumber": message.recipient.removeprefix("+"), "messagePrice": float(message.price)} for message in messages
    ]
    data = {"destSendMsg": destinations, "remainingBalance": float(balance)}
    return json_response({**_succeeded(), "data": data})


def _succeeded() -> dict[str, Any]:
    return envelope(sheet("go4clients").codes[SUCCESS], success=True)
