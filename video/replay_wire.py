"""What the console and the replay worker say to each other (video.packets).

Each Open brings the file of its shared memory along; each Taken brings the file of the picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from video import messages
from video.packets import MaskLists

DAMAGED = "what was recorded then can't be decoded"
_MOST_TOLD = 300  # characters


@dataclass(frozen=True, slots=True)
class Open:
    """Put pictures of a camera's past into the memory that comes with this message, as the position says."""

    source: int
    camera: int
    width: int
    height: int
    masks: MaskLists
    at: float
    since: float
    rate: float


@dataclass(frozen=True, slots=True)
class Steer:
    """Go to this position, all of these at once."""

    sources: list[int]
    at: float
    since: float
    rate: float


@dataclass(frozen=True, slots=True)
class Close:
    """Nobody looks at this source any more."""

    source: int


@dataclass(frozen=True, slots=True)
class Take:
    """Give the one picture that a camera showed at a moment, at its own size."""

    still: int
    camera: int
    moment: float
    masks: MaskLists


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker takes orders."""


@dataclass(frozen=True, slots=True)
class Shows:
    """What a source shows for the moment that was asked for; said when it changes, and at least twice a second.

    All times are arrivals in Unix seconds. `at` is the picture's, None where nothing was recorded; `before` and `after`
    are its neighbours', None where there is none. `edge` says that the moment lies less than a second behind live;
    `trouble` what broke while the picture was looked for, in the program's own words: then there is none.
    """

    source: int
    asked: float
    at: float | None = None
    before: float | None = None
    after: float | None = None
    edge: bool = False
    trouble: str = ""

    @property
    def missing(self) -> bool:
        """Whether nothing was recorded at the moment."""
        return self.at is None and not self.trouble


@dataclass(frozen=True, slots=True)
class Taken:
    """The picture that was to be taken: BGRX rows without padding.

    Where it is 0 x 0, `trouble` says what broke; without that nothing was recorded then.
    """

    still: int
    width: int = 0
    height: int = 0
    arrived_at: float = 0.0
    camera_at: float = 0.0
    trouble: str = ""


def trouble_of(error: Exception) -> str:
    """Return what a message says of an error that nobody foresaw."""
    return f"{type(error).__name__}: {error}"[:_MOST_TOLD]


Order = Open | Steer | Close | Take
Answer = Ready | Shows | Taken
_ORDERS: Mapping[str, type[Order]] = {kind.__name__: kind for kind in (Open, Steer, Close, Take)}
_ANSWERS: Mapping[str, type[Answer]] = {kind.__name__: kind for kind in (Ready, Shows, Taken)}


def read_order(packet: bytes) -> Order:
    """Read what the console said; ProtocolError where it is no order."""
    return messages.decode(packet, _ORDERS)


def read_answer(packet: bytes) -> Answer:
    """Read what the worker said; ProtocolError where it is no answer."""
    return messages.decode(packet, _ANSWERS)
