"""Judging from a camera's own words whether it stands still."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from domain.motion import Position
from ptz.motions import Status

# How long a position must not have changed to be believed, by what the camera says besides. Some cameras renew their
# position once a second only, and some say MOVING or IDLE whatever they do, so neither word is believed alone.
_SAYS_IDLE_S = 0.08
_SAYS_NOTHING_S = 1.2
_SAYS_MOVING_S = 1.5
_SAME = 1e-4


class Stillness(Enum):
    """What can be said of a camera after a Stop."""

    STILL = auto()
    TURNING = auto()
    UNSAID = auto()  # it tells neither position nor movement


@dataclass(frozen=True, slots=True)
class Sighting:
    """A status and the monotonic moment of its answer."""

    at: float
    status: Status


def judged(sightings: Sequence[Sighting]) -> Stillness:
    """Judge the sightings since the Stop was answered, in order; there is at least one."""
    last = sightings[-1]
    moving, position = last.status.moving, last.status.position
    if position is None:
        if moving is None:
            return Stillness.UNSAID
        return Stillness.TURNING if moving else Stillness.STILL
    needed_s = {False: _SAYS_IDLE_S, None: _SAYS_NOTHING_S, True: _SAYS_MOVING_S}[moving]
    return Stillness.STILL if last.at - _unchanged_since(sightings, position) >= needed_s else Stillness.TURNING


def _unchanged_since(sightings: Sequence[Sighting], position: Position) -> float:
    since = sightings[-1].at
    for sighting in reversed(sightings):
        before = sighting.status.position
        if before is None or _apart(before, position) > _SAME:
            break
        since = sighting.at
    return since


def _apart(one: Position, other: Position) -> float:
    return max(abs(one.pan - other.pan), abs(one.tilt - other.tilt), abs(one.zoom - other.zoom))
