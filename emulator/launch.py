"""Servers of one's own: a free port, a process, and waiting until it is ready. Knows nothing of what it starts."""

import errno
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import IO, Any

from emulator.config import PREFIX

START_SECONDS = 30.0


class PortTakenError(Exception):
    """Another program listens at the wanted port."""


class LaunchError(RuntimeError):
    """The emulator did not start; the message is what it said."""


def free_port(host: str, port: int) -> int:
    """``port`` if nobody listens there, a free one for 0. Raises PortTakenError, OSError for a host that is not ours."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen()
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTakenError(f"{host}:{port} is in use: {error.strerror}") from error
        return int(probe.getsockname()[1])


def connectable(host: str) -> str:
    """An address that reaches a server listening at ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104  # compared, not bound


def wait_until_ready(host: str, port: int, stop: Callable[[], bool] = lambda: False) -> bool:
    """Whether ``/_emulator/health`` answered 200 within START_SECONDS of real time; ``stop`` tells to give up."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and not stop():
        connection = http.client.HTTPConnection(host, port, timeout=2)
        try:
            connection.request("GET", "/_emulator/health")
            if connection.getresponse().status == 200:
                return True
        except OSError:
            time.sleep(0.01)
        finally:
            connection.close()
    return False


def own_environment() -> dict[str, str]:
    """Ours without settings of an emulator: a server of one's own is what its options say, wherever it is started."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


def running(**options: str) -> AbstractContextManager[str]:
    """A server in a process of its own, with ``serve``'s options; yields its base URL once it is ready."""
    return launched(options)


@contextmanager
def launched(
    options: Mapping[str, str], *, environment: Mapping[str, str] | None = None, stderr: IO[Any] | None = None
) -> Iterator[str]:
    """``running``, with an environment of its own.

    It listens at loopback, on a free port, and ends with us, however we end. ``stderr`` is where it may complain; without
    one, what it says is part of the LaunchError that is raised when it does not start.
    """
    port = free_port("127.0.0.1", 0)
    given = {**options, "host": "127.0.0.1", "port": str(port)}
    words = [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", value)]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(  # noqa: S603  # our own command line
            [sys.executable, "-m", "emulator", "serve", "--end-with-stdin", *words],
            env=own_environment() if environment is None else environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=stderr or said,
            start_new_session=True,  # the Ctrl-C of a terminal is for those who use it, and may still have questions
        )
        try:
            if not wait_until_ready("127.0.0.1", port, stop=lambda: process.poll() is not None):
                process.terminate()
                process.wait()
                said.seek(0)
                raise LaunchError(f"the emulator did not start: {said.read().strip() or 'it said nothing'}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.communicate()
