"""What sessions and workers take, from counters that only grow."""

from dataclasses import dataclass

from video.wire import Counts, Key


@dataclass(frozen=True, slots=True)
class Rate:
    """What one session, or all together, took in the last second."""

    cpu_cores: float = 0.0
    megabits: float = 0.0


class LoadMeter:
    """Turns counts into rates; times are monotonic seconds."""

    def __init__(self) -> None:
        self._last: dict[Key, tuple[Counts, float]] = {}
        self._rates: dict[Key, Rate] = {}

    def take(self, counts: Counts, now: float) -> None:
        """Take one session's counts."""
        key = (counts.camera, counts.profile)
        before = self._last.get(key)
        self._last[key] = (counts, now)
        if before is None or counts.octets < before[0].octets or now <= before[1]:
            return
        passed = now - before[1]
        cores = max(0.0, counts.cpu_s - before[0].cpu_s) / passed
        self._rates[key] = Rate(cores, (counts.octets - before[0].octets) * 8e-6 / passed)

    def rate(self, key: Key) -> Rate:
        """Return what a session takes; nothing where it was not heard of."""
        return self._rates.get(key, Rate())

    def forget(self, key: Key) -> None:
        """Forget a session that is over."""
        self._last.pop(key, None)
        self._rates.pop(key, None)
