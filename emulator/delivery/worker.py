"""The thread that lets planned steps happen while the clock runs."""

import logging
import threading
from datetime import datetime

from emulator.core.clock import Clock
from emulator.core.smsc import Smsc
from emulator.core.store import Store

_log = logging.getLogger(__name__)

_REST = 0.005  # real seconds between two runs, so that a stream of single events is fired in small batches


class Worker:
    """Sleeps until the next planned instant, then advances; rests while the clock is frozen. No ticking."""

    def __init__(self, smsc: Smsc) -> None:
        self._smsc = smsc
        self._clock: Clock = smsc.clock
        self._store: Store = smsc.store
        self._changed = threading.Condition()
        self._awaited: datetime | None = None
        self._stale = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns once the step under way is done."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def planned(self, instant: datetime) -> None:
        """A step is planned for ``instant``; wakes the thread only if that is sooner than what it waits for."""
        awaited = self._awaited
        if awaited is None or instant < awaited:
            self.wake()

    def wake(self) -> None:
        """The clock was moved, frozen or released: look again."""
        with self._changed:
            self._stale = True
            self._changed.notify()

    def _run(self) -> None:
        while self._due():
            try:
                self._smsc.advance()
            except Exception:  # noqa: BLE001  # one bad step must not end all others
                _log.exception("a planned step failed")

    def _due(self) -> bool:
        """Sleep until something is due on a running clock; False when it is time to stop."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, timeout=_REST)
            while not self._stopping:
                self._stale = False
                self._awaited = None  # a step planned from here on wakes us
                self._awaited = due = self._store.next_due()
                seconds = None if due is None or self._clock.frozen else (due - self._clock.now()).total_seconds()
                if seconds is not None and seconds <= 0:
                    return True
                seconds = None if seconds is None else min(seconds, threading.TIMEOUT_MAX)  # steps may be centuries away
                self._changed.wait_for(lambda: self._stopping or self._stale, timeout=seconds)
            return False
