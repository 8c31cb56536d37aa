"""The wall: all tiles of one monitor or pane in one widget, each with the newest picture of its camera.

It polls the sources while it is visible and paints with one blit; `WallCanvas` holds the picture.
"""

import html
import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
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
from widgets.camera_drag import CAMERA_MIME, dragged_camera
from widgets.theme import colours_of, scaled
from widgets.tile import TileContent, TileDrop, TileStatistics
from widgets.tile_paint import TileBrush
from widgets.wall_canvas import WallCanvas
from widgets.wall_grid import PixelSize

_POLL_MS = 16
_JUDGE_EVERY = 12  # polls, about 200 ms
_BLINK_MS = 500  # 1 Hz
_SETTLE_MS = 150  # after a resize, before streams are asked for in the new size
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
        self._canvas = WallCanvas()
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
        self._arrange()
        self._announce_sizes()

    def show_motion(self, state: MotionState) -> None:
        """Show over the picture what is known of this camera's movement."""
        self._motions[state.camera_no] = (state, self._clock.monotonic())
        self._update([tile.place.picture for tile in self._canvas.tiles if tile.shows(state.camera_no)])

    def select_tile(self, index: int) -> None:
        """Select a tile, as a click does; an index outside the layout is ignored."""
        tiles = self._canvas.tiles
        if not 0 <= index < len(tiles) or index == self._canvas.selected:
            return
        changed = [tiles[self._canvas.selected], tiles[index]]
        self._canvas.selected = index
        self._canvas.redraw_captions(changed)
        self._update([tile.place.cell for tile in changed])
        self._describe()
        self.tile_selected.emit(index)

    @property
    def selected(self) -> int:
        """The selected tile, counted from 0."""
        return self._canvas.selected

    def tile_sizes(self) -> tuple[PixelSize, ...]:
        """Return the picture size of each tile in device pixels, which streams should be subscribed to at."""
        return tuple(tile.place.size for tile in self._canvas.tiles)

    def statistics(self) -> tuple[TileStatistics, ...]:
        """Return what each tile that holds a camera has shown so far."""
        return tuple(figures for tile in self._canvas.tiles if (figures := tile.statistics()) is not None)

    def picture(self, index: int) -> QImage | None:
        """Return a copy of the picture on the screen in a tile, None where there is none."""
        return self._canvas.picture(index)

    # -- arranging and painting

    def _arrange(self) -> None:
        ratio = self.devicePixelRatioF()
        width, height = max(1, math.floor(self.width() * ratio)), max(1, math.floor(self.height() * ratio))
        now = self._clock.monotonic()
        self._canvas.arrange(width, height, self._contents, self._make_brush(ratio), self.tr("empty"), now)
        self._canvas.judge(now, self._clock.now())
        self._describe()
        self._start_timers()
        self.update()

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

    def _poll(self) -> None:
        now = self._clock.monotonic()
        self._update(self._canvas.take_frames(now, self._clock.now()))
        self._polls += 1
        if self._polls % _JUDGE_EVERY == 0:
            changed = self._canvas.judge(now, self._clock.now())
            self._update(changed)
            if changed:
                self._describe()
            self._drop_old_words(now)

    def _drop_old_words(self, now: float) -> None:
        for number, (state, at) in list(self._motions.items()):
            if state.phase is MotionPhase.STOPPED and now - at > _WORDS_STAY_S:
                del self._motions[number]
                self.update()

    def _blink(self) -> None:
        self._lit = not self._lit
        edge = 6 * max(1, round(scaled(self, 1) * self.devicePixelRatioF()))
        for tile in self._canvas.tiles:
            if tile.blinks:
                cell = tile.place.cell
                inside = QRegion(self._logical(cell.adjusted(edge, edge, -edge, -edge)))
                self.update(QRegion(self._logical(cell)) - inside)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Blit the image, then what lies over the pictures of tiles that are not simply live."""
        ratio = self.devicePixelRatioF()
        rect = event.rect()
        box = QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio).toAlignedRect()
        with QPainter(self) as painter:
            painter.scale(1 / ratio, 1 / ratio)
            self._canvas.paint(painter, box, self._motions, self._clock.monotonic(), lit=self._lit)

    def _logical(self, box: QRect) -> QRect:
        ratio = self.devicePixelRatioF()
        return QRectF(box.x() / ratio, box.y() / ratio, box.width() / ratio, box.height() / ratio).toAlignedRect()

    def _update(self, boxes: Sequence[QRect]) -> None:
        region = QRegion()
        for box in boxes:
            region += self._logical(box)
        if boxes:
            self.update(region)

    # -- the operator

    def tile_at(self, where: QPoint) -> int | None:
        """Return which tile lies at a point of the widget."""
        point = where * self.devicePixelRatioF()
        return next((tile.index for tile in self._canvas.tiles if tile.place.cell.contains(point)), None)

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
        columns = math.isqrt(len(self._canvas.tiles) - 1) + 1 if self._canvas.tiles else 1
        column = self._canvas.selected % columns
        match event.key():
            case Qt.Key.Key_Left if column > 0:
                self.select_tile(self._canvas.selected - 1)
            case Qt.Key.Key_Right if column < columns - 1:
                self.select_tile(self._canvas.selected + 1)
            case Qt.Key.Key_Up:
                self.select_tile(self._canvas.selected - columns)
            case Qt.Key.Key_Down:
                self.select_tile(self._canvas.selected + columns)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._contents[self._canvas.selected] is not None:
                self.maximise_asked.emit(self._canvas.selected)
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
            told = self._canvas.tiles[index].description() if index is not None else ""
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
        if event.type() in _LOOKS_CHANGE and self._canvas.tiles:
            self._arrange()

    def sizeHint(self) -> QSize:
        """Return a size that suits a grid of small streams."""
        return QSize(1280, 780)

    def _describe(self) -> None:
        if self._canvas.tiles:
            self.setAccessibleDescription(self._canvas.tiles[self._canvas.selected].description())

    def _start_timers(self) -> None:
        if not self.isVisible():
            return
        self._poller.start()
        blinking = any(tile.blinks for tile in self._canvas.tiles)
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
