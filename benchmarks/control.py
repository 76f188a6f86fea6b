"""The part of the control API that a measurement needs."""

import http.client
import json
import time
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

from processes import HOST

PLENTY = "1000000000"
SETTLE_SECONDS = 60


class Control:
    def __init__(self, port: int) -> None:
        self._port = port

    def providers(self) -> list[str]:
        return list(self._ask("GET", "/health")["providers"])

    def enrich(self, provider: str) -> None:
        """Gives the demo account more than a load can spend."""
        self._ask("PATCH", f"/accounts/{provider}-demo", {"balance": PLENTY})

    def change(self, provider: str, **settings: str) -> None:
        self._ask("PATCH", f"/accounts/{provider}-demo", settings)

    def pending(self) -> int:
        """Calls to the application that are neither taken nor given up."""
        return int(self._ask("GET", "/health")["webhooks_pending"])

    def taken(self) -> int:
        """Calls to the application that it has answered as it should."""
        cursor, taken = "", 0
        while cursor is not None:
            page = self._ask("GET", f"/webhooks?limit=1000{cursor and f'&cursor={cursor}'}")
            taken += sum(webhook["state"] == "taken" for webhook in page["webhooks"])
            cursor = page["next_cursor"]
        return taken

    def messages(self, **query: str) -> dict[str, Any]:
        return self._ask("GET", f"/messages?{urlencode(query)}")

    def captured(self) -> int:
        """Messages that are kept."""
        return int(self.messages(limit="1")["total"])

    def ever_captured(self) -> int:
        """With those that were dropped since, because the store was full."""
        health = self._ask("GET", "/health")
        return int(health["messages"]) + int(health["messages_dropped"])

    def last_exchange(self) -> dict[str, Any]:
        return dict(self._ask("GET", "/exchanges?limit=1")["exchanges"][0])

    def settle(self) -> None:
        """Waits until the newest message is delivered, and with it all older ones."""
        end = time.monotonic() + SETTLE_SECONDS
        while self.messages(limit="1")["messages"][0]["status"] != "delivered":
            if time.monotonic() > end:
                raise SystemExit(f"the newest message is not delivered after {SETTLE_SECONDS} s")
            time.sleep(0.1)

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=30)
        with closing(connection):
            connection.request(method, f"/_emulator{path}", None if body is None else json.dumps(body))
            answer = connection.getresponse()
            text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} /_emulator{path} answers {answer.status}: {text.decode()}")
        return dict(json.loads(text))
