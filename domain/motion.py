"""Moving a camera: what is wanted, and what is known to have happened."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Velocity:
    """How fast to turn: each axis from -1 (left, down, wide) to 1 (right, up, tele)."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0

    @property
    def still(self) -> bool:
        """Whether this asks for no movement at all."""
        return self.pan == self.tilt == self.zoom == 0.0

    def clamped(self) -> "Velocity":
        """Return the velocity with each axis within -1..1."""
        return Velocity(*(max(-1.0, min(1.0, axis)) for axis in (self.pan, self.tilt, self.zoom)))


@dataclass(frozen=True, slots=True)
class Position:
    """Where a camera says it points, in its generic spaces: pan and tilt -1..1, zoom 0..1."""

    pan: float
    tilt: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Preset:
    """A stored view of a camera."""

    token: str
    name: str


class MotionPhase(StrEnum):
    """What the operator is told about a camera that was asked to move."""

    READY = "ready"
    MOVE_SENT = "move_sent"
    MOVING = "moving"  # the camera confirmed the move
    STOP_SENT = "stop_sent"
    STOPPED = "stopped"  # the camera confirmed standing still
    MAY_BE_MOVING = "may_be_moving"  # a Stop was not answered
    DISABLED = "disabled"  # no watchdog, so nothing is sent


@dataclass(frozen=True, slots=True)
class MotionState:
    """What is known of one camera's movement; `detail` says why in words where it is not well."""

    camera_no: int
    phase: MotionPhase
    velocity: Velocity = Velocity()
    position: Position | None = None
    detail: str = ""
