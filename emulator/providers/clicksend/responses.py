"""What shape wraps a success: the envelope, and the currency that money answers carry."""

from typing import Any

from werkzeug.wrappers import Response

from emulator.edge.context import sheet
from emulator.providers.clicksend.errors import envelope


def success(message: str, data: Any) -> Response:
    """HTTP 200 for every verb."""
    return envelope(200, "SUCCESS", message, data)


def currency() -> dict[str, str]:
    return dict(sheet("clicksend").document["currency"])
