import pytest
from core_builders import thorough
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.addresses import (
    canonical_sender,
    country,
    country_names,
    international,
    is_msisdn,
    is_north_american,
)


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


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("+61491570156", "AU"),
        ("+61491570156", "US"),
        ("0491570156", "AU"),
        ("0491 570 156", "AU"),
        ("(0491) 570-156", "AU"),
        ("0491.570.156", "AU"),
        ("0491/570156", "AU"),
        ("+61 491 570 156", "AU"),
        ("0061491570156", "AU"),
        ("00 61 491 570 156", "US"),
        ("61491570156", "AU"),
        ("61491570156", "US"),
        ("491570156", "AU"),
    ],
)
def test_a_number_as_people_write_it_becomes_international(written, region):
    assert international(written, region) == "+61491570156"


@pytest.mark.parametrize(
    ("written", "region", "number"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("(202) 555-0143", "US", "+12025550143"),
        ("12025550143", "AU", "+12025550143"),
        ("021 555 123", "NZ", "+6421555123"),
        ("+15005550001", "AU", "+15005550001"),
        ("0491570156", "au", "+61491570156"),
    ],
)
def test_a_local_number_belongs_to_the_region(written, region, number):
    assert international(written, region) == number


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "+",
        "00",
        "+000",
        "000",
        "+0491570156",
        "hello",
        "+61491570156x",
        "0491570156 ext 3",
        "+1234567890123456",
        "１２３４５６７８９",
        "-",
        "\x00",
        "12",
        "1" * 16,
        "9" * 5000,
    ],
)
def test_what_can_be_no_phone_is_none(written):
    assert international(written, "AU") is None


@pytest.mark.parametrize("region", ["", "XX", "Australia", "au ", "\x00", "ZZ"])
def test_a_region_that_is_none_makes_no_number_local(region):
    assert international("0491570156", region) is None
    assert international("+61491570156", region) == "+61491570156"


@thorough
@given(
    st.text(max_size=20) | st.from_regex(r"\+?[0-9 ().-]{0,20}", fullmatch=True), st.sampled_from(["AU", "US", "GB", "", "xx"])
)
def test_whatever_is_written_the_answer_is_international_or_none(written, region):
    number = international(written, region)
    assert number is None or (is_msisdn(number) and international(number, region) == number)


def test_countries_have_english_names_in_their_order():
    names = country_names()
    assert (names["AU"], names["GB"], names["US"]) == ("Australia", "United Kingdom", "United States")
    assert list(names.values()) == sorted(names.values())
    assert all(len(code) == 2 and not name.startswith("*") for code, name in names.items())
