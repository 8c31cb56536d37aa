"""Where a calibrated camera looks, and how it has to turn to look somewhere else."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.geometry import (
    Spot,
    Vector,
    bearing_deg,
    elevation_deg,
    length,
    seen_direction,
    signed_deg,
    way,
)
from domain.lens import USUAL_LENS, Detail, Lens
from domain.motion import Position

NEAREST_M = 1.0  # nearer than this, a map does not say in which direction it is
_HARDLY = 1e-9  # past the end of an axis by rounding alone
_POINT = 0.01  # share of the picture below which a rectangle is a click


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of the picture, as shares of its width and height from the top left; corners in any order."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def middle(self) -> tuple[float, float]:
        """Return the point in its middle."""
        return (self.x1 + self.x2) / 2, (self.y1 + self.y2) / 2

    @property
    def greater_side(self) -> float:
        """Return the greater of the shares of width and height that it takes."""
        return max(abs(self.x2 - self.x1), abs(self.y2 - self.y1))


@dataclass(frozen=True, slots=True)
class Cone:
    """What a camera sees on the map: where its axis leads, how wide it sees, how far it makes out what was asked."""

    bearing_deg: float
    across_deg: float
    reach_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """How a camera's own numbers and directions on the ground belong together, for a camera that hangs level.

    `pan_zero_deg` is the bearing and `tilt_zero_deg` the elevation of its axis at pan and tilt 0; `pan_deg` and
    `tilt_deg` the degrees for each 1 of pan (clockwise) and tilt (upwards), negative where the camera counts the
    other way. `pixels_across` is the width of its best picture.
    """

    spot: Spot
    pan_zero_deg: float
    tilt_zero_deg: float
    pan_deg: float
    tilt_deg: float
    lens: Lens = USUAL_LENS
    pixels_across: int = 1920

    def axis(self, position: Position) -> tuple[float, float]:
        """Return bearing and elevation of the axis in degrees."""
        bearing = (self.pan_zero_deg + self.pan_deg * position.pan) % 360.0
        return bearing, self.tilt_zero_deg + self.tilt_deg * position.tilt

    def direction(self, position: Position, x: float = 0.5, y: float = 0.5) -> Vector:
        """Return the direction in which lies what is seen at this point of the picture (shares from the top left)."""
        return seen_direction(*self.axis(position), *self.lens.beside(x, y, position.zoom))

    def pose_for(self, spot: Spot, detail: Detail = Detail.OBSERVE, near: Position | None = None) -> Position | None:
        """Return how to look at a spot, zoomed just so far that this much detail is seen there.

        None where the camera can't: the spot lies out of its range of pan or tilt, so far that even full zoom shows
        less, or on the camera itself. Where two positions look there, the one nearer to `near` (or to pan 0) is given.
        """
        leads = way(self.spot, spot)
        distance = length(leads)
        if distance < NEAREST_M:
            return None
        zoom = self.lens.zoom_reaching(distance, detail, self.pixels_across)
        turn = self._turn(leads, near.pan if near else 0.0)
        if turn is None or zoom is None:
            return None
        return Position(*turn, zoom)

    def cone(self, position: Position, detail: Detail = Detail.OBSERVE) -> Cone:
        """Return what it sees at this position."""
        reach = self.lens.reach_m(position.zoom, detail, self.pixels_across)
        return Cone(self.axis(position)[0], self.lens.across_deg(position.zoom), reach)

    def centre(self, position: Position, x: float, y: float) -> Position:
        """Return where the camera has to turn so that this point of the picture comes to its middle.

        As near as its range lets it, and by the shorter way.
        """
        pan, tilt = self._nearest(self.direction(position, x, y), position)
        return replace(position, pan=pan, tilt=tilt)

    def box(self, position: Position, part: Rectangle) -> Position:
        """Return how this part of the picture comes to fill it, as far as turning and zooming go.

        A part of less than a hundredth of the picture each way is a click: it is centred and not zoomed.
        """
        there = self.centre(position, *part.middle)
        if part.greater_side < _POINT:
            return there
        return replace(there, zoom=self.lens.zoom(self.lens.half_width(position.zoom) * part.greater_side))

    def _turn(self, leads: Vector, near_pan: float) -> tuple[float, float] | None:
        tilt = (elevation_deg(leads) - self.tilt_zero_deg) / self.tilt_deg
        pans = [pan for pan in self._pans(leads) if abs(pan) <= 1.0 + _HARDLY]
        if not pans or abs(tilt) > 1.0 + _HARDLY:
            return None
        return _within(min(pans, key=lambda pan: abs(pan - near_pan))), _within(tilt)

    def _nearest(self, leads: Vector, now: Position) -> tuple[float, float]:
        tilt = (elevation_deg(leads) - self.tilt_zero_deg) / self.tilt_deg
        pans = self._pans(leads)
        reachable = [pan for pan in pans if abs(pan) <= 1.0 + _HARDLY] or pans
        return _within(min(reachable, key=lambda pan: abs(pan - now.pan))), _within(tilt)

    def _pans(self, leads: Vector) -> list[float]:
        """Return the pans that look there: one, or two where the range overlaps; and some beyond its ends."""
        turn = signed_deg(bearing_deg(leads) - self.pan_zero_deg)
        return [(turn + rounds) / self.pan_deg for rounds in (-360.0, 0.0, 360.0)]


@dataclass(frozen=True, slots=True)
class Reaching:
    """A camera that can look at a spot: how, and from how far."""

    camera_no: int
    position: Position
    distance_m: float


def nearest_reaching(
    spot: Spot, cameras: Mapping[int, Aim], most: int, detail: Detail = Detail.OBSERVE
) -> tuple[Reaching, ...]:
    """Return the cameras (by number) that can show this much detail at the spot, the nearest first, `most` at most."""
    found = [
        Reaching(number, position, length(way(aim.spot, spot)))
        for number, aim in cameras.items()
        if (position := aim.pose_for(spot, detail)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (one.distance_m, one.camera_no))[: max(0, most)])


def _within(share: float) -> float:
    return math.copysign(min(1.0, abs(share)), share)
