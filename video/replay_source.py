"""The console's end of one replayed tile. Nothing here waits."""

import mmap
import os
import time

from domain.camera import Camera, Mask
from domain.picture import LossReason, PictureState
from video.packets import masks_as_lists
from video.replay_position import ReplayPosition
from video.replay_wire import Open, Shows
from video.slot import SharedFrame, SlotReader, slot_bytes


class ReplaySource:
    """A FrameSource whose pictures are of the past: `newest` and `state` belong to one thread, the rest to the engine.

    Where nothing was recorded, the picture in it is a plain grey one: the one before must not pass for that moment. A
    frame's `arrived_at` is when it came from its camera.
    """

    def __init__(
        self,
        number: int,
        camera: Camera,
        size: tuple[int, int],
        position: ReplayPosition,
        masks: tuple[Mask, ...],
        speed: float,
    ) -> None:
        self.number = number
        self.camera = camera
        self.size = size
        self.position = position
        self._masks = masks
        self._speed = speed
        self._shows: Shows | None = None
        self._heard_at: float | None = None
        self._waits_since = time.monotonic()
        self._gone = False
        length = slot_bytes(*size, "bgrx")
        self._file = os.memfd_create("watchroom-replay")
        try:
            os.ftruncate(self._file, length)
            memory = mmap.mmap(self._file, length, prot=mmap.PROT_READ)
        except OSError:
            os.close(self._file)
            raise
        self._slot = SlotReader(memory, *size)

    def newest(self) -> SharedFrame | None:
        """Return the newest picture if it has not been returned before, else None."""
        return self._slot.newest()

    def shows(self) -> Shows | None:
        """Return what the worker last said of the asked moment; None before it said anything."""
        return self._shows

    def state(self) -> PictureState:
        """Return a picture that is fresh as long as the worker stands by it; none where nothing was recorded."""
        shows, heard_at, since = self._shows, self._heard_at, self._waits_since * self._speed
        reason = LossReason.WORKER_GONE if self._gone else None
        if shows is None or heard_at is None:
            return PictureState(since, None, reason)
        if shows.trouble:
            return PictureState(since, None, reason or LossReason.NOT_UNDERSTOOD)
        if shows.at is None:
            return PictureState(since, None, reason or LossReason.NO_SIGNAL)
        return PictureState(since, heard_at * self._speed, reason)

    # The engine's thread from here on.

    @property
    def file(self) -> int:
        """Return the descriptor of the shared memory, negative after `release`."""
        return self._file

    def order(self) -> Open:
        """Return what a worker needs to know to serve this source from now on."""
        masks, position = masks_as_lists(self._masks), self.position
        return Open(self.number, self.camera.no, *self.size, masks, position.at, position.since, position.rate)

    def tell(self, shows: Shows) -> None:
        """Take what the worker shows."""
        if shows.at is not None or self._shows is None or self._shows.at is not None:
            self._waits_since = time.monotonic()
        self._shows, self._heard_at, self._gone = shows, time.monotonic(), False

    def lose(self) -> None:
        """Take that the worker is gone; its last picture grows old from now on."""
        self._gone, self._waits_since = True, time.monotonic()

    def release(self) -> None:
        """Give the file back; the memory goes when the last picture of it is let go."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
