"""One text to a whole contact list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Protocol

from emulator.core.accounts import Account
from emulator.core.contacts import Contact
from emulator.core.message import Submission


class CampaignStatus(StrEnum):
    SCHEDULED = "scheduled"
    WAITING = "waiting"  # for the provider's approval
    APPROVED = "approved"  # and ready to be sent
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


REVISABLE = frozenset({CampaignStatus.SCHEDULED, CampaignStatus.WAITING, CampaignStatus.APPROVED, CampaignStatus.QUEUED})
CANCELLABLE = frozenset({CampaignStatus.SCHEDULED, CampaignStatus.WAITING})


@dataclass(frozen=True, slots=True)
class Mailing:
    """What a campaign is to say, and to whom. ``due_at`` None means now.

    ``senders`` are the sender wanted for each country (ISO 3166), as the request said it. ``url`` is to be shortened into
    the text.
    """

    list_number: int
    name: str
    text: str
    sender: str | None = None
    senders: tuple[Mapping[str, str], ...] = ()
    url: str | None = None
    source: str | None = None
    reference: str | None = None
    due_at: datetime | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    """The provider's own facts, for the campaign and each of its messages."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Contacts of a list that nothing is sent to, counted by why."""

    opted_out: int = 0
    without_phone: int = 0


@dataclass(frozen=True, slots=True)
class Campaign:
    """A mailing on its way. ``held`` is what was paid for messages that are not made yet.

    ``exchange`` is the one that last said what is sent: its messages come from there.
    ``version`` counts its changes: a slice planned for an older one is ignored.
    """

    indexed: ClassVar[tuple[str, ...]] = ("account", "provider")

    number: int
    account: str
    provider: str
    mailing: Mailing
    status: CampaignStatus
    created_at: datetime
    due_at: datetime
    recipients: int
    held: Decimal
    exchange: str | None = None
    version: int = 0
    skipped: Skipped = Skipped()
    """Those of its list who are no recipients, as far as it has been read."""

    @property
    def key(self) -> str:
        return str(self.number)

    @property
    def label(self) -> str:
        """The reference that its messages carry: the client's own, else one made for them."""
        return self.mailing.reference or f"campaign-{self.number}"

    def moved(self, status: CampaignStatus) -> "Campaign":
        return replace(self, status=status, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Slice:
    """The next messages of a campaign to be made; ``rest`` None: all recipients of its list, as it is by then."""

    due_at: datetime
    account: str
    campaign: str
    version: int
    rest: tuple[Contact, ...] | None = None


@dataclass(frozen=True, slots=True)
class CampaignQuote:
    """What a mailing costs now: its recipients, the price of all messages, and the first of them."""

    recipients: int
    price: Decimal
    first: Submission | None
    skipped: Skipped = Skipped()


class LinkSource(Protocol):
    """Where short addresses come from."""

    def new_link(self, account: Account, host: str, write: Callable[[str], str]) -> str: ...


class Writer(Protocol):
    """A provider's way to write a mailing to each of its recipients."""

    def write(
        self, account: Account, mailing: Mailing, contacts: Sequence[Contact], links: LinkSource | None
    ) -> list[Submission]:
        """One submission per contact. Without ``links`` the text has stand-ins of the same length."""
