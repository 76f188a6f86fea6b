"""Starts a server of its own, always stops it, and reads from /proc what it costs."""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from emulator.config import PREFIX
from emulator.launch import free_port

HOST = "127.0.0.1"
READY_SECONDS = 30
STOP_SECONDS = 10
POLL_SECONDS = 0.005
TICKS = os.sysconf("SC_CLK_TCK")


class Running:
    """A server that answers: granian's parent process and its one worker."""

    def __init__(self, pid: int, port: int, ready_seconds: float) -> None:
        self.pid = pid
        self.port = port
        self.ready_seconds = ready_seconds
        self.worker = _child(pid)
        self._cpu_when_ready = _cpu_seconds(self.worker)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def worker_cpu_seconds(self) -> float:
        """User and system time of all threads of the worker since it was ready."""
        return _cpu_seconds(self.worker) - self._cpu_when_ready

    def worker_megabytes(self) -> float:
        return _resident_megabytes(self.worker)

    def parent_megabytes(self) -> float:
        return _resident_megabytes(self.pid)


@contextmanager
def emulator(**options: str) -> Iterator[Running]:
    """The emulator with ``serve``'s options."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
    with _running(["-m", "emulator", "serve", "--quiet", "1", *words, "--port"], "/_emulator/health") as server:
        yield server


@contextmanager
def yardstick(name: str) -> Iterator[Running]:
    with _running([str(Path(__file__).with_name("yardsticks.py")), name], "/") as server:
        yield server


@contextmanager
def _running(words: list[str], ready_path: str) -> Iterator[Running]:
    """Python with ``words`` and a free port behind them."""
    port = free_port(HOST, 0)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    with tempfile.TemporaryFile("w+") as printed:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *words, str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=printed,
            start_new_session=True,
        )
        try:
            if not _wait_until_ready(process, port, ready_path):
                raise SystemExit(f"{' '.join(words)} {port} did not become ready")
            yield Running(process.pid, port, time.perf_counter() - begin)
        finally:
            ended = process.poll()
            _stop(process)
            printed.seek(0)
            if errors := printed.read():
                print(f"a server printed:\n{errors}", file=sys.stderr)
            if ended is not None:
                print(f"a server ended by itself, exit code {ended}", file=sys.stderr)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, path: str) -> bool:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=2)
        with suppress(OSError):
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return True
        connection.close()
        time.sleep(POLL_SECONDS)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _child(pid: int) -> int:
    for task in Path(f"/proc/{pid}/task").iterdir():
        children = (task / "children").read_text().split()
        if children:
            return int(children[0])
    raise SystemExit(f"process {pid} has no worker")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS  # utime and stime: fields 14 and 15 of proc(5)


def _resident_megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
