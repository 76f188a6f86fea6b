import pytest

from emulator.core.addresses import canonical_sender, country, is_msisdn, is_north_american


@pytest.mark.parametrize("number", ["+1234567", "+15551234567", "+123456789012345"])
def test_a_plus_and_7_to_15_digits_are_an_international_number(number):
    assert is_msisdn(number)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "+",
        "15551234567",
        "+123456",
        "+1234567890123456",
        "+05551234567",
        "+1555 1234567",
        "+1555123456x",
        "+１２３４５６７",
        "+1234567\n",
    ],
)
def test_anything_else_is_no_international_number(number):
    assert not is_msisdn(number)


@pytest.mark.parametrize("number", ["+12125550100", "+19995550100"])
def test_plus_one_and_ten_digits_can_be_a_north_american_phone(number):
    assert is_north_american(number)


@pytest.mark.parametrize(
    "number", ["12125550100", "+11125550100", "+10125550100", "+1212555010", "+121255501000", "+442125550100"]
)
def test_other_numbers_cannot_be_a_north_american_phone(number):
    assert not is_north_american(number)


@pytest.mark.parametrize("sender", ["15551234567", "+15551234567"])
def test_a_sender_of_subscriber_length_becomes_international(sender):
    assert canonical_sender(sender) == "+15551234567"


@pytest.mark.parametrize(("sender", "canonical"), [("1234567", "+1234567"), ("123456789012345", "+123456789012345")])
def test_seven_to_fifteen_digits_are_of_subscriber_length(sender, canonical):
    assert canonical_sender(sender) == canonical


@pytest.mark.parametrize("sender", ["85355", "123456", "1234567890123456", "ACME", "+123456", "1-800-ACME", ""])
def test_short_codes_and_alpha_tags_stay_as_sent(sender):
    assert canonical_sender(sender) == sender


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("+12125550100", "US"),
        ("+14165550100", "CA"),
        ("+18095550100", "DO"),
        ("+447700900123", "GB"),
        ("+61411111111", "AU"),
        ("+18005550100", "US"),
        ("+15005550006", "US"),
    ],
)
def test_a_number_belongs_to_the_country_of_its_code(number, code):
    assert country(number) == code


@pytest.mark.parametrize("number", ["", "ACME", "85355", "+999123456789", "+883123456789", "+80012345678"])
def test_a_number_of_no_country_has_none(number):
    assert country(number) is None
