"""What a role of the wall bench saw: which cameras are there, and what came onto the screen."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bench.common import percentile
from bench.practice import EPOCH, FPS, LOOP_S

SUB_FPS = FPS["sub"]
_ON_ITS_WAY_S = 0.2


@dataclass(slots=True)
class Ready:
    """Which cameras have given a frame."""

    count: int
    seen: set[int] = field(default_factory=set)

    @property
    def all(self) -> bool:
        """Whether each has."""
        return len(self.seen) >= self.count


@dataclass(slots=True)
class Seen:
    """One tile's record; times are Unix seconds."""

    fps: int = SUB_FPS
    pending: int | None = None
    first_at: float | None = None
    last_at: float | None = None
    gap_s: float = 0.0
    numbers: set[int] = field(default_factory=set)
    latencies_ms: list[float] = field(default_factory=list)


class Ledger:
    """What came onto the screen, by the counter burnt into the pictures; tiles of other rates than 15/s are named."""

    def __init__(self, count: int, fps: Mapping[int, int] | None = None) -> None:
        self.tiles = {tile: Seen((fps or {}).get(tile, SUB_FPS)) for tile in range(count)}
        self.ready = Ready(count)
        self._measuring = False

    def begin(self) -> None:
        """Measure from now on; gaps count from here."""
        now = time.time()
        for seen in self.tiles.values():
            seen.numbers.clear()
            seen.latencies_ms.clear()
            seen.gap_s, seen.last_at = 0.0, now
        self._measuring = True

    def end(self) -> float:
        """Measure no more; return when that was. A tile that stands still has its gap up to here."""
        self._measuring, now = False, time.time()
        for seen in self.tiles.values():
            seen.gap_s = max(seen.gap_s, now - (seen.last_at or now))
        return now

    def drawn(self, tile: int, counter: int) -> None:
        """Note that a frame was taken to be drawn."""
        seen = self.tiles[tile]
        newest, loop = int((time.time() - EPOCH) * seen.fps), LOOP_S * seen.fps
        seen.pending = newest - (newest - counter) % loop

    def painted(self, only: int | None = None) -> None:
        """Note that what was drawn (in one tile, or in all) is on the screen."""
        now = time.time()
        for tile, seen in self.tiles.items() if only is None else ((only, self.tiles[only]),):
            if seen.pending is None:
                continue
            self.ready.seen.add(tile)
            seen.first_at = seen.first_at or now
            if self._measuring:
                seen.gap_s = max(seen.gap_s, now - (seen.last_at or now))
                seen.numbers.add(seen.pending)
                seen.latencies_ms.append((now - EPOCH - seen.pending / seen.fps) * 1000)
            seen.last_at, seen.pending = now, None

    def latency_ms(self, share: float, tiles: Iterable[int] | None = None) -> float:
        """Return the latency from the camera's sending to the painting below which this share lies."""
        return percentile([late for seen in self._of(tiles) for late in seen.latencies_ms], share)

    def shown_share(
        self, ended_at: float, tiles: Iterable[int] | None = None, *, on_its_way_s: float = _ON_ITS_WAY_S
    ) -> float:
        """Return the share of frames shown of those sent, from each tile's first one to the end; a dark tile counts.

        What left its camera later than `on_its_way_s` before the end is not missed.
        """
        shown = sent = 0
        chosen, due_at = self._of(tiles), ended_at - on_its_way_s
        most = max((self._sent(seen, due_at) for seen in chosen), default=0)
        for seen in chosen:
            shown += len(seen.numbers)
            sent += self._sent(seen, due_at) or most
        return shown / sent if sent else 0.0

    def longest_gap_ms(self, tiles: Iterable[int] | None = None) -> float:
        """Return the longest time between two new pictures of one of these tiles."""
        return max((seen.gap_s for seen in self._of(tiles)), default=float("nan")) * 1000

    def _of(self, tiles: Iterable[int] | None) -> list[Seen]:
        return [self.tiles[tile] for tile in (self.tiles if tiles is None else tiles)]

    @staticmethod
    def _sent(seen: Seen, due_at: float) -> int:
        if not seen.numbers:
            return 0
        due = int((due_at - EPOCH) * seen.fps)
        return max(*seen.numbers, due) - min(seen.numbers) + 1


def read_counter(pixels: memoryview, width: int, height: int, stride: int = 0) -> int:
    """Return the counter in a picture of 4-byte pixels: 24 blocks of 1/40 of the width, lowest first, at the top left.

    `stride` is the length of a row in bytes, 0 where rows have no padding.
    """
    return _read(pixels, width, int(height / 360 * 8) * (stride or width * 4) + 1, 4)


def read_luma_counter(luma: memoryview, width: int, height: int, stride: int) -> int:
    """Return the counter in a picture's luma plane."""
    return _read(luma, width, int(height / 360 * 8) * stride, 1)


def _read(plane: memoryview, width: int, start: int, step: int) -> int:
    block, number = width / 40, 0
    for bit in range(24):
        if plane[start + int((bit + 0.5) * block) * step] > 128:
            number |= 1 << bit
    return number
