"""How fast receipts leave, and what the API notes of it meanwhile."""

import http.client
import json
import time
from collections.abc import Callable
from contextlib import closing
from statistics import median, quantiles

import processes
from control import Control
from processes import HOST, Running
from report import Row

RECEIPTS = 10_000
BATCH = 1_000
SECONDS = 60  # at most
HEADERS = {"Apikey": "5bf54d157a214f748eede4e4131b874d", "Apisecret": "712968662797"}


def measure() -> list[Row]:
    """One receipt for each message of Go4clients, delivered at once, to the bare hello as receiver."""
    with processes.yardstick("hello") as receiver, processes.emulator(delivery="immediate") as server:
        control = Control(server.port)
        control.enrich("go4clients")
        control.change("go4clients", callback_url=receiver.url)
        quiet = _latencies(server, until=lambda: False, most=300)
        before = server.worker_megabytes()
        begin = time.perf_counter()
        for batch in range(RECEIPTS // BATCH):
            _send(server, batch)
        busy = _latencies(server, until=lambda: control.pending() == 0)
        seconds = time.perf_counter() - begin
        taken = control.taken()
        if taken != RECEIPTS:
            raise SystemExit(f"{taken:,} of {RECEIPTS:,} receipts were taken")
        return [
            Row(f"{RECEIPTS:,} receipts, sent and taken", f"{RECEIPTS / seconds:,.0f}/s", f"{seconds:.1f} s with their sends"),
            Row("memory they add to the worker", f"{server.worker_megabytes() - before:.0f} MB", "with their messages"),
            Row("an API call meanwhile, median", f"{median(busy):.1f} ms", f"{median(quiet):.1f} ms when idle"),
            Row("an API call meanwhile, p99", f"{_p99(busy):.1f} ms", f"{_p99(quiet):.1f} ms when idle"),
        ]


def _send(server: Running, batch: int) -> None:
    numbers = [f"57300{batch:03}{number:04}" for number in range(BATCH)]
    body = json.dumps({"toList": numbers, "message": "hello from the bench"})
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=30)) as connection:
        connection.request("POST", "/go4clients/TelintelSms/api/sms/sendmessage", body, HEADERS)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"sendmessage answers {answer.status}: {answer.read()!r}")


def _latencies(server: Running, until: Callable[[], bool], most: int | None = None) -> list[float]:
    """Milliseconds of one call after the other, until ``until`` says so."""
    found: list[float] = []
    end = time.monotonic() + SECONDS
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=30)) as connection:
        while most is None or len(found) < most:
            begin = time.perf_counter()
            connection.request("GET", "/clickatell/http/ping")
            connection.getresponse().read()
            found.append((time.perf_counter() - begin) * 1000)
            if len(found) % 50 == 0 and until():
                return found
            if time.monotonic() > end:
                raise SystemExit(f"receipts are still pending after {SECONDS} s")
    return found


def _p99(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=100)[98]
