"""The feed of changes."""

import threading
import time

import pytest

from emulator.core.changes import Feed


class Kind:
    pass


class Other:
    pass


@pytest.fixture
def feed():
    return Feed(frozenset({Kind, Other}), kept=5)


def test_it_tells_what_has_changed_since_each_key_once_the_latest_last(feed):
    feed.note(Kind, "a")
    number = feed.number
    for kind, key in ((Kind, "b"), (Other, "x"), (Kind, "c"), (Kind, "b")):
        feed.note(kind, key)
    changes = feed.since(number)
    assert changes.keys(Kind) == ["c", "b"]
    assert changes.keys(Other) == ["x"]
    assert feed.since(changes.number).entries == ()


def test_kinds_that_are_not_asked_for_are_not_noted(feed):
    feed.note(str, "a")
    assert feed.number == 0


def test_who_is_too_far_behind_is_told_so(feed):
    for number in range(6):
        feed.note(Kind, str(number))
    assert feed.since(0).entries is None
    assert len(feed.since(1).entries) == 5


@pytest.mark.parametrize("number", [-1, 7])
def test_a_number_that_was_never_told_means_that_anything_may_have_changed(feed, number):
    for key in "abc":
        feed.note(Kind, key)
    assert feed.since(number).entries is None


def test_after_everything_has_changed_nothing_older_is_told(feed):
    feed.note(Kind, "a")
    before = feed.number
    feed.note_all()
    assert feed.since(before).entries is None
    feed.note(Kind, "b")
    assert feed.since(before + 1).keys(Kind) == ["b"]


def test_a_wait_ends_with_the_next_change(feed):
    threading.Timer(0.05, feed.note, (Kind, "a")).start()
    begun = time.monotonic()
    assert feed.wait(0, 20)
    assert time.monotonic() - begun < 10


def test_a_wait_for_what_has_happened_ends_at_once(feed):
    feed.note(Kind, "a")
    assert feed.wait(0, 20)


def test_a_wait_ends_with_its_time(feed):
    assert not feed.wait(0, 0.01)


def test_a_wait_ends_when_the_feed_is_closed(feed):
    threading.Timer(0.05, feed.close).start()
    assert not feed.wait(0, 20)
    assert feed.is_closed
