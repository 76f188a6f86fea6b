"""People, and the lists they are on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ContactList:
    """Contacts by a name. The handsets on an ``is_opt_out`` list get no messages of the account."""

    indexed: ClassVar[tuple[str, ...]] = ("account",)

    number: int
    account: str
    name: str
    is_opt_out: bool = False

    @property
    def key(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class Contact:
    """One person on one list. ``phone`` is E.164, or empty; ``country`` that of the phone (ISO 3166).

    ``details`` are the provider's further facts about the person.
    """

    indexed: ClassVar[tuple[str, ...]] = ("account", "in_list")

    number: int
    account: str
    in_list: str
    phone: str
    country: str | None
    first_name: str
    last_name: str
    created_at: datetime
    updated_at: datetime
    details: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.number)
