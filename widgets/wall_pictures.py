"""The seen side of a wall: tiles of one monitor or pane in one widget, each with the newest picture of its camera.

It polls the sources while it is seen and paints with one blit; `WallCanvas` holds the picture.
"""

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from domain.clock import Clock
from domain.errors import BadInputError
from domain.layout import Layout
from domain.motion import MotionPhase, MotionState
from domain.wall import SpotTile
from widgets.tile import TileContent, TileStatistics
from widgets.tile_over import draw_number
from widgets.tile_use import TileUses
from widgets.wall_canvas import WallCanvas
from widgets.wall_grid import PixelSize
from widgets.wall_text import WallText

_POLL_MS = 16
_JUDGE_EVERY = 12  # polls, about 200 ms
_BLINK_MS = 500  # 1 Hz
_SETTLE_MS = 150  # after a resize, before streams are asked for in the new size
_WORDS_STAY_S = 3.0  # how long "stopped, confirmed" stays on the picture


class WallPictures(QWidget):
    """Shows tiles in a layout and polls their sources while it is seen."""

    tile_selected = Signal(int)
    source_taken = Signal(int)  # the tile that now draws what was its next source
    tile_sizes_changed = Signal(object)  # tuple[PixelSize, ...], device pixels, one for each tile
    seen_changed = Signal(bool)

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._contents: tuple[TileContent | None, ...] = (None,)
        self._layout = Layout.even(1)
        self._uses = TileUses()
        self._canvas = WallCanvas()
        self._motions: dict[int, tuple[MotionState, float]] = {}
        self._sizes: tuple[PixelSize, ...] = ()
        self._text = WallText()
        self._monitor: int | None = None
        self._identified = False
        self._seen = False
        self._lit = True
        self._polls = 0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self._poller = self._timer(_POLL_MS, self._poll)
        self._poller.setTimerType(Qt.TimerType.PreciseTimer)
        self._blinker = self._timer(_BLINK_MS, self._blink)
        self._settler = self._timer(_SETTLE_MS, self._announce_sizes)
        self._settler.setSingleShot(True)

    # -- what is shown

    def show_tiles(self, contents: Sequence[TileContent | None], layout: Layout | None = None) -> None:
        """Show these tiles, None for an empty one, in a layout of as many; without one, in equal tiles.

        BadInputError where their numbers differ. A camera that was on this wall before keeps its last picture, with
        its age, until its source has a new one. Where every camera stays in its tile only what differs is drawn.
        """
        wanted = tuple(contents) or (None,)
        chosen = Layout.even(len(wanted)) if layout is None else layout
        if len(chosen) != len(wanted):
            raise BadInputError(f"layout {chosen.name!r} has {len(chosen)} tiles, not {len(wanted)}")
        self._contents, self._layout = wanted, chosen
        changed = self._canvas.put(chosen, wanted, self._clock.monotonic())
        if changed is None:
            self._arrange()
        else:
            self._update([*changed, *self._canvas.judge(self._clock.monotonic(), self._clock.now())])
            self._describe()
            self._start_timers()
        self._announce_sizes()

    def show_uses(self, uses: TileUses) -> None:
        """Show what each tile is for; called before `show_tiles` where the number of tiles changes too."""
        before, self._uses = self._uses, uses
        if len(uses.uses) == len(self._contents) and self._spots(before) != self._spots(uses):
            self._arrange()

    def show_motion(self, state: MotionState) -> None:
        """Show over the picture what is known of this camera's movement."""
        self._motions[state.camera_no] = (state, self._clock.monotonic())
        self._update([tile.place.picture for tile in self._canvas.tiles if tile.shows(state.camera_no)])

    def show_monitor_number(self, number: int | None) -> None:
        """Print the monitor's number, as operators type it, in empty tiles."""
        self._monitor = number
        self._arrange()

    def identify(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        """Show the monitor's number large over everything, so that monitors can be told apart, or take it off."""
        self._identified = shown
        self.update()

    def set_reading_distance(self, distance_m: float, pixels_per_mm: float) -> None:
        """Write captions for readers so far away, on a screen of so many device pixels a millimetre.

        0 for either: in the size of the desk's own words.
        """
        self._text = WallText(distance_m, pixels_per_mm)
        self._arrange()

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

    @property
    def is_seen(self) -> bool:
        """Whether the wall is on a screen: neither hidden nor in a minimised window."""
        return self._seen

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
        size = max(1, math.floor(self.width() * ratio)), max(1, math.floor(self.height() * ratio))
        now = self._clock.monotonic()
        brush = self._text.brush(self, self._layout, size[1], ratio)
        empty = [self._empty_words(index) for index in range(len(self._contents))]
        self._canvas.arrange(size, self._layout, self._contents, brush, empty, now)
        self._canvas.judge(now, self._clock.now())
        self._describe()
        self._start_timers()
        self.update()

    def _empty_words(self, index: int) -> tuple[str, ...]:
        spot = isinstance(self._uses.of(index), SpotTile)
        empty = self.tr("spot tile: alarms come here") if spot else self.tr("empty")
        return (empty,) if self._monitor is None else (empty, self.tr("monitor {n}").format(n=self._monitor))

    def _spots(self, uses: TileUses) -> list[int]:
        return [index for index, use in enumerate(uses.uses) if isinstance(use, SpotTile)]

    def _announce_sizes(self) -> None:
        sizes = self.tile_sizes()
        if sizes != self._sizes and self.isVisible():
            self._sizes = sizes
            self.tile_sizes_changed.emit(sizes)

    def _poll(self) -> None:
        now = self._clock.monotonic()
        changed, taken = self._canvas.take_frames(now, self._clock.now())
        self._update(changed)
        self._polls += 1
        if self._polls % _JUDGE_EVERY == 0:
            self._judge(now)
        for index in taken:
            self.source_taken.emit(index)

    def _judge(self, now: float) -> None:
        changed = self._canvas.judge(now, self._clock.now())
        self._update(changed)
        if changed:
            self._describe()
        for number, (state, at) in list(self._motions.items()):
            if state.phase is MotionPhase.STOPPED and now - at > _WORDS_STAY_S:
                del self._motions[number]
                self.update()

    def _blink(self) -> None:
        self._lit = not self._lit
        edge = 6 * (self._canvas.brush.unit if self._canvas.brush is not None else 1)
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
            if self._identified and self._monitor is not None and self._canvas.brush is not None:
                said = self.tr("monitor {n}").format(n=self._monitor)
                draw_number(self._canvas.brush, painter, self._canvas.image.rect(), self._monitor, said)

    def _logical(self, box: QRect) -> QRect:
        ratio = self.devicePixelRatioF()
        return QRectF(box.x() / ratio, box.y() / ratio, box.width() / ratio, box.height() / ratio).toAlignedRect()

    def _update(self, boxes: Sequence[QRect]) -> None:
        region = QRegion()
        for box in boxes:
            region += self._logical(box)
        if boxes:
            self.update(region)

    # -- what Qt tells

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out at once; streams are asked for in the new size when the size has settled."""
        super().resizeEvent(event)
        self._arrange()
        self._settler.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Poll while seen."""
        super().showEvent(event)
        self._tell_seen(seen=True)
        self._arrange()
        self._poll()
        self._settler.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the sources alone while nobody sees them; Qt tells a minimised window's widgets so too."""
        super().hideEvent(event)
        self._poller.stop()
        self._blinker.stop()
        self._tell_seen(seen=False)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of theme, font or language."""
        super().changeEvent(event)
        if event.type() in _LOOKS_CHANGE and self._canvas.tiles:
            self._arrange()

    def sizeHint(self) -> QSize:
        """Return a size that suits a grid of small streams."""
        return QSize(1280, 780)

    def _tell_seen(self, *, seen: bool) -> None:
        if seen != self._seen:
            self._seen = seen
            self.seen_changed.emit(seen)

    def _describe(self) -> None:
        if self._canvas.tiles:
            self.setAccessibleDescription(self._canvas.tiles[self._canvas.selected].description())

    def _start_timers(self) -> None:
        if not self._seen:
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
