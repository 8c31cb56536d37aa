"""The console's end of one subscription, and of a session that is only kept open. Nothing here waits."""

import mmap
import os
from dataclasses import dataclass, replace
from typing import Protocol

from domain.camera import Camera, Profile
from domain.errors import BadInputError
from domain.picture import LossReason, PictureState, Subscription
from video.slot import PIXEL_FORMATS, SharedFrame, SlotReader, slot_bytes
from video.wire import Counts, Key, PictureSaid, Subscribe

_MAX_SIDE = 8192


@dataclass(frozen=True, slots=True)
class Told:
    """What was last said of a session; `since` in CLOCK_MONOTONIC seconds."""

    since: float
    reason: LossReason | None = None


def check(camera: Camera, wish: Subscription) -> None:
    """BadInputError for a size, rate or format that can't be, or another camera."""
    if wish.camera_no != camera.no:
        raise BadInputError(f"a subscription to camera {wish.camera_no} can't be served by camera {camera.no}")
    if wish.profile not in set(Profile):
        raise BadInputError(f"a camera has no profile {wish.profile!r}")
    if not (1 <= wish.width <= _MAX_SIDE and 1 <= wish.height <= _MAX_SIDE):
        raise BadInputError(f"a picture can't be {wish.width} x {wish.height}")
    if not wish.max_fps > 0:
        raise BadInputError("a subscription needs at least some frames a second")
    if wish.pixel_format not in PIXEL_FORMATS or (wish.pixel_format == "nv12" and (wish.width % 2 or wish.height % 2)):
        raise BadInputError(f"pictures can't be {wish.pixel_format} of {wish.width} x {wish.height}")


class Client(Protocol):
    """What the engine serves; used on its thread alone."""

    number: int
    camera: Camera

    @property
    def key(self) -> Key:
        """Return which session serves it."""
        ...

    @property
    def file(self) -> int | None:
        """Return the descriptor of its shared memory, None where it wants no pictures."""
        ...

    def completed(self, order: Subscribe) -> Subscribe:
        """Return an order for its session with what it wants of it."""
        ...

    def tell(self, told: Told) -> None:
        """Take what was said of the session."""
        ...

    def note(self, said: PictureSaid) -> None:
        """Take what was said of the picture."""
        ...

    def count(self, counts: Counts) -> None:
        """Take what the worker counted."""
        ...

    def state_for_news(self) -> PictureState:
        """Return what is known of the picture."""
        ...

    def release(self) -> None:
        """Give everything back."""
        ...


class KeptOpen:
    """A session that nobody looks at: the ring and recordings live on it."""

    def __init__(self, number: int, camera: Camera, profile: str) -> None:
        self.number = number
        self.camera = camera
        self.key: Key = (camera.no, profile)
        self.file = None
        self._told = Told(0.0)

    def completed(self, order: Subscribe) -> Subscribe:
        """Return the order as it is: no pictures are wanted."""
        return replace(order, source=self.number)

    def tell(self, told: Told) -> None:
        """Take what was said of the session."""
        self._told = told

    def note(self, said: PictureSaid) -> None:
        """Nobody looks."""

    def count(self, counts: Counts) -> None:
        """Nobody asks."""

    def state_for_news(self) -> PictureState:
        """Return what is known of the session."""
        return PictureState(self._told.since, None, self._told.reason)

    def release(self) -> None:
        """Have nothing to give back."""


class Source:
    """A FrameSource over shared memory: `newest` and `state` belong to one thread, the rest to the engine.

    `wished` is the session of its own profile, `key` the one that serves it: a smaller one where bytes are short.
    """

    def __init__(self, number: int, camera: Camera, wish: Subscription, told: Told, speed: float) -> None:
        self.number = number
        self.camera = camera
        self.wish = wish
        self._told = told
        self._speed = speed
        self.wished: Key = (camera.no, camera.profile(Profile(wish.profile)).value)
        self.key = self.wished
        self._counts = Counts(*self.key)
        self._said = PictureSaid(*self.key, frozen_since=None, reduced=False)
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
    def unseen(self) -> bool:
        """Whether nobody sees it just now: keyframes only, and of the lowest rank."""
        return self.wish.keyframes_only and self.wish.rank <= 0

    @property
    def file(self) -> int:
        """Return the descriptor of the shared memory."""
        return self._file

    def completed(self, order: Subscribe) -> Subscribe:
        """Return an order for this source's session with what this source wants of it."""
        wish = self.wish
        return replace(
            order,
            source=self.number,
            width=wish.width,
            height=wish.height,
            max_fps=wish.max_fps,
            pixel_format=wish.pixel_format,
            masks=self.camera.masks if wish.masked else (),
            keyframes_only=wish.keyframes_only,
            unseen=self.unseen,
        )

    def tell(self, told: Told) -> None:
        """Take what was said of the session."""
        self._told = told

    def note(self, said: PictureSaid) -> None:
        """Take what was said of the picture."""
        self._said = said

    def count(self, counts: Counts) -> None:
        """Take what the worker counted."""
        self._counts = counts

    def adjust(self, *, keyframes_only: bool, rank: int) -> None:
        """Take a wish that differs in these alone."""
        self.wish = replace(self.wish, keyframes_only=keyframes_only, rank=rank)

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
        frozen_since = self._said.frozen_since
        return PictureState(
            told.since * self._speed,
            picture_at,
            told.reason,
            frozen_since=None if frozen_since is None else frozen_since * self._speed,
            reduced=self._said.reduced or self.key != self.wished,
        )
