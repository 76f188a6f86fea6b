"""Who a message comes from (ClickSend REST v3, SMS Campaigns, ``from`` and ``senders``).

A sender that cannot be used is no error: another takes its place, and the message carries a warning.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zlib import crc32

from emulator.core.accounts import Account
from emulator.core.addresses import canonical_sender, country, international
from emulator.core.errors import Reason, Refusal

_ALPHA_TAG = re.compile(r"(?=.*[^0-9])[A-Za-z0-9+]{3,11}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{6,20}")
NO_SHARED_NUMBERS = frozenset({"US", "CA"})


@dataclass(frozen=True, slots=True)
class Chosen:
    sender: str
    is_shared: bool = False
    warnings: tuple[str, ...] = ()


class Senders:
    """Chooses for one account. ``pool`` are the shared numbers by country; ``wanted`` is the request's ``from``.

    ``by_country`` are the entries of the request's ``senders``. Raises Refusal(INVALID_SENDER) for an alpha tag of more
    than 11 characters or with spaces.
    """

    def __init__(
        self,
        account: Account,
        pool: Mapping[str, Sequence[str]],
        wanted: str | None = None,
        by_country: Sequence[Mapping[str, str]] = (),
    ) -> None:
        settings: Mapping[str, Any] = account.settings
        self._pool = pool
        self._owned = None if settings["senders"] is None else [canonical_sender(one) for one in settings["senders"]]
        self._blocked = frozenset(map(canonical_sender, settings["blocked_senders"] or ()))
        self._defaults: Mapping[str, Sequence[str]] = settings["default_senders"]
        self._country: str = settings["default_country"]
        self._entries = {entry["recipient_country_code"].upper(): entry for entry in by_country}
        self._wanted = self._read(wanted, self._country) if wanted else None
        self._own: dict[str | None, str | None] = {}
        self._wanted_country = country(self._wanted) if self._wanted and self._wanted.startswith("+") else None

    def of(self, recipient: str, region: str | None) -> Chosen:
        """The sender of a message to ``recipient`` in the country ``region``."""
        entry = self._entries.get(region or "")
        if entry is not None:
            if entry.get("sender_type") == "shared_longcode":
                return self.shared(entry.get("sender_country_code") or region, recipient)
            sender_id = entry["sender_id"]
            if is_sender_id(sender_id) and self._is_usable(sender_id):
                return Chosen(canonical_sender(sender_id))
            default = self._default(recipient, region)
            warning = f'sender "{sender_id}" for {region} is not valid: replaced by {default.sender}'
            return Chosen(default.sender, default.is_shared, (*default.warnings, warning))
        return self._wanted_or_default(recipient, region)

    def usual(self) -> str:
        """Whom messages within the account's country come from where a request names no sender."""
        return self._default("", self._country).sender

    def _wanted_or_default(self, recipient: str, region: str | None) -> Chosen:
        if self._wanted is None:
            return self._default(recipient, region)
        is_foreign = self._wanted_country is not None and region is not None and self._wanted_country != region
        if self._is_usable(self._wanted) and not (is_foreign and self._has_local(region)):
            return Chosen(self._wanted)
        default = self._default(recipient, region)
        why = f"is of another country than {recipient}" if is_foreign else "is blocked or not the account's"
        return Chosen(
            default.sender, default.is_shared, (*default.warnings, f"sender {self._wanted} {why}: replaced by {default.sender}")
        )

    def _default(self, recipient: str, region: str | None) -> Chosen:
        """The country's default sender, else a number of the account's own of that country, else a shared one."""
        if (own := self._own_default(region)) is not None:
            return Chosen(own)
        chosen = self.shared(region, recipient)
        if region in NO_SHARED_NUMBERS:
            warning = f"no sender of the account's own for {region}, where the service has no shared numbers"
            return Chosen(chosen.sender, is_shared=True, warnings=(warning,))
        return chosen

    def _has_local(self, region: str | None) -> bool:
        """Where there is none, a sender of another country stays: it is replaced "except in certain countries"."""
        return region in self._pool or self._own_default(region) is not None

    def _own_default(self, region: str | None) -> str | None:
        if region not in self._own:
            own = (one for one in self._owned or () if one.startswith("+") and country(one) == region)
            senders = (canonical_sender(one) for one in (*self._defaults.get(region or "", ()), *own))
            self._own[region] = next((one for one in senders if one not in self._blocked), None)
        return self._own[region]

    def shared(self, region: str | None, recipient: str) -> Chosen:
        """A number of the pool: always the same for the same recipient, never the recipient's own."""
        unfit = self._blocked | {recipient}
        everywhere = list(chain.from_iterable(self._pool.values()))
        numbers = [one for one in self._pool.get((region or "").upper(), self._pool["other"]) if one not in unfit]
        numbers = numbers or [one for one in everywhere if one not in unfit] or everywhere
        return Chosen(numbers[crc32(recipient.encode()) % len(numbers)], is_shared=True)

    def _is_usable(self, sender: str) -> bool:
        sender = canonical_sender(sender)
        return sender not in self._blocked and (self._owned is None or sender in self._owned)

    @staticmethod
    def _read(wanted: str, region: str) -> str:
        if _PHONE.fullmatch(wanted):
            return international(wanted, region) or canonical_sender(wanted)
        if len(wanted) > 11 or " " in wanted:
            raise Refusal(Reason.INVALID_SENDER, f"{wanted!r} has more than 11 characters or a space", field="from")
        return wanted


def is_sender_id(sender: str) -> bool:
    """An alpha tag of 3 to 11 letters, digits and pluses, or a phone number."""
    return _ALPHA_TAG.fullmatch(sender) is not None or _PHONE.fullmatch(sender) is not None
