import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import FixedClock, SystemClock
from domain.hlc import ClockAheadError, HybridClock

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WALL = int(NOON.timestamp() * 1000) << 16
SECOND = 1000 << 16

_STEPS = st.lists(
    st.one_of(
        st.just(("tick", 0.0)),
        st.tuples(st.just("move"), st.floats(-50, 50)),
        st.tuples(st.just("see"), st.floats(-90, 90)),
    )
)


def test_a_number_follows_the_wall_clock():
    clock = FixedClock(NOON)
    hybrid = HybridClock(clock)
    assert hybrid.tick() == WALL
    assert hybrid.tick() == WALL + 1
    clock.advance(2)
    assert hybrid.tick() == WALL + 2 * SECOND


def test_what_was_seen_comes_before_what_is_given_next():
    hybrid = HybridClock(FixedClock(NOON))
    hybrid.observe(WALL + 30 * SECOND)
    assert hybrid.tick() == WALL + 30 * SECOND + 1
    hybrid.observe(5)
    assert hybrid.tick() == WALL + 30 * SECOND + 2


def test_numbers_go_on_where_they_ended_when_the_clock_was_set_back():
    assert HybridClock(FixedClock(NOON), last=WALL + SECOND).tick() == WALL + SECOND + 1


def test_a_number_more_than_a_minute_ahead_is_refused_and_forgotten():
    hybrid = HybridClock(FixedClock(NOON))
    hybrid.observe(WALL + 60 * SECOND)
    with pytest.raises(ClockAheadError, match="60 s ahead"):
        hybrid.observe(WALL + 60 * SECOND + 1)
    assert hybrid.tick() == WALL + 60 * SECOND + 1


@given(_STEPS)
def test_numbers_only_ever_grow_whatever_the_clock_does(steps):
    clock = FixedClock(NOON)
    hybrid = HybridClock(clock)
    last = hybrid.tick()
    for step, seconds in steps:
        if step == "move":
            clock.advance(seconds)
            continue
        if step == "see":
            seen = (int((clock.now().timestamp() + seconds) * 1000)) << 16
            try:
                hybrid.observe(seen)
            except ClockAheadError:
                assert seconds > 59
                continue
            last = max(last, seen)
        number = hybrid.tick()
        assert number > last
        last = number


def test_threads_never_get_the_same_number():
    hybrid = HybridClock(SystemClock())
    given_out: list[int] = []

    def take() -> None:
        given_out.extend([hybrid.tick() for _ in range(500)])

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(given_out)) == 2000
