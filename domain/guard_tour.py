"""Guard tours: places that one camera goes to in turn, and how long it stays at each."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.errors import BadInputError
from domain.ptz_place import MOST_PLACES

SHORTEST_STAY_S = 3.0
LONGEST_STAY_S = 3600.0
SLOWEST = 0.05
MOST_SPOTS = 64


@dataclass(frozen=True, slots=True)
class TourSpot:
    """One stop of a tour: a place by its number, or home where that is None.

    `stay_s` counts from the arrival; `speed` is a share (0.05 to 1) of the camera's greatest speed on the way there.
    """

    place: int | None
    stay_s: float = 10.0
    speed: float = 1.0

    def __post_init__(self) -> None:
        if self.place is not None and not 1 <= self.place <= MOST_PLACES:
            raise BadInputError(f"there is no place {self.place}")
        if not SHORTEST_STAY_S <= self.stay_s <= LONGEST_STAY_S:
            raise BadInputError(f"a camera stays {SHORTEST_STAY_S:g} to {LONGEST_STAY_S:g} s at a place")
        if not SLOWEST <= self.speed <= 1.0:
            raise BadInputError(f"a camera goes at {SLOWEST:.0%} to 100% of its speed")


@dataclass(frozen=True, slots=True)
class GuardTour:
    """A tour of one camera. `token` is the camera's own tour where it was given one, else empty."""

    id: UUID
    camera_no: int
    name: str
    spots: tuple[TourSpot, ...]
    token: str = ""

    def __post_init__(self) -> None:
        if not 2 <= len(self.spots) <= MOST_SPOTS:
            raise BadInputError(f"tour {self.name!r}: has {len(self.spots)} places, not 2 to {MOST_SPOTS}")


class TourPhase(StrEnum):
    """What a guard tour is doing."""

    IDLE = "idle"
    STARTING = "starting"
    BY_CAMERA = "by_camera"  # the camera runs it and said so
    BY_CONSOLE = "by_console"
    PAUSED = "paused"  # a person has the camera
    FAILING = "failing"  # the camera can't be sent round now; it is tried again


@dataclass(frozen=True, slots=True)
class TourState:
    """What is known of a tour: `spot` counts the places from 1, 0 where the console does not know."""

    tour: GuardTour
    phase: TourPhase
    spot: int = 0
    detail: str = ""

    @property
    def on(self) -> bool:
        """Whether it was started and not stopped since."""
        return self.phase is not TourPhase.IDLE
