import pytest
from core_builders import START, after

from emulator.core.errors import Reason, Refusal
from emulator.core.throttle import Bucket


def drawn(bucket, times, *, now=START, per_minute=60):
    for _ in range(times):
        bucket = bucket.drawn(per_minute, now)
    return bucket


def full(per_minute=60):
    return Bucket("acme-1", float(per_minute), START)


def test_a_full_bucket_allows_a_minutes_worth_at_once():
    assert drawn(full(), 60).tokens == 0


def test_the_request_after_the_last_is_throttled_by_the_rate_limit():
    with pytest.raises(Refusal) as caught:
        drawn(full(), 61)
    assert (caught.value.reason, caught.value.setting) == (Reason.THROTTLED, "rate_limit")


def test_a_bucket_refills_evenly():
    assert drawn(drawn(full(), 60), 10, now=after(10)).tokens == pytest.approx(0)


def test_part_of_a_request_is_not_enough():
    with pytest.raises(Refusal):
        drawn(drawn(full(), 60), 1, now=after(0.9))


def test_refused_requests_do_not_slow_the_refill():
    empty = drawn(full(), 60)
    with pytest.raises(Refusal):
        drawn(empty, 1, now=after(0.5))
    assert drawn(empty, 1, now=after(1)).tokens == pytest.approx(0)


def test_a_bucket_never_holds_more_than_a_minutes_worth():
    assert drawn(full(), 1, now=after(3600)).tokens == 59


def test_a_lowered_limit_takes_what_is_over_it():
    assert drawn(full(60), 1, per_minute=5).tokens == 4


def test_a_clock_set_back_takes_nothing_away():
    assert drawn(full(), 1, now=after(-3600)).tokens == 59
