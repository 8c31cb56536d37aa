"""Where the tiles of a wall lie, in whole device pixels so that pictures are drawn 1:1."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRect


@dataclass(frozen=True, slots=True)
class PixelSize:
    """A picture's size in device pixels; what a stream should be scaled to."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class TilePlace:
    """One tile: the whole cell with its border, the caption strip, and the 16:9 picture below it."""

    cell: QRect
    caption: QRect
    picture: QRect

    @property
    def size(self) -> PixelSize:
        """Return the picture's size."""
        return PixelSize(self.picture.width(), self.picture.height())


def lay_out(width: int, height: int, count: int, caption: int, border: int) -> tuple[TilePlace, ...]:
    """Return the places of `count` tiles in rows of ceil(sqrt(count)), packed and centred in the area.

    All numbers are device pixels; `border` is the room around each tile for its selection frame. Pictures have even
    sizes (video needs them) and at least 16x8.
    """
    columns = math.isqrt(max(1, count) - 1) + 1
    rows = -(-max(1, count) // columns)
    room_w, room_h = width // columns - 2 * border, height // rows - 2 * border - caption
    picture_w = max(16, min(room_w, room_h * 16 // 9)) // 4 * 4  # rows of other widths cost the scaler a copy
    picture_h = max(8, picture_w * 9 // 16) // 2 * 2
    cell_w, cell_h = picture_w + 2 * border, picture_h + caption + 2 * border
    left, top = (width - columns * cell_w) // 2, (height - rows * cell_h) // 2
    places = []
    for index in range(count):
        x, y = left + index % columns * cell_w, top + index // columns * cell_h
        places.append(
            TilePlace(
                cell=QRect(x, y, cell_w, cell_h),
                caption=QRect(x + border, y + border, picture_w, caption),
                picture=QRect(x + border, y + border + caption, picture_w, picture_h),
            )
        )
    return tuple(places)
