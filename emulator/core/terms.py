"""How one provider does business."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from emulator.core.accounts import Account
from emulator.core.campaigns import Writer
from emulator.core.message import Message, Status
from emulator.core.optouts import OptOutRules
from emulator.core.pricing import PriceBook

if TYPE_CHECKING:
    from emulator.core.smsc import Smsc


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
    writer: Writer | None = None
    """Writes its campaigns, where it has them."""
    most_recipients: int | None = None
    """Of one campaign."""
    on_reply: Callable[["Smsc", Account, Message], None] = lambda *_: None
    """What it does by itself when a handset has texted an account."""

    def login_of(self, credentials: Mapping[str, str]) -> str:
        value = credentials.get(self.login, "")
        return value.casefold() if self.login_ignores_case else value
