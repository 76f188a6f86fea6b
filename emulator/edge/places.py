"""How many requests may hold a thread without working: reading a slow body, waiting, being delayed by a fault."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Semaphore

FREE_THREADS = 8  # that never wait for anybody


class Places:
    """All that hold threads together leave FREE_THREADS; those that are held on purpose take half of the threads at most."""

    def __init__(self, threads: int) -> None:
        self.any = Semaphore(threads - FREE_THREADS)
        self._on_purpose = Semaphore(threads // 2)

    @contextmanager
    def held(self) -> Iterator[bool]:
        """A place for the block; False where none is free. Never waits for one."""
        if not self._on_purpose.acquire(blocking=False):
            yield False
            return
        try:
            if not self.any.acquire(blocking=False):
                yield False
                return
            try:
                yield True
            finally:
                self.any.release()
        finally:
            self._on_purpose.release()
