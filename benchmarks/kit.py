"""What the test kit costs: a test that sends and asserts, a reset, many who wait."""

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from statistics import median

import processes
from processes import HOST, Running
from report import Row

from emulator.client import AccountWorld, Client

ROUNDS = 100
MESSAGES = 10_000
BATCH = 1_000
WAITING = 100


def measure() -> list[Row]:
    with processes.emulator() as server, closing(Client(server.url)) as client:
        opened = _milliseconds(lambda: client.open_account("go4clients", balance="1000000"), ROUNDS)
        world = client.open_account("go4clients", balance="1000000")
        asserted = _milliseconds(lambda: _send_and_assert(world), ROUNDS)
        reset = _milliseconds(client.reset, ROUNDS)
        return [
            Row("a fresh account", f"{opened:.1f} ms", f"median of {ROUNDS}"),
            Row("a test that sends, waits and asserts", f"{asserted:.1f} ms", f"median of {ROUNDS}"),
            Row("a full reset", f"{reset:.1f} ms", f"median of {ROUNDS}"),
            *_with_many(server, client),
            *_waiting(client),
        ]


def _with_many(server: Running, client: Client) -> list[Row]:
    world = client.open_account("go4clients", balance="1000000")
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=60)) as connection:
        for batch in range(MESSAGES // BATCH):
            numbers = [f"57300{batch:03}{number:04}" for number in range(BATCH)]
            _ask(connection, world, "sendmessage", {"toList": numbers, "message": "hello from the bench"})
    begin = time.perf_counter()
    document = client.snapshot()
    out = time.perf_counter() - begin
    begin = time.perf_counter()
    client.restore(document)
    back = time.perf_counter() - begin
    size = len(json.dumps(document)) / 1024**2
    reset = _milliseconds(client.reset, 1)
    return [
        Row(f"a snapshot of {MESSAGES:,} messages, out", f"{out:.1f} s", f"{size:.0f} MB of JSON, read by the client too"),
        Row("the same, in", f"{back:.1f} s", "checked whole before anything changes"),
        Row(f"a full reset that forgets {MESSAGES:,} messages", f"{reset:.0f} ms"),
    ]


def _waiting(client: Client) -> list[Row]:
    """Sends and waits while WAITING clients wait for something else."""
    world, others = (client.open_account("go4clients", balance="1000000") for _ in range(2))
    with ThreadPoolExecutor(WAITING) as pool:
        held = [pool.submit(others.wait_for_none, timeout=8) for _ in range(WAITING)]
        time.sleep(1)
        begin = time.monotonic()
        busy = _milliseconds(lambda: _send_and_assert(world), ROUNDS)
        if time.monotonic() - begin > 6:
            raise SystemExit("the API was starved: those who wait were done before")
        for one in held:
            one.result()
    return [Row(f"the same test while {WAITING} clients wait", f"{busy:.1f} ms", f"median of {ROUNDS}")]


def _send_and_assert(world: AccountWorld) -> None:
    with closing(http.client.HTTPConnection(HOST, int(world.url.split(":")[2].split("/")[0]), timeout=30)) as connection:
        _ask(connection, world, "send", {"to": "573000000000", "message": "Your code is 123456"})
    if world.wait_for(to="+573000000000").codes != ("123456",):
        raise SystemExit("another code was received than sent")


def _ask(connection: http.client.HTTPConnection, world: AccountWorld, service: str, body: object) -> None:
    headers = {"Apikey": world.credentials["api_key"], "Apisecret": world.credentials["api_secret"]}
    connection.request("POST", f"/go4clients/TelintelSms/api/sms/{service}", json.dumps(body), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"{service} answers {answer.status}: {answer.read()!r}")
    answer.read()


def _milliseconds(act: Callable[[], object], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        found.append((time.perf_counter() - begin) * 1000)
    return median(found)
