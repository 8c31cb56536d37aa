"""The picture behind a wall: one persistent image on which frames and captions are drawn, in device pixels.

One image for all tiles, because sixteen child widgets cost twice the painting. A frame is drawn 1:1 from shared memory
and asked afterwards whether it was still whole; captions are drawn again only when their words change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from domain.layout import Layout
from domain.motion import MotionState
from domain.picture import Face, Frame, FrameSource
from widgets.tile import TileContent
from widgets.tile_brush import TileBrush
from widgets.tile_caption import draw_caption, draw_empty
from widgets.tile_over import draw_frame, draw_over, draw_target
from widgets.tile_state import Tile
from widgets.tile_zoom import Zoom
from widgets.wall_grid import lay_out
from widgets.wall_last_pictures import LastPictures, Remembered

_TRIES = 3  # how often a frame that was overwritten while it was drawn is replaced by the next
_JUDGED_AT_ONCE = frozenset({Face.WAITING, Face.STALE, Face.LOST, Face.FROZEN})  # when a frame comes


@dataclass(frozen=True, slots=True)
class Polled:
    """A source that is asked for frames, and whose tile they are for."""

    newest: Callable[[], Frame | None]
    source: FrameSource
    tile: Tile


class WallCanvas:
    """Tiles and their pictures; used by one wall, on the UI thread."""

    def __init__(self) -> None:
        self.tiles: list[Tile] = []
        self.image = QImage()
        self.selected = 0
        self.target: int | None = None  # the tile that a carried one would be put into
        self.brush: TileBrush | None = None
        self._layout: Layout | None = None
        self._empty: Sequence[tuple[str, ...]] = ()
        self._left = LastPictures()
        self._polled: list[Polled] = []

    def arrange(
        self,
        size: tuple[int, int],
        layout: Layout,
        contents: Sequence[TileContent | None],
        brush: TileBrush,
        empty: Sequence[tuple[str, ...]],
        now: float,
    ) -> None:
        """Lay the tiles out anew, and carry pictures over to where their cameras now are.

        `empty` is what each tile says where it holds nothing.
        """
        self.brush, self._layout, self._empty = brush, layout, empty
        kept = [Remembered(tile, self._whole(tile)) for tile in self.tiles if tile.content is not None]
        places = lay_out(*size, layout, brush.line, 2 * brush.unit)
        self.image = QImage(*size, QImage.Format.Format_RGB32)
        self.image.fill(QColor(brush.colours.field))
        self.tiles = [Tile(index, place, now) for index, place in enumerate(places)]
        self.selected, self.target = min(self.selected, len(self.tiles) - 1), None
        with QPainter(self.image) as painter:
            for tile, content in zip(self.tiles, contents, strict=True):
                earlier = self._earlier(kept, content, now)
                if earlier is not None:
                    tile.follow(earlier.tile)
                tile.take(content, now)
                self._first_picture(painter, tile, earlier.picture if earlier is not None else None)
                draw_caption(brush, painter, tile, selected=tile.index == self.selected)
        for each in kept:
            self._left.keep(each, now, size[0] * size[1])
        self._poll_anew()

    def put(self, layout: Layout, contents: Sequence[TileContent | None], now: float) -> list[QRect] | None:
        """Take what changed where each camera, or each source, stays in its tile; return what must look different.

        None where a tile gets another one, or the layout is another one: everything has to be arranged.
        """
        if layout != self._layout or len(contents) != len(self.tiles):
            return None
        if not all(_stays(tile, new) for tile, new in zip(self.tiles, contents, strict=True)):
            return None
        changed = [tile for tile, new in zip(self.tiles, contents, strict=True) if tile.content != new]
        for tile in changed:
            tile.take(contents[tile.index], now)
        if changed:
            self._poll_anew()
            self.redraw_captions(changed)
        return [tile.place.cell for tile in changed]

    def picture(self, index: int) -> QImage | None:
        """Return a copy of the picture in a tile as it is shown, None where there is none."""
        if not 0 <= index < len(self.tiles) or not self.tiles[index].has_picture:
            return None
        return self.image.copy(self.tiles[index].place.picture)

    def take_frames(self, now: float, wall_time: datetime) -> tuple[list[QRect], list[int]]:
        """Draw what is new of each source; return the areas that changed, and the tiles that took their next source."""
        fresh = [(each, frame) for each in self._polled if (frame := each.newest()) is not None]
        changed: list[QRect] = []
        taken: list[int] = []
        if not fresh:
            return changed, taken
        with QPainter(self.image) as painter:
            for each, frame in fresh:
                tile = each.tile
                whole = _draw_whole(painter, tile, each.source, frame)
                if whole is None:
                    continue
                if each.source is tile.coming:
                    tile.took_over()
                    taken.append(tile.index)
                tile.drew(whole, now)
                changed.append(tile.place.picture)
                if tile.look.face in _JUDGED_AT_ONCE and tile.judge(now, wall_time):
                    self._caption(painter, tile)
                    changed.append(tile.place.cell)
        if taken:
            self._poll_anew()
        return changed, taken

    def judge(self, now: float, wall_time: datetime) -> list[QRect]:
        """Judge all pictures anew and return the tiles that must look different than before."""
        changed = [tile for tile in self.tiles if tile.judge(now, wall_time)]
        if changed:
            self.redraw_captions(changed)
        return [tile.place.cell for tile in changed]

    def enlarge(self, tile: Tile, zoom: Zoom) -> None:
        """Show another part of a tile's picture, at once from the newest one that is known."""
        whole = self._whole(tile)
        tile.enlarge(zoom, whole)
        with QPainter(self.image) as painter:
            if whole is not None:
                _draw_into(painter, tile, whole, smooth=True)
            self._caption(painter, tile)

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
        brush = self.brush
        if brush is None:
            return
        for tile in self.tiles:
            if not tile.place.cell.intersects(box):
                continue
            known = motions.get(tile.content.camera.no) if tile.content is not None else None
            draw_over(brush, painter, tile, known[0] if known is not None else None)
            draw_frame(brush, painter, tile, selected=tile.index == self.selected, lit=lit or not tile.blinks)
            if tile.index == self.target:
                draw_target(brush, painter, tile)
            tile.painted(now)

    def _caption(self, painter: QPainter, tile: Tile) -> None:
        if self.brush is not None:
            draw_caption(self.brush, painter, tile, selected=tile.index == self.selected)

    def _first_picture(self, painter: QPainter, tile: Tile, known: QImage | None) -> None:
        if tile.has_picture and known is not None:
            if tile.zoom.active:
                tile.keep(known)
            _draw_into(painter, tile, known, smooth=True)
        elif self.brush is not None:
            draw_empty(self.brush, painter, tile, self._empty[tile.index])
            tile.leftover = False

    def _whole(self, tile: Tile) -> QImage | None:
        """Return the whole newest picture of a tile, None where there is none."""
        return tile.full if tile.full is not None else self.picture(tile.index)

    def _earlier(self, kept: list[Remembered], content: TileContent | None, now: float) -> Remembered | None:
        """Take out of `kept` what best continues in a new tile: the same source, else the same camera."""
        if content is None:
            return None
        alike = [each for each in kept if each.tile.draws(content.source)]
        alike += [each for each in kept if each.tile.shows(content.camera.no)]
        if not alike:
            return self._left.take(content.camera.no, now)
        kept.remove(alike[0])
        return alike[0]

    def _poll_anew(self) -> None:
        self._polled = [
            Polled(source.newest, source, tile)
            for tile in self.tiles
            for source in (tile.source, tile.coming)
            if source is not None
        ]


def _stays(tile: Tile, content: TileContent | None) -> bool:
    """Return whether what a tile shows is what it is to show."""
    if content is None or tile.content is None:
        return content is tile.content
    if tile.outdates(tile.content, content):
        return False
    return tile.shows(content.camera.no) or tile.draws(content.source)


def _draw_whole(painter: QPainter, tile: Tile, source: FrameSource, frame: Frame) -> Frame | None:
    """Draw the frame, or a newer one if its writer came back meanwhile; None if none was whole."""
    newer: Frame | None = frame
    for _ in range(_TRIES):
        if newer is None:
            return None
        frame = newer
        pixels = QImage(frame.pixels, frame.width, frame.height, frame.width * 4, QImage.Format.Format_RGB32)
        if tile.zoom.active:
            tile.keep(pixels.copy())
        _draw_into(painter, tile, pixels, smooth=tile.zoom.active)
        del pixels
        if frame.intact():
            return frame
        newer = source.newest()
    return None


def _draw_into(painter: QPainter, tile: Tile, image: QImage, *, smooth: bool) -> None:
    box = tile.place.picture
    if tile.zoom.active:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QRectF(box), image, tile.zoom.crop(QSizeF(image.size())))
        return
    if image.size() == box.size():
        painter.drawImage(box.topLeft(), image)
        return
    # Only for the moment until the stream comes in the tile's size: scaling costs ten times the blit.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(box, image)
