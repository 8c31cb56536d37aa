"""The last fifteen minutes as a line with the alarms on it."""

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.alarm import Alarm
from domain.clock import Clock
from widgets.theme import SHAPES, STEP, colours_of, larger, scaled

SPAN = timedelta(minutes=15)


class Timeline(QWidget):
    """Draws each alarm of the last quarter of an hour where it came, with its shape; a click asks for it."""

    alarm_chosen = Signal(object)  # UUID

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._clock = clock
        self._alarms: tuple[Alarm, ...] = ()
        self.setAccessibleName(self.tr("Alarms of the last 15 minutes"))
        timer = QTimer(self)
        timer.timeout.connect(self.update)
        timer.start(5000)

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show these alarms, as far as they came within the span."""
        self._alarms = tuple(sorted(alarms, key=lambda alarm: -alarm.priority.rank))
        self.setAccessibleDescription(self.tr("{n} alarms").format(n=len(self._recent())))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for one line."""
        return QSize(scaled(self, 400), scaled(self, 32))

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(scaled(self, 160), scaled(self, 24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line and the shapes, the most urgent on top."""
        del event
        colours, area = colours_of(self), self._area()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.pane))
            painter.setPen(QColor(colours.dim))
            painter.drawText(self.rect().adjusted(scaled(self, 8), 0, 0, 0), _LEFT, self.tr("15 min"))
            painter.drawText(self.rect().adjusted(0, 0, -scaled(self, 8), 0), _RIGHT, self.tr("now"))
            painter.fillRect(QRectF(area.left(), area.center().y(), area.width(), 1), QColor(colours.line))
            for share in (0, 1 / 3, 2 / 3, 1):  # every five minutes
                x, tick = area.left() + area.width() * share, scaled(self, STEP)
                painter.fillRect(QRectF(x, area.center().y() - tick, 1, 2 * tick), QColor(colours.line))
            painter.setFont(larger(self, 1.15))
            for alarm in self._recent():
                where = QRectF(0, 0, scaled(self, 20), area.height())
                where.moveCenter(QPointF(self._x(alarm), area.center().y()))
                painter.setPen(QColor(colours.of(alarm.priority) if alarm.waiting else colours.dim))
                painter.drawText(where, Qt.AlignmentFlag.AlignCenter, SHAPES[alarm.priority])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the alarm nearest to the click, within reach of it."""
        near = sorted(self._recent(), key=lambda alarm: abs(self._x(alarm) - event.position().x()))
        if near and abs(self._x(near[0]) - event.position().x()) <= scaled(self, 3 * STEP):
            self.alarm_chosen.emit(near[0].id)

    def _recent(self) -> list[Alarm]:
        since = self._clock.now() - SPAN
        return [alarm for alarm in self._alarms if alarm.raised_at >= since]

    def _area(self) -> QRectF:
        metrics, room = QFontMetrics(self.font()), scaled(self, 16)
        left = metrics.horizontalAdvance(self.tr("15 min")) + room
        right = metrics.horizontalAdvance(self.tr("now")) + room
        return QRectF(left, 0, max(1, self.width() - left - right), self.height())

    def _x(self, alarm: Alarm) -> float:
        area, age = self._area(), self._clock.now() - alarm.raised_at
        return area.right() - area.width() * max(0.0, min(1.0, age / SPAN))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
