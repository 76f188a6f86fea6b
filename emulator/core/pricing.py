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
    _lengths: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lengths", tuple(sorted(set(map(len, self.by_prefix)), reverse=True)))

    def price_per_part(self, recipient: str) -> Decimal:
        digits = recipient.removeprefix("+")
        for length in self._lengths:
            if (price := self.by_prefix.get(digits[:length])) is not None:
                return price
        return self.default

    def quote(self, recipient: str, parts: int, *, is_free: bool = False) -> Quote:
        return Quote(parts, Decimal(0) if is_free else self.price_per_part(recipient) * parts)
