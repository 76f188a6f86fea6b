import re
from collections import Counter
from string import ascii_letters, digits
from uuid import UUID

import pytest
from core_builders import thorough
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.ids import IdSource, alphanumeric, numeric, upper_uuid

identifiers = st.text("0123456789abcdef", min_size=32, max_size=32)


def counters():
    """Numbers from 1 by sequence, as a store gives them."""
    drawn = Counter()

    def next_number(sequence):
        drawn[sequence] += 1
        return drawn[sequence]

    return next_number


def draw(number, *, seed=0, account="acme-1", kind="message"):
    ids = IdSource(seed, counters())
    return [ids.draw(account, kind) for _ in range(number)]


def test_an_id_is_32_lower_case_hex_digits():
    assert all(re.fullmatch(r"[0-9a-f]{32}", drawn) for drawn in draw(100))


def test_no_id_is_drawn_twice():
    assert len(set(draw(1000))) == 1000


def test_the_same_seed_gives_the_same_ids():
    assert draw(10, seed=7) == draw(10, seed=7)


@pytest.mark.parametrize("other", [{"seed": 1}, {"account": "acme-2"}, {"kind": "session"}])
def test_ids_differ_by_seed_account_and_kind(other):
    assert not set(draw(10)) & set(draw(10, **other))


def test_draws_for_others_do_not_shift_an_accounts_ids():
    ids = IdSource(0, counters())
    mixed = [ids.draw(account, kind) for account, kind in [("b", "message"), ("acme-1", "session"), ("acme-1", "message")]]
    assert mixed[-1:] == draw(1)


def test_an_id_with_fewer_than_two_letters_is_skipped():
    numbers = iter([148383, 1])  # the first would give 889b4930843371126001998570157685
    ids = IdSource(0, lambda _: next(numbers))
    assert [ids.draw("acme-1", "message")] == draw(1)


@thorough
@given(identifiers, st.integers(1, 24))
def test_a_short_form_is_letters_and_digits_of_the_length_asked_for(identifier, size):
    short = alphanumeric(identifier, size)
    assert len(short) == size
    assert set(short) <= set(digits + ascii_letters)


@thorough
@given(identifiers, st.integers(1, 24))
def test_a_numeric_form_is_digits_of_the_length_asked_for_and_starts_with_no_zero(identifier, size):
    assert re.fullmatch(rf"[1-9][0-9]{{{size - 1}}}", numeric(identifier, size))


@pytest.mark.parametrize("write", [alphanumeric, numeric])
def test_different_ids_keep_different_short_forms(write):
    assert len({write(identifier, 18) for identifier in draw(1000)}) == 1000


@thorough
@given(identifiers)
def test_an_upper_case_uuid_is_a_random_one_to_everybody_who_reads_it(identifier):
    written = upper_uuid(identifier)
    assert re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", written)
    assert str(UUID(written)).upper() == written
    assert UUID(written).version == 4


def test_different_ids_stay_different_as_uuids():
    assert len({upper_uuid(identifier) for identifier in draw(1000)}) == 1000


def test_numbers_ascend_one_by_one():
    ids = IdSource(0, counters())
    drawn = [ids.number("acme-1", "list") for _ in range(100)]
    assert drawn == list(range(drawn[0], drawn[0] + 100))


@pytest.mark.parametrize("other", [{"seed": 1}, {"account": "acme-2"}, {"kind": "contact"}])
def test_numbers_start_elsewhere_for_another_seed_account_and_kind(other):
    wanted = {"seed": 0, "account": "acme-1", "kind": "list"}

    def first(seed, account, kind):
        return IdSource(seed, counters()).number(account, kind)

    assert first(**wanted) != first(**wanted | other)
    assert first(**wanted) == first(**wanted)


@thorough
@given(st.integers(0, 2**32), st.text(max_size=12))
def test_a_million_numbers_of_one_kind_fit_into_31_bits(seed, account):
    """Clients in the field read them into signed integers of 32 bits."""
    first, last = (IdSource(seed, lambda _, n=n: n).number(account, "list") for n in (1, 10**6))
    assert 1_000_000 <= first < last < 2**31
