"""What a live picture is worth: judged by its own age, whatever the stream library says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

# House rule: an operator must know within two seconds that a picture stands, the look at it and the painting included.
STALE_AFTER_S = 1.75
LOST_AFTER_S = 5.0


class Face(StrEnum):
    """How a tile shows its picture."""

    EMPTY = "empty"
    WAITING = "waiting"
    LIVE = "live"
    STALE = "stale"
    LOST = "lost"
    FROZEN = "frozen"


class LossReason(StrEnum):
    """Why there is no picture, as tiles say it."""

    NO_ANSWER = "no_answer"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, not a password
    NO_SIGNAL = "no_signal"
    NOT_UNDERSTOOD = "not_understood"
    NO_STREAM = "no_stream"
    WORKER_GONE = "worker_gone"


@dataclass(frozen=True, slots=True)
class PictureState:
    """What a stream's session last said, and when its newest picture was decoded.

    Times are monotonic seconds of the one clock. `picture_at` is None before the first picture;
    `since` is when the session began to wait; `reason` is None while the session is well. `frozen_since` is when the
    picture last changed, while frames arrive that show nothing new; `reduced` says that only keyframes are decoded.
    """

    since: float
    picture_at: float | None = None
    reason: LossReason | None = None
    frozen_since: float | None = None
    reduced: bool = False

    def age_s(self, now: float) -> float:
        """Return the age of the newest picture, or of the wait for the first."""
        return max(0.0, now - (self.since if self.picture_at is None else self.picture_at))

    def face(self, now: float) -> Face:
        """Judge the picture: waiting, live, frozen, stale after 2 s, lost after 5 s or when the session says why."""
        age = self.age_s(now)
        if self.picture_at is None:
            return Face.LOST if self.reason is not None or age > LOST_AFTER_S else Face.WAITING
        if age > LOST_AFTER_S:
            return Face.LOST
        if age > STALE_AFTER_S:
            return Face.STALE
        return Face.LIVE if self.frozen_since is None else Face.FROZEN


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish for frames of one camera: newest only, at a size, at most so many a second.

    `keyframes_only` is for what nobody sees just now. `rank` says how much it matters: when there is not enough CPU or
    network for all, sessions whose highest rank is lowest are reduced first.
    """

    camera_no: int
    profile: str
    width: int
    height: int
    max_fps: float = 30.0
    pixel_format: str = "bgrx"  # or "nv12" at the stream's own size, for analytics
    masked: bool = True
    keyframes_only: bool = False
    rank: int = 0


class Frame(Protocol):
    """One decoded picture in memory that its writer may overwrite later."""

    @property
    def width(self) -> int:
        """Return its width in pixels."""
        ...

    @property
    def height(self) -> int:
        """Return its height in pixels."""
        ...

    @property
    def pixels(self) -> memoryview:
        """Return rows of 4-byte BGRX pixels without padding; draw or copy them, then ask `intact`."""
        ...

    @property
    def sent_no(self) -> int:
        """Return how many frames the camera had sent in this session with this one, by its own timestamps."""
        ...

    @property
    def arrived_at(self) -> float:
        """Return when its last packet arrived, in monotonic seconds."""
        ...

    def intact(self) -> bool:
        """Return whether the pixels are still the ones they were when the frame was taken."""
        ...


class FrameSource(Protocol):
    """The receiving end of one subscription; used from one thread."""

    def newest(self) -> Frame | None:
        """Return the newest picture if it has not been returned before, else None; never waits."""
        ...

    def state(self) -> PictureState:
        """Return what is known of the picture now."""
        ...
