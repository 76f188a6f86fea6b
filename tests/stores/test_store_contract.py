"""What every store promises (emulator/core/store.py), asked of each implementation."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from emulator.core.lifecycle import Event
from emulator.core.message import Status

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Note:
    indexed: ClassVar[tuple[str, ...]] = ("account", "colour")

    key: str
    account: str = "a"
    colour: str | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Lamp:
    """Of another kind, and nobody's."""

    indexed: ClassVar[tuple[str, ...]] = ()

    key: str


def event(name, seconds=0, account="a"):
    return Event(START + timedelta(seconds=seconds), account, name, 0, Status.SENT)


def names(events):
    return [planned.message for planned in events]


def keys(entities):
    return [entity.key for entity in entities]


@pytest.fixture
def store(new_store):
    return new_store()


def give_way(frame, *_):
    """A trace function that lets other threads in before every line of a store."""
    if "stores" not in frame.f_code.co_filename:
        return None
    time.sleep(0)
    return give_way


@pytest.fixture
def polite_threads():
    """Threads started from now on let others in wherever they can, so that what is not atomic shows."""
    usual = threading.gettrace()
    threading.settrace(give_way)
    yield
    threading.settrace(usual)


# Putting and getting


def test_what_is_put_can_be_got(store):
    store.put(Note("n1", size=3))
    assert store.get(Note, "n1") == Note("n1", size=3)


def test_what_was_never_put_is_none(store):
    store.put(Note("n1"))
    assert store.get(Note, "n2") is None


def test_a_key_is_unique_within_its_kind_only(store):
    store.put(Note("k"), Lamp("k"))
    assert (store.get(Note, "k"), store.get(Lamp, "k")) == (Note("k"), Lamp("k"))


def test_putting_a_key_again_replaces_the_entity(store):
    store.put(Note("n1", size=1))
    store.put(Note("n1", size=2))
    assert list(store.find(Note)) == [Note("n1", size=2)]


def test_a_replaced_entity_keeps_its_place(store):
    store.put(Note("n1"), Note("n2"), Note("n3"))
    store.put(Note("n1", size=9))
    assert keys(store.find(Note)) == ["n1", "n2", "n3"]


def test_of_one_key_twice_in_a_batch_the_last_stays(store):
    store.put(Note("n1", size=1), Note("n1", size=2))
    assert list(store.find(Note)) == [Note("n1", size=2)]


# Changing


def test_a_change_replaces_by_what_edit_makes_and_answers_it(store):
    store.put(Note("n1", size=1))
    changed = store.change(Note, "n1", lambda note: replace(note, size=note.size + 1))
    assert changed == store.get(Note, "n1") == Note("n1", size=2)


def test_a_change_of_what_is_absent_is_a_key_error(store):
    with pytest.raises(KeyError):
        store.change(Note, "n1", lambda note: note)


def test_a_change_whose_edit_raises_changes_nothing(store):
    store.put(Note("n1", size=1))
    with pytest.raises(ZeroDivisionError):
        store.change(Note, "n1", lambda note: replace(note, size=1 // 0))
    assert store.get(Note, "n1") == Note("n1", size=1)


def test_a_store_goes_on_after_an_edit_that_raised(store):
    store.put(Note("n1"))
    with pytest.raises(ZeroDivisionError):
        store.change(Note, "n1", lambda _: 1 // 0)
    with ThreadPoolExecutor(1) as elsewhere:  # no lock was left behind
        assert elsewhere.submit(store.get, Note, "n1").result(timeout=5) == Note("n1")


def test_a_changed_entity_keeps_its_place(store):
    store.put(Note("n1"), Note("n2"))
    store.change(Note, "n1", lambda note: replace(note, size=9))
    assert keys(store.find(Note)) == ["n1", "n2"]


@pytest.mark.parametrize("change", ["change", "put"])
def test_the_index_follows_a_changed_value(store, change):
    store.put(Note("n1", colour="red"), Note("n2", colour="blue"), Note("n3", colour="blue"))
    if change == "put":
        store.put(Note("n2", colour="red"))
    else:
        store.change(Note, "n2", lambda note: replace(note, colour="red"))
    assert keys(store.find(Note, colour="red")) == ["n1", "n2"]
    assert keys(store.find(Note, colour="blue")) == ["n3"]
    assert (store.count(Note, colour="red"), store.count(Note, colour="blue")) == (2, 1)


# Removing


def test_removing_a_key_forgets_that_one(store):
    store.put(Note("n1"), Note("n2"))
    assert store.remove(Note, "n1") == 1
    assert keys(store.find(Note)) == ["n2"]


def test_removing_what_is_absent_removes_none(store):
    store.put(Note("n1"))
    assert (store.remove(Note, "n2"), store.remove(Note, colour="red"), store.count(Note)) == (0, 0, 1)


def test_removing_by_values_forgets_all_that_match(store):
    store.put(Note("n1", "a", "red"), Note("n2", "b", "red"), Note("n3", "a", "blue"), Note("n4", "a", "red"))
    assert store.remove(Note, account="a", colour="red") == 2
    assert keys(store.find(Note)) == ["n2", "n3"]


def test_removing_without_a_condition_forgets_the_whole_kind(store):
    store.put(Note("n1"), Note("n2"), Lamp("l1"))
    assert (store.remove(Note), store.count(Note), store.count(Lamp)) == (2, 0, 1)


def test_a_removed_entity_is_in_no_index(store):
    store.put(Note("n1", colour="red"))
    store.remove(Note, "n1")
    assert (list(store.find(Note, colour="red")), store.count(Note, colour="red")) == ([], 0)


def test_an_entity_put_again_after_its_removal_is_the_newest(store):
    store.put(Note("n1"), Note("n2"))
    store.remove(Note, "n1")
    store.put(Note("n1"))
    assert keys(store.find(Note)) == ["n2", "n1"]


# Finding


@pytest.fixture
def coloured(store):
    store.put(*(Note(f"n{number}", "ab"[number % 2], ["red", "blue", None][number % 3]) for number in range(12)))
    return store


def test_the_oldest_are_found_first(store):
    store.put(Note("n2"), Note("n1"), Note("n3"))
    assert keys(store.find(Note)) == ["n2", "n1", "n3"]


def test_the_newest_are_found_first_when_asked_for(store):
    store.put(Note("n2"), Note("n1"), Note("n3"))
    assert keys(store.find(Note, newest=True)) == ["n3", "n1", "n2"]


def test_finding_goes_on_behind_a_key(coloured):
    assert keys(coloured.find(Note, after="n9")) == ["n10", "n11"]


def test_finding_the_newest_goes_on_behind_a_key(coloured):
    assert keys(coloured.find(Note, newest=True, after="n2")) == ["n1", "n0"]


def test_behind_a_key_that_was_never_there_finding_starts_at_the_beginning(coloured):
    assert not coloured.knows(Note, "nothing")
    assert keys(coloured.find(Note, after="nothing", limit=1)) == ["n0"]
    assert keys(coloured.find(Note, newest=True, after="nothing", limit=1)) == ["n11"]


def test_behind_a_key_that_is_gone_finding_goes_on_where_it_was(coloured):
    coloured.remove(Note, "n2")
    assert coloured.knows(Note, "n2")
    assert keys(coloured.find(Note, after="n2", limit=1)) == ["n3"]
    assert keys(coloured.find(Note, newest=True, after="n2", limit=1)) == ["n1"]
    assert keys(coloured.find(Note, since="n2", limit=1)) == ["n3"]


def test_a_place_is_known_after_everything_is_removed_too(coloured):
    coloured.remove(Note)
    coloured.put(Note("later"))
    assert keys(coloured.find(Note, since="n11")) == ["later"]
    assert keys(coloured.find(Note, newest=True, after="n11")) == []


def test_a_document_that_is_loaded_knows_no_places_of_before(coloured):
    coloured.remove(Note, "n2")
    coloured.load(coloured.dump())
    assert not coloured.knows(Note, "n2")


def test_a_limit_bounds_what_is_found(coloured):
    assert keys(coloured.find(Note, limit=3)) == ["n0", "n1", "n2"]


def test_a_limit_counts_matches_only(coloured):
    assert keys(coloured.find(Note, limit=2, account="a", colour="blue")) == ["n4", "n10"]


def test_a_limit_of_none_at_all_finds_nothing(coloured):
    assert list(coloured.find(Note, limit=0)) == []


def test_all_values_asked_for_must_match(coloured):
    assert keys(coloured.find(Note, account="b", colour="red")) == ["n3", "n9"]


def test_none_is_a_value_to_ask_for(coloured):
    assert keys(coloured.find(Note, colour=None)) == ["n2", "n5", "n8", "n11"]


def test_a_value_nobody_has_finds_nothing(coloured):
    assert (list(coloured.find(Note, colour="green")), coloured.count(Note, colour="green")) == ([], 0)


def test_behind_a_key_with_values_only_matches_behind_it_are_found(coloured):
    assert keys(coloured.find(Note, after="n4", colour="red")) == ["n6", "n9"]
    assert keys(coloured.find(Note, newest=True, after="n4", colour="red")) == ["n3", "n0"]


def test_counting_agrees_with_finding(coloured):
    asked = [{}, {"colour": "red"}, {"colour": None}, {"account": "a", "colour": "red"}]
    assert [coloured.count(Note, **equals) for equals in asked] == [12, 4, 4, 2]


def test_a_kind_nobody_put_is_empty(store):
    assert (list(store.find(Lamp)), store.count(Lamp), store.dropped(Lamp), store.remove(Lamp)) == ([], 0, 0, 0)


@pytest.mark.parametrize("newest", [False, True])
def test_finding_reads_through_many(store, newest):
    store.put(*(Note(f"n{number}", "ab"[number % 2]) for number in range(1000)))
    expected = [f"n{number}" for number in range(0, 1000, 2)]
    found = keys(store.find(Note, newest=newest, account="a"))
    assert found == (expected[::-1] if newest else expected)


@pytest.mark.parametrize("newest", [False, True])
def test_a_search_under_way_survives_the_removal_of_what_it_reads(store, newest):
    store.put(*(Note(f"n{number}") for number in range(1000)))
    search = store.find(Note, newest=newest)
    before = keys(islice(search, 10))
    store.remove(Note)
    rest = keys(search)
    assert len(set(before + rest)) == len(before + rest)


# Capacity


def test_over_its_capacity_a_kind_drops_its_oldest(new_store):
    store = new_store({Note: 3})
    store.put(*(Note(f"n{number}") for number in range(5)))
    assert (keys(store.find(Note)), store.count(Note)) == (["n2", "n3", "n4"], 3)


def test_what_is_dropped_is_counted(new_store):
    store = new_store({Note: 3})
    store.put(*(Note(f"n{number}") for number in range(5)))
    assert store.dropped(Note) == 2


def test_what_is_dropped_is_in_no_index(new_store):
    store = new_store({Note: 1})
    store.put(Note("n1", colour="red"), Note("n2", colour="blue"))
    assert (store.get(Note, "n1"), list(store.find(Note, colour="red")), store.count(Note, colour="red")) == (None, [], 0)


def test_replacing_at_full_capacity_drops_nothing(new_store):
    store = new_store({Note: 2})
    store.put(Note("n1"), Note("n2"))
    store.put(Note("n1", size=1))
    store.change(Note, "n2", lambda note: replace(note, size=1))
    assert (keys(store.find(Note)), store.dropped(Note)) == (["n1", "n2"], 0)


def test_what_was_put_first_is_the_oldest_even_if_changed_since(new_store):
    store = new_store({Note: 2})
    store.put(Note("n1"), Note("n2"))
    store.change(Note, "n1", lambda note: replace(note, size=1))
    store.put(Note("n3"))
    assert keys(store.find(Note)) == ["n2", "n3"]


def test_removing_makes_room(new_store):
    store = new_store({Note: 2})
    store.put(Note("n1"), Note("n2"))
    store.remove(Note, "n2")
    store.put(Note("n3"))
    assert (keys(store.find(Note)), store.dropped(Note)) == (["n1", "n3"], 0)


def test_a_capacity_bounds_its_own_kind_only(new_store):
    store = new_store({Note: 1})
    store.put(Lamp("l1"), Lamp("l2"), Note("n1"), Note("n2"))
    assert (store.count(Lamp), store.dropped(Lamp)) == (2, 0)


@pytest.mark.parametrize("forget", [lambda store: store.clear(), lambda store: store.load(store.dump())], ids=["clear", "load"])
def test_the_number_dropped_starts_again(new_store, forget):
    store = new_store({Note: 1})
    store.put(Note("n1"), Note("n2"))
    forget(store)
    assert store.dropped(Note) == 0


# Planned events


def test_events_are_handed_out_when_due(store):
    store.schedule(event("later", 2), event("now"), event("soon", 1))
    assert names(store.claim_due(START + timedelta(seconds=1))) == ["now", "soon"]


def test_an_event_is_handed_out_once(store):
    store.schedule(event("now"))
    assert (names(store.claim_due(START)), store.claim_due(START)) == (["now"], [])


def test_an_event_is_not_handed_out_before_it_is_due(store):
    store.schedule(event("later", 1))
    assert store.claim_due(START) == []


def test_events_of_one_instant_come_in_the_order_of_planning(store):
    for name in "cabfed":
        store.schedule(event(name))
    assert names(store.claim_due(START)) == list("cabfed")


def test_an_event_comes_back_as_it_was_planned(store):
    store.schedule(event("now"))
    assert store.claim_due(START) == [event("now")]


def test_two_equal_events_are_both_handed_out(store):
    store.schedule(event("now"), event("now"))
    assert names(store.claim_due(START)) == ["now", "now"]


def test_the_next_instant_is_the_earliest_planned(store):
    store.schedule(event("late", 9), event("early", 3))
    assert store.next_due() == START + timedelta(seconds=3)


def test_the_next_instant_moves_on_with_what_is_claimed(store):
    store.schedule(event("late", 9), event("early", 3))
    store.claim_due(START + timedelta(seconds=3))
    assert store.next_due() == START + timedelta(seconds=9)


def test_with_nothing_planned_there_is_no_next_instant(store):
    assert store.next_due() is None


# Numbers


def test_numbers_count_up_from_one(store):
    assert [store.next_number("s") for _ in range(3)] == [1, 2, 3]


def test_each_sequence_counts_for_itself(store):
    store.next_number("s")
    assert store.next_number("t") == 1


# Forgetting


def full(store):
    store.put(Note("n1", "a"), Note("n2", "b"), Lamp("l1"))
    store.schedule(event("e1", 0, "a"), event("e2", 0, "b"), event("e3", 0, "a"))
    for sequence in ("a/message", "b/message", "ab/message", "a"):
        store.next_number(sequence)
    return store


def test_clearing_forgets_everything(store):
    full(store).clear()
    assert (store.count(Note), store.count(Lamp), store.next_due(), store.next_number("a/message")) == (0, 0, None, 1)


def test_clearing_an_account_forgets_its_entities_only(store):
    full(store).clear("a")
    assert (keys(store.find(Note)), keys(store.find(Lamp))) == (["n2"], ["l1"])


def test_clearing_an_account_forgets_its_planned_events_only(store):
    full(store).clear("a")
    assert names(store.claim_due(START)) == ["e2"]


def test_clearing_an_account_keeps_the_order_of_the_other_events(store):
    store.schedule(*(event(f"{second}", second, "ab"[second % 2]) for second in (9, 2, 7, 4, 8, 1, 6, 3, 5, 0)))
    store.clear("a")
    assert names(store.claim_due(START + timedelta(seconds=9))) == ["1", "3", "5", "7", "9"]


def test_clearing_an_account_forgets_its_numbers_only(store):
    full(store).clear("a")
    assert [store.next_number(sequence) for sequence in ("a/message", "b/message", "ab/message", "a")] == [1, 2, 2, 2]


def test_clearing_an_unknown_account_changes_nothing(store):
    before = full(store).dump()
    store.clear("nobody")
    assert store.dump() == before


# Dump and load


def test_a_loaded_document_brings_back_the_whole_state(store, new_store):
    other = new_store()
    other.load(full(store).dump())
    assert (keys(other.find(Note)), keys(other.find(Note, account="b")), keys(other.find(Lamp))) == (
        ["n1", "n2"],
        ["n2"],
        ["l1"],
    )
    assert names(other.claim_due(START)) == ["e1", "e2", "e3"]
    assert [other.next_number(sequence) for sequence in ("a/message", "new")] == [2, 1]


def test_a_loaded_document_replaces_what_was_there(store):
    document = full(store).dump()
    store.put(Note("n9"))
    store.change(Note, "n1", lambda note: replace(note, colour="red"))
    store.schedule(event("e9"))
    store.next_number("a/message")
    store.load(document)
    assert store.dump() == document


def test_a_document_does_not_change_with_its_store(store, new_store):
    document = full(store).dump()
    kept = full(new_store()).dump()
    store.put(Note("n1", colour="red"), Note("n9"))
    store.claim_due(START)
    store.next_number("a/message")
    assert document == kept


def test_one_document_can_be_loaded_again_and_again(store):
    document = full(store).dump()
    for _ in range(2):
        store.load(document)
        store.remove(Note)
        store.claim_due(START)
        store.next_number("a/message")
    store.load(document)
    assert store.dump() == document


def test_loaded_entities_keep_their_order(store):
    store.put(Note("n3"), Note("n1"), Note("n2"))
    store.put(Note("n3", size=1))
    store.load(store.dump())
    assert keys(store.find(Note)) == ["n3", "n1", "n2"]


def test_loaded_events_of_one_instant_keep_their_order(store):
    store.schedule(*map(event, "cabfed"))
    store.load(store.dump())
    assert names(store.claim_due(START)) == list("cabfed")


def test_dumped_events_of_one_instant_keep_their_order_after_claims(store):
    store.schedule(event("first"), *(event(name, 1) for name in "cabfed"))
    store.claim_due(START)
    store.load(store.dump())
    assert names(store.claim_due(START + timedelta(seconds=1))) == list("cabfed")


# Threads


@pytest.mark.usefixtures("polite_threads")
def test_concurrent_threads_draw_each_number_once(store):
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: [store.next_number("s") for _ in range(50)], range(4)))
    assert sorted(number for numbers in drawn for number in numbers) == list(range(1, 201))


@pytest.mark.usefixtures("polite_threads")
def test_concurrent_changes_lose_nothing(store):
    store.put(Note("n1"))

    def grow(_):
        for _ in range(50):
            store.change(Note, "n1", lambda note: replace(note, size=note.size + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(grow, range(4)))
    assert store.get(Note, "n1").size == 200


@pytest.mark.usefixtures("polite_threads")
def test_concurrent_claims_hand_out_each_event_once(store):
    store.schedule(*(event(f"{number}", number) for number in range(100)))

    def claim(_):
        return [found for second in range(100) for found in store.claim_due(START + timedelta(seconds=second))]

    with ThreadPoolExecutor(4) as pool:
        claimed = [found.message for batch in pool.map(claim, range(4)) for found in batch]
    assert sorted(claimed, key=int) == [f"{number}" for number in range(100)]


@pytest.mark.usefixtures("polite_threads")
def test_a_batch_is_never_seen_half(store):
    done = threading.Event()

    def write():
        try:
            for batch in range(20):
                store.put(*(Note(f"{batch}-{number}", colour="red") for number in range(10)))
        finally:
            done.set()

    def read():
        seen = set()
        while not done.is_set():
            seen.add(store.count(Note) % 10)
            seen.add(store.count(Note, colour="red") % 10)
        return seen

    with ThreadPoolExecutor(2) as pool:
        reader = pool.submit(read)
        pool.submit(write).result(timeout=10)
        assert reader.result(timeout=10) <= {0}


@pytest.mark.usefixtures("polite_threads")
def test_readers_are_not_disturbed_by_writers(new_store):
    store = new_store({Note: 50})
    done = threading.Event()

    def write():
        try:
            for number in range(200):
                store.put(Note(f"n{number}", "ab"[number % 2], "red" if number % 3 else None))
                store.remove(Note, f"n{number - 20}" if number % 3 else "nothing")
        finally:
            done.set()

    def read():
        while not done.is_set():
            found = list(store.find(Note, newest=True, account="a"))
            assert all(note.account == "a" for note in found)
            assert store.count(Note) <= 50

    with ThreadPoolExecutor(2) as pool:
        reader = pool.submit(read)
        pool.submit(write).result(timeout=10)
        reader.result(timeout=10)


# Against a naive model: a list of entities, a list of events, a dict of numbers

some_keys = st.sampled_from([f"n{number}" for number in range(9)])
some_accounts = st.sampled_from(["a", "ab", "b"])
some_colours = st.sampled_from(["red", "blue", None])
some_notes = st.builds(Note, some_keys, some_accounts, some_colours, st.integers(0, 3))
some_events = st.builds(event, some_keys, st.integers(0, 5), some_accounts)
some_conditions = st.fixed_dictionaries({}, optional={"account": some_accounts, "colour": some_colours})
CAPACITY = 6


def alike(note, equals):
    return all(getattr(note, name) == value for name, value in equals.items())


class StoreMachine(RuleBasedStateMachine):
    new_store: ClassVar

    @initialize(bounded=st.booleans())
    def begin(self, bounded):
        self.capacity = CAPACITY if bounded else 1000
        self.store = self.new_store({Note: self.capacity})
        self.notes, self.events, self.numbers, self.dropped = [], [], {}, 0
        self.ordinals = {}  # when each was put, those that are gone included

    def place(self, key):
        return next((place for place, note in enumerate(self.notes) if note.key == key), None)

    @rule(notes=st.lists(some_notes, max_size=8))
    def put(self, notes):
        self.store.put(*notes)
        for note in notes:
            place = self.place(note.key)
            if place is None:
                self.notes.append(note)
                self.ordinals[note.key] = max(self.ordinals.values(), default=0) + 1
            else:
                self.notes[place] = note
            if len(self.notes) > self.capacity:
                del self.notes[0]
                self.dropped += 1

    @rule(key=some_keys, colour=some_colours)
    def change(self, key, colour):
        place = self.place(key)
        if place is None:
            with pytest.raises(KeyError):
                self.store.change(Note, key, lambda note: note)
            return
        self.notes[place] = replace(self.notes[place], colour=colour)
        assert self.store.change(Note, key, lambda note: replace(note, colour=colour)) == self.notes[place]

    @rule(key=some_keys)
    def remove_one(self, key):
        place = self.place(key)
        assert self.store.remove(Note, key) == (place is not None)
        if place is not None:
            del self.notes[place]

    @rule(equals=some_conditions)
    def remove_alike(self, equals):
        kept = [note for note in self.notes if not alike(note, equals)]
        assert self.store.remove(Note, **equals) == len(self.notes) - len(kept)
        self.notes = kept

    @rule(events=st.lists(some_events, max_size=6))
    def schedule(self, events):
        self.store.schedule(*events)
        self.events.extend(events)

    @rule(second=st.integers(-1, 6))
    def claim(self, second):
        now = START + timedelta(seconds=second)
        due = sorted((planned for planned in self.events if planned.due_at <= now), key=lambda planned: planned.due_at)
        assert self.store.claim_due(now) == due
        self.events = [planned for planned in self.events if planned.due_at > now]

    @rule(account=some_accounts, kind=st.sampled_from(["message", "link"]))
    def draw_number(self, account, kind):
        sequence = f"{account}/{kind}"
        self.numbers[sequence] = self.numbers.get(sequence, 0) + 1
        assert self.store.next_number(sequence) == self.numbers[sequence]

    @rule()
    def load_own_dump(self):
        self.store.load(self.store.dump())
        self.dropped = 0
        self.ordinals = {note.key: ordinal for ordinal, note in enumerate(self.notes)}

    @rule(account=some_accounts)
    def clear_account(self, account):
        self.store.clear(account)
        self.notes = [note for note in self.notes if note.account != account]
        self.events = [planned for planned in self.events if planned.account != account]
        self.numbers = {name: number for name, number in self.numbers.items() if not name.startswith(f"{account}/")}

    @rule(equals=some_conditions, newest=st.booleans(), after=st.none() | some_keys, limit=st.none() | st.integers(0, 4))
    def find(self, equals, newest, after, limit):
        ordered = self.notes[::-1] if newest else self.notes
        place = self.ordinals.get(after)
        if place is not None:
            ordered = [
                note for note in ordered if (self.ordinals[note.key] < place if newest else self.ordinals[note.key] > place)
            ]
        expected = [note for note in ordered if alike(note, equals)]
        assert list(self.store.find(Note, newest=newest, after=after, limit=limit, **equals)) == expected[:limit]

    @rule(equals=some_conditions)
    def count(self, equals):
        assert self.store.count(Note, **equals) == sum(alike(note, equals) for note in self.notes)

    @rule(key=some_keys)
    def get(self, key):
        place = self.place(key)
        assert self.store.get(Note, key) == (None if place is None else self.notes[place])

    @invariant()
    def order_is_kept(self):
        assert list(self.store.find(Note)) == self.notes

    @invariant()
    def the_next_instant_is_known(self):
        assert self.store.next_due() == min((planned.due_at for planned in self.events), default=None)

    @invariant()
    def drops_are_counted(self):
        assert self.store.dropped(Note) == self.dropped


def test_a_store_behaves_like_a_list_a_schedule_and_some_counters(new_store):
    machine = type("Machine", (StoreMachine,), {"new_store": staticmethod(new_store)})
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=30, deadline=None))


def test_add_inserts_only_what_is_not_there(store):
    assert store.add(Note("a", colour="red"))
    assert not store.add(Note("a", colour="blue"))
    assert store.get(Note, "a").colour == "red"


@pytest.mark.parametrize("newest", [True, False])
def test_since_leaves_out_the_entity_named_and_all_before_it(store, newest):
    store.put(*(Note(key, colour="red" if key in "ac" else "blue") for key in "abcd"))
    assert sorted(keys(store.find(Note, newest=newest, since="b"))) == ["c", "d"]
    assert keys(store.find(Note, newest=newest, since="b", colour="red")) == ["c"]
    assert len(keys(store.find(Note, newest=newest, since="nosuch"))) == 4
