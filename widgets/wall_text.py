"""How large the words on a wall must be to be read from where people sit."""

import math
from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QWidget

from domain.layout import Layout
from widgets.theme import BASE_PX, colours_of
from widgets.tile_brush import TileBrush

_HALF_ANGLE = math.radians(8 / 60)  # characters of 16 arc-minutes (NUREG-0700): 23 mm at 5 m
_LARGEST_SHARE = 1 / 3  # of a tile's height, for its caption
_STRIP = 1.9  # a caption strip's height in heights of its characters
_PROBE_PX = 100


def wall_text_px(distance_m: float, pixels_per_mm: float) -> float:
    """Return how high a character must be, in pixels, to be read from so far: h = 2 d tan(8')."""
    return 2 * distance_m * 1000 * math.tan(_HALF_ANGLE) * pixels_per_mm


def caption_text_px(least: float, wanted: float, tile_height: float) -> float:
    """Return how high the characters of a caption get: as wanted where the tile has room, never below `least`."""
    return max(least, min(wanted, tile_height * _LARGEST_SHARE / _STRIP))


@dataclass(frozen=True, slots=True)
class WallText:
    """From how far a wall is read, and how many device pixels a millimetre of it has; 0 where that is not known."""

    distance_m: float = 0.0
    pixels_per_mm: float = 0.0

    def brush(self, widget: QWidget, layout: Layout, height: int, ratio: float) -> TileBrush:
        """Return what a wall of this height (device pixels) is drawn with; its words are no smaller than the desk's."""
        font = QFont(widget.font())
        desk_px = max(1.0, font.pixelSize() * ratio)
        tile_height = height / layout.rows * min(cell.rows for cell in layout.cells)
        character = _character_share(font)
        wanted = wall_text_px(self.distance_m, self.pixels_per_mm)
        font_px = max(1, round(caption_text_px(desk_px * character, wanted, tile_height) / character))
        font.setPixelSize(font_px)
        bold = QFont(font)
        bold.setBold(True)
        unit = max(1, round(desk_px / BASE_PX), round(font_px / BASE_PX / 2))  # half: pictures need the room more
        return TileBrush(colours_of(widget), font, bold, unit)


def _character_share(font: QFont) -> float:
    """Return how high capitals and figures are, as a share of the font's size."""
    probe = QFont(font)
    probe.setPixelSize(_PROBE_PX)
    return QFontMetricsF(probe).capHeight() / _PROBE_PX or 1.0
