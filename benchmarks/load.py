"""Load by wrk, one Lua script per kind of request."""

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

THREADS = 2
CONNECTIONS = 32
FILL_SECONDS = 180  # at most
OPTIONS = ("--latency", f"--connections={CONNECTIONS}")
SCRIPTS = Path(__file__).parent / "wrk"

_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw. ``failures``: its lines about socket errors and answers other than 2xx and 3xx, else empty."""

    requests: int
    per_second: float
    p99_ms: float
    failures: str


def is_installed() -> bool:
    return shutil.which("wrk") is not None


def run(url: str, script: str | None, seconds: int) -> Load:
    """Every connection asks again as soon as it is answered."""
    scripted = [f"--script={SCRIPTS}/{script}.lua"] if script else []
    command = ["wrk", f"--threads={THREADS}", f"--duration={seconds}s", *OPTIONS, *scripted, url]
    return _read(subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + 30).stdout)


def fill(url: str, series: int, count: int, is_done: Callable[[], bool]) -> Load:
    """Sends ``count`` messages, each to a number of its own; one more per connection may be on its way at the end.

    wrk itself goes on until its time is over, without sending, so it is ended once ``is_done``.
    """
    script = f"--script={SCRIPTS}/fill.lua"
    command = ["wrk", "--threads=1", f"--duration={FILL_SECONDS}s", *OPTIONS, script, url, "--", str(series), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as wrk:
        try:
            while wrk.poll() is None and not is_done():
                time.sleep(0.2)
        finally:
            wrk.send_signal(signal.SIGINT)
        return _read(wrk.communicate(timeout=30)[0])


def _read(output: str) -> Load:
    p99, unit = _find(r"^ +99% +([\d.]+)(us|ms|s|m) *$", output)
    return Load(
        requests=int(_find(r"^ +(\d+) requests in ", output)[0]),
        per_second=float(_find(r"^Requests/sec: +([\d.]+)$", output)[0]),
        p99_ms=float(p99) * _MILLISECONDS[unit],
        failures="; ".join(re.findall(r"^ +((?:Socket errors|Non-2xx).*)$", output, re.MULTILINE)),
    )


def _find(pattern: str, output: str) -> tuple[str, ...]:
    match = re.search(pattern, output, re.MULTILINE)
    if match is None:
        raise SystemExit(f"wrk printed nothing like {pattern!r}:\n{output}")
    return match.groups()
