import time

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
        ("ABC-123 is your code", "ABC123"),
        ("7XK9Q2 is your verification code", "7XK9Q2"),
        ("Your code is 2026", "2026"),
        ("<#> Your ExampleApp code is: 123ABC78\nFA+9qCX9VSu", "123ABC78"),
        ("Your WhatsApp code: 123-456\n\nDon't share this code with others\n4sgLq1p5sV6", "123456"),
        ("123456 is the OTP for your payment of INR 2500 at Amazon, card ending 4321.", "123456"),
        ("Your code is 123456. Reply STOP to 12345 to opt out.", "123456"),
        ("Your Acme account: 482913 is your code", "482913"),
    ],
)
def test_the_code_of_a_login_message_is_found_without_separators(text, code):
    assert codes_in(text) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("код 445566", "445566"),
        ("Ваш код подтверждения: 445566. Никому его не сообщайте", "445566"),
        ("445566 — ваш пароль для входа", "445566"),
        ("Votre code de vérification est 445566", "445566"),
        ("Ihr Bestätigungscode lautet 445566", "445566"),
        ("445566 ist dein WhatsApp-Code", "445566"),
        ("Seu código é 445566", "445566"),
        ("Il tuo codice è 445566", "445566"),
        ("Twój kod to 445566", "445566"),
        ("Doğrulama kodunuz: 445566", "445566"),
        ("Vahvistuskoodi: 445566", "445566"),
        ("Kode OTP Anda 445566", "445566"),
        ("Mã xác thực của bạn là 445566", "445566"),
        ("【某某】您的验证码是445566，5分钟内有效", "445566"),
        ("驗證碼:445566,5分鐘內有效", "445566"),
        ("認証コード：445566", "445566"),
        ("인증번호는 445566입니다", "445566"),
        ("आपका ओटीपी 445566 है", "445566"),
        ("रهस्य कोड ४४५५६६", "445566"),
        ("رمز التحقق الخاص بك هو ٤٤٥٥٦٦", "445566"),
        ("رمز التحقق: \u200f445566\u200f", "445566"),
        ("کد تایید شما: ۴۴۵۵۶۶", "445566"),
        ("קוד האימות שלך הוא 445566", "445566"),
        ("รหัส OTP ของคุณคือ 445566", "445566"),
        ("Ο κωδικός σας είναι 445566", "445566"),
        ("código 445566", "445566"),
    ],
)
def test_a_code_is_found_in_the_larger_languages_and_given_in_our_digits(text, code):
    assert codes_in(text) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("G-123456\n", "123456"),
        ("482 913.", "482913"),
        ("482913 expires in 10 minutes", "482913"),
        ("482913 is valid for 5 min.", "482913"),
        ("expires in 10 minutes: 482913", "482913"),
    ],
)
def test_a_text_that_is_nothing_but_a_number_and_when_it_expires_is_a_code(text, code):
    assert codes_in(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "Your parcel 123456 arrives at 1830",
        "Parcel 123456 expires in 10 minutes",
        "Table for 1830: see you in 2026",
        "$1500",
        "1500 EUR",
        "+15551234567",
        "2026-01-31",
        "Your ticket is valid until: 1830 at gate 5521",
    ],
)
def test_a_message_that_speaks_of_no_code_has_none(text):
    assert codes_in(text) == []


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


def test_several_codes_that_are_as_good_come_in_their_order():
    assert codes_in("Your codes: 2222, then 1111") == ["2222", "1111"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("654321 was used last. Your code is 123456", ["123456", "654321"]),
        ("Your code is 123456. Store 654321 thanks you", ["123456", "654321"]),
        ("654321 code: 123456", ["123456", "654321"]),
        ("123456 is your code, then 654321", ["123456", "654321"]),
    ],
)
def test_the_number_nearest_to_the_word_comes_first(text, codes):
    assert codes_in(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "Call 555 123 4567 for your code",
        "Call 5551234 if you did not ask for a code",
        "Your code costs $1500",
        "The code for your payment of 1500 EUR follows",
        "A password was set on 12 May 2026",
        "Codes were changed on 20260512",
        "Your order 123456 is confirmed",
        "Order #123456 has been confirmed.",
        "We confirm booking no. 123456",
        "Log in to see invoice 20261234",
        "A login to the account ending in 4321 was refused",
        "Your table at 1830 is confirmed",
    ],
)
def test_telephone_numbers_prices_dates_times_and_order_numbers_are_no_codes(text):
    assert codes_in(text) == []


@pytest.mark.parametrize("text", ["Use promo code 123456", "Ship to zip code 90210", "Error code 5012", "code postal 75001"])
def test_a_code_of_another_kind_is_none(text):
    assert codes_in(text) == []


def test_a_reference_beside_the_code_is_none():
    assert codes_in("Your code is 123456. Ref 654321") == ["123456"]


@pytest.mark.parametrize("piece", ["code 1234 ", "1234 ", "a 1234: ", "expires ", "A1-", "( ", "code ", "code: A1B2 "])
def test_a_long_text_is_read_in_time_that_grows_no_faster_than_its_length(piece):
    began = time.process_time()
    codes_in(f"code {piece * 20_000}")
    codes_in(piece * 20_000)
    assert time.process_time() - began < 3
