"""What a provider posts to the application, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from emulator.core.accounts import Account
from emulator.core.message import Link, Message, Status


@dataclass(frozen=True, slots=True)
class RetryPlan:
    """How often and when a provider tries again.

    ``delays`` are the waits before each further try. ``timeout`` is how long an answer may take, in real seconds.
    ``only_200``: no other status counts as taken; else any 2xx does.
    """

    delays: tuple[timedelta, ...]
    timeout: float
    only_200: bool

    def is_taken(self, status: int | None) -> bool:
        return status == 200 if self.only_200 else status is not None and 200 <= status < 300


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a provider makes it."""

    method: str
    url: str
    plan: RetryPlan
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Callbacks(Protocol):
    """A provider's ``callbacks`` room: what it posts on which occasion; nothing where it posts nothing."""

    def receipt(self, account: Account, message: Message) -> Sequence[Call]:
        """The status of ``message`` has changed to what it is now."""

    def inbound(self, account: Account, message: Message) -> Sequence[Call]:
        """A handset has texted the account."""

    def click(self, account: Account, message: Message, link: Link, at: datetime) -> Sequence[Call]:
        """A short link of ``message`` has been opened."""


class State(StrEnum):
    PENDING = "pending"
    TAKEN = "taken"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: the receiver's HTTP status and the beginning of what it said, or why there is none."""

    at: datetime
    status: int | None = None
    error: str | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """A call on its way, with every attempt made so far."""

    indexed: ClassVar[tuple[str, ...]] = ("account", "message", "state")

    key: str
    account: str
    provider: str
    message: str
    call: Call
    state: State = State.PENDING
    attempts: tuple[Attempt, ...] = ()
    reports: Status | None = None
    """The status it tells of; None for one that is no receipt."""

    def answered(self, attempt: Attempt) -> "WebhookCall":
        """With one more attempt; taken, given up, or pending for the next try of the plan."""
        attempts = (*self.attempts, attempt)
        if self.call.plan.is_taken(attempt.status):
            state = State.TAKEN
        else:
            state = State.PENDING if len(attempts) <= len(self.call.plan.delays) else State.GIVEN_UP
        return replace(self, attempts=attempts, state=state)

    def next_try(self) -> datetime | None:
        """When the plan tries again; None when it does not."""
        if self.state is not State.PENDING or not self.attempts:
            return None
        return self.attempts[-1].at + self.call.plan.delays[len(self.attempts) - 1]


@dataclass(frozen=True, slots=True)
class Errand:
    """A try planned for a webhook call. ``number`` is how many were made before: an errand that is overtaken is ignored."""

    due_at: datetime
    account: str
    webhook: str
    number: int


@dataclass(frozen=True, slots=True)
class LateReceipt:
    """A receipt for a status the message had earlier, to be posted out of order."""

    due_at: datetime
    account: str
    message: Message


class Outbox(Protocol):
    """What the Smsc tells of messages, and what it lets run when its time has come."""

    def moved(self, account: Account, message: Message) -> None: ...

    def received(self, account: Account, message: Message) -> None: ...

    def clicked(self, account: Account, message: Message, link: Link) -> None: ...

    def run(self, planned: Errand | LateReceipt) -> bool:
        """Begin an attempt; answers whether there was anything to do."""

    def settle(self) -> None:
        """Wait until every attempt begun is answered, or given up."""

    def forgive(self) -> None:
        """An advance has ended: those who did not answer in it are called again."""


class NoOutbox:
    """Nobody is told."""

    def moved(self, account: Account, message: Message) -> None: ...

    def received(self, account: Account, message: Message) -> None: ...

    def clicked(self, account: Account, message: Message, link: Link) -> None: ...

    def run(self, planned: Errand | LateReceipt) -> bool:  # noqa: ARG002
        return False

    def settle(self) -> None: ...

    def forgive(self) -> None: ...
