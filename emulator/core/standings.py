"""How campaigns stand: those that were launched as such, and the names that applications put on their messages."""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from emulator.core.campaigns import CANCELLABLE, REVISABLE, Campaign, CampaignStatus
from emulator.core.message import Status
from emulator.core.store import Store
from emulator.core.tallies import Tallies, Tally

_UNDER_WAY = REVISABLE | {CampaignStatus.SENDING}


@dataclass(frozen=True, slots=True)
class Standing:
    """One campaign: a ``launched`` one, whose id is its number, or a name on messages, whose id is ``<account>/<name>``."""

    id: str
    account: str
    provider: str
    campaign: str
    """What its messages carry."""
    created_at: datetime
    launched: Campaign | None
    tally: Tally | None

    @property
    def name(self) -> str:
        return self.launched.mailing.name if self.launched else self.campaign

    @property
    def by_status(self) -> Mapping[Status, int]:
        return self.tally.by_status if self.tally else {}

    @property
    def messages(self) -> int:
        return self.tally.messages if self.tally else 0

    @property
    def ended(self) -> int:
        return self.tally.ended if self.tally else 0

    @property
    def recipients(self) -> int:
        """How many it is for; more than its messages while it is being sent."""
        return max(self.launched.recipients, self.messages) if self.launched else self.messages

    @property
    def segments(self) -> int:
        return self.tally.segments if self.tally else 0

    @property
    def price(self) -> Decimal:
        return self.tally.price if self.tally else Decimal(0)

    @property
    def is_cancellable(self) -> bool:
        return self.launched is not None and self.launched.status in CANCELLABLE

    @property
    def is_under_way(self) -> bool:
        """Whether it will still make messages by itself."""
        return self.launched is not None and self.launched.status in _UNDER_WAY


class Standings:
    """Finds campaigns of all accounts."""

    def __init__(self, store: Store, tallies: Tallies) -> None:
        self._store = store
        self._tallies = tallies

    def all(self, **equals: Any) -> Iterator[Standing]:
        """Newest first; ``equals`` may name ``provider`` and ``account``."""
        launched = map(self._launched, self._store.find(Campaign, newest=True, **equals))
        named = (self._named(tally) for tally in self._store.find(Tally, newest=True, **equals) if not self._is_launched(tally))
        return heapq.merge(launched, named, key=lambda standing: standing.created_at, reverse=True)

    def one(self, identifier: str) -> Standing | None:
        campaign = self._store.get(Campaign, identifier)
        if campaign is not None:
            return self._launched(campaign)
        account, _, name = identifier.partition("/")
        tally = self._tallies.of(account, name)
        return None if tally is None or self._is_launched(tally) else self._named(tally)

    def _launched(self, campaign: Campaign) -> Standing:
        tally = self._tallies.of(campaign.account, campaign.key)
        return Standing(
            campaign.key, campaign.account, campaign.provider, campaign.key, campaign.created_at, campaign, tally
        )  # fmt: skip

    def _named(self, tally: Tally) -> Standing:
        return Standing(tally.key, tally.account, tally.provider, tally.campaign, tally.begun_at, None, tally)

    def _is_launched(self, tally: Tally) -> bool:
        campaign = self._store.get(Campaign, tally.campaign)
        return campaign is not None and campaign.account == tally.account
