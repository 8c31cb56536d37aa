"""How a camera hangs, fitted to landmarks from one guess of the way in which it counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.aiming import Aim
from domain.fitting import fitted
from domain.geometry import apart_deg, bearing_deg, elevation_deg, length, moved, way
from domain.landmark import Landmark, Prior
from domain.lens import Lens

_CLICK_DEG = 0.3  # how exactly people click, and cameras tell where they point
_MAP_M = 1.0  # how exactly people find a landmark on a map
_LENS_SIGMAS = (0.35, 0.7)  # of the logarithms: lenses of domes have 50 to 75 degrees, and magnify 4 to 40 times
_PAN_GUESSES = tuple(range(20, 200, 5))  # degrees for each 1 of pan; a full circle is 180
_PAN_PRIOR, _TILT_PRIOR = (150.0, 80.0), (55.0, 40.0)
_KNOWN_SHARE = 0.01  # how far off a range in degrees may be
_STEPS = (0.01, 0.01, 0.01, 1e-3, 1e-3, 1e-3, 1e-3, 1e-5, 1e-5)

Signs = tuple[int, int]
"""1 where the camera counts pan clockwise (tilt upwards), -1 where it counts the other way."""


def lens_seen(landmarks: Sequence[Landmark]) -> bool:
    """Whether enough landmarks were clicked beside the middle to say something about the lens."""
    return sum(one.beside for one in landmarks) > 1


@dataclass(frozen=True, slots=True)
class Fit:
    """The best that was found from one pair of signs; `cost` in squares of sigmas."""

    aim: Aim
    cost: float
    residuals_deg: tuple[float, ...]

    @property
    def worst_deg(self) -> float:
        """Return how far the landmark that fits least is off."""
        return max(self.residuals_deg)

    def counts_as(self, other: "Fit") -> bool:
        """Whether the camera counts pan and tilt the same way in both."""
        pan, tilt = self.aim.pan_deg * other.aim.pan_deg, self.aim.tilt_deg * other.aim.tilt_deg
        return pan > 0 and tilt > 0

    @classmethod
    def found(cls, landmarks: Sequence[Landmark], prior: Prior, signs: Signs) -> "Fit":
        """Return the best from where the camera counts pan and tilt with these signs."""
        model = Model(landmarks, prior, signs)
        values = fitted(model.residuals, model.start(), model.steps)
        aim = model.aim(values)
        off = tuple(math.hypot(*_apart(aim, landmark)) for landmark in landmarks)
        return cls(aim, sum(one * one for one in model.residuals(values)), off)


class Model:
    """The unknowns: the way from the register's place, zeros and degrees of pan and tilt, logarithms for the lens."""

    def __init__(self, landmarks: Sequence[Landmark], prior: Prior, signs: Signs) -> None:
        self._landmarks, self._prior, self._signs = landmarks, prior, signs
        self._with_lens = lens_seen(landmarks)
        self.steps = _STEPS if self._with_lens else _STEPS[:-2]
        distances = [length(way(prior.spot, one.spot)) for one in landmarks]
        self._sigmas = [math.hypot(_CLICK_DEG, math.degrees(math.atan(_MAP_M / one))) for one in distances]
        pan, tilt = prior.pan_deg, prior.tilt_deg
        self._pan = (pan, pan * _KNOWN_SHARE) if pan else _PAN_PRIOR
        self._tilt = (tilt, tilt * _KNOWN_SHARE) if tilt else _TILT_PRIOR

    def aim(self, values: Sequence[float]) -> Aim:
        """Return the camera that these values describe."""
        east, north, up, pan_zero, tilt_zero, pan_deg, tilt_deg, *lens = values
        return Aim(
            spot=moved(self._prior.spot, east, north, up),
            pan_zero_deg=pan_zero % 360.0,
            tilt_zero_deg=tilt_zero,
            pan_deg=pan_deg,
            tilt_deg=tilt_deg,
            lens=_lens(self._prior.lens, *lens) if lens else self._prior.lens,
            pixels_across=self._prior.pixels_across,
        )

    def residuals(self, values: Sequence[float]) -> list[float]:
        """Return how far off clicks and priors are, in sigmas."""
        aim, prior = self.aim(values), self._prior
        off = [values[0] / prior.sigma_m, values[1] / prior.sigma_m, values[2] / prior.sigma_up_m]
        off.append((abs(aim.pan_deg) - self._pan[0]) / self._pan[1])
        off.append((abs(aim.tilt_deg) - self._tilt[0]) / self._tilt[1])
        off += [value / sigma for value, sigma in zip(values[7:], _LENS_SIGMAS, strict=False)]
        for landmark, sigma in zip(self._landmarks, self._sigmas, strict=True):
            off += [part / sigma for part in _apart(aim, landmark)]
        return off

    def start(self) -> list[float]:
        """Return values to begin with: the camera where the register has it, the rest from the clicks there."""
        lens = self._prior.lens
        ways = [way(self._prior.spot, one.spot) for one in self._landmarks]
        sides = [lens.beside(one.x, one.y, one.position.zoom) for one in self._landmarks]
        bearings, elevations = [], []
        for leads, (right, up) in zip(ways, sides, strict=True):
            elevation = elevation_deg(leads) - math.degrees(math.atan(up))
            across = right / max(0.2, math.cos(math.radians(elevation)))
            elevations.append(elevation)
            bearings.append(bearing_deg(leads) - math.degrees(math.atan(across)))
        pan_zero, pan_deg = self._pan_start(bearings)
        tilt_zero, tilt_deg = self._tilt_start(elevations)
        return [0.0, 0.0, 0.0, pan_zero, tilt_zero, pan_deg, tilt_deg, *([0.0, 0.0] if self._with_lens else [])]

    def _pan_start(self, bearings: Sequence[float]) -> tuple[float, float]:
        """Return zero and degrees of pan: those of the guesses for which the zeros of all clicks agree best."""
        guesses = [self._pan[0]] if self._prior.pan_deg else _PAN_GUESSES
        best = (-1.0, 0.0, 0.0)
        for guess in guesses:
            degrees = self._signs[0] * guess
            zeros = [
                math.radians(bearing - degrees * one.position.pan)
                for bearing, one in zip(bearings, self._landmarks, strict=True)
            ]
            east, north = sum(map(math.sin, zeros)), sum(map(math.cos, zeros))
            best = max(best, (math.hypot(east, north), math.degrees(math.atan2(east, north)), degrees))
        return best[1], best[2]

    def _tilt_start(self, elevations: Sequence[float]) -> tuple[float, float]:
        """Return zero and degrees of tilt by the straight line through the clicks, with the sign that is tried."""
        tilts = [one.position.tilt for one in self._landmarks]
        tilt, elevation = sum(tilts) / len(tilts), sum(elevations) / len(elevations)
        degrees = self._tilt[0]
        if not self._prior.tilt_deg:
            spread = sum((one - tilt) ** 2 for one in tilts)
            both = sum((one - tilt) * (other - elevation) for one, other in zip(tilts, elevations, strict=True))
            degrees = max(10.0, min(100.0, abs(both / spread))) if spread else degrees
        degrees *= self._signs[1]
        return elevation - degrees * tilt, degrees


def _apart(aim: Aim, landmark: Landmark) -> tuple[float, float]:
    return apart_deg(aim.direction(landmark.position, landmark.x, landmark.y), way(aim.spot, landmark.spot))


def _lens(known: Lens, wider: float, stronger: float) -> Lens:
    """Return a lens whose width and magnification differ from the known one's by these logarithms."""
    half = known.half_width(0.0) * math.exp(max(-3.0, min(3.0, wider)))
    magnification = known.magnification * math.exp(max(-3.0, min(3.0, stronger)))
    return replace(known, widest_deg=math.degrees(2 * math.atan(half)), magnification=max(1.0, magnification))
