"""What a zoom lens shows: how wide, and how much of it can be made out."""

import math
from dataclasses import dataclass
from enum import Enum

WIDEST_DEG = 60.0  # usual for the domes of cities: a 1/2.8" sensor behind 4.7 mm and more
MAGNIFICATION = 20.0
ASPECT = 16 / 9


class Detail(Enum):
    """How much of a person can be made out, in pixels a metre (EN 62676-4:2014, 6.7)."""

    MONITOR = 12.5
    DETECT = 25.0
    OBSERVE = 62.5
    RECOGNISE = 125.0
    IDENTIFY = 250.0
    INSPECT = 1000.0


@dataclass(frozen=True, slots=True)
class Lens:
    """Field of view by zoom: each step of zoom magnifies by the same factor.

    `widest_deg` is the horizontal field of view at zoom 0, `magnification` how much more zoom 1 magnifies, `aspect` the
    picture's width by its height.
    """

    widest_deg: float = WIDEST_DEG
    magnification: float = MAGNIFICATION
    aspect: float = ASPECT

    def half_width(self, zoom: float) -> float:
        """Return the tangent of half the horizontal field of view at this zoom (0 to 1)."""
        return math.tan(math.radians(self.widest_deg) / 2) / math.pow(self.magnification, zoom)

    def across_deg(self, zoom: float) -> float:
        """Return the horizontal field of view at this zoom."""
        return math.degrees(2 * math.atan(self.half_width(zoom)))

    def zoom(self, half_width: float) -> float:
        """Return the zoom (0 to 1) at which the picture is nearest to this wide; the other way of `half_width`."""
        if self.magnification <= 1.0 or half_width <= 0.0:
            return 0.0 if half_width > 0.0 else 1.0
        steps = math.log(self.half_width(0.0) / half_width) / math.log(self.magnification)
        return max(0.0, min(1.0, steps))

    def beside(self, x: float, y: float, zoom: float) -> tuple[float, float]:
        """Return how far a point of the picture is to the right of and above its middle, as tangents.

        `x` and `y` are shares of the picture's width and height from the top left.
        """
        half = self.half_width(zoom)
        return (2 * x - 1) * half, (1 - 2 * y) * half / self.aspect

    def reach_m(self, zoom: float, detail: Detail, pixels_across: int) -> float:
        """Return up to which distance the picture, so many pixels wide, shows this much detail."""
        return pixels_across / (2 * self.half_width(zoom) * detail.value)

    def zoom_reaching(self, distance_m: float, detail: Detail, pixels_across: int) -> float | None:
        """Return the least zoom that shows this much detail so far away, None where none does."""
        wanted = pixels_across / (2 * distance_m * detail.value)
        if wanted < self.half_width(1.0):
            return None
        return self.zoom(min(wanted, self.half_width(0.0)))


USUAL_LENS = Lens()
