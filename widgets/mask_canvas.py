"""A still picture on which masks are drawn, with the mouse or with the keys."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from domain.camera import Mask
from widgets.mask_draft import Corner, MaskDraft
from widgets.theme import colours_of, scaled

_REACH_PX = 8  # how near to a corner a press must be
_STEP, _LARGE_STEP = 0.005, 0.05  # of the picture, for arrow keys without and with Shift
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_FILL = QColor(0, 0, 0, 190)


class MaskCanvas(QWidget):
    """Draws a still and the masks over it.

    Click: corners; double click or Enter: close; drag a corner: move it. Arrows move a cross (Shift: far), Space
    presses there and lets go again. Backspace takes the last corner back, Delete removes the chosen mask, Escape gives
    the open polygon up.
    """

    changed = Signal()

    def __init__(self, still: QImage | None, masks: tuple[Mask, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still = still
        self.draft = MaskDraft(masks)
        self._cross: Corner | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 180)
        self.setAccessibleName(self.tr("Picture to draw masks on"))
        self._tell()

    def sizeHint(self) -> QSize:
        """Return a size in which corners can be set well."""
        return QSize(960, 540)

    def remove_chosen(self) -> None:
        """Give up the open polygon, or else remove the chosen mask."""
        if self.draft.cancel() or self.draft.remove():
            self._tell()

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Hold a corner, choose a mask, or set a corner; the right button takes the last one back."""
        if event.button() == Qt.MouseButton.RightButton:
            self.draft.take_back()
        else:
            self._press(self._share(event.position()))
        self._cross = None
        self._tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the corner that is held."""
        self.draft.drag(self._share(event.position()))
        self._tell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of it."""
        super().mouseReleaseEvent(event)
        self.draft.drop()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Close the polygon; the first of the two clicks has set its last corner."""
        super().mouseDoubleClickEvent(event)
        self.draft.close()
        self._tell()

    # -- the keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cross, press there, close, take back, remove."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._move_cross(_ARROWS[key], _LARGE_STEP if far else _STEP)
        elif not self._obeyed(key):
            super().keyPressEvent(event)
            return
        self._tell()

    def _obeyed(self, key: Qt.Key) -> bool:
        match key:
            case Qt.Key.Key_Space:
                self._press_key()
                return True
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                return self.draft.close()
            case Qt.Key.Key_Backspace:
                return self.draft.take_back()
            case Qt.Key.Key_Delete:
                return self.draft.cancel() or self.draft.remove()
            case Qt.Key.Key_Escape:
                return self.draft.cancel()
            case _:
                return False

    def _press_key(self) -> None:
        if self.draft.held is not None:
            self.draft.drop()
            return
        if self._cross is None:
            self._cross = (0.5, 0.5)
        self._press(self._cross)

    def _move_cross(self, way: tuple[int, int], step: float) -> None:
        x, y = self._cross or (0.5, 0.5)
        self._cross = min(1.0, max(0.0, x + way[0] * step)), min(1.0, max(0.0, y + way[1] * step))
        self.draft.drag(self._cross)

    def _press(self, at: Corner) -> None:
        reach, box = scaled(self, _REACH_PX), self._picture()
        self.draft.press(at, (reach / box.width(), reach / box.height()))

    # -- drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the still, the masks, their corners, the open polygon and the cross."""
        colours = colours_of(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.field))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if self._still is not None:
                painter.drawImage(self._picture(), self._still)
            else:
                painter.fillRect(self._picture(), QColor(colours.pane))
            for number, mask in enumerate(self.draft.masks):
                chosen = number == self.draft.chosen
                painter.setPen(QPen(QColor(colours.accent if chosen else colours.text), scaled(self, 2)))
                painter.setBrush(_FILL)
                painter.drawPolygon(self._polygon(mask))
                self._corners(painter, mask, colours.accent if chosen else colours.text)
            painter.setPen(QPen(QColor(colours.accent), scaled(self, 2), Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(self._polygon(self.draft.open))
            self._corners(painter, self.draft.open, colours.accent)
            if self._cross is not None and self.hasFocus():
                self._draw_cross(painter, colours.accent)

    def _corners(self, painter: QPainter, corners: list[Corner], colour: str) -> None:
        side = scaled(self, 6)
        for point in self._polygon(corners).toList():
            painter.fillRect(QRectF(point.x() - side / 2, point.y() - side / 2, side, side), QBrush(QColor(colour)))

    def _draw_cross(self, painter: QPainter, colour: str) -> None:
        point, box = self._polygon([self._cross or (0.5, 0.5)]).first(), self._picture()
        painter.setPen(QPen(QColor(colour), scaled(self, 1)))
        painter.drawLine(QPointF(box.left(), point.y()), QPointF(box.right(), point.y()))
        painter.drawLine(QPointF(point.x(), box.top()), QPointF(point.x(), box.bottom()))

    def _picture(self) -> QRectF:
        """Return where the still lies: as large as its shape allows, in the middle."""
        shape = QSize(16, 9) if self._still is None or self._still.isNull() else self._still.size()
        size = shape.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        x, y = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(x, y, max(1, size.width()), max(1, size.height()))

    def _polygon(self, corners: list[Corner]) -> QPolygonF:
        box = self._picture()
        return QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners])

    def _share(self, where: QPointF) -> Corner:
        box = self._picture()
        return (where.x() - box.x()) / box.width(), (where.y() - box.y()) / box.height()

    def _tell(self) -> None:
        told = self.tr("{n} masks, {m} corners set").format(n=len(self.draft.masks), m=len(self.draft.open))
        self.setAccessibleDescription(told)
        self.update()
        self.changed.emit()
