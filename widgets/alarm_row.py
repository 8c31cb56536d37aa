"""How a row of the alarm queue is drawn: filled and bold while it waits, grey once acknowledged."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from domain.alarm import Alarm
from widgets.alarm_model import ALARM_ROLE, Column
from widgets.theme import Colours, colours_of, scaled


class AlarmRow(QStyledItemDelegate):
    """Draws one cell; colour always comes with the shape and the word that the model says."""

    def __init__(self, table: QTableView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell's field, its words, and the accent of the selected row."""
        alarm = index.data(ALARM_ROLE)
        if not isinstance(alarm, Alarm):
            return
        colours, box = colours_of(self._table), QRect(option.rect)
        unit = scaled(self._table, 1)
        selected = index.row() == self._table.currentIndex().row()
        painter.save()
        painter.fillRect(box, QColor(colours.raised if alarm.waiting or selected else colours.pane))
        ink = self._ink(painter, box.adjusted(0, 2 * unit, 0, -2 * unit), alarm, index.column(), colours)
        font = QFont(self._table.font())
        font.setBold(alarm.waiting)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        room = box.adjusted(4 * unit, 0, -4 * unit, 0)
        said = QFontMetrics(font).elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), said)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(colours.line))
        if selected:
            _mark_selected(painter, box, index.column(), QColor(colours.accent), 2 * unit)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return room for the words in bold."""
        del option
        font = QFont(self._table.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        unit = scaled(self._table, 1)
        return QSize(metrics.horizontalAdvance(str(index.data())) + 9 * unit, metrics.height() + 8 * unit)

    def _ink(self, painter: QPainter, box: QRect, alarm: Alarm, column: int, colours: Colours) -> str:
        if column == Column.PRIORITY:
            if alarm.waiting:
                painter.fillRect(box, QColor(colours.of(alarm.priority)))
                return colours.ink
            return colours.of(alarm.priority)
        return colours.text if alarm.waiting else colours.dim


def _mark_selected(painter: QPainter, box: QRect, column: int, colour: QColor, width: int) -> None:
    painter.fillRect(box.left(), box.top(), box.width(), width, colour)
    painter.fillRect(box.left(), box.bottom() - width + 1, box.width(), width, colour)
    if column == 0:
        painter.fillRect(box.left(), box.top(), width, box.height(), colour)
    if column == len(Column) - 1:
        painter.fillRect(box.right() - width + 1, box.top(), width, box.height(), colour)
