"""Directions and distances around a camera, on ground that is flat as far as a camera sees."""

import math
from dataclasses import dataclass

from domain.place import Place

_EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG

Vector = tuple[float, float, float]
"""East, north and up; metres where it is a way, without a unit where it is a direction."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its height in metres; all heights around one camera count from the same zero."""

    place: Place
    height_m: float = 0.0


def way(start: Spot, end: Spot) -> Vector:
    """Return the way from one spot to the other in metres.

    Flat: within 5 km of the start it errs by less than a hundredth of a degree sideways, and by 0.03 degrees of height
    (the earth falls 2 m in 5 km), which is less than any click.
    """
    north = math.radians(end.place.lat - start.place.lat) * _EARTH_RADIUS_M
    turn = math.radians(signed_deg(end.place.lon - start.place.lon))
    return (turn * _EARTH_RADIUS_M * math.cos(math.radians(start.place.lat)), north, end.height_m - start.height_m)


def moved(start: Spot, east_m: float, north_m: float, up_m: float) -> Spot:
    """Return the spot that lies so far from another; the other way of `way`."""
    lat = start.place.lat + math.degrees(north_m / _EARTH_RADIUS_M)
    across = _EARTH_RADIUS_M * math.cos(math.radians(start.place.lat))
    lon = signed_deg(start.place.lon + math.degrees(east_m / across))
    return Spot(Place(lat, lon), start.height_m + up_m)


def signed_deg(angle_deg: float) -> float:
    """Return the same angle from -180 up to, not including, 180 degrees."""
    return (angle_deg + 180.0) % 360.0 - 180.0


def bearing_deg(way_m: Vector) -> float:
    """Return where a way leads, from 0 (north) clockwise to 360 degrees."""
    return math.degrees(math.atan2(way_m[0], way_m[1])) % 360.0


def elevation_deg(way_m: Vector) -> float:
    """Return how far a way leads upwards, from -90 (down) to 90 degrees."""
    return math.degrees(math.atan2(way_m[2], math.hypot(way_m[0], way_m[1])))


def length(way_m: Vector) -> float:
    """Return the length of a way."""
    return math.hypot(*way_m)


def seen_direction(bearing: float, elevation: float, right: float, up: float) -> Vector:
    """Return the direction of what is seen beside the axis of a level camera.

    `bearing` and `elevation` of the axis in degrees; `right` and `up` as tangents of the angles from the axis.
    """
    axis, across, above = _frame(bearing, elevation)
    east, north, height = (
        forward + right * side + up * top for forward, side, top in zip(axis, across, above, strict=True)
    )
    size = math.hypot(east, north, height)
    return (east / size, north / size, height / size)


def apart_deg(seen: Vector, true: Vector) -> tuple[float, float]:
    """Return how far a true direction lies to the right of and above the direction in which it is seen, in degrees.

    Sideways from -180 to 180, so that behind is further away than beside. Neither needs to have length 1.
    """
    axis, across, above = _frame(bearing_deg(seen), elevation_deg(seen))
    forward, right, up = _dot(true, axis), _dot(true, across), _dot(true, above)
    return math.degrees(math.atan2(right, forward)), math.degrees(math.atan2(up, math.hypot(forward, right)))


def _frame(bearing: float, elevation: float) -> tuple[Vector, Vector, Vector]:
    """Return forwards, to the right and upwards as a level camera has them."""
    b, e = math.radians(bearing), math.radians(elevation)
    sin_b, cos_b, sin_e, cos_e = math.sin(b), math.cos(b), math.sin(e), math.cos(e)
    return (sin_b * cos_e, cos_b * cos_e, sin_e), (cos_b, -sin_b, 0.0), (-sin_b * sin_e, -cos_b * sin_e, cos_e)


def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
