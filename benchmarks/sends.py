"""Sends per second of each dialect, beside two yardsticks on the same server.

Rounds are interleaved, so that a busy moment of the machine hits all; each round has a server of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import load
import processes
from control import Control
from processes import Running
from report import table

ROUNDS = 3
SECONDS = 3
WARM_UP_SECONDS = 1
DIALECTS = {  # by provider, and by another word where it has two
    "skycore": "Skycore",
    "clickatell": "Clickatell HTTP",
    "clickatell_soap": "Clickatell SOAP",
    "go4clients": "Go4clients",
    "clicksend": "ClickSend",
}
AGAINST = ("clickatell_soap", "clickatell")
YARDSTICKS = {"hello": "bare WSGI hello", "trivial": "trivial Flask + marshmallow app"}
UNCAPPED = "100000000"  # messages kept, so that all of a load can be counted


class Unusable(Exception):
    """A figure that would lie: the answers were no successes."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One round of one contestant. ``cpu_us``: microseconds of the worker per request, deliveries included."""

    per_second: float
    p99_ms: float
    cpu_us: float


class Results:
    def __init__(self) -> None:
        self.samples: dict[str, list[Sample]] = {}
        self.left_out: dict[str, str] = {}

    def markdown(self) -> str:
        rows = [list(self._cells(name, title)) for name, title in (DIALECTS | YARDSTICKS).items() if name in self.samples]
        heads = ("", "requests/s", "min - max", "p99 ms", "worker CPU us/request", "of hello", "of trivial")
        return "\n".join(
            [
                table(heads, rows, figures=set(range(1, len(heads)))),
                *self._against(),
                *(f"\n{DIALECTS[name]} is left out: {why}" for name, why in self.left_out.items()),
            ]
        )

    def _against(self) -> Iterator[str]:
        """The same message by two ways."""
        if all(name in self.samples for name in AGAINST):
            one, other = (median(sample.per_second for sample in self.samples[name]) for name in AGAINST)
            yield f"\n{DIALECTS[AGAINST[0]]} against {DIALECTS[AGAINST[1]]}: {one / other:.2f} of the sends per second."

    def _cells(self, name: str, title: str) -> Iterator[str]:
        rates = [sample.per_second for sample in self.samples[name]]
        yield title
        yield f"{median(rates):,.0f}"
        yield f"{min(rates):,.0f} - {max(rates):,.0f}"
        yield f"{median(sample.p99_ms for sample in self.samples[name]):.1f}"
        yield f"{median(sample.cpu_us for sample in self.samples[name]):.0f}"
        for other in YARDSTICKS:
            yield f"{median(rates) / median(sample.per_second for sample in self.samples[other]):.2f}"


def measure() -> Results:
    results = Results()
    for number in range(1, ROUNDS + 1):
        for name in [*YARDSTICKS, *DIALECTS]:
            if name in results.left_out:
                continue
            try:
                sample = _yardstick(name) if name in YARDSTICKS else _dialect(name)
            except Unusable as refused:
                results.left_out[name] = str(refused)
                results.samples.pop(name, None)
                print(f"  {name}: {refused}", flush=True)
                continue
            results.samples.setdefault(name, []).append(sample)
            print(f"  round {number}, {name}: {sample.per_second:,.0f}/s", flush=True)
    return results


def _yardstick(name: str) -> Sample:
    script = None if name == "hello" else name
    with processes.yardstick(name) as server:
        warm_up = load.run(server.url, script, WARM_UP_SECONDS)
        full = load.run(server.url, script, SECONDS)
        if warm_up.failures or full.failures:
            raise SystemExit(f"the yardstick {name} fails: {warm_up.failures} {full.failures}")
        return _sample(server, full, warm_up.requests + full.requests)


def _dialect(name: str) -> Sample:
    provider = name.partition("_")[0]
    with processes.emulator(max_messages=UNCAPPED) as server:
        control = Control(server.port)
        if provider not in control.providers():
            raise Unusable("the emulator does not have it")
        control.enrich(provider)
        warm_up = load.run(server.url, name, WARM_UP_SECONDS)
        _check(control, warm_up.requests, 1)
        full = load.run(server.url, name, SECONDS)
        requests = warm_up.requests + full.requests
        control.settle()
        _check(control, requests, 2)
        if full.failures:
            raise Unusable(full.failures)
        return _sample(server, full, requests)


def _check(control: Control, requests: int, runs: int) -> None:
    """Every request made a message; at the end of a run each connection may have had one more under way."""
    exchange = control.last_exchange()
    response = exchange["response"]
    if exchange["refusal"] is not None or response["status"] != 200 or not exchange["messages"]:
        raise Unusable(f"answered {response['status']}, {response['body'].strip()}")
    captured = control.captured()
    if not requests <= captured <= requests + runs * load.CONNECTIONS:
        raise Unusable(f"{captured} messages captured from {requests} requests")


def _sample(server: Running, full: load.Load, requests: int) -> Sample:
    return Sample(full.per_second, full.p99_ms, server.worker_cpu_seconds() / requests * 1e6)
