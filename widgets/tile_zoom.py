"""Digital zoom: which part of a picture is seen. Knows no widget; all lengths are shares of the whole picture."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

MOST = 8.0
STEP = 1.25  # one notch of the wheel, one press of + or -
_NOTHING = 1.02  # closer to 1 than this nobody sees it


@dataclass(frozen=True, slots=True)
class Zoom:
    """A part of a picture, `factor` times enlarged, with its middle at (x, y)."""

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def active(self) -> bool:
        """Whether anything is enlarged."""
        return self.factor > 1.0

    @property
    def part(self) -> QRectF:
        """Return which part of the picture is seen."""
        side = 1.0 / self.factor
        return QRectF(self.x - side / 2, self.y - side / 2, side, side)

    def crop(self, picture: QSizeF) -> QRectF:
        """Return the part in the pixels of a picture of this size."""
        part = self.part
        width, height = picture.width(), picture.height()
        return QRectF(part.x() * width, part.y() * height, part.width() * width, part.height() * height)

    def turned(self, steps: float, at: QPointF) -> "Zoom":
        """Return the zoom after so many notches, so that what lies under `at` (a share of the tile) stays there."""
        factor = min(MOST, max(1.0, self.factor * STEP**steps))
        if factor < _NOTHING:
            return WHOLE
        seen = self.part
        x, y = seen.x() + at.x() * seen.width(), seen.y() + at.y() * seen.height()
        return _inside(factor, x + (0.5 - at.x()) / factor, y + (0.5 - at.y()) / factor)

    def moved(self, by: QPointF) -> "Zoom":
        """Return the zoom after the picture was dragged by a share of the tile."""
        return _inside(self.factor, self.x - by.x() / self.factor, self.y - by.y() / self.factor)


WHOLE = Zoom()


def _inside(factor: float, x: float, y: float) -> Zoom:
    """Return a zoom that shows nothing beyond the picture's edges."""
    half = 0.5 / factor
    return Zoom(factor, min(1 - half, max(half, x)), min(1 - half, max(half, y)))
