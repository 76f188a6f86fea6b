"""Telephone numbers and sender addresses."""

import re
from functools import lru_cache

from phonenumbers import (
    PhoneNumber,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    region_code_for_country_code,
    region_code_for_number,
)
from phonenumbers import parse as parse_number
from phonenumbers.phonenumberutil import NumberParseException

_MSISDN = re.compile(r"\+[1-9][0-9]{6,14}")
_SUBSCRIBER = re.compile(r"\+?[0-9]{7,15}")
ANSWERABLE = r"\+?[0-9]{2,15}\Z"  # a sender that a handset can reply to: any number or short code, and no alpha tag
_PUNCTUATION = re.compile(r"[\s().\-/]")
_NORTH_AMERICAN = re.compile(r"\+1[2-9][0-9]{9}")


def is_msisdn(number: str) -> bool:
    """Whether ``number`` is E.164 with its plus: a country code and 7 to 15 digits in all."""
    return _MSISDN.fullmatch(number) is not None


def is_north_american(number: str) -> bool:
    """Whether ``number`` can be a phone of the USA or Canada: +1 and an area code that starts with 2 to 9."""
    return _NORTH_AMERICAN.fullmatch(number) is not None


def canonical_sender(sender: str) -> str:
    """A sender as messages carry it: 7 to 15 digits become E.164, short codes and alpha tags stay as sent."""
    return f"+{sender.removeprefix('+')}" if _SUBSCRIBER.fullmatch(sender) else sender


def is_answerable(sender: str) -> bool:
    """Whether a handset can reply to ``sender``."""
    return re.match(ANSWERABLE, sender) is not None


def international(number: str, region: str) -> str | None:
    """``number`` as E.164, where it can be one: as it is, with 00, or as people of ``region`` (ISO 3166) write it."""
    digits = _PUNCTUATION.sub("", number)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if digits.startswith("+"):
        return digits if is_msisdn(digits) else None
    if not digits.isdecimal() or not digits.isascii():
        return None
    try:
        parsed = parse_number(digits, region.upper())
    except NumberParseException:
        return None
    if not is_possible_number(parsed) and not digits.startswith("0"):
        return f"+{digits}" if is_msisdn(f"+{digits}") else None  # a country code without its plus
    written = format_number(parsed, PhoneNumberFormat.E164)
    return written if is_msisdn(written) else None


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """English names of all countries by ISO 3166 code, in the order of their names."""
    from phonenumbers.geodata.locale import LOCALE_DATA  # noqa: PLC0415  # large, and hardly ever asked for

    names = {}
    for code, by_language in LOCALE_DATA.items():
        name = by_language["en"]
        names[code] = by_language[name[1:]] if name.startswith("*") else name
    return dict(sorted(names.items(), key=lambda item: item[1]))


@lru_cache(maxsize=20_000)
def country(number: str) -> str | None:
    """ISO 3166 code of the country ``number`` (E.164) belongs to, None where that is unknown."""
    try:
        parsed: PhoneNumber = parse_number(number)
    except NumberParseException:
        return None
    region = region_code_for_number(parsed) or region_code_for_country_code(parsed.country_code or 0)
    return region if region is not None and region.isalpha() and region != "ZZ" else None
