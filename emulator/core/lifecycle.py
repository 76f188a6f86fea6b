"""Which status follows which, and when.

A message plans its next step when it is accepted; firing a step plans the following one. Time counts from ``due_at``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from emulator.core.message import Message, Status

DEFAULT_VALIDITY = timedelta(hours=24)

MOVES: dict[Status, frozenset[Status]] = {
    Status.SCHEDULED: frozenset({Status.SENT, Status.CANCELLED}),
    Status.QUEUED: frozenset({Status.SENT, Status.REJECTED, Status.EXPIRED, Status.CANCELLED}),
    Status.SENT: frozenset({Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED, Status.REJECTED}),
}
"""What each status may become; statuses that are not listed are final."""


FORCIBLE = frozenset({Status.SENT, Status.DELIVERED, Status.UNDELIVERED, Status.EXPIRED, Status.REJECTED})
"""What somebody may make of a message that has not ended."""


@dataclass(frozen=True, slots=True)
class Event:
    """A step planned for a message. It fires only if the message still has ``version``."""

    due_at: datetime
    account: str
    message: str
    version: int
    status: Status


def is_final(message: Message) -> bool:
    return message.status not in MOVES


def may_move(message: Message, status: Status) -> bool:
    return status in MOVES.get(message.status, frozenset())


def next_event(message: Message, delivery: timedelta | None) -> Event | None:
    """The step to plan after the one ``message`` stands at; None where nothing more will happen by itself.

    ``delivery`` is the time from release to delivery; None leaves a sent message as it is until somebody posts a status.
    """
    if message.status is Status.SCHEDULED or message.status is Status.QUEUED:
        return _event(message, message.due_at, Status.SENT)
    if message.status is not Status.SENT or delivery is None or message.fate.status is Status.SENT:
        return None
    expires_at = _later(message.due_at, DEFAULT_VALIDITY if message.validity is None else message.validity)
    ends_at = _later(message.due_at, delivery if message.fate.after is None else message.fate.after)
    if message.fate.status is Status.EXPIRED or expires_at < ends_at:
        return _event(message, expires_at, Status.EXPIRED)
    return _event(message, ends_at, message.fate.status)


def _later(instant: datetime, delay: timedelta) -> datetime:
    """At the end of the calendar time stands still."""
    try:
        return instant + delay
    except OverflowError:
        return datetime.max.replace(tzinfo=instant.tzinfo)


def _event(message: Message, due_at: datetime, status: Status) -> Event:
    return Event(due_at, message.account, message.id, message.version, status)
