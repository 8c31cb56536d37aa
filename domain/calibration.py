"""Finding out how a camera hangs from landmarks on which somebody clicked."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from domain.aiming import NEAREST_M, Aim
from domain.errors import BadInputError, Problem
from domain.geometry import bearing_deg, elevation_deg, length, signed_deg, way
from domain.hanging import Fit, Signs, lens_seen
from domain.landmark import Landmark, Prior

FEWEST = 3
_UNKNOWN = 5  # the camera's place and the two zeros
WORST_DEG = 3.0  # a calibration that is further off anywhere is refused
_DIFFERENT_DEG = 10.0  # of bearing; landmarks that are less apart say nothing about the rest of the circle
_DIFFERENT_TILT_DEG = 1.0
_SIGNS: tuple[Signs, ...] = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_CLEARLY = 12.0  # squares of sigmas by which the signs must fit better than any others


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How the camera hangs, and how well that fits: degrees between where each landmark is and where it was seen.

    `spare` is how many more numbers the clicks gave than had to be found out. Where it is not above 0, small residuals
    prove little: without the register's place for the camera, anything would fit. One more landmark gives 2.
    """

    aim: Aim
    residuals_deg: tuple[float, ...]
    worst: Landmark
    lens_fitted: bool
    spare: int

    @property
    def rms_deg(self) -> float:
        """Return the root of the mean square."""
        return math.sqrt(sum(off * off for off in self.residuals_deg) / len(self.residuals_deg))

    @property
    def worst_deg(self) -> float:
        """Return the greatest."""
        return max(self.residuals_deg)


def calibrated(landmarks: Sequence[Landmark], prior: Prior) -> Calibration:
    """Return how the camera hangs, by least squares over the clicks and what was known before.

    Takes up to 0.2 s, and 2 s where a landmark is to blame: not for the thread that draws. BadInputError, with a
    Problem that has number and name of the landmark where one is to blame: fewer than three, one too near, all in one
    direction or at one height, not enough to tell which way the camera counts, or one more than 3 degrees off.
    """
    _check(landmarks, prior)
    found = sorted((Fit.found(landmarks, prior, signs) for signs in _SIGNS), key=lambda fit: fit.cost)
    best = found[0]
    if best.worst_deg > WORST_DEG:
        raise _misfit(landmarks, prior, best)
    for other in found[1:]:
        if not best.counts_as(other) and other.cost < best.cost + _CLEARLY:
            raise BadInputError(
                "the landmarks don't tell which way the camera counts: add one that lies elsewhere, nearer or higher"
            )
    worst = landmarks[best.residuals_deg.index(best.worst_deg)]
    with_lens = lens_seen(landmarks)
    unknown = _UNKNOWN + (prior.pan_deg is None) + (prior.tilt_deg is None) + (2 if with_lens else 0)
    return Calibration(
        aim=best.aim,
        residuals_deg=best.residuals_deg,
        worst=worst,
        lens_fitted=with_lens,
        spare=2 * len(landmarks) - unknown,
    )


def _check(landmarks: Sequence[Landmark], prior: Prior) -> None:
    if len(landmarks) < FEWEST:
        raise BadInputError(f"at least {FEWEST} landmarks are needed, not {len(landmarks)}")
    for number, landmark in enumerate(landmarks, 1):
        place, position = landmark.spot.place, landmark.position
        numbers = (place.lat, place.lon, landmark.spot.height_m, position.pan, position.tilt, position.zoom)
        inside = 0 <= landmark.x <= 1 and 0 <= landmark.y <= 1
        if not (inside and all(math.isfinite(one) for one in numbers)):
            raise _blamed(number, landmark, "has a number that can't be")
        if length(way(prior.spot, landmark.spot)) < NEAREST_M:
            raise _blamed(number, landmark, "lies on the camera itself")
    ways = [way(prior.spot, landmark.spot) for landmark in landmarks]
    if _spread_deg([bearing_deg(one) for one in ways]) < _DIFFERENT_DEG:
        raise BadInputError("the landmarks lie on one line with the camera: add one to the side")
    elevations = [elevation_deg(one) for one in ways]
    if max(elevations) - min(elevations) < _DIFFERENT_TILT_DEG:
        raise BadInputError("the landmarks are all seen at the same height: add one that is nearer, higher or lower")


def _spread_deg(bearings: Sequence[float]) -> float:
    """Return how far apart directions are, where a direction and its opposite are the same."""
    return max(abs(signed_deg(2 * (one - bearings[0]))) / 2 for one in bearings)


def _misfit(landmarks: Sequence[Landmark], prior: Prior, best: Fit) -> BadInputError:
    """Return the refusal, naming the landmark without which the others fit best.

    The greatest residual may be another's, which the wrong one draws away.
    """
    blamed = best.residuals_deg.index(best.worst_deg)
    if len(landmarks) > FEWEST:
        rests = [[*landmarks[:index], *landmarks[index + 1 :]] for index in range(len(landmarks))]
        costs = [min(Fit.found(rest, prior, signs).cost for signs in _SIGNS) for rest in rests]
        blamed = costs.index(min(costs))
    off = best.residuals_deg[blamed]
    return _blamed(
        blamed + 1, landmarks[blamed], f"does not fit the others: {off:.1f} degrees off ({best.worst_deg:.1f} at worst)"
    )


def _blamed(number: int, landmark: Landmark, what: str) -> BadInputError:
    return BadInputError(f"landmark {number} ({landmark.name}) {what}", (Problem(number, landmark.name, what),))
