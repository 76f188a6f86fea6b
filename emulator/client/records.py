"""What the control API answers, as values. Keys that a newer server adds are ignored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a text: ``url`` as written, ``target`` where it leads.

    ``local`` is the path below the emulator's URL that follows a short link, and None of any other address.
    """

    url: str
    target: str
    local: str | None
    clicks: int


@dataclass(frozen=True, slots=True)
class Message:
    """A captured message. ``codes`` are the one-time codes found in its text."""

    id: str
    provider: str
    account: str
    direction: str
    sender: str
    recipient: str
    country: str | None
    text: str
    encoding: str
    segments: int
    status: str
    error: str | None
    price: Decimal
    currency: str
    reference: str | None
    campaign: str | None
    provider_message_id: str
    created_at: datetime
    updated_at: datetime
    due_at: datetime
    codes: tuple[str, ...]
    links: tuple[Link, ...]
    warnings: tuple[str, ...]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        times = {name: datetime.fromisoformat(document[name]) for name in ("created_at", "updated_at", "due_at")}
        return cls(
            **{
                **_known(cls, document),
                **times,
                "price": Decimal(document["price"]),
                "codes": tuple(document["codes"]),
                "links": tuple(Link(**_known(Link, link)) for link in document["links"]),
                "warnings": tuple(document["warnings"]),
            }
        )

    if not TYPE_CHECKING:  # a type checker knows what there is

        def __getattr__(self, name: str) -> Any:
            meant = {"to": "recipient", "from_": "sender"}.get(name)
            hint = f": it is called {meant!r}" if meant else ""
            raise AttributeError(f"a message has no {name!r}{hint}", name=name, obj=self)

    def __str__(self) -> str:
        return f"{self.provider} {self.status} {self.sender} → {self.recipient} {self.text!r}"


@dataclass(frozen=True, slots=True)
class Account:
    """An account; what its ``credentials`` are called depends on the provider."""

    id: str
    provider: str
    credentials: Mapping[str, str]
    balance: Decimal
    currency: str
    settings: Mapping[str, Any]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{**_known(cls, document), "balance": Decimal(document["balance"])})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to call the application: its HTTP status and the beginning of what it said, or why there is none."""

    at: datetime
    status: int | None
    error: str | None
    answer: str

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{**_known(cls, document), "at": datetime.fromisoformat(document["at"])})


@dataclass(frozen=True, slots=True)
class Webhook:
    """A call to the application, as it was made: a receipt, a reply, a click."""

    id: str
    provider: str
    account: str
    message: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    state: str
    attempts: tuple[Attempt, ...]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{**_known(cls, document), "attempts": tuple(map(Attempt.read, document["attempts"]))})

    @property
    def fields(self) -> dict[str, Any]:
        """What it says by the provider's own names: parameters of its query, of a form, or keys of a JSON object."""
        said: dict[str, Any] = dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))
        if self.body.lstrip().startswith("{"):
            return said | dict(json.loads(self.body))
        kind = {name.lower(): value for name, value in self.headers.items()}.get("content-type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            said |= dict(parse_qsl(self.body, keep_blank_values=True))
        return said


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request to a provider and its answer, credentials masked; ``refusal`` says which rule refused it."""

    id: str
    provider: str
    account: str | None
    operation: str | None
    at: datetime
    request: Mapping[str, Any]
    response: Mapping[str, Any]
    refusal: Mapping[str, Any] | None
    messages: tuple[str, ...]

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        at = datetime.fromisoformat(document["at"])
        return cls(**{**_known(cls, document), "at": at, "messages": tuple(document["messages"])})


@dataclass(frozen=True, slots=True)
class Crash:
    """An error that the emulator did not foresee."""

    id: str
    at: datetime
    account: str | None
    where: str
    traceback: str

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        return cls(**{**_known(cls, document), "at": datetime.fromisoformat(document["at"])})


def _known(kind: Any, document: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: document[field.name] for field in fields(kind)}
