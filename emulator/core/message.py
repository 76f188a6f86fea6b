"""A message to or from one handset, and what happens to it on the way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, NamedTuple

from emulator.core.errors import Reason, Refusal
from emulator.core.segments import Encoding, Segmentation, split, split_octets


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class Status(StrEnum):
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    EXPIRED = "expired"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    RECEIVED = "received"


class Step(NamedTuple):
    """One line of a message's timeline."""

    status: Status
    at: datetime


class Receipts(StrEnum):
    """What becomes of a message's delivery receipts on their way."""

    ALL = "all"
    LOST = "lost"
    DUPLICATE = "duplicate"
    OUT_OF_ORDER = "out_of_order"


@dataclass(frozen=True, slots=True)
class Fate:
    """How a message will end: its last status, the provider's own code for it, and what its receipts are worth.

    ``after`` is the time from release to the end where it is not the ordinary one. A ``status`` of SENT never ends.
    """

    status: Status = Status.DELIVERED
    error: str | None = None
    after: timedelta | None = None
    receipts: Receipts = Receipts.ALL


@dataclass(frozen=True, slots=True)
class Submission:
    """A message before it is accepted.

    ``recipient`` is E.164 where it can be; anything else is refused. ``sender`` None means the provider's default;
    ``mask`` is what the handset shows in its stead. ``text`` of a binary message is empty, its bytes are ``payload``.
    ``due_at`` None means now. ``options`` are the provider's own facts that its later answers need.
    """

    recipient: str
    text: str
    sender: str | None = None
    mask: str | None = None
    encoding: Encoding | None = None
    payload: bytes = b""
    udh: bytes = b""
    reference: str | None = None
    campaign: str | None = None
    exchange: str | None = None
    """The one it comes from, where that is over; None means the one that is being answered."""
    due_at: datetime | None = None
    validity: timedelta | None = None
    fate: Fate | Reason | None = None
    """How it will end, or why it will be refused; None leaves it to the recipient's number (``core.fates``)."""
    options: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    """Short links written into the text: the address shown to where it leads."""
    warnings: tuple[str, ...] = ()
    objection: Refusal | None = None
    """Why the provider will not take it, where its composer has seen that already."""
    is_free: bool = False
    crlf: bool = False
    """Line breaks travel as two characters, CR and LF."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handset sends: from its number, to one of the account's."""

    handset: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """An accepted message. ``version`` counts its changes: an event planned for an older one is ignored."""

    indexed: ClassVar[tuple[str, ...]] = (
        "account", "provider", "recipient", "reference", "provider_message_id", "campaign",
    )  # fmt: skip

    id: str
    provider: str
    account: str
    direction: Direction
    sender: str
    recipient: str
    text: str
    encoding: Encoding
    segments: int
    status: Status
    price: Decimal
    currency: str
    created_at: datetime
    due_at: datetime
    timeline: tuple[Step, ...]
    provider_message_id: str
    payload: bytes = b""
    udh: bytes = b""
    reference: str | None = None
    campaign: str | None = None
    exchange: str | None = None
    """The one that brought it."""
    validity: timedelta | None = None
    fate: Fate = Fate()
    error: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    crlf: bool = False
    is_read: bool = False
    """Whether the application has fetched it (one that came in), or its receipt (one that went out), and said so."""
    version: int = 0

    @property
    def key(self) -> str:
        return self.id

    @property
    def updated_at(self) -> datetime:
        return self.timeline[-1].at

    @property
    def concatenation(self) -> int:
        """The reference number that the parts of the message have in common."""
        return int(self.id[:2], 16)

    def segmentation(self) -> Segmentation:
        """The message cut into the parts it was sent as."""
        if self.encoding is Encoding.BINARY:
            return split_octets(self.payload, self.udh, self.concatenation)
        return split(on_air(self.text, crlf=self.crlf), self.encoding, self.udh, self.concatenation)

    def moved(self, status: Status, at: datetime, error: str | None = None) -> "Message":
        """The same message one step further; whether the step is allowed is the lifecycle's business."""
        return replace(self, status=status, error=error, timeline=(*self.timeline, Step(status, at)), version=self.version + 1)


def on_air(text: str, *, crlf: bool) -> str:
    """``text`` as it travels."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n") if crlf and "\n" in text else text


OPT_OUT = "opt-out:"  # where a link leads that opts its handset out


@dataclass(frozen=True, slots=True)
class Link:
    """A short link that a provider wrote into a text; ``url`` is what the handset shows."""

    indexed: ClassVar[tuple[str, ...]] = ("account", "message")

    key: str
    provider: str
    account: str
    message: str
    url: str
    target: str
    clicks: int = 0
    opened_at: datetime | None = None
    """When it was first opened."""


@dataclass(frozen=True, slots=True)
class Accepted:
    message: Message


@dataclass(frozen=True, slots=True)
class Refused:
    submission: Submission
    refusal: Refusal


Outcome = Accepted | Refused
