"""Who looks at one session: subscriptions with their slots, and those who only want it kept open."""

import mmap
from dataclasses import dataclass

from av.video.frame import VideoFrame

from domain.camera import Mask
from video.decode import Scaler
from video.mask import Cover
from video.slot import SlotWriter, Stamp, picture_bytes
from video.wire import Subscribe

_JITTER_S = 0.05  # how much later than the schedule a picture may come without pushing the schedule back


@dataclass(frozen=True, slots=True)
class Picture:
    """The newest decoded picture, in the stream's own size and format."""

    frame: VideoFrame
    stamp: Stamp
    key: bool = False


class Output:
    """One subscription: scales what is due into its slot, and covers what must not be seen."""

    def __init__(self, order: Subscribe, memory: mmap.mmap) -> None:
        self.delivered = 0
        self.width = order.width
        self.keyframes_only = order.keyframes_only
        self.unseen = order.unseen
        size = picture_bytes(order.width, order.height, order.pixel_format)
        self._slot = SlotWriter(memory, size)
        self._scaler = Scaler(order.width, order.height, order.pixel_format)
        masks: list[Mask] = [tuple((float(x), float(y)) for x, y in mask) for mask in order.masks]
        self._cover = Cover(masks, order.width, order.height, order.pixel_format) if masks else None
        self._spacing_s = 1.0 / order.max_fps
        self._jitter_s = min(self._spacing_s / 2, _JITTER_S)
        self._private = bytearray(size) if masks else None
        self._due_at = 0.0

    @property
    def sent_before(self) -> int:
        """Return the count of the newest picture that is in the slot."""
        return self._slot.sent_before

    def show(self, picture: Picture) -> None:
        """Make this the newest picture, unless the subscriber wants fewer."""
        stamp = picture.stamp
        if stamp.arrived_at < self._due_at or (self.keyframes_only and not picture.key):
            return
        # On time by the schedule, and never much closer than wanted: one that was late does not cost the next one.
        self._due_at = max(self._due_at, stamp.arrived_at - self._jitter_s) + self._spacing_s
        buffer = self._slot.begin()
        if self._cover is None or self._private is None:
            self._scaler.scale_into(picture.frame, buffer)
        else:  # what must not be seen never lies in memory that the console reads
            covered = memoryview(self._private)
            self._scaler.scale_into(picture.frame, covered)
            self._cover.paint(covered)
            buffer[:] = covered
        self._slot.publish(stamp)
        self.delivered += 1


class Audience:
    """All that want one session; `reduced` says that there is not enough CPU to decode more than keyframes."""

    def __init__(self) -> None:
        self.reduced = False
        self.widest = 0
        self._outputs: dict[int, Output] = {}
        self._keepers: set[int] = set()
        self._delivered_before = 0

    def add(self, source: int, output: Output | None) -> None:
        """Take one more, or one anew; None for one that wants no pictures."""
        self.remove(source)
        if output is None:
            self._keepers.add(source)
            return
        self._outputs[source] = output
        self.widest = max(each.width for each in self._outputs.values())

    def remove(self, source: int) -> None:
        """Let one go."""
        self._keepers.discard(source)
        output = self._outputs.pop(source, None)
        if output is not None:
            self._delivered_before += output.delivered
            self.widest = max((each.width for each in self._outputs.values()), default=self.widest)

    def adjust(self, source: int, *, keyframes_only: bool, unseen: bool) -> None:
        """Give one of them keyframes only, or all pictures again."""
        if source in self._outputs:
            self._outputs[source].keyframes_only = keyframes_only
            self._outputs[source].unseen = unseen

    def show(self, picture: Picture) -> None:
        """Give everyone the newest picture."""
        for output in self._outputs.values():
            output.show(picture)

    @property
    def is_empty(self) -> bool:
        """Whether nobody wants this session any more."""
        return not (self._outputs or self._keepers)

    @property
    def looks(self) -> bool:
        """Whether anybody wants pictures at all."""
        return bool(self._outputs)

    @property
    def keyframes_only(self) -> bool:
        """Whether keyframes are enough for everybody, or have to be."""
        return self.reduced or all(output.keyframes_only for output in self._outputs.values())

    @property
    def unseen(self) -> bool:
        """Whether nobody sees the pictures just now: not even every keyframe is needed."""
        return not self.reduced and all(output.unseen for output in self._outputs.values())

    @property
    def delivered(self) -> int:
        """How many pictures were put into slots so far."""
        return self._delivered_before + sum(output.delivered for output in self._outputs.values())

    @property
    def sent_before(self) -> int:
        """Return the highest count that any slot holds."""
        return max((output.sent_before for output in self._outputs.values()), default=0)
