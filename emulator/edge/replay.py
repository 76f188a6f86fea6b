"""A kept request asked once more."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from emulator.core.journal import Exchange
from emulator.edge.journal import EXCHANGES

_LENGTHS = frozenset({"content-length", "transfer-encoding"})


def replay(application: Callable[..., Any], exchange: Exchange, address: str | None) -> str:
    """Ask ``application`` again, called from ``address``; answers the id of the new exchange.

    It is a request of its own, in a context of its own.
    """
    headers = [(name, value) for name, value in exchange.request_headers if name.lower() not in _LENGTHS]
    builder = EnvironBuilder(method=exchange.method, headers=headers, data=exchange.request_body or None)
    environ = builder.get_environ()
    builder.close()
    path, _, query = exchange.path.partition("?")
    kept: list[str] = []
    environ.update({"PATH_INFO": path, "QUERY_STRING": query, "REMOTE_ADDR": address or "", EXCHANGES: kept})
    Context().run(Response.from_app, application, environ, buffered=True)
    return kept[-1]
