"""Hybrid logical clocks: numbers that follow wall time and still order cause before effect.

A number is milliseconds since 1970 shifted left by 16, plus a counter (Kulkarni et al., 2014).
"""

import threading

from domain.clock import Clock
from domain.errors import WatchroomError

AHEAD_LIMIT_S = 60.0  # a number further ahead than this comes from a wrong clock


class ClockAheadError(WatchroomError):
    """A number from elsewhere is more than 60 s ahead of our wall clock."""


class HybridClock:
    """Gives ever-growing numbers; safe from any thread."""

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self._last = last
        self._lock = threading.Lock()

    def tick(self) -> int:
        """Return the next number, above all given or seen before."""
        with self._lock:
            self._last = max(self._last + 1, self._wall())
            return self._last

    def observe(self, seen: int) -> None:
        """Take note of a number from elsewhere; ClockAheadError if it is over 60 s ahead, and it is not taken."""
        with self._lock:
            if seen > self._wall() + (int(AHEAD_LIMIT_S * 1000) << 16):
                raise ClockAheadError(f"number {seen} is more than {AHEAD_LIMIT_S:.0f} s ahead of this clock")
            self._last = max(self._last, seen)

    def _wall(self) -> int:
        return int(self._clock.now().timestamp() * 1000) << 16
