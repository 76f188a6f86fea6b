"""Requests that a page makes to the emulator it belongs to: in this process and thread, without a socket.

A page that called its own server over HTTP would hold two threads for one request (and all of them could come to wait for
each other), and would have to guess the address under which a container or a proxy lets itself be reached.
"""

from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import orjson
from flask import current_app, request
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from emulator.comparison import Answer
from emulator.edge.journal import EXCHANGES

_HOST = "localhost"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the control API said."""

    status: int
    document: Any

    @property
    def objection(self) -> str:
        """Its own words; empty where it did what it was asked."""
        return "" if self.status < 400 else str(self.document["error"]["message"])

    @property
    def field(self) -> str:
        """The field that it objects to; empty where it names none."""
        return "" if self.status < 400 else str(self.document["error"]["field"] or "")


class Line:
    """An application as a target of examples. ``is_own`` says whether its clock may be moved.

    ``exchanges`` are the ids of what its journal kept of the requests.
    """

    def __init__(self, application: Callable[..., Any], *, is_own: bool, address: str = "127.0.0.1") -> None:
        self.is_own = is_own
        self.base_url = f"http://{_HOST}"
        self.exchanges: list[str] = []
        self._application = application
        self._address = address

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Raises ConnectionError where the answer ends early, as a fault may want it."""
        builder = EnvironBuilder(path, f"http://{_HOST}", method=method, headers=headers.items(), data=body or None)
        environ = builder.get_environ()
        builder.close()
        environ["REMOTE_ADDR"] = self._address
        environ[EXCHANGES] = self.exchanges
        response = Context().run(Response.from_app, self._application, environ, buffered=True)
        came = response.get_data()
        announced = response.headers.get("Content-Length", type=int)
        if announced is not None and announced > len(came) and method != "HEAD":
            raise ConnectionError("the connection ended before the answer did")
        return Answer(response.status_code, {name.lower(): value for name, value in response.headers}, came)


def this_server() -> Line:
    return Line(current_app.wsgi_app, is_own=False, address=request.remote_addr or "")


def ask(method: str, path: str, document: Any = None) -> Reply:
    """Ask the control API of this emulator; ``path`` follows ``/_emulator``."""
    body = b"" if document is None else orjson.dumps(document)
    answer = this_server().send(method, f"/_emulator{path}", {"Content-Type": "application/json"}, body)
    return Reply(answer.status, orjson.loads(answer.body))
