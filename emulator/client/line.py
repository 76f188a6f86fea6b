"""The line to the control API: JSON out, JSON in, connections kept."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import urllib3

from emulator.client.errors import EmulatorError, UnreachableError

ERA = "Emulator-Era"
"""Header of every answer: another one once somebody has reset the server or put a snapshot in."""

_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 60.0
_CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    document: Any


class Line:
    """Safe to use from several threads. ``url`` is the emulator's. Raises ValueError for what is none.

    ``noticed`` takes the headers of every answer before anybody else sees it.
    """

    def __init__(self, url: str, noticed: Callable[[Mapping[str, str]], None] = lambda _: None) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is no http:// or https:// address")
        self._base = f"{url.rstrip('/')}/_emulator"
        self._noticed = noticed
        self._pool = urllib3.PoolManager(maxsize=_CONNECTIONS, retries=False)

    def ask(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None, seconds: float = 0
    ) -> Answer:
        """Whatever it answers. ``seconds`` is how much longer than usual the answer may take. Raises UnreachableError."""
        fields = {name: str(value) for name, value in (query or {}).items() if value is not None}
        url = self._base + path + (f"?{urlencode(fields)}" if fields else "")
        timeout = urllib3.Timeout(connect=_CONNECT_SECONDS, read=_ANSWER_SECONDS + seconds)
        content = None if body is None else json.dumps(body, default=_written).encode()
        headers = {"Content-Type": "application/json"} if content else {}
        try:
            answer = self._pool.request(method, url, body=content, headers=headers, timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise UnreachableError(f"there is no emulator at {self._base}: {error}") from error
        document = _read(answer.data, answer.headers.get("Content-Type", ""))
        if ERA not in answer.headers and not (isinstance(document, dict) and "error" in document):
            raise UnreachableError(
                f"there is no emulator at {self._base}: whoever is there answers with status {answer.status}"
            )
        self._noticed(answer.headers)
        return Answer(answer.status, answer.headers, document)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The document of an answer that is a success. Raises EmulatorError, UnreachableError."""
        return succeeded(self.ask(method, path, body, query=query))

    def close(self) -> None:
        self._pool.clear()


def succeeded(answer: Answer) -> Any:
    """Its document. Raises EmulatorError."""
    if answer.status < 400:
        return answer.document
    error = answer.document.get("error", {}) if isinstance(answer.document, dict) else {}
    raise EmulatorError(
        answer.status, error.get("code", "?"), error.get("message", str(answer.document)[:300]), error.get("field")
    )


def _written(value: object) -> str:
    """Money is decimal strings."""
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{value!r} cannot be written as JSON")


def _read(content: bytes, kind: str) -> Any:
    try:
        return json.loads(content) if kind.startswith("application/json") else content.decode(errors="replace")
    except ValueError:
        return content.decode(errors="replace")
