"""Calls as several providers make them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from emulator.core.webhooks import Call, RetryPlan


def with_query(url: str, query: str) -> str:
    """``url`` with ``query`` behind what it has already."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def json_call(method: str | None, url: str, document: Mapping[str, Any], plan: RetryPlan) -> Call:
    """The document as JSON; an account that wants GET gets its keys as parameters, nulls as nothing."""
    if method == "GET":
        pairs = {key: "" if value is None else value for key, value in document.items()}
        return Call("GET", with_query(url, urlencode(pairs)), plan)
    return Call("POST", url, plan, {"Content-Type": "application/json"}, orjson.dumps(document))


def digits(number: str) -> str:
    return number.removeprefix("+")
