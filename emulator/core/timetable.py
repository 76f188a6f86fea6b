"""What is planned, and the passing of time that makes it happen."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from emulator.core.admission import Admission
from emulator.core.clock import LATEST, Clock
from emulator.core.ids import IdSource
from emulator.core.planned import Planned
from emulator.core.store import Store
from emulator.core.terms import Terms
from emulator.core.webhooks import NoOutbox, Outbox

_log = logging.getLogger(__name__)


class Timetable(Admission):
    """Fires what is planned in the store, by the clock.

    Whoever lets time pass (the worker) sets ``on_planned``, which is told the instant of newly planned events, and
    ``on_clock_changed``.
    """

    def __init__(self, store: Store, clock: Clock, ids: IdSource, terms: Mapping[str, Terms]) -> None:
        super().__init__(store, clock, ids, terms)
        self.outbox: Outbox = NoOutbox()
        self.on_planned: Callable[[datetime], None] = lambda _: None
        self.on_clock_changed: Callable[[], None] = lambda: None
        self._advancing = threading.RLock()  # what the worker has begun is done before anybody else's advance answers

    def advance(self) -> list[Planned]:
        """Run what is due now, in order, and what that makes due; answers what changed something or called somebody."""
        fired: list[Planned] = []
        while True:
            with self._advancing:
                if not (due := self.store.claim_due(self.clock.now())):
                    return fired
                fired.extend(planned for planned in due if self._fired(planned))
            time.sleep(0)  # whoever wants to stop time gets its turn: it waits for a slice of a campaign, not for all of it

    def paused(self) -> AbstractContextManager[object]:
        """While it is held nothing planned happens; what is under way is done before."""
        return self._advancing

    def advance_to(self, target: datetime) -> list[Planned]:
        """Move the clock forward to ``target``, stopping at every planned instant on the way.

        At each of them every call to the application is answered, or given up, before time goes on. No lock is held
        meanwhile, because the application may call back.
        """
        fired = self.advance()
        self.outbox.settle()
        while (due := self.store.next_due()) is not None and due <= target:
            with self._advancing:
                self.clock.move_to(max(due, self.clock.now()))
            fired.extend(self.advance())
            self.outbox.settle()
        self.outbox.forgive()
        with self._advancing:
            self.clock.move_to(max(target, self.clock.now()))
        self.on_clock_changed()
        return fired

    def advance_to_next(self) -> list[Planned]:
        """Move the clock forward to the next instant at which something happens; not at all where nothing will.

        Steps whose message or campaign has changed since they were planned are passed over.
        """
        begun = self.clock.now()
        fired = self.advance_to(begun)
        has_moved = False
        while not fired and (due := self.store.next_due()) is not None and due <= LATEST:
            fired = self.advance_to(due)
            has_moved = True
        if has_moved and not fired:
            self.set_clock(now=begun)
        return fired

    def set_clock(self, *, frozen: bool | None = None, now: datetime | None = None) -> list[Planned]:
        """Hold or release the clock, and move it; moving it forward fires what becomes due on the way."""
        if frozen:
            self.clock.freeze()
        fired: list[Planned] = []
        if now is not None and now >= self.clock.now():
            fired = self.advance_to(now)
        elif now is not None:
            self.clock.move_to(now)
        if frozen is False:
            self.clock.run()
        self.on_clock_changed()
        return fired

    def reset_clock(self) -> None:
        self.clock.reset()
        self.on_clock_changed()

    def _fired(self, planned: Planned) -> bool:
        try:
            return self._fire(planned)
        except Exception:  # noqa: BLE001  # those claimed with it must still happen
            _log.exception("a planned step failed: %s", planned)
            return False

    def _fire(self, planned: Planned) -> bool:
        """Do what is planned; answers whether it changed something or called somebody."""
        raise NotImplementedError
