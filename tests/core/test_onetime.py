import pytest

from emulator.core.onetime import codes_in


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your code is 1234", "1234"),
        ("Your code is 123456.", "123456"),
        ("12345678 is your OTP", "12345678"),
        ("G-123456 is your Google verification code.", "123456"),
        ("123-456 is your sign-in code", "123456"),
        ("Your login code: 123 456", "123456"),
        ("Su código es 4821", "4821"),
        ("PIN: 9090", "9090"),
        ("One-time password (7788)", "7788"),
        ("2FA token #00123", "00123"),
        ("CONFIRM WITH 5555!", "5555"),
        ("FB-48213 is your Facebook confirmation code", "48213"),
        ("Your code: AB12CD", "AB12CD"),
        ("Your verification code is 7XK9Q2.", "7XK9Q2"),
        ("Your code is 1 2 3 4 5 6", "123456"),
        ("Your code: 22-33-44", "223344"),
        ("TAN 993-112 for your transfer", "993112"),
        ("Welcome back\n\n@example.com #123456", "123456"),
        ("123456 is your code.\n\n@www.example.com #123456", "123456"),
        ("Code 4821, or open https://example.com/verify/987654", "4821"),
    ],
)
def test_the_code_of_a_login_message_is_found_without_separators(text, code):
    assert codes_in(text) == [code]


def test_a_message_that_speaks_of_no_code_has_none():
    assert codes_in("Your parcel 123456 arrives at 1830") == []


@pytest.mark.parametrize(
    "text",
    [
        "Your code is 123",
        "Your code is 123456789",
        "code: $1,234.50",
        "code: 1234.50",
        "code for +15551234",
        "code A1234",
        "code 1234A",
        "the code expires 12/05/2026",
        "code: 2026-01-01",
        "code: 12-05-2026",
        "code: ABCDEF",
        "Your promo code is SAVE20",
        "Verify at https://example.com/v?code=123456",
        "Verify at example.com/123456",
        "Log in as bob@example.com #1 of 20",
    ],
)
def test_numbers_of_another_shape_are_no_codes(text):
    assert codes_in(text) == []


def test_several_codes_come_in_their_order():
    assert codes_in("Your codes: 2222, then 1111") == ["2222", "1111"]


@pytest.mark.parametrize("text", ["Call 555 123 4567 for your code", "Your code costs $1500"])
def test_telephone_numbers_and_prices_are_no_codes(text):
    assert codes_in(text) == []
