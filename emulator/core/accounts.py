"""Who may send: accounts, their money and settings, and the sessions they open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Self

from emulator.core.errors import Reason, Refusal


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a caller presented, by the account's own field names, and the address it called from."""

    values: Mapping[str, str]
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """One customer of one provider, a world of its own.

    ``login`` is the normalised value of the credential that finds the account. ``settings`` holds every declared setting
    of the provider, those left at their default included.
    """

    indexed: ClassVar[tuple[str, ...]] = ("provider", "login", "account")

    id: str
    provider: str
    login: str
    credentials: Mapping[str, str]
    balance: Decimal
    currency: str
    settings: Mapping[str, Any]

    @property
    def key(self) -> str:
        return self.id

    @property
    def account(self) -> str:
        """An account belongs to itself: what forgets an account's entities forgets it too."""
        return self.id

    def debited(self, amount: Decimal) -> Self:
        """Raises Refusal(NO_CREDIT) when ``amount`` is more than the balance."""
        if amount > self.balance:
            raise Refusal(Reason.NO_CREDIT, f"{amount} {self.currency} needed, {self.balance} left")
        return replace(self, balance=self.balance - amount)

    def credited(self, amount: Decimal) -> Self:
        return replace(self, balance=self.balance + amount)


@dataclass(frozen=True, slots=True)
class Session:
    """A login that stands for an account until it has been idle too long."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    key: str
    account: str
    used_at: datetime
