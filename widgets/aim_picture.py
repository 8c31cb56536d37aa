"""A still picture of a camera in which landmarks are clicked, with the mouse or with the keys."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets.theme import colours_of, scaled

_STEP, _LARGE_STEP = 0.005, 0.05  # of the picture, for arrow keys without and with Shift
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_EDGE = QColor(0, 0, 0, 160)

Mark = tuple[str, float, float, bool]
"""What stands beside a point, where it is (shares from the top left), and whether it is the chosen one."""


class AimPicture(QWidget):
    """Draws a still and the points that were clicked in it. Arrows move a cross (Shift: far), Space clicks there."""

    clicked = Signal(object)  # tuple of x and y, as shares of the picture from its top left

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._still: QImage | None = None
        self._marks: tuple[Mark, ...] = ()
        self._cross: tuple[float, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 180)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Picture to click landmarks in"))

    def sizeHint(self) -> QSize:
        """Return a size in which points can be clicked well."""
        return QSize(800, 450)

    def show_still(self, still: QImage | None) -> None:
        """Show another picture, grey for none."""
        self._still = still
        self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show what was clicked in this picture."""
        self._marks = tuple(marks)
        self.setAccessibleDescription(self.tr("{n} landmarks in this picture").format(n=len(self._marks)))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a click inside the picture."""
        box, at = self._picture(), event.position()
        self._cross = None
        if event.button() == Qt.MouseButton.LeftButton and box.contains(at):
            self.clicked.emit(((at.x() - box.x()) / box.width(), (at.y() - box.y()) / box.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cross, or click where it is."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (x, y), way, step = self._cross or (0.5, 0.5), _ARROWS[key], _LARGE_STEP if far else _STEP
            self._cross = min(1.0, max(0.0, x + way[0] * step)), min(1.0, max(0.0, y + way[1] * step))
            self.update()
        elif key is Qt.Key.Key_Space:
            self._cross = self._cross or (0.5, 0.5)
            self.clicked.emit(self._cross)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the still, its middle, the points and the cross."""
        colours, box = colours_of(self), self._picture()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.field))
            painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
            if self._still is not None:
                painter.drawImage(box, self._still)
            else:
                painter.fillRect(box, QColor(colours.pane))
            for name, x, y, chosen in sorted(self._marks, key=lambda one: one[3]):  # the chosen one on top
                self._draw_point(painter, self._point(x, y), name, colours.accent if chosen else colours.text)
            if self._cross is not None and self.hasFocus():
                self._draw_cross(painter, self._point(*self._cross), colours.accent)

    def _draw_point(self, painter: QPainter, at: QPointF, name: str, colour: str) -> None:
        arm = scaled(self, 9)
        for ink, width in ((_EDGE, 4), (QColor(colour), 2)):
            painter.setPen(QPen(ink, scaled(self, width)))
            painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
            painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
        room = painter.fontMetrics().boundingRect(name).adjusted(-4, -2, 4, 2)
        room.moveTo(round(at.x()) + arm, round(at.y()) - room.height() - 2)
        painter.fillRect(room, _EDGE)
        painter.setPen(QColor("#F2F4F5"))  # over pictures, light on a dark edge in both themes
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)

    def _draw_cross(self, painter: QPainter, at: QPointF, colour: str) -> None:
        box = self._picture()
        painter.setPen(QPen(QColor(colour), scaled(self, 1)))
        painter.drawLine(QPointF(box.left(), at.y()), QPointF(box.right(), at.y()))
        painter.drawLine(QPointF(at.x(), box.top()), QPointF(at.x(), box.bottom()))

    def _point(self, x: float, y: float) -> QPointF:
        box = self._picture()
        return QPointF(box.x() + x * box.width(), box.y() + y * box.height())

    def _picture(self) -> QRectF:
        """Return where the still lies: as large as its shape allows, in the middle."""
        shape = QSize(16, 9) if self._still is None or self._still.isNull() else self._still.size()
        size = shape.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        x, y = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        return QRectF(x, y, max(1, size.width()), max(1, size.height()))
