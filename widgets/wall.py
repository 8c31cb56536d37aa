"""The wall under an operator's hands: choosing, moving, enlarging and clearing tiles."""

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from domain.clock import Clock
from widgets.camera_drag import CAMERA_MIME, dragged_camera
from widgets.tile import TileContent, TileDrop, TileSwap, TileWheel, TileZoom
from widgets.tile_menu import TileMenu
from widgets.tile_state import Tile
from widgets.tile_zoom import WHOLE, Zoom
from widgets.wall_grid import Direction, neighbour
from widgets.wall_hand import Hand
from widgets.wall_steered import SteeredWall

_ZOOM_SETTLE_MS = 150  # before a bigger stream is asked for
_NOTCH = 120.0  # Qt's measure of one notch of a wheel
_MIDDLE = QPointF(0.5, 0.5)
_KEY_PAN = 0.1  # of the tile


class WallView(SteeredWall):
    """A wall that can be worked with. Tiles are counted from 0; every signal is a wish, and nothing has moved yet."""

    maximise_asked = Signal(int)
    camera_dropped = Signal(object)  # TileDrop
    tiles_swapped = Signal(object)  # TileSwap
    tile_cleared = Signal(int)
    tile_asked = Signal(object)  # TileWish
    use_asked = Signal(object)  # TileUseWish
    zoom_changed = Signal(object)  # TileZoom
    wheel_turned = Signal(object)  # TileWheel

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(clock, parent)
        self._hand = Hand()
        self._unsettled: set[int] = set()
        self._zoom_settler = self._timer(_ZOOM_SETTLE_MS, self._announce_zooms)
        self._zoom_settler.setSingleShot(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Camera wall"))

    # -- enlarging a part

    def zoom_of(self, index: int) -> float:
        """Return how far a tile is enlarged, 1.0 for not at all."""
        tiles = self._canvas.tiles
        return tiles[index].zoom.factor if 0 <= index < len(tiles) else 1.0

    def reset_zoom(self, index: int | None = None) -> bool:
        """Show a whole picture again, in the selected tile where none is named; return whether it was enlarged."""
        chosen = self.selected if index is None else index
        if self.zoom_of(chosen) == 1.0:
            return False
        self._zoom(self._canvas.tiles[chosen], WHOLE)
        return True

    def _zoom(self, tile: Tile, zoom: Zoom) -> None:
        if zoom == tile.zoom or not tile.has_picture:
            return
        factor = tile.zoom.factor
        self._canvas.enlarge(tile, zoom)
        self._update([tile.place.cell])
        if zoom.factor != factor:
            self._unsettled.add(tile.index)
            if zoom.active:
                self._zoom_settler.start()
            else:
                self._announce_zooms()

    def _announce_zooms(self) -> None:
        indexes, self._unsettled = sorted(self._unsettled), set()
        for index in indexes:
            self.zoom_changed.emit(TileZoom(index, self.zoom_of(index)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Enlarge what lies under the pointer; over a camera that moves only with Ctrl."""
        index, steps = self.tile_at(event.position().toPoint()), event.angleDelta().y() / _NOTCH
        content = self._content(index)
        if index is None or content is None or not steps:
            return
        event.accept()
        tile = self._canvas.tiles[index]
        at = self._share(tile.place.picture, event.position())
        turns = content.camera.ptz and not tile.replayed
        if turns and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.wheel_turned.emit(TileWheel(index, steps, at.x(), at.y()))
        else:
            self._zoom(tile, tile.zoom.turned(steps, at))

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the tile under the pointer; where its camera is being steered, the mouse does that from now on."""
        index = self.tile_at(event.position().toPoint())
        if index is None:
            return
        left = event.button() == Qt.MouseButton.LeftButton
        steers = left and self._begin_gesture(index, event)  # before: a click that chooses a tile steers nothing
        self.select_tile(index)
        if left and not steers:
            self._hand.press(index, event.position(), self._content(index), self._canvas.tiles[index].zoom)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the part that is seen of an enlarged picture; carry any other camera to another tile."""
        if self._gesture is not None:
            self._carry_gesture_on(event.position())
            return
        if not self._hand.move(event.position()):
            return
        index = self._hand.index
        if self._hand.pans:
            tile = self._canvas.tiles[index]
            way = (event.position() - self._hand.began_at) * self.devicePixelRatioF()
            by = QPointF(way.x() / tile.place.picture.width(), way.y() / tile.place.picture.height())
            self._zoom(tile, self._hand.zoom.moved(by))
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            over = self.tile_at(event.position().toPoint())
            self._aim(over if over != index else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was carried: on another tile, on another wall, or away."""
        if self._gesture is not None and event.button() == Qt.MouseButton.LeftButton:
            self._end_gesture()
            return
        carried, index = self._hand.content, self._hand.index
        carrying = self._hand.carries
        self._let_go()
        if not carrying or carried is None:
            return
        target = self.tile_at(event.position().toPoint())
        if target is not None and target != index:
            self.tiles_swapped.emit(TileSwap(index, target))
        elif not self.rect().contains(event.position().toPoint()):
            self._put_outside(index, carried, event.globalPosition().toPoint())

    def _put_outside(self, index: int, carried: TileContent, where: QPoint) -> None:
        other = QApplication.widgetAt(where)
        if not isinstance(other, WallView):
            self.tile_cleared.emit(index)
            return
        target = other.tile_at(other.mapFromGlobal(where))
        if target is not None and other is not self:
            other.camera_dropped.emit(TileDrop(target, carried.camera.no))

    def _aim(self, target: int | None) -> None:
        if target == self._canvas.target:
            return
        touched = [index for index in (self._canvas.target, target) if index is not None]
        self._canvas.target = target
        self._update([self._canvas.tiles[index].place.cell for index in touched if index < len(self._canvas.tiles)])

    def _let_go(self) -> None:
        self._hand = Hand()
        self._aim(None)
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the tile in full size."""
        index = self.tile_at(event.position().toPoint())
        if index is not None and self._content(index) is not None and not self._steers(index):
            self.maximise_asked.emit(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be asked of the tile: under the pointer, or of the selected one for the menu key."""
        keyed = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.selected if keyed else self.tile_at(event.pos())
        if index is None:
            return
        menu = TileMenu(index, self._content(index), self, self._uses)
        menu.use_asked.connect(self.use_asked)
        menu.maximise_asked.connect(self.maximise_asked)
        menu.tile_cleared.connect(self.tile_cleared)
        menu.tile_asked.connect(self.tile_asked)
        middle = self._logical(self._canvas.tiles[index].place.picture).center()
        menu.popup(self.mapToGlobal(middle) if keyed else event.globalPos())

    # -- the keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the selection with the arrows, enlarge, clear; Enter asks for the tile in full size."""
        key = Qt.Key(event.key())
        direction, deed = _ARROWS.get(key), self._deeds().get(key)
        if direction is not None:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go(direction, pan=shifted and self.zoom_of(self.selected) > 1.0)
        elif deed is None or not deed():
            super().keyPressEvent(event)

    def _deeds(self) -> dict[Qt.Key, Callable[[], bool]]:
        key = Qt.Key
        return {
            key.Key_Return: self._ask_maximised,
            key.Key_Enter: self._ask_maximised,
            key.Key_Delete: self._ask_cleared,
            key.Key_Plus: lambda: self._step_zoom(1),
            key.Key_Minus: lambda: self._step_zoom(-1),
            key.Key_0: self.reset_zoom,
            key.Key_Escape: self._step_back,
        }

    def _go(self, where: Direction, *, pan: bool) -> None:
        if pan:
            across, down = where.value
            tile = self._canvas.tiles[self.selected]
            self._zoom(tile, tile.zoom.moved(QPointF(-across * _KEY_PAN, -down * _KEY_PAN)))
            return
        found = neighbour(self._layout.cells, self.selected, where)
        if found is not None:
            self.select_tile(found)

    def _ask_maximised(self) -> bool:
        if self._content(self.selected) is not None:
            self.maximise_asked.emit(self.selected)
        return True

    def _ask_cleared(self) -> bool:
        if self._content(self.selected) is not None or self._uses.of(self.selected) is not None:
            self.tile_cleared.emit(self.selected)
        return True

    def _step_zoom(self, steps: int) -> bool:
        tile = self._canvas.tiles[self.selected]
        self._zoom(tile, tile.zoom.turned(steps, _MIDDLE))
        return True

    def _step_back(self) -> bool:
        """Let go of what is carried, else show the whole picture; return whether there was either."""
        if self._hand.carries:
            self._let_go()
            return True
        return self.reset_zoom()

    # -- dragged from elsewhere, and hovering

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

    def event(self, event: QEvent) -> bool:
        """Say on hover what is wrong with a tile and what to do."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            index = self.tile_at(event.pos())
            told = self._canvas.tiles[index].description() if index is not None else ""
            QToolTip.showText(event.globalPos(), f"<qt>{html.escape(told)}</qt>" if told else "", self)
            return True
        return super().event(event)

    def _content(self, index: int | None) -> TileContent | None:
        return None if index is None else self._contents[index]


_ARROWS = {
    Qt.Key.Key_Left: Direction.LEFT,
    Qt.Key.Key_Right: Direction.RIGHT,
    Qt.Key.Key_Up: Direction.UP,
    Qt.Key.Key_Down: Direction.DOWN,
}
