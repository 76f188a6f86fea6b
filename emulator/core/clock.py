"""Time that can be held and moved. The only module that reads the wall clock."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)  # far enough from the end of the calendar for all that is planned from there


class Clock(Protocol):
    """What the domain asks about time; every instant is aware and in UTC."""

    @property
    def frozen(self) -> bool: ...

    @property
    def shift(self) -> timedelta:
        """How far a running clock is from where it began; nothing for one that never runs."""

    def now(self) -> datetime: ...

    def freeze(self) -> None:
        """Hold the current instant."""

    def run(self) -> None:
        """Let time pass again from the instant shown now."""

    def move_to(self, instant: datetime) -> None:
        """Show ``instant`` from now on, forwards or back; a running clock goes on from there."""

    def reset(self) -> None:
        """Back to where the clock began."""


class SystemClock:
    """The wall clock, shifted by what ``move_to`` has asked for; can be frozen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shift = timedelta(0)
        self._held: datetime | None = None

    @property
    def frozen(self) -> bool:
        return self._held is not None

    @property
    def shift(self) -> timedelta:
        return self._shift

    def now(self) -> datetime:
        return self._held or datetime.now(UTC) + self._shift

    def freeze(self) -> None:
        with self._lock:
            self._held = self.now()

    def run(self) -> None:
        with self._lock:
            if self._held is not None:
                self._shift = self._held - datetime.now(UTC)
                self._held = None

    def move_to(self, instant: datetime) -> None:
        with self._lock:
            if self._held is not None:
                self._held = instant
            else:
                self._shift = instant - datetime.now(UTC)

    def reset(self) -> None:
        """Back to the wall clock, running."""
        with self._lock:
            self._shift, self._held = timedelta(0), None


class ManualClock:
    """A clock that only moves when told to; for tests and for emulators driven in process."""

    frozen = True
    shift = timedelta(0)

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._start = start
        self._now = start

    def now(self) -> datetime:
        return self._now

    def freeze(self) -> None:
        """Already held."""

    def run(self) -> None:
        """A manual clock never runs by itself."""

    def move_to(self, instant: datetime) -> None:
        self._now = instant

    def reset(self) -> None:
        self._now = self._start
