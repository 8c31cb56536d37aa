"""Decides whose pictures are reduced when there is not enough CPU or network for all of them.

The least important go first, and come back last; each shows it. Nothing here knows processes or clocks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from video.load import Rate
from video.wire import Key

KEYFRAMES_COST = 0.2  # of the full decode: measured 0.138 / 0.67 cores for 36 tiles
_ROOM = 0.85  # of the limit: only below it is anything restored
_PATIENCE = 5  # looks in a row with room, before one session is restored


@dataclass(frozen=True, slots=True)
class Limits:
    """What live pictures may take; 0 is no limit."""

    cpu_cores: float = 0.0
    megabits: float = 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """What one session takes now, how much it matters, and whether taking a smaller stream instead would save bits."""

    cpu_cores: float
    megabits: float
    rank: int
    has_smaller: bool = False


@dataclass(frozen=True, slots=True)
class Reductions:
    """Which sessions decode keyframes only, and which are served from the smaller stream."""

    keyframes_only: frozenset[Key] = frozenset()
    smaller: frozenset[Key] = frozenset()


class Budget:
    """Looks at all sessions once a second."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._reduced = Reductions()
        self._full_cost: dict[Key, Load] = {}
        self._room_for = 0

    def look(self, loads: Mapping[Key, Load], total: Rate, *, late: bool) -> Reductions:
        """Return what to reduce from now on; `late` says that a worker can't keep up, whatever it takes.

        `loads` are the sessions that somebody looks at, by their wish; `total` counts those that are only recorded too.
        """
        keys = self._reduced.keyframes_only & loads.keys()
        smaller = self._reduced.smaller & loads.keys()
        for key, load in loads.items():
            if key not in keys and key not in smaller:
                self._full_cost[key] = load
        too_many_bits = self._over(total.megabits, self._limits.megabits)
        if late or self._over(total.cpu_cores, self._limits.cpu_cores):
            keys = self._reduce_cpu(loads, keys, total.cpu_cores, late=late)
            self._room_for = 0
        elif too_many_bits:
            smaller = self._reduce_bits(loads, smaller)
            self._room_for = 0
        elif keys or smaller:
            keys, smaller = self._restored(loads, keys, smaller, total)
        self._reduced = Reductions(keys, smaller)
        return self._reduced

    @staticmethod
    def _over(value: float, limit: float) -> bool:
        return limit > 0 and value > limit

    def _reduce_cpu(
        self, loads: Mapping[Key, Load], keys: frozenset[Key], total: float, *, late: bool
    ) -> frozenset[Key]:
        full = sorted((key for key in loads if key not in keys), key=lambda key: (loads[key].rank, key))
        must_save = total - self._limits.cpu_cores if self._limits.cpu_cores > 0 else 0.0
        if late:
            must_save = max(must_save, total * 0.1)
        chosen: set[Key] = set()
        saved = 0.0
        for key in full[: max(0, len(full) - 1)]:  # the most important one is never reduced
            if saved >= must_save:
                break
            chosen.add(key)
            saved += loads[key].cpu_cores * (1 - KEYFRAMES_COST)
        return keys | chosen

    def _reduce_bits(self, loads: Mapping[Key, Load], smaller: frozenset[Key]) -> frozenset[Key]:
        possible = [key for key, load in loads.items() if load.has_smaller and key not in smaller]
        if not possible:
            return smaller
        return smaller | {min(possible, key=lambda key: (loads[key].rank, key))}

    def _restored(
        self, loads: Mapping[Key, Load], keys: frozenset[Key], smaller: frozenset[Key], total: Rate
    ) -> tuple[frozenset[Key], frozenset[Key]]:
        """Give one session back what it had, the most important first, once there has been room for it for a while."""
        first = max(keys | smaller, key=lambda key: (loads[key].rank, key))
        before = self._full_cost.get(first, loads[first])
        cores = total.cpu_cores + max(0.0, before.cpu_cores - loads[first].cpu_cores)
        bits = total.megabits + max(0.0, before.megabits - loads[first].megabits)
        limits = self._limits
        fits = (not limits.cpu_cores or cores <= limits.cpu_cores * _ROOM) and (
            not limits.megabits or bits <= limits.megabits * _ROOM
        )
        self._room_for = self._room_for + 1 if fits else 0
        if self._room_for < _PATIENCE:
            return keys, smaller
        self._room_for = 0
        return keys - {first}, smaller - {first}
