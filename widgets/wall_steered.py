"""A wall whose pictures hands can steer: the mouse turns the camera there instead of arranging tiles."""

from PySide6.QtCore import QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from domain.clock import Clock
from domain.motion import Velocity
from widgets.tile_aim import AimGesture, TileBox, TilePoint, TileVector, draw_crosshair, on_picture
from widgets.wall_pictures import WallPictures


class SteeredWall(WallPictures):
    """Takes the mouse on tiles of the one camera that is being steered, if any; replays are left alone.

    From the middle a press draws a vector and the camera turns by it until the mouse is up; elsewhere (or with Shift)
    it draws a box, and a click chooses a point. The signals are wishes.
    """

    vector_drawn = Signal(object)  # TileVector, whenever it changes; a still one when it ends, however it ends
    point_chosen = Signal(object)  # TilePoint
    box_drawn = Signal(object)  # TileBox

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(clock, parent)
        self._steered: int | None = None
        self._gesture: AimGesture | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def steer(self, camera_no: int | None) -> None:
        """Have the mouse steer this camera, None for none. Meanwhile clicks leave the keys with whoever has them."""
        if camera_no == self._steered:
            return
        self.drop_gesture()
        self._steered = camera_no
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.StrongFocus if camera_no is None else policy.TabFocus)
        self.update()

    def drop_gesture(self) -> None:
        """Let go of a vector or a box as if the mouse were up, with nothing asked for."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        if not gesture.velocity.still:
            self.vector_drawn.emit(TileVector(gesture.camera_no, Velocity()))
        self.update()

    def tile_at(self, where: QPoint) -> int | None:
        """Return which tile lies at a point of the widget."""
        point = where * self.devicePixelRatioF()
        return next((tile.index for tile in self._canvas.tiles if tile.place.cell.contains(point)), None)

    def _share(self, box: QRect, where: QPointF) -> QPointF:
        """Return where in a box of device pixels a point of the widget lies, as shares of its sides."""
        point = where * self.devicePixelRatioF()
        x, y = (point.x() - box.x()) / box.width(), (point.y() - box.y()) / box.height()
        return QPointF(min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))

    def _steers(self, index: int) -> bool:
        """Whether the mouse on this tile steers its camera."""
        tile = self._canvas.tiles[index]
        return self._steered is not None and tile.shows(self._steered) and not tile.replayed

    # -- the mouse, for whoever handles its events

    def _begin_gesture(self, index: int, event: QMouseEvent) -> bool:
        """Take a press of the left button where it steers; return whether it was taken."""
        tile = self._canvas.tiles[index]
        picture, point = tile.place.picture, (event.position() * self.devicePixelRatioF()).toPoint()
        if self._steered is None or not self._steers(index) or not picture.contains(point):
            return False
        at, boxes = self._share(picture, event.position()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        ratio = picture.width() / picture.height()
        self._gesture = AimGesture(self._steered, index, at, ratio, boxes=boxes, zoom=tile.zoom, at=at)
        return True

    def _carry_gesture_on(self, where: QPointF) -> None:
        gesture, tiles = self._gesture, self._canvas.tiles
        if gesture is None:
            return
        if gesture.tile >= len(tiles) or not tiles[gesture.tile].shows(gesture.camera_no):
            self.drop_gesture()  # the tile shows something else meanwhile
            return
        picture = tiles[gesture.tile].place.picture
        began = on_picture(picture, gesture.began)
        way = where * self.devicePixelRatioF() - began
        far = way.manhattanLength() >= QApplication.startDragDistance() * self.devicePixelRatioF()
        self._gesture = gesture.moved(self._share(picture, where), far=far)
        self._update([picture])
        if self._gesture.velocity != gesture.velocity:
            self.vector_drawn.emit(TileVector(gesture.camera_no, self._gesture.velocity))

    def _end_gesture(self) -> None:
        """Ask for what was drawn, now that the mouse is up."""
        gesture = self._gesture
        self.drop_gesture()
        match gesture.ended() if gesture is not None else None:
            case TilePoint() as point:
                self.point_chosen.emit(point)
            case TileBox() as box:
                self.box_drawn.emit(box)

    # -- what Qt tells

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the wall, then the crosshair and what is being drawn."""
        super().paintEvent(event)
        brush, gesture = self._canvas.brush, self._gesture
        if self._steered is None or brush is None:
            return
        with QPainter(self) as painter:
            painter.scale(1 / self.devicePixelRatioF(), 1 / self.devicePixelRatioF())
            for tile in self._canvas.tiles:
                if self._steers(tile.index):
                    draw_crosshair(brush, painter, tile.place.picture)
                    if gesture is not None and gesture.tile == tile.index:
                        gesture.draw(brush, painter, tile.place.picture)

    def hideEvent(self, event: QHideEvent) -> None:
        """Let go of what is being drawn: the mouse will not be heard to come up here."""
        super().hideEvent(event)
        self.drop_gesture()
