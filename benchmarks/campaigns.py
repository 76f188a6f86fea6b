"""What a campaign to a large list costs, and what the API notes of it meanwhile."""

import http.client
import json
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from statistics import median, quantiles
from typing import Any

import processes
from control import Control
from processes import HOST, Running
from report import Row

SIZES = (1_000, 5_000, 20_000)
REPEATS = 5
SECONDS = 60  # at most
PATH = "/clicksend/v3"
BODY = "Hey (First Name), I want to ask if this is your lastname: (Last Name)? StopMsg.me/xxxxx"
HEADERS = {"Authorization": "Basic " + b64encode(b"api-username:api-password").decode(), "Content-Type": "application/json"}


def measure() -> list[Row]:
    """ClickSend: price and send a text with placeholders and an opt-out link per recipient."""
    rows: list[Row] = []
    with processes.emulator(delivery="immediate") as server:
        Control(server.port).enrich("clicksend")
        for size in SIZES:
            rows += _of_list(server, size)
    return rows


def _of_list(server: Running, size: int) -> list[Row]:
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=60)) as connection:
        list_id = _fill(connection, size)
        campaign = {"list_id": list_id, "name": "bench", "body": BODY}
        price = median(_timed(lambda: _ask(connection, "POST", "/sms-campaigns/price", campaign)) for _ in range(REPEATS))
        begin = time.perf_counter()
        sent = _ask(connection, "POST", "/sms-campaigns/send", campaign)
        answered = time.perf_counter() - begin
        path = f"/sms-campaigns/{sent['sms_campaign_id']}"
        waits: list[float] = []
        while _ask(connection, "GET", path)["status"] != "Sent":
            waits.append(_timed(lambda: _ask(connection, "GET", path)))
            if time.perf_counter() - begin > SECONDS:
                raise SystemExit(f"the campaign is not sent after {SECONDS} s")
        seconds = time.perf_counter() - begin
    p99 = quantiles(waits, n=100)[98] if len(waits) > 1 else 0.0
    return [
        Row(f"price of a campaign to {size:,}", f"{price * 1000:,.0f} ms", f"{price / size * 1e6:.1f} us per recipient"),
        Row(f"send to {size:,}, until answered", f"{answered * 1000:,.0f} ms", f"{answered / size * 1e6:.1f} us per recipient"),
        Row(f"send to {size:,}, until all are made", f"{seconds:.2f} s", f"{seconds / size * 1e6:.1f} us per recipient"),
        Row("an API call meanwhile, median", f"{median(waits) * 1000:.1f} ms", f"p99 {p99 * 1000:.1f} ms, {len(waits)} calls"),
    ]


def _fill(connection: http.client.HTTPConnection, size: int) -> int:
    list_id = int(_ask(connection, "POST", "/lists", {"list_name": f"{size}"})["list_id"])
    for number in range(size):
        name = {"first_name": f"First{number % 97}", "last_name": f"Last{number % 89}"}
        _ask(connection, "POST", f"/lists/{list_id}/contacts", {"phone_number": f"+61491{number:06}", **name})
    return list_id


def _timed(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    connection.request(method, PATH + path, None if body is None else json.dumps(body), HEADERS)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path} answers {answer.status}: {text.decode()}")
    return dict(json.loads(text)["data"])
