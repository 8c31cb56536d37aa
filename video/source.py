"""The console's end of one subscription. Nothing here waits."""

import mmap
import os
from dataclasses import dataclass

from domain.camera import Camera
from domain.picture import LossReason, PictureState, Subscription
from video.slot import SharedFrame, SlotReader, slot_bytes
from video.wire import Counts


@dataclass(frozen=True, slots=True)
class Told:
    """What was last said of a session; `since` in CLOCK_MONOTONIC seconds."""

    since: float
    reason: LossReason | None = None


class Source:
    """A FrameSource over shared memory: `newest` and `state` belong to one thread, the rest to the engine."""

    def __init__(self, number: int, camera: Camera, wish: Subscription, told: Told, speed: float) -> None:
        self.number = number
        self.camera = camera
        self.wish = wish
        self._told = told
        self._speed = speed
        self._counts = Counts(camera.no, wish.profile)
        size = slot_bytes(wish.width, wish.height, wish.pixel_format)
        self._file = os.memfd_create("watchroom-pictures")
        try:
            os.ftruncate(self._file, size)
            memory = mmap.mmap(self._file, size, prot=mmap.PROT_READ)
        except OSError:
            os.close(self._file)
            raise
        self._slot = SlotReader(memory, wish.width, wish.height, wish.pixel_format)
        self._news_slot = SlotReader(memory, wish.width, wish.height, wish.pixel_format)

    def newest(self) -> SharedFrame | None:
        """Return the newest picture if it has not been returned before, else None."""
        return self._slot.newest()

    def state(self) -> PictureState:
        """Return what is known of the picture now, in the engine's clock."""
        return self._state(self._slot)

    def counts(self) -> Counts:
        """Return what happened to the camera's profile in its worker, at most a second old."""
        return self._counts

    # The engine's thread from here on.

    @property
    def key(self) -> tuple[int, str]:
        """Return which session serves this source."""
        return self.wish.camera_no, self.wish.profile

    @property
    def file(self) -> int:
        """Return the descriptor of the shared memory."""
        return self._file

    def tell(self, told: Told) -> None:
        """Take what was said of the session."""
        self._told = told

    def count(self, counts: Counts) -> None:
        """Take what the worker counted."""
        self._counts = counts

    def state_for_news(self) -> PictureState:
        """Return the same as `state`, for the engine's own thread."""
        return self._state(self._news_slot)

    def release(self) -> None:
        """Give the file back; the memory goes when the last picture of it is let go."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _state(self, slot: SlotReader) -> PictureState:
        told, stamp = self._told, slot.newest_stamp()
        picture_at = None if stamp is None else stamp.decoded_at * self._speed
        return PictureState(told.since * self._speed, picture_at, told.reason)
