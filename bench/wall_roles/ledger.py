"""What a role of the wall bench saw: which cameras are there, and what came onto the screen."""

import time
from dataclasses import dataclass, field

EPOCH, FPS, LOOP = 1_700_000_000, 15, 120  # of the practice pictures' burnt-in counter
USER, PASSWORD = "practice", "bench"
SETTLE_S, START_LIMIT_S = 0.5, 30.0
Figures = dict[str, float]


@dataclass(slots=True)
class Ready:
    """Which cameras have given a frame."""

    count: int
    seen: set[int] = field(default_factory=set)

    @property
    def all(self) -> bool:
        """Whether each has."""
        return len(self.seen) >= self.count


class Ledger:
    """What came onto the screen, by the burnt-in counter."""

    def __init__(self, count: int) -> None:
        self.ready = Ready(count)
        self.measuring = False
        self.latencies_ms: list[float] = []
        self._pending: dict[int, int] = {}
        self._shown: dict[int, set[int]] = {tile: set() for tile in range(count)}

    def drawn(self, tile: int, counter: int) -> None:
        """Note that a frame was taken to be drawn."""
        now = (time.time() - EPOCH) * FPS
        self._pending[tile] = int(now) - (int(now) - counter) % LOOP
        self.ready.seen.add(tile)

    def painted(self) -> None:
        """Note that what was drawn is on the screen."""
        if self.measuring:
            now = time.time() - EPOCH
            for tile, number in self._pending.items():
                self._shown[tile].add(number)
                self.latencies_ms.append((now - number / FPS) * 1000)
        self._pending.clear()

    def shown_share(self, ended_at: float) -> float:
        """Return the share of frames shown of those sent, from each tile's first one to the end."""
        due = int((ended_at - 0.2 - EPOCH) * FPS)
        shown = sum(len(numbers) for numbers in self._shown.values())
        sent = sum(max(*numbers, due) - min(numbers) + 1 for numbers in self._shown.values() if numbers)
        silent = sum(not numbers for numbers in self._shown.values())
        return shown / (sent + silent * max(1, sent // max(1, len(self._shown) - silent))) if sent else 0.0


def read_counter(pixels: memoryview, width: int, height: int) -> int:
    """Return the counter: 24 blocks of 1/40 of the width, least significant first, at the top left."""
    row, block, number = int(height / 360 * 8) * width, width / 40, 0
    for bit in range(24):
        if pixels[(row + int((bit + 0.5) * block)) * 4 + 1] > 128:
            number |= 1 << bit
    return number
