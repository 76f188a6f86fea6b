"""A second emulator in the process, where examples that move time may do so without anybody noticing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Application = Callable[..., Any]

PATIENCE = 10.0  # real seconds that one run waits for another


class BusyError(RuntimeError):
    """Others are on the stage, and stay there."""


class Stage:
    """Built by ``build`` when it is first used; kept, because a new one costs more than the reset of an old one."""

    def __init__(self, build: Callable[[], Application]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._application: Application | None = None

    @contextmanager
    def taken(self) -> Iterator[Application]:
        """The application for one's own use, in the state its last user left. Raises BusyError."""
        if not self._lock.acquire(timeout=PATIENCE):
            raise BusyError("other examples that move time are running; try again")
        try:
            if self._application is None:
                self._application = self._build()
            yield self._application
        finally:
            self._lock.release()
