from decimal import Decimal

import pytest

from emulator.core.pricing import PriceBook, Quote

BOOK = PriceBook("USD", Decimal("0.05"), {"4": Decimal("0.10"), "44": Decimal("0.08"), "447": Decimal("0.07")})


@pytest.mark.parametrize(
    ("recipient", "price"),
    [("+447700900123", "0.07"), ("+442000000000", "0.08"), ("+49000000000", "0.10"), ("+15551234567", "0.05")],
)
def test_the_longest_matching_prefix_decides_the_price(recipient, price):
    assert BOOK.price_per_part(recipient) == Decimal(price)


def test_a_prefix_may_be_the_whole_number():
    book = PriceBook("USD", Decimal(1), {"15551234567": Decimal(9)})
    assert book.price_per_part("+15551234567") == 9


def test_the_plus_does_not_matter_to_the_price():
    assert BOOK.price_per_part("447700900123") == BOOK.price_per_part("+447700900123")


def test_without_prefixes_every_recipient_costs_the_default():
    assert PriceBook("USD", Decimal("0.05")).price_per_part("+447700900123") == Decimal("0.05")


def test_every_part_is_paid_for():
    assert BOOK.quote("+447700900123", 3) == Quote(3, Decimal("0.21"))
