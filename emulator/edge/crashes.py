"""What the emulator did not foresee, kept where a test can ask for it: every error logged with a traceback."""

import logging
import traceback
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import has_request_context, request

from emulator.core.ids import IdSource
from emulator.core.smsc import Smsc
from emulator.edge.context import capture

LOGGER = "emulator"


@dataclass(frozen=True, slots=True)
class Crash:
    """``account`` is whose request it was, where that was known; ``where`` is the request, or the part that failed."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    key: str
    at: datetime
    account: str | None
    where: str
    traceback: str


class CrashKeeper(logging.Handler):
    """Keeps errors that are logged with their exception."""

    def __init__(self, smsc: Smsc) -> None:
        super().__init__(logging.ERROR)
        self._smsc = smsc
        self._ids: IdSource = smsc.ids

    def emit(self, record: logging.LogRecord) -> None:
        if not record.exc_info or record.exc_info[0] is None:
            return
        try:
            self._smsc.store.put(self._crash(record))
        except Exception:  # noqa: BLE001  # logging never fails the one who logs
            self.handleError(record)

    def _crash(self, record: logging.LogRecord) -> Crash:
        in_request = has_request_context()
        return Crash(
            key=self._ids.draw("", "crash"),
            at=self._smsc.clock.now(),
            account=capture().account if in_request else None,
            where=f"{request.method} {request.path}" if in_request else record.getMessage(),
            traceback="".join(traceback.format_exception(*record.exc_info)) if record.exc_info else "",
        )


def keep_crashes(smsc: Smsc) -> CrashKeeper:
    """From now on, for the whole process: whoever has several emulators in one takes the keeper off again."""
    keeper = CrashKeeper(smsc)
    logging.getLogger(LOGGER).addHandler(keeper)
    return keeper
