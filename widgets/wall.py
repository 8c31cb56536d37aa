"""The wall: all tiles of one monitor or pane in one widget, each with the newest picture of its camera.

One widget and one persistent image, because sixteen child widgets cost twice the painting. A frame is drawn 1:1 from
shared memory onto the image and asked afterwards whether it was still whole; painting then is one blit, and captions
are drawn again only when their words change.
"""

import html
import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QHelpEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from domain.clock import Clock
from domain.motion import MotionPhase, MotionState
from domain.picture import Face, Frame
from widgets.camera_drag import CAMERA_MIME, dragged_camera
from widgets.theme import colours_of, scaled
from widgets.tile import Tile, TileContent, TileDrop, TileStatistics
from widgets.tile_paint import SPEAKING, TileBrush, tile_line
from widgets.wall_grid import PixelSize, TilePlace, lay_out

_POLL_MS = 16
_JUDGE_EVERY = 12  # polls, about 200 ms
_BLINK_MS = 500  # 1 Hz
_SETTLE_MS = 150  # after a resize, before streams are asked for in the new size
_TRIES = 3
_WORDS_STAY_S = 3.0  # how long "stopped, confirmed" stays on the picture


class WallView(QWidget):
    """Shows tiles in a square grid and polls their sources while it is visible."""

    tile_selected = Signal(int)
    maximise_asked = Signal(int)
    camera_dropped = Signal(object)  # TileDrop
    tile_sizes_changed = Signal(object)  # tuple[PixelSize, ...], device pixels, one for each tile

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._contents: tuple[TileContent | None, ...] = (None,)
        self._tiles: list[Tile] = []
        self._selected = 0
        self._image = QImage()
        self._brush: TileBrush | None = None
        self._motions: dict[int, tuple[MotionState, float]] = {}
        self._sizes: tuple[PixelSize, ...] = ()
        self._lit = True
        self._polls = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Camera wall"))
        self._poller = self._timer(_POLL_MS, self._poll)
        self._poller.setTimerType(Qt.TimerType.PreciseTimer)
        self._blinker = self._timer(_BLINK_MS, self._blink)
        self._settler = self._timer(_SETTLE_MS, self._announce_sizes)
        self._settler.setSingleShot(True)

    # -- what is shown

    def show_tiles(self, contents: Sequence[TileContent | None]) -> None:
        """Show these tiles, None for an empty one; their number is the layout (1, 4, 9 or 16).

        A camera that was on this wall before keeps its last picture, with its age, until its new source has a frame.
        """
        self._contents = tuple(contents) or (None,)
        self._selected = min(self._selected, len(self._contents) - 1)
        self._arrange()
        self._announce_sizes()

    def show_motion(self, state: MotionState) -> None:
        """Show over the picture what is known of this camera's movement."""
        self._motions[state.camera_no] = (state, self._clock.monotonic())
        for tile in self._tiles:
            if tile.content is not None and tile.content.camera.no == state.camera_no:
                self._update(tile.place.picture)

    def select_tile(self, index: int) -> None:
        """Select a tile, as a click does; an index outside the layout is ignored."""
        if not 0 <= index < len(self._tiles) or index == self._selected:
            return
        before, self._selected = self._selected, index
        with QPainter(self._image) as painter:
            for changed in (before, index):
                self._caption(painter, self._tiles[changed])
                self._update(self._tiles[changed].place.cell)
        self._describe()
        self.tile_selected.emit(index)

    @property
    def selected(self) -> int:
        """The selected tile, counted from 0."""
        return self._selected

    def tile_sizes(self) -> tuple[PixelSize, ...]:
        """Return the picture size of each tile in device pixels, which streams should be subscribed to at."""
        return tuple(tile.place.size for tile in self._tiles)

    def statistics(self) -> tuple[TileStatistics, ...]:
        """Return what each tile that holds a camera has shown so far."""
        return tuple(figures for tile in self._tiles if (figures := tile.statistics()) is not None)

    def picture(self, index: int) -> QImage | None:
        """Return a copy of the picture on the screen in a tile, None where there is none."""
        if not 0 <= index < len(self._tiles) or not self._tiles[index].has_picture:
            return None
        return self._image.copy(self._tiles[index].place.picture)

    # -- arranging

    def _arrange(self) -> None:
        """Lay the tiles out anew and carry pictures over to where their cameras now are."""
        ratio = self.devicePixelRatioF()
        width, height = max(1, math.floor(self.width() * ratio)), max(1, math.floor(self.height() * ratio))
        self._brush = brush = self._make_brush(ratio)
        border = 2 * brush.unit
        places = lay_out(width, height, len(self._contents), tile_line(brush.bold, brush.unit), border)
        kept = self._kept_pictures()
        self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._image.fill(QColor(brush.colours.field))
        self._tiles = [self._tile(index, place, kept) for index, place in enumerate(places)]
        with QPainter(self._image) as painter:
            for tile in self._tiles:
                self._fill(painter, tile, kept)
                self._caption(painter, tile)
        self._describe()
        self._start_timers()
        self.update()

    def _kept_pictures(self) -> dict[int, tuple[Tile, QImage | None]]:
        return {
            tile.content.camera.no: (tile, self.picture(tile.index))
            for tile in reversed(self._tiles)
            if tile.content is not None
        }

    def _tile(self, index: int, place: TilePlace, kept: dict[int, tuple[Tile, QImage | None]]) -> Tile:
        content = self._contents[index]
        tile = Tile(index, content, place, self._clock.monotonic())
        if content is not None and content.camera.no in kept:
            tile.follow(kept[content.camera.no][0])
        tile.judge(self._clock.monotonic(), self._clock.now())
        return tile

    def _fill(self, painter: QPainter, tile: Tile, kept: dict[int, tuple[Tile, QImage | None]]) -> None:
        image = kept.get(tile.content.camera.no, (tile, None))[1] if tile.content is not None else None
        if image is not None:
            _draw_into(painter, tile.place.picture, image, smooth=True)
        elif self._brush is not None:
            self._brush.empty_picture(painter, tile, self.tr("empty"))

    def _make_brush(self, ratio: float) -> TileBrush:
        font = QFont(self.font())
        font.setPixelSize(max(1, round(max(1, self.font().pixelSize()) * ratio)))
        bold = QFont(font)
        bold.setBold(True)
        return TileBrush(colours_of(self), font, bold, max(1, round(scaled(self, 1) * ratio)))

    def _announce_sizes(self) -> None:
        sizes = self.tile_sizes()
        if sizes != self._sizes and self.isVisible():
            self._sizes = sizes
            self.tile_sizes_changed.emit(sizes)

    # -- frames

    def _poll(self) -> None:
        fresh = []
        for tile in self._tiles:
            if tile.content is not None and tile.content.source is not None:
                frame = tile.content.source.newest()
                if frame is not None:
                    fresh.append((tile, frame))
        if fresh:
            self._draw(fresh)
        self._polls += 1
        if self._polls % _JUDGE_EVERY == 0:
            self._judge_all()

    def _draw(self, fresh: list[tuple[Tile, Frame]]) -> None:
        now = self._clock.monotonic()
        dirty = QRegion()
        with QPainter(self._image) as painter:
            for tile, frame in fresh:
                whole = self._draw_whole(painter, tile, frame)
                if whole is None:
                    continue
                tile.drew(whole, now)
                dirty += self._logical(tile.place.picture)
                if tile.look.face is not Face.LIVE and tile.judge(now, self._clock.now()):
                    self._caption(painter, tile)
                    dirty += self._logical(tile.place.cell)
        self.update(dirty)

    def _draw_whole(self, painter: QPainter, tile: Tile, frame: Frame) -> Frame | None:
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

    def _judge_all(self) -> None:
        now, wall_time = self._clock.monotonic(), self._clock.now()
        changed = [tile for tile in self._tiles if tile.judge(now, wall_time)]
        if changed:
            with QPainter(self._image) as painter:
                for tile in changed:
                    self._caption(painter, tile)
                    self._update(tile.place.cell)
            self._describe()
        self._drop_old_words(now)

    def _drop_old_words(self, now: float) -> None:
        for number, (state, at) in list(self._motions.items()):
            if state.phase is MotionPhase.STOPPED and now - at > _WORDS_STAY_S:
                del self._motions[number]
                self.update()

    def _blink(self) -> None:
        self._lit = not self._lit
        for tile in self._tiles:
            if _blinks(tile):
                cell, edge = tile.place.cell, 6 * (self._brush.unit if self._brush else 1)
                border = QRegion(self._logical(cell)) - QRegion(self._logical(cell.adjusted(edge, edge, -edge, -edge)))
                self.update(border)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the image, then what lies over the pictures of tiles that are not simply live."""
        brush = self._brush
        if brush is None:
            return
        ratio, now = self.devicePixelRatioF(), self._clock.monotonic()
        box = _device(event.rect(), ratio)
        with QPainter(self) as painter:
            painter.scale(1 / ratio, 1 / ratio)
            painter.drawImage(box, self._image, box)
            for tile in self._tiles:
                if not tile.place.cell.intersects(box):
                    continue
                selected = tile.index == self._selected
                motion = self._motion_of(tile)
                brush.over_picture(painter, tile, motion)
                brush.frame(painter, tile, selected=selected, lit=self._lit or not _blinks(tile))
                tile.painted(now)

    def _caption(self, painter: QPainter, tile: Tile) -> None:
        if self._brush is not None:
            self._brush.caption(painter, tile, selected=tile.index == self._selected)

    def _motion_of(self, tile: Tile) -> MotionState | None:
        if tile.content is None:
            return None
        known = self._motions.get(tile.content.camera.no)
        return known[0] if known is not None and known[0].phase in SPEAKING else None

    def _logical(self, box: QRect) -> QRect:
        ratio = self.devicePixelRatioF()
        return QRectF(box.x() / ratio, box.y() / ratio, box.width() / ratio, box.height() / ratio).toAlignedRect()

    def _update(self, box: QRect) -> None:
        self.update(self._logical(box))

    # -- the operator

    def tile_at(self, where: QPoint) -> int | None:
        """Return which tile lies at a point of the widget."""
        point = where * self.devicePixelRatioF()
        return next((tile.index for tile in self._tiles if tile.place.cell.contains(point)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the tile under the pointer."""
        index = self.tile_at(event.position().toPoint())
        if index is not None:
            self.select_tile(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the tile in full size."""
        index = self.tile_at(event.position().toPoint())
        if index is not None and self._contents[index] is not None:
            self.maximise_asked.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection with the arrows; Enter asks for the tile in full size."""
        columns = math.isqrt(len(self._tiles) - 1) + 1 if self._tiles else 1
        column = self._selected % columns
        match event.key():
            case Qt.Key.Key_Left if column > 0:
                self.select_tile(self._selected - 1)
            case Qt.Key.Key_Right if column < columns - 1:
                self.select_tile(self._selected + 1)
            case Qt.Key.Key_Up:
                self.select_tile(self._selected - columns)
            case Qt.Key.Key_Down:
                self.select_tile(self._selected + columns)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._contents[self._selected] is not None:
                self.maximise_asked.emit(self._selected)
            case _:
                super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take cameras only."""
        if event.mimeData().hasFormat(CAMERA_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take them on tiles only."""
        event.setAccepted(self.tile_at(event.position().toPoint()) is not None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the dropped camera in the tile under the pointer."""
        index, number = self.tile_at(event.position().toPoint()), dragged_camera(event.mimeData())
        if index is not None and number is not None:
            event.acceptProposedAction()
            self.select_tile(index)
            self.camera_dropped.emit(TileDrop(index, number))

    # -- what Qt tells

    def event(self, event: QEvent) -> bool:
        """Say on hover what is wrong with a tile and what to do."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            index = self.tile_at(event.pos())
            told = self._tiles[index].description() if index is not None else ""
            QToolTip.showText(event.globalPos(), f"<qt>{html.escape(told)}</qt>" if told else "", self)
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out at once; streams are asked for in the new size when the size has settled."""
        super().resizeEvent(event)
        self._arrange()
        self._settler.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Poll while visible."""
        super().showEvent(event)
        self._arrange()
        self._poll()
        self._settler.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the sources alone while nobody sees them."""
        super().hideEvent(event)
        self._poller.stop()
        self._blinker.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme, font or language."""
        super().changeEvent(event)
        if event.type() in _LOOKS_CHANGE and self._brush is not None:
            self._arrange()

    def sizeHint(self) -> QSize:
        """Return a size that suits a grid of small streams."""
        return QSize(1280, 780)

    def _describe(self) -> None:
        if self._tiles:
            self.setAccessibleDescription(self._tiles[self._selected].description())

    def _start_timers(self) -> None:
        if not self.isVisible():
            return
        self._poller.start()
        blinking = any(_blinks(tile) for tile in self._tiles)
        if blinking and not self._blinker.isActive():
            self._blinker.start()
        elif not blinking:
            self._blinker.stop()
            self._lit = True

    def _timer(self, every_ms: int, run: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every_ms)
        timer.timeout.connect(run)
        return timer


_LOOKS_CHANGE = frozenset(
    {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.LanguageChange, QEvent.Type.StyleChange}
)


def _blinks(tile: Tile) -> bool:
    return tile.content is not None and tile.content.alarm is not None and tile.content.alarm_waiting


def _device(box: QRect, ratio: float) -> QRect:
    return QRectF(box.x() * ratio, box.y() * ratio, box.width() * ratio, box.height() * ratio).toAlignedRect()


def _draw_into(painter: QPainter, box: QRect, image: QImage, *, smooth: bool) -> None:
    if image.size() == box.size():
        painter.drawImage(box.topLeft(), image)
        return
    # Only for the moment until the stream comes in the tile's size: scaling costs ten times the blit.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    painter.drawImage(box, image)
