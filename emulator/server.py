"""The production server around the application: granian, one worker process, several threads."""

import errno
import gc
import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from emulator.config import PREFIX, Settings

START_SECONDS = 30.0
_GC = (100_000, 50, 1000)  # captured messages are many and never cyclic: looking through them cost a third of the throughput
STOP_SECONDS = 2  # a request still running then is cut off


class PortTakenError(Exception):
    """Another program listens at the wanted port."""


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


def run(settings: Settings, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``on_ready`` is called once health answers. ``settings.port`` must not be 0."""
    server = Server(
        "emulator",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        workers=1,
        blocking_threads=settings.threads,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )
    threading.Thread(target=_announce, args=(settings, on_ready), daemon=True).start()
    server.serve(target_loader=_Loader(settings), wrap_loader=False)


class _Loader:
    """Builds the application in the worker process. A class, so that it can be sent to a spawned process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self) -> Any:
        from emulator.app import StartError, create_app, start_worker  # noqa: PLC0415  # Flask is for the worker process only
        from emulator.delivery.child import ProcessTransport  # noqa: PLC0415
        from emulator.fixtures import FixtureError  # noqa: PLC0415

        _log_to_console(quiet=self._settings.quiet)
        try:
            transport = ProcessTransport(private_only=self._settings.callback_targets == "private")
            transport.start()
            app = create_app(self._settings, transport=transport)
        except (StartError, FixtureError) as error:
            sys.stderr.write(f"sms-emulator cannot start: {error}\n")
            sys.stderr.flush()
            os._exit(1)
        start_worker(app)
        Finalize(None, _say_pending, args=(app,), exitpriority=1)  # a worker process runs no atexit functions
        gc.freeze()
        gc.set_threshold(*_GC)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        return app


def _say_pending(app: Any) -> None:
    from emulator.edge.context import EXTENSION  # noqa: PLC0415  # loaded by now, and in this process only

    if pending := app.extensions[EXTENSION].dispatcher.pending():
        print(f"{pending} calls to your application were still pending", flush=True)


def _end_with_parent() -> None:
    """A worker process whose parent was killed would hold the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _log_to_console(*, quiet: bool) -> None:
    import logging  # noqa: PLC0415  # configured in the worker process, which alone logs

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    console = logging.getLogger("emulator.console")
    console.propagate = False
    if not quiet:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", datefmt="%H:%M:%S"))
        console.addHandler(handler)
        console.setLevel(logging.INFO)


def _announce(settings: Settings, on_ready: Callable[[], None]) -> None:
    if wait_until_ready(connectable(settings.host), settings.port):
        on_ready()


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


@contextmanager
def running(**options: str) -> Iterator[str]:
    """A server of its own in another process, with ``serve``'s options; yields its base URL once it is ready.

    Raises RuntimeError with what it printed when it does not become ready.
    """
    port = free_port("127.0.0.1", 0)
    words = [word for name, value in {**options, "port": str(port)}.items() for word in (f"--{name}", value)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    process = subprocess.Popen(  # noqa: S603  # our own command line
        [sys.executable, "-m", "emulator", "serve", *words],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        if not wait_until_ready("127.0.0.1", port, stop=lambda: process.poll() is not None):
            process.terminate()
            raise RuntimeError(f"the emulator did not start: {process.communicate()[1]}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate()
