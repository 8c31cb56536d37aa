"""Where the tiles of a wall lie, in whole device pixels so that pictures are drawn 1:1."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRect

from domain.layout import Cell, Layout


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


class Direction(Enum):
    """Where an arrow key points: (across, down)."""

    LEFT = (-1, 0)
    RIGHT = (1, 0)
    UP = (0, -1)
    DOWN = (0, 1)


def lay_out(width: int, height: int, layout: Layout, caption: int, border: int) -> tuple[TilePlace, ...]:
    """Return the places of a layout's tiles: as large as 16:9 allows, packed, and centred in the area.

    All numbers are device pixels; `caption` is the height of the strip above each picture, `border` the room around
    each tile for its selection frame. Pictures have even sizes (video needs them) and at least 16x8.
    """
    room = QRect(0, 0, width // layout.columns - 2 * border, height // layout.rows - 2 * border - caption)
    step = _fitted(room)
    step_w, step_h = step.width + 2 * border, step.height + caption + 2 * border
    left, top = (width - layout.columns * step_w) // 2, (height - layout.rows * step_h) // 2
    return tuple(
        _placed(
            QRect(left + cell.column * step_w, top + cell.row * step_h, cell.columns * step_w, cell.rows * step_h),
            caption,
            border,
        )
        for cell in layout.cells
    )


def neighbour(cells: Sequence[Cell], index: int, where: Direction) -> int | None:
    """Return the tile that an arrow key leads to: the nearest one in that direction, None where there is none.

    Tiles that lie straight ahead go before others, then the nearer ones, then those nearest to the middle.
    """
    here, (across, down) = cells[index], where.value

    def rank(cell: Cell) -> tuple[bool, int, int] | None:
        gap = _gap(here.column, here.columns, cell.column, cell.columns) if across else 0
        gap += _gap(here.row, here.rows, cell.row, cell.rows) if down else 0
        if gap * (across + down) <= 0:
            return None
        aside = (
            _gap(here.row, here.rows, cell.row, cell.rows)
            if across
            else _gap(here.column, here.columns, cell.column, cell.columns)
        )
        middles = (2 * cell.row + cell.rows - 2 * here.row - here.rows) if across else 0
        middles += (2 * cell.column + cell.columns - 2 * here.column - here.columns) if down else 0
        return aside != 0, abs(gap), abs(middles)

    ranked = [(found, other) for other, cell in enumerate(cells) if (found := rank(cell)) is not None]
    return min(ranked)[1] if ranked else None


def _gap(here: int, length: int, there: int, there_length: int) -> int:
    """Return how far the second stretch lies before (negative) or after the first, at least 1; 0 where they overlap."""
    if there >= here + length:
        return there - here - length + 1
    if there + there_length <= here:
        return there + there_length - here - 1
    return 0


def _fitted(room: QRect) -> PixelSize:
    """Return the largest 16:9 picture in a room, give or take the two pixels that even sizes cost."""
    width = max(16, min(room.width(), (room.height() + 2) * 16 // 9)) // 4 * 4  # others cost the scaler a copy
    return PixelSize(width, max(8, min(width * 9 // 16, room.height()) // 2 * 2))


def _placed(cell: QRect, caption: int, border: int) -> TilePlace:
    """Return caption and picture in the middle of a cell."""
    room = cell.adjusted(border, border + caption, -border, -border)
    size = _fitted(room)
    x, spare = cell.x() + (cell.width() - size.width) // 2, max(0, room.height() - size.height)
    y = cell.y() + border + spare // 2
    return TilePlace(
        cell=cell,
        caption=QRect(x, y, size.width, caption),
        picture=QRect(x, y + caption, size.width, size.height),
    )
