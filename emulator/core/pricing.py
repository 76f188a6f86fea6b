"""What a message costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """The cost of one message: its parts and the price of all of them, in the account's currency."""

    parts: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class PriceBook:
    """Price per part; the longest matching prefix of the recipient's digits decides, else ``default``."""

    currency: str
    default: Decimal
    by_prefix: Mapping[str, Decimal] = field(default_factory=dict)

    def price_per_part(self, recipient: str) -> Decimal:
        if not self.by_prefix:
            return self.default
        digits = recipient.removeprefix("+")
        prefixes = (digits[:length] for length in range(len(digits), 0, -1))
        return next((self.by_prefix[prefix] for prefix in prefixes if prefix in self.by_prefix), self.default)

    def quote(self, recipient: str, parts: int, *, is_free: bool = False) -> Quote:
        return Quote(parts, Decimal(0) if is_free else self.price_per_part(recipient) * parts)
