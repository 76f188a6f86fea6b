from datetime import UTC, datetime, timedelta

import pytest

from emulator.core.clock import ManualClock, SystemClock

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSE = timedelta(seconds=30)  # how far the wall clock may go on while a test looks at it


@pytest.mark.parametrize("clock", [ManualClock(), SystemClock()], ids=["manual", "system"])
def test_an_instant_is_aware_and_in_utc(clock):
    assert clock.now().utcoffset() == timedelta(0)


def test_a_manual_clock_starts_where_it_was_told_to():
    assert ManualClock(START).now() == START


@pytest.mark.parametrize("instant", [START + DAY, START - DAY])
def test_a_manual_clock_shows_the_instant_it_is_moved_to(instant):
    clock = ManualClock(START)
    clock.move_to(instant)
    assert clock.now() == instant


def test_a_manual_clock_never_runs():
    clock = ManualClock(START)
    clock.run()
    assert (clock.frozen, clock.now()) == (True, START)


def test_a_manual_clock_resets_to_its_start():
    clock = ManualClock(START)
    clock.move_to(START + DAY)
    clock.reset()
    assert clock.now() == START


def test_a_system_clock_shows_the_wall_clock():
    assert abs(SystemClock().now() - datetime.now(UTC)) < CLOSE


def test_a_system_clock_runs():
    clock = SystemClock()
    first = clock.now()
    while clock.now() == first:
        pass
    assert clock.now() > first


@pytest.mark.parametrize("shift", [DAY, -DAY])
def test_a_moved_system_clock_goes_on_from_there(shift):
    clock = SystemClock()
    instant = clock.now() + shift
    clock.move_to(instant)
    assert (clock.frozen, timedelta(0) <= clock.now() - instant < CLOSE) == (False, True)


def test_a_frozen_system_clock_holds_its_instant():
    clock = SystemClock()
    clock.freeze()
    assert (clock.frozen, clock.now()) == (True, clock.now())


def test_freezing_twice_holds_the_first_instant():
    clock = SystemClock()
    clock.freeze()
    held = clock.now()
    clock.freeze()
    assert clock.now() == held


def test_a_frozen_system_clock_shows_exactly_what_it_is_moved_to():
    clock = SystemClock()
    clock.freeze()
    clock.move_to(START)
    assert clock.now() == START


def test_freezing_keeps_the_shift():
    clock = SystemClock()
    clock.move_to(START)
    clock.freeze()
    assert timedelta(0) <= clock.now() - START < CLOSE


def test_a_released_system_clock_goes_on_from_the_instant_it_held():
    clock = SystemClock()
    clock.freeze()
    clock.move_to(START)
    clock.run()
    assert (clock.frozen, timedelta(0) <= clock.now() - START < CLOSE) == (False, True)


def test_running_a_running_clock_changes_nothing():
    clock = SystemClock()
    clock.move_to(START)
    clock.run()
    assert timedelta(0) <= clock.now() - START < CLOSE


@pytest.mark.parametrize("frozen", [True, False])
def test_a_system_clock_resets_to_the_wall_clock_running(frozen):
    clock = SystemClock()
    if frozen:
        clock.freeze()
    clock.move_to(START - 9 * 365 * DAY)
    clock.reset()
    assert (clock.frozen, abs(clock.now() - datetime.now(UTC)) < CLOSE) == (False, True)
