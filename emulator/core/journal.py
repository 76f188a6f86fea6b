"""The wire as it was: requests to a provider, their answers, and the rule that refused them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

KEPT_RECIPIENTS = 20
KEPT_TEXT = 1_000  # characters of what a refused message wanted to say
KEPT_BODY = 64 * 1024  # octets of a body that are kept; a longer one is cut and marked


@dataclass(frozen=True, slots=True)
class Ruling:
    """Why a request, or one message of it, was refused: the provider's code and where its rule is written."""

    code: str
    rule: str
    field: str | None = None
    detail: str = ""
    source: str | None = None
    evidence: str | None = None
    setting: str | None = None
    """The account setting that decided or would relax the rule."""


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """One message that was refused while others of its request may have been accepted."""

    recipient: str
    text: str
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request to a provider and its answer. ``path`` carries the query; bodies are as sent, cut at KEPT_BODY."""

    indexed: ClassVar[tuple[str, ...]] = ("account", "provider")

    id: str
    provider: str
    account: str | None
    operation: str | None
    at: datetime
    method: str
    path: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    request_cut: bool
    status: int
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    response_cut: bool
    ruling: Ruling | None = None
    messages: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    """Values presented as credentials, to be masked wherever they stand."""
    recipients: tuple[str, ...] = ()
    """Whom the request wanted to reach, as far as it was read; the first few."""
    refused: tuple[RefusedMessage, ...] = ()
    """What was refused of a request that was answered message by message; the first few, and ``ruling`` is on the first."""
    text: str = ""
    """What it wanted to say, where it was refused as a whole."""

    @property
    def key(self) -> str:
        return self.id

    @property
    def unreached(self) -> tuple[str, ...]:
        """Of a refused request, those whom it did not reach."""
        return tuple(dict.fromkeys(one.recipient for one in self.refused)) or self.recipients
