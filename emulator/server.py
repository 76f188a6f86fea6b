"""The production server around the application: granian, one worker process, several threads."""

import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from typing import Any

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from emulator.config import Settings
from emulator.launch import connectable, wait_until_ready

_GC = (100_000, 50, 1000)  # captured messages are many and never cyclic: looking through them cost a third of the throughput
STOP_SECONDS = 2  # a request still running then is cut off
WRITE_SECONDS = 120  # what snapshot and report may take after that
_CANNOT_START = 3  # exit code of a worker process that has said why


def run(settings: Settings, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``on_ready`` is called once health answers. ``settings.port`` must not be 0."""
    writes = settings.snapshot is not None or settings.report is not None
    server = Server(
        "emulator",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        loop=Loops.asyncio,
        workers=1,
        blocking_threads=settings.threads,
        websockets=False,
        workers_kill_timeout=STOP_SECONDS + WRITE_SECONDS * writes,
        log_level=LogLevels.error,
    )
    logging.getLogger("_granian").addFilter(  # it would call the end unexpected
        lambda _: all(getattr(worker.inner, "exitcode", None) != _CANNOT_START for worker in server.wrks)
    )
    threading.Thread(target=_announce, args=(settings, on_ready), daemon=True).start()
    server.serve(target_loader=_Loader(settings), wrap_loader=False)


def end_with_stdin() -> None:
    """Stop as on SIGTERM when our stdin ends: whoever started us has."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


class _Loader:
    """Builds the application in the worker process. A class, so that it can be sent to a spawned process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self) -> Any:
        from emulator.app import StartError, create_app, start_worker  # noqa: PLC0415  # Flask is for the worker process only
        from emulator.delivery.child import ProcessTransport  # noqa: PLC0415
        from emulator.edge.context import EXTENSION  # noqa: PLC0415
        from emulator.edge.crashes import keep_crashes  # noqa: PLC0415
        from emulator.fixtures import FixtureError  # noqa: PLC0415

        _log_to_console(quiet=self._settings.quiet)
        try:
            transport = ProcessTransport(private_only=self._settings.callback_targets == "private")
            transport.start()
            app = create_app(self._settings, transport=transport)
        except (StartError, FixtureError) as error:
            sys.stderr.write(f"sms-emulator cannot start: {error}\n")
            sys.stderr.flush()
            os._exit(_CANNOT_START)
        keep_crashes(app.extensions[EXTENSION].smsc)
        start_worker(app)
        _Ending(self._settings, app.extensions[EXTENSION]).install()
        gc.freeze()
        gc.set_threshold(*_GC)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        return app


class _Ending:
    """What the worker process still does when it is told to stop: end all waiting, then write what it was asked to write."""

    def __init__(self, settings: Settings, runtime: Any) -> None:
        self._settings = settings
        self._runtime = runtime
        self._once = threading.Lock()
        self._done = False

    def install(self) -> None:
        """Told of signals by a file descriptor, because the server has handlers of its own. In the main thread."""
        told, tells = socket.socketpair()
        tells.setblocking(False)
        signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        self._tells = tells  # closed with us
        threading.Thread(target=self._listen, args=(told,), daemon=True).start()
        Finalize(None, self._finish, exitpriority=1)  # a worker process runs no atexit functions

    def _listen(self, told: socket.socket) -> None:
        while told.recv(1) not in {bytes([signal.SIGTERM]), bytes([signal.SIGINT])}:
            pass
        self._runtime.feed.close()
        if self._settings.snapshot is None and self._settings.report is None:
            return
        threading.Event().wait(STOP_SECONDS)  # for requests under way; an idle server is gone before
        self._finish()
        os._exit(0)

    def _finish(self) -> None:
        with self._once:
            if self._done:
                return
            self._done = True
            if pending := self._runtime.dispatcher.pending():
                print(f"{pending} calls to your application were still pending", flush=True)
            for path, write in (
                (self._settings.snapshot, self._runtime.snapshots.write),
                (self._settings.report, self._report),
            ):
                try:
                    if path is not None:
                        write(path)
                except OSError as error:
                    print(f"sms-emulator: cannot write {path}: {error}", file=sys.stderr, flush=True)

    def _report(self, path: Any) -> None:
        path.write_text(self._runtime.report.page(), encoding="utf-8")


def _end_with_parent() -> None:
    """A worker process whose parent was killed would hold the port for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _log_to_console(*, quiet: bool) -> None:
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
