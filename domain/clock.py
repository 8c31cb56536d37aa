"""The one place that reads a clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; handed to whoever needs it."""

    @property
    def speed(self) -> float:
        """How many of its seconds pass in one of the world's."""
        ...

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for measuring how long something lasts."""
        ...


class SystemClock:
    """The workstation's own clock."""

    speed = 1.0

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since some fixed point."""
        return time.monotonic()


class FastClock:
    """A clock that starts now and runs `speed` times as fast, for practice stories."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._began = datetime.now(UTC)
        self._origin = time.monotonic()

    def now(self) -> datetime:
        """Return the practice moment, aware, in UTC."""
        return self._began + timedelta(seconds=(time.monotonic() - self._origin) * self.speed)

    def monotonic(self) -> float:
        """Return practice seconds."""
        return time.monotonic() * self.speed


class FixedClock:
    """A clock that stands still until it is moved; for rules and tests."""

    speed = 1.0

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self._at

    def monotonic(self) -> float:
        """Return how far it was moved, in seconds."""
        return self._elapsed_s

    def advance(self, seconds: float) -> None:
        """Move it on."""
        self._at += timedelta(seconds=seconds)
        self._elapsed_s += seconds
