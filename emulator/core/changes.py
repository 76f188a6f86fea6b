"""What has changed lately, in order: what waiting calls and open pages look at instead of at everything."""

import threading
from collections import deque
from dataclasses import dataclass
from itertools import takewhile

KEPT = 20_000  # changes remembered; whoever is further behind looks at everything again


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed up to ``number``: keys by kind, the latest last. ``entries`` None means that anything may have."""

    number: int
    entries: tuple[tuple[type, str], ...] | None

    def keys(self, kind: type) -> list[str]:
        """Those of ``kind``, each once, the latest last."""
        latest = dict.fromkeys(key for one, key in reversed(self.entries or ()) if one is kind)
        return list(reversed(latest))


class Feed:
    """Counts changes to entities of some ``kinds`` and wakes those who wait for the next one. Safe in any thread.

    ``name`` tells its numbers from those of another start.
    """

    def __init__(self, kinds: frozenset[type], name: str = "", kept: int = KEPT) -> None:
        self.name = name
        self._kinds = kinds
        self._changed = threading.Condition()
        self._log: deque[tuple[int, type, str]] = deque(maxlen=kept)
        self._number = 0
        self._unknown_until = 0  # changes up to here cannot be told one by one
        self._closed = False
        self._eras = 0

    @property
    def era(self) -> str:
        """Another text after each ``begin_anew``, and each start."""
        return f"{self.name}-{self._eras}"

    @property
    def number(self) -> int:
        return self._number

    @property
    def is_closed(self) -> bool:
        return self._closed

    def note(self, kind: type, key: str) -> None:
        if kind not in self._kinds:
            return
        with self._changed:
            if len(self._log) == self._log.maxlen:
                self._unknown_until = self._log[0][0]
            self._number += 1
            self._log.append((self._number, kind, key))
            self._changed.notify_all()

    def note_all(self) -> None:
        """So much has changed that nobody says what."""
        with self._changed:
            self._number += 1
            self._unknown_until = self._number
            self._log.clear()
            self._changed.notify_all()

    def begin_anew(self) -> None:
        """All there was is gone, and ids may be given once more."""
        self._eras += 1
        self.note_all()

    def since(self, number: int) -> Changes:
        with self._changed:
            if not self._unknown_until <= number <= self._number:
                return Changes(self._number, None)
            news = list(takewhile(lambda entry: entry[0] > number, reversed(self._log)))
            return Changes(self._number, tuple((kind, key) for _, kind, key in reversed(news)))

    def wait(self, number: int, timeout: float) -> bool:
        """Until something has changed after ``number``; False when ``timeout`` (real seconds) is over, or the feed closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._number > number, timeout)
            return not self._closed and self._number > number

    def close(self) -> None:
        """The emulator stops: nobody waits any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
