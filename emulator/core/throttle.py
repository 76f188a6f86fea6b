"""Requests per minute, as a token bucket in clock time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from emulator.core.errors import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is left of an account's allowance; it refills evenly and never holds more than a minute's worth."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    account: str
    tokens: float
    filled_at: datetime

    @property
    def key(self) -> str:
        return self.account

    def drawn(self, per_minute: int, now: datetime) -> "Bucket":
        """One request less. Raises Refusal(THROTTLED) when none is left."""
        gained = max((now - self.filled_at).total_seconds(), 0.0) * per_minute / 60
        tokens = min(self.tokens + gained, float(per_minute))
        if tokens < 1:
            raise Refusal(Reason.THROTTLED, f"more than {per_minute} requests a minute", setting="rate_limit")
        return replace(self, tokens=tokens - 1, filled_at=now)
