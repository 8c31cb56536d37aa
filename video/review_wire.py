"""What the console and the review worker say to each other (video.packets). Times are seconds from a file's beginning.

Each Sized brings the file of the shared memory that pictures come in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from video import messages
from video.packets import MaskLists


@dataclass(frozen=True, slots=True)
class Load:
    """Open this file, show its first picture and stand there; the one before is closed."""

    path: str
    masks: MaskLists


@dataclass(frozen=True, slots=True)
class Join:
    """Put a span together (review_span.ReviewSpan), then as Load."""

    camera_no: int
    begins: float
    ends: float
    roots: list[str]
    shelves: list[str]
    workspace: str
    masks: MaskLists


@dataclass(frozen=True, slots=True)
class Save:
    """Write what was put together to this file."""

    path: str


@dataclass(frozen=True, slots=True)
class Run:
    """Go on at this rate, or stand still at 0."""

    rate: float


@dataclass(frozen=True, slots=True)
class Step:
    """Stand still and show the next picture, or the one before."""

    later: bool


@dataclass(frozen=True, slots=True)
class Seek:
    """Go to this place."""

    at_s: float


@dataclass(frozen=True, slots=True)
class Sized:
    """Pictures come at this size from now on."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Stands:
    """Where the player stands; `length_s` is 0 while unknown. `ended` says that it stands behind the last picture."""

    at_s: float
    length_s: float
    rate: float
    fps: float
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The file can't be played; `why` is a word of video.review.Failure."""

    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """A span was put together (review_span.Joined); what was opened before is closed."""

    begins: float
    ends: float
    profile: str
    gaps: list[list[float]]
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class Saved:
    """It was written, with this SHA-256; empty where it was not, and `detail` says why."""

    path: str
    sha256: str
    detail: str = ""


Order = Load | Join | Save | Run | Step | Seek
Answer = Sized | Stands | Failed | Together | Saved
_ORDERS: Mapping[str, type[Order]] = {kind.__name__: kind for kind in (Load, Join, Save, Run, Step, Seek)}
_ANSWERS: Mapping[str, type[Answer]] = {kind.__name__: kind for kind in (Sized, Stands, Failed, Together, Saved)}


def read_order(packet: bytes) -> Order:
    """Read what the console said; ProtocolError where it is no order."""
    return messages.decode(packet, _ORDERS)


def read_answer(packet: bytes) -> Answer:
    """Read what the worker said; ProtocolError where it is no answer."""
    return messages.decode(packet, _ANSWERS)
