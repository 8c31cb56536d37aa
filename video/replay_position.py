"""Where a replay stands: a moment of the past, tied to a moment of now, and how fast it runs from there."""

import time
from dataclasses import dataclass, replace

SLOWEST, FASTEST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class ReplayPosition:
    """`at` is the arrival (Unix seconds) of what is shown at `since` (CLOCK_MONOTONIC seconds); `rate` 0 stands still.

    All tiles that were given the same position play in step.
    """

    at: float
    since: float
    rate: float = 1.0

    @classmethod
    def before_now(cls, seconds: float, rate: float = 1.0) -> "ReplayPosition":
        """Return the position that is so far behind live just now."""
        return cls(time.time() - seconds, time.monotonic(), rate)

    def reached(self, now: float | None = None) -> float:
        """Return which arrival is to be seen at a moment, or just now."""
        return self.at + self.rate * ((time.monotonic() if now is None else now) - self.since)

    def behind_s(self) -> float:
        """Return how far behind live it is just now."""
        return max(0.0, time.time() - self.reached())

    def at_rate(self, rate: float) -> "ReplayPosition":
        """Return the same moment running on at another speed, 0 for standing still, else 0.25 to 4 times."""
        now = time.monotonic()
        return ReplayPosition(self.reached(now), now, rate and min(FASTEST, max(SLOWEST, rate)))

    def moved(self, seconds: float) -> "ReplayPosition":
        """Return a position so much later, or earlier where negative, running as before."""
        return replace(self, at=self.at + seconds)

    def standing_at(self, at: float) -> "ReplayPosition":
        """Return a position that stands still at this arrival."""
        return ReplayPosition(at, time.monotonic(), 0.0)
