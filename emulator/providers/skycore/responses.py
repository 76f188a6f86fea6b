"""What shape wraps a success. Keys stand in the document's order."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from emulator.edge.body import json_response


def queued(tracking_id: str, sent: Mapping[str, Any]) -> Response:
    """``sent`` is what the request said: recipient and sender are echoed as they came."""
    return json_response(
        {
            "status": "Success",
            "tracking-id": tracking_id,
            "to": sent["recipient"],
            "from": sent["sender"],
            "status-details": "SMS request accepted and queued for delivery",
        }
    )


def subscription(asked: Mapping[str, Any]) -> Response:
    body = {"status": "Success", "campaign-ref": asked["campaign"], "mobile": asked["mobile"]}
    if asked["subscriber"] is not None:
        body["subscriber-ref"] = asked["subscriber"]
    return json_response(body)
