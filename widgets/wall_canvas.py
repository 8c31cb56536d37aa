"""The picture behind a wall: one persistent image on which frames and captions are drawn, in device pixels.

One image for all tiles, because sixteen child widgets cost twice the painting. A frame is drawn 1:1 from shared memory
and asked afterwards whether it was still whole; captions are drawn again only when their words change.
"""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter

from domain.motion import MotionState
from domain.picture import Face, Frame
from widgets.tile import Tile, TileContent
from widgets.tile_paint import TileBrush, tile_line
from widgets.wall_grid import lay_out

_TRIES = 3  # how often a frame that was overwritten while it was drawn is replaced by the next


class WallCanvas:
    """Tiles and their pictures; used by one wall, on the UI thread."""

    def __init__(self) -> None:
        self.tiles: list[Tile] = []
        self.image = QImage()
        self.selected = 0
        self._brush: TileBrush | None = None
        self._empty = ""

    def arrange(
        self, width: int, height: int, contents: Sequence[TileContent | None], brush: TileBrush, empty: str, now: float
    ) -> None:
        """Lay the tiles out anew, and carry pictures over to where their cameras now are."""
        self._brush, self._empty = brush, empty
        places = lay_out(width, height, len(contents), tile_line(brush.bold, brush.unit), 2 * brush.unit)
        kept = {
            tile.content.camera.no: (tile, self.picture(tile.index))
            for tile in reversed(self.tiles)
            if tile.content is not None
        }
        self.image = QImage(width, height, QImage.Format.Format_RGB32)
        self.image.fill(QColor(brush.colours.field))
        self.tiles = [Tile(index, contents[index], place, now) for index, place in enumerate(places)]
        self.selected = min(self.selected, len(self.tiles) - 1)
        with QPainter(self.image) as painter:
            for tile in self.tiles:
                earlier = kept.pop(tile.content.camera.no, None) if tile.content is not None else None
                if earlier is not None:
                    tile.follow(earlier[0])
                if earlier is not None and earlier[1] is not None:
                    _draw_into(painter, tile.place.picture, earlier[1], smooth=True)
                else:
                    brush.empty_picture(painter, tile, empty)
                self._caption(painter, tile)

    def picture(self, index: int) -> QImage | None:
        """Return a copy of the picture in a tile, None where there is none."""
        if not 0 <= index < len(self.tiles) or not self.tiles[index].has_picture:
            return None
        return self.image.copy(self.tiles[index].place.picture)

    def take_frames(self, now: float, wall_time: datetime) -> list[QRect]:
        """Draw what is new of each source and return the areas that changed."""
        fresh = []
        for tile in self.tiles:
            if tile.content is not None and tile.content.source is not None:
                frame = tile.content.source.newest()
                if frame is not None:
                    fresh.append((tile, frame))
        if not fresh:
            return []
        changed = []
        with QPainter(self.image) as painter:
            for tile, frame in fresh:
                whole = _draw_whole(painter, tile, frame)
                if whole is None:
                    continue
                tile.drew(whole, now)
                changed.append(tile.place.picture)
                if tile.look.face is not Face.LIVE and tile.judge(now, wall_time):
                    self._caption(painter, tile)
                    changed.append(tile.place.cell)
        return changed

    def judge(self, now: float, wall_time: datetime) -> list[QRect]:
        """Judge all pictures anew and return the tiles that must look different than before."""
        changed = [tile for tile in self.tiles if tile.judge(now, wall_time)]
        if changed:
            self.redraw_captions(changed)
        return [tile.place.cell for tile in changed]

    def redraw_captions(self, tiles: Sequence[Tile]) -> None:
        """Draw the captions of these tiles again."""
        with QPainter(self.image) as painter:
            for tile in tiles:
                self._caption(painter, tile)

    def paint(
        self, painter: QPainter, box: QRect, motions: dict[int, tuple[MotionState, float]], now: float, *, lit: bool
    ) -> None:
        """Blit an area, then draw over the pictures of its tiles; what lay ready there now counts as shown."""
        painter.drawImage(box, self.image, box)
        if self._brush is None:
            return
        for tile in self.tiles:
            if not tile.place.cell.intersects(box):
                continue
            known = motions.get(tile.content.camera.no) if tile.content is not None else None
            self._brush.over_picture(painter, tile, known[0] if known is not None else None)
            self._brush.frame(painter, tile, selected=tile.index == self.selected, lit=lit or not tile.blinks)
            tile.painted(now)

    def _caption(self, painter: QPainter, tile: Tile) -> None:
        if self._brush is not None:
            self._brush.caption(painter, tile, selected=tile.index == self.selected)


def _draw_whole(painter: QPainter, tile: Tile, frame: Frame) -> Frame | None:
    """Draw the frame, or a newer one if its writer came back meanwhile; None if none was whole."""
    source = tile.content.source if tile.content is not None else None
    newer: Frame | None = frame
    for _ in range(_TRIES):
        if newer is None or source is None:
            return None
        frame = newer
        pixels = QImage(frame.pixels, frame.width, frame.height, frame.width * 4, QImage.Format.Format_RGB32)
        _draw_into(painter, tile.place.picture, pixels, smooth=False)
        del pixels
        if frame.intact():
            return frame
        newer = source.newest()
    return None


def _draw_into(painter: QPainter, box: QRect, image: QImage, *, smooth: bool) -> None:
    if image.size() == box.size():
        painter.drawImage(box.topLeft(), image)
        return
    # Only for the moment until the stream comes in the tile's size: scaling costs ten times the blit.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(box, image)
