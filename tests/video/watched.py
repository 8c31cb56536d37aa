"""What an operator saw of one subscription over time: pictures with their burnt-in counter, and the tile's face."""

import itertools
import time
from dataclasses import dataclass

from domain.picture import Face, LossReason

EPOCH, LOOP_S = 1_700_000_000, 8  # of the burnt-in counter
BITS = 24
_SAMPLE_EVERY = 404  # bytes: every 101st pixel


def counter_of(frame):
    """Read the 24 blocks at the top left, least significant bit first, in the green of BGRX."""
    block, row, number = frame.width / 40, int(frame.height / 360 * 8) * frame.width, 0
    for bit in range(BITS):
        number |= (frame.pixels[(row + int((bit + 0.5) * block)) * 4 + 1] > 128) << bit
    return number


def age_of(counter, at_unix, fps):
    """Return how many seconds old the picture with this counter was, of the loop it belongs to; -1 for no counter."""
    if counter >= LOOP_S * fps:
        return -1.0
    return ((at_unix - EPOCH) * fps - counter) % (LOOP_S * fps) / fps


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture as it came to the tile; `at` is monotonic, `age_s` by its counter, `sample` some of its pixels."""

    at: float
    sent_no: int
    counter: int
    age_s: float
    sample: bytes

    def differs_from(self, other):
        """Return by how many levels the samples differ on average."""
        return sum(abs(a - b) for a, b in zip(self.sample, other.sample, strict=True)) / len(self.sample)


@dataclass(frozen=True, slots=True)
class Said:
    """From when on (monotonic) the tile had this face, for this reason."""

    at: float
    face: Face
    reason: LossReason | None


class Watched:
    """A source and what was seen of it; `look` is called again and again."""

    def __init__(self, source, fps=15):
        self.source = source
        self.shown = []
        self.said = []
        self._fps = fps

    def look(self):
        """Take the newest picture and the face of this moment."""
        now, frame = time.monotonic(), self.source.newest()
        state = self.source.state()
        if frame is not None:
            self.take(frame)
        said = Said(now, state.face(time.monotonic()), state.reason)
        if not self.said or (self.said[-1].face, self.said[-1].reason) != (said.face, said.reason):
            self.said.append(said)

    def take(self, frame):
        """Note a picture that was taken from the source."""
        now, counter = time.monotonic(), counter_of(frame)
        age_s, sample = age_of(counter, time.time(), self._fps), bytes(frame.pixels[1::_SAMPLE_EVERY])
        if frame.intact():
            self.shown.append(Shown(now, frame.sent_no, counter, age_s, sample))

    @property
    def face(self):
        return self.said[-1].face if self.said else Face.EMPTY

    def faces(self, since=0.0, until=float("inf")):
        """Return all faces that it had between two moments."""
        return {said.face for said in self._between(since, until)}

    def reasons(self, since=0.0, until=float("inf")):
        """Return all reasons that were said between two moments."""
        return {said.reason for said in self._between(since, until)} - {None}

    def first(self, face, since):
        """Return how many seconds after a moment it first had this face; None for never."""
        return next(
            (max(0.0, said.at - since) for said in self._between(since, float("inf")) if said.face is face), None
        )

    def pictures(self, since=0.0, until=float("inf")):
        """Return what came between two moments."""
        return [shown for shown in self.shown if since <= shown.at < until]

    def longest_gap(self, since, until):
        """Return the longest time without a new picture between two moments."""
        moments = [since, *(shown.at for shown in self.pictures(since, until)), until]
        return max(after - before for before, after in itertools.pairwise(moments))

    def _between(self, since, until):
        ends = [*(said.at for said in self.said[1:]), float("inf")]
        return [said for said, end in zip(self.said, ends, strict=True) if end > since and said.at < until]
