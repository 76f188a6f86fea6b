"""How one provider does business."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from emulator.core.message import Status
from emulator.core.optouts import OptOutRules
from emulator.core.pricing import PriceBook


@dataclass(frozen=True, slots=True)
class Terms:
    """Its prices, its way to write ids and to tell accounts apart.

    ``login`` is the credential that finds an account, in any case of its letters if ``login_ignores_case``.
    ``refunds`` are the final statuses that give the money back.
    """

    prices: PriceBook
    login: str
    login_ignores_case: bool
    default_sender: str
    refunds: frozenset[Status]
    message_id: Callable[[str], str]
    """Writes an id (32 hex digits) the provider's way."""
    opt_out: OptOutRules = field(default_factory=OptOutRules)

    def login_of(self, credentials: Mapping[str, str]) -> str:
        value = credentials.get(self.login, "")
        return value.casefold() if self.login_ignores_case else value
