"""Landmarks on which somebody clicked, and what else is known of how a camera hangs."""

import math
from dataclasses import dataclass

from domain.abilities import Span, TurnSpace
from domain.geometry import Spot
from domain.lens import USUAL_LENS, Lens
from domain.motion import Position

_BESIDE = 0.05  # share of the picture from where on a click says something about the lens


@dataclass(frozen=True, slots=True)
class Landmark:
    """A click on something whose place is known.

    `position` is what the camera said then, `x` and `y` the point in the picture (shares from the top left; its
    middle where the camera was turned to the landmark).
    """

    name: str
    position: Position
    spot: Spot
    x: float = 0.5
    y: float = 0.5

    @property
    def beside(self) -> bool:
        """Whether it was clicked so far from the middle that it says something about the lens."""
        return max(abs(self.x - 0.5), abs(self.y - 0.5)) > _BESIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What is known of a camera before: where the register has it, and how exactly (one sigma, in metres).

    `pan_deg` and `tilt_deg` are the degrees for each 1 of pan and tilt without their sign, None where the device does
    not say; `known_degrees` takes them from what it advertises.
    """

    spot: Spot
    sigma_m: float = 10.0
    sigma_up_m: float = 3.0
    pan_deg: float | None = None
    tilt_deg: float | None = None
    lens: Lens = USUAL_LENS
    pixels_across: int = 1920


def known_degrees(space: TurnSpace | None) -> tuple[float | None, float | None]:
    """Return the degrees for each 1 of pan and tilt where the camera's own numbers are degrees, else None."""
    if space is None:
        return None, None
    told = "degrees" in space.uri.lower() or _circle(space.pan)
    return (_half(space.pan) if told else None), (_half(space.tilt) if told else None)


def _circle(span: Span) -> bool:
    return math.isclose(span.high - span.low, 360.0, abs_tol=0.5)


def _half(span: Span) -> float | None:
    """Return half the range; None for a range of 2 or less, which is a share and not degrees."""
    extent = span.high - span.low
    return extent / 2 if extent > 2.0 else None
