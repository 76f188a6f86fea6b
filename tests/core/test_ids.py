import re
from collections import Counter
from string import ascii_letters, digits

import pytest
from core_builders import thorough
from hypothesis import given
from hypothesis import strategies as st

from emulator.core.ids import IdSource, alphanumeric, numeric

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
