"""A request as it goes over the wire, for the eye."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def request_text(provider: str, request: Mapping[str, Any]) -> str:
    """Of an example's ``request``; names in braces stand for values of the account it runs on."""
    path = f"/{provider}{request['path']}"
    if "query" in request:
        path += f"?{_encoded(request['query'])}"
    headers = [f"{name}: {value}" for name, value in (request.get("headers") or {}).items()]
    body = _encoded(request["form"]) if "form" in request else str(request.get("body") or "")
    return "\n".join([f"{request['method']} {path}", *headers, *(["", body.rstrip("\n")] if body else [])])


def sent_text(method: str, path: str, headers: Mapping[str, str], body: str) -> str:
    """Of a request that was sent."""
    lines = [f"{method} {path}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\n".join([*lines, *(["", body.rstrip("\n")] if body else [])])


def _encoded(parameters: Any) -> str:
    if isinstance(parameters, str):
        return parameters
    return urlencode(parameters, safe="{}:,")
