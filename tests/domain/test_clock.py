from datetime import UTC, datetime, timedelta

import pytest

from domain.clock import FastClock, FixedClock, SystemClock

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_the_system_clock_tells_utc_and_seconds_that_grow():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
    assert clock.speed == 1.0


def test_a_fast_clock_starts_now_and_runs_faster_than_the_world():
    world, fast = SystemClock(), FastClock(1000.0)
    began, began_world = fast.monotonic(), world.monotonic()
    while world.monotonic() == began_world:
        pass
    passed = world.monotonic() - began_world
    assert fast.monotonic() - began >= passed * 999
    assert fast.now() - world.now() > timedelta(0)
    assert fast.speed == 1000.0


def test_a_fixed_clock_moves_only_when_it_is_moved():
    clock = FixedClock(NOON)
    assert (clock.now(), clock.monotonic(), clock.speed) == (NOON, 0.0, 1.0)
    clock.advance(2.5)
    assert clock.now() == NOON + timedelta(seconds=2.5)
    assert clock.monotonic() == pytest.approx(2.5)
