"""A span of the past as a line: where one is, what is marked on it, and where nothing was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from domain.alarm import Priority
from widgets import words
from widgets.theme import SHAPES, STEP, Colours, colours_of, larger, scaled


class MarkKind(StrEnum):
    """What is marked on a timeline."""

    BOOKMARK = "bookmark"
    ALARM = "alarm"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class ReviewMark:
    """A moment with its words, or a span without pictures (GAP, with `until`). `priority` is an alarm's."""

    kind: MarkKind
    at: datetime
    until: datetime | None = None
    words: str = ""
    priority: Priority = Priority.LOW


class ReviewTimeline(QWidget):
    """Draws a span of time; a click or a drag asks for the moment there, or for the mark that is near."""

    moment_asked = Signal(object)  # datetime

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Timeline"))
        self._span: tuple[datetime, datetime] | None = None
        self._at: datetime | None = None
        self._marks: tuple[ReviewMark, ...] = ()

    def show_span(
        self, begins: datetime | None, ends: datetime | None, at: datetime | None, marks: Sequence[ReviewMark] = ()
    ) -> None:
        """Show this span, where one is in it, and its marks; None where nothing is known yet."""
        self._span = None if begins is None or ends is None or begins >= ends else (begins, ends)
        self._at, self._marks = at, tuple(marks)
        count = sum(mark.kind is not MarkKind.GAP for mark in marks)
        self.setAccessibleDescription(
            self.tr("{time}, {n} marks").format(time=words.clock_time(at), n=count) if at else ""
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for one line with shapes."""
        return QSize(scaled(self, 320), scaled(self, 28))

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(scaled(self, 96), scaled(self, 24))

    def x_of(self, moment: datetime) -> float:
        """Return where a moment lies, in pixels from the left; outside the span it is the nearer end."""
        if self._span is None:
            return self._left()
        begins, ends = self._span
        share = (moment - begins) / (ends - begins)
        return self._left() + self._room() * max(0.0, min(1.0, share))

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, gaps, marks, and on top where one is."""
        del event
        colours = colours_of(self)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), QColor(colours.pane))
            middle, thick = self.height() / 2, scaled(self, STEP)
            line = QRectF(self._left(), middle - thick / 2, self._room(), thick)
            painter.fillRect(line, QColor(colours.line))
            if self._span is None:
                return
            for mark in self._marks:
                if mark.kind is MarkKind.GAP:
                    self._draw_gap(painter, mark, colours)
            for mark in self._marks:
                if mark.kind is not MarkKind.GAP:
                    self._draw_mark(painter, mark, colours)
            if self._at is not None:
                self._draw_position(painter, self._at, colours)

    def _draw_gap(self, painter: QPainter, mark: ReviewMark, colours: Colours) -> None:
        left, right = self.x_of(mark.at), self.x_of(mark.until or mark.at)
        height = scaled(self, 2 * STEP)
        area = QRectF(left, (self.height() - height) / 2, max(2.0, right - left), height)
        painter.fillRect(area, QColor(colours.field))
        painter.setPen(QColor(colours.dim))
        painter.setBrush(QBrush(QColor(colours.dim), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(area)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_mark(self, painter: QPainter, mark: ReviewMark, colours: Colours) -> None:
        x, side = self.x_of(mark.at), scaled(self, 5 * STEP)
        if mark.kind is MarkKind.ALARM:
            painter.setFont(larger(self, 1.0))
            painter.setPen(QColor(colours.of(mark.priority)))
            where = QRectF(x - side / 2, 0, side, self.height())
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, SHAPES[mark.priority])
            return
        half, top = scaled(self, STEP), self.height() / 2 - scaled(self, 2 * STEP)
        flag = [(-half, 0), (half, 0), (half, 4 * half), (0, 3 * half), (-half, 4 * half)]  # a ribbon in a book
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, top + dy) for dx, dy in flag]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_position(self, painter: QPainter, at: datetime, colours: Colours) -> None:
        width = scaled(self, STEP // 2)
        painter.fillRect(QRectF(self.x_of(at) - width / 2, 0, width, self.height()), QColor(colours.accent))

    # -- the operator

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Ask for the moment under the pointer, or for the mark that is near."""
        if event.button() == Qt.MouseButton.LeftButton and self._span is not None:
            near = self._near(event.position().x())
            self.moment_asked.emit(self._moment(event.position().x()) if near is None else near.at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Ask for the moment under the pointer while it is dragged."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._span is not None:
            self.moment_asked.emit(self._moment(event.position().x()))

    def event(self, event: QEvent) -> bool:
        """Say in a tip what the mark under the pointer is."""
        if isinstance(event, QHelpEvent):
            near = self._near(event.pos().x())
            said = "" if near is None else f"{words.clock_time(near.at)} {near.words}".strip()
            QToolTip.showText(event.globalPos(), said.replace("<", "‹"), self)
            return True
        return super().event(event)

    def _near(self, x: float) -> ReviewMark | None:
        marks = [mark for mark in self._marks if mark.kind is not MarkKind.GAP]
        if self._span is None or not marks:
            return None
        nearest = min(marks, key=lambda mark: abs(self.x_of(mark.at) - x))
        return nearest if abs(self.x_of(nearest.at) - x) <= scaled(self, 2 * STEP) else None

    def _moment(self, x: float) -> datetime | None:
        if self._span is None:
            return None
        begins, ends = self._span
        return begins + (ends - begins) * max(0.0, min(1.0, (x - self._left()) / self._room()))

    def _left(self) -> float:
        return scaled(self, 2 * STEP)

    def _room(self) -> float:
        return max(1.0, self.width() - 2 * self._left())
