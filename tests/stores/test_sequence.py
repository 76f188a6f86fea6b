from hypothesis import given, settings
from hypothesis import strategies as st

from emulator.stores.sequence import Sequence

thorough = settings(max_examples=300, deadline=None)
numbers = st.integers(1, 30)


def sequence_of(items):
    sequence = Sequence()
    for number in items:
        sequence.add(number)
    return sequence


def test_numbers_are_kept_in_ascending_order():
    assert list(sequence_of([3, 1, 2])) == [1, 2, 3]


def test_a_number_is_kept_once():
    assert list(sequence_of([1, 2, 2, 1])) == [1, 2]


def test_the_first_is_the_lowest():
    assert sequence_of([3, 1, 2]).first() == 1


def test_discarding_what_is_not_there_changes_nothing():
    sequence = sequence_of([1, 3])
    sequence.discard(2)
    assert list(sequence) == [1, 3]


def test_an_emptied_sequence_takes_lower_numbers_again():
    sequence = sequence_of([5, 6])
    sequence.discard(5)
    sequence.discard(6)
    sequence.add(1)
    assert (list(sequence), sequence.first(), len(sequence)) == ([1], 1, 1)


def test_a_number_discarded_at_the_front_can_come_back():
    sequence = sequence_of([1, 2, 3])
    sequence.discard(1)
    sequence.add(1)
    assert list(sequence) == [1, 2, 3]


def test_what_is_discarded_at_the_front_does_not_pile_up():
    sequence = Sequence()
    for number in range(10_000):
        sequence.add(number)
        sequence.discard(number - 10)
    assert len(sequence._items) < 100


def test_beyond_reads_upwards_from_the_beginning():
    assert sequence_of([1, 3, 5]).beyond(None, newest=False, limit=2) == [1, 3]


def test_beyond_reads_downwards_from_the_end():
    assert sequence_of([1, 3, 5]).beyond(None, newest=True, limit=2) == [5, 3]


def test_beyond_leaves_out_the_number_itself():
    sequence = sequence_of([1, 3, 5])
    assert (sequence.beyond(3, newest=False, limit=9), sequence.beyond(3, newest=True, limit=9)) == ([5], [1])


def test_beyond_finds_its_place_for_a_number_that_has_gone():
    sequence = sequence_of([1, 3, 5])
    assert (sequence.beyond(4, newest=False, limit=9), sequence.beyond(4, newest=True, limit=9)) == ([5], [3, 1])


@thorough
@given(
    st.lists(st.tuples(st.booleans(), numbers), max_size=150),
    st.one_of(st.none(), numbers),
    st.booleans(),
    st.integers(0, 10),
)
def test_a_sequence_behaves_like_a_sorted_set(changes, start, newest, limit):
    sequence, model = Sequence(), set()
    for adds, number in changes:
        (sequence.add if adds else sequence.discard)(number)
        (model.add if adds else model.discard)(number)
    ordered = sorted(model, reverse=newest)
    behind = [number for number in ordered if start is None or (number < start if newest else number > start)]
    assert (list(sequence), len(sequence)) == (sorted(model), len(model))
    assert sequence.beyond(start, newest=newest, limit=limit) == behind[:limit]


@thorough
@given(st.lists(st.booleans(), max_size=40))
def test_a_queue_of_many_behaves_like_a_sorted_set(takes):
    sequence, model, last = Sequence(), [], 0
    for take in takes:
        for _ in range(10):
            if take and model:
                sequence.discard(model.pop(0))
            else:
                last += 1
                sequence.add(last)
                model.append(last)
    assert list(sequence) == model
