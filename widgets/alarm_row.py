"""How a row of the alarm queue is drawn: filled and bold while it waits, outlined and grey once acknowledged."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from domain.alarm import Alarm, Priority
from widgets import words
from widgets.alarm_model import ALARM_ROLE, Column
from widgets.theme import SHAPES, Colours, colours_of, larger, scaled

_Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_OWNERS_SHARE = 0.45  # of the second line at most, so that the place keeps the larger part


@dataclass(frozen=True, slots=True)
class RowParts:
    """Where the parts of one row lie, and its words as far as there is room for them."""

    badge: QRect
    title: QRect
    age: QRect
    place: QRect
    owner: QRect
    said: dict[Column, str]


class AlarmRow(QStyledItemDelegate):
    """Draws an alarm on two lines: what it is and how old; when, where, and who acknowledged it.

    Colour always comes with the shape and the word of the badge; a filled badge means that the alarm waits.
    """

    def __init__(self, view: QListView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the row's field, its badge, its words, and the accent of the selected one."""
        alarm = index.data(ALARM_ROLE)
        if not isinstance(alarm, Alarm):
            return
        colours, box, unit = colours_of(self._view), QRect(option.rect), scaled(self._view, 1)
        selected = index.row() == self._view.currentIndex().row()
        parts = self.parts(box, index, alarm)
        painter.save()
        painter.fillRect(box, QColor(colours.raised if alarm.waiting or selected else colours.pane))
        self._draw_badge(painter, parts.badge, alarm, colours)
        self._draw_words(painter, parts, alarm, colours)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, QColor(colours.line))
        if selected:
            _outline(painter, box, QColor(colours.accent), 2 * unit)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return room for two lines; the width is the view's."""
        del option, index
        unit = scaled(self._view, 1)
        first, second = QFontMetrics(self._title_font(bold=True)), QFontMetrics(self._view.font())
        return QSize(scaled(self._view, 240), first.height() + second.height() + 10 * unit)

    def parts(self, box: QRect, index: _Index, alarm: Alarm) -> RowParts:
        """Return where everything lies in a row of this size; what has no room is shortened at its end."""
        unit = scaled(self._view, 1)
        title_font, small = QFontMetrics(self._title_font(bold=alarm.waiting)), QFontMetrics(self._view.font())
        badge = QRect(box.left(), box.top(), self._badge_width(), box.height() - 1)
        left, right, top = badge.right() + 9 * unit, box.right() - 6 * unit, box.top() + 4 * unit
        first = QRect(left, top, right - left, title_font.height())
        second = QRect(left, top + title_font.height() + unit, right - left, small.height())
        age, room = _said(index, Column.AGE), int(second.width() * _OWNERS_SHARE)
        owner = self._owner(index, alarm, room)
        when_where = f"{_said(index, Column.TIME)}  {_said(index, Column.PLACE)}"
        age_width = title_font.horizontalAdvance(age)
        owner_width = min(small.horizontalAdvance(owner) + 2 * unit, room) if owner else 0
        title = first.adjusted(0, 0, -age_width - 8 * unit, 0)
        place = second.adjusted(0, 0, -owner_width - (8 * unit if owner else 0), 0)
        elide, middle = Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideMiddle  # the mark of an exercise stands last
        return RowParts(
            badge=badge,
            title=title,
            age=first.adjusted(first.width() - age_width, 0, 0, 0),
            place=place,
            owner=second.adjusted(second.width() - owner_width, 0, 0, 0),
            said={
                Column.KIND: title_font.elidedText(_said(index, Column.KIND), middle, title.width()),
                Column.AGE: age,
                Column.PLACE: small.elidedText(when_where, elide, place.width()),
                Column.OWNER: small.elidedText(owner, elide, owner_width),
            },
        )

    def _draw_badge(self, painter: QPainter, box: QRect, alarm: Alarm, colours: Colours) -> None:
        colour = QColor(colours.of(alarm.priority))
        edge = QRect(box.left(), box.top(), scaled(self._view, 3), box.height())
        painter.fillRect(box if alarm.waiting else edge, colour)
        painter.setFont(self._bold())
        painter.setPen(QColor(colours.ink) if alarm.waiting else colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _badge_words(alarm.priority))

    def _draw_words(self, painter: QPainter, parts: RowParts, alarm: Alarm, colours: Colours) -> None:
        ink = QColor(colours.text if alarm.waiting else colours.dim)
        painter.setPen(ink)
        painter.setFont(self._title_font(bold=alarm.waiting))
        painter.drawText(parts.title, _LEFT, parts.said[Column.KIND])
        painter.drawText(parts.age, _RIGHT, parts.said[Column.AGE])
        painter.setFont(self._view.font())
        painter.drawText(parts.place, _LEFT, parts.said[Column.PLACE])
        known = alarm.acknowledgement
        painter.setPen(QColor(colours.high) if known is not None and known.here_only else ink)
        painter.drawText(parts.owner, _RIGHT, parts.said[Column.OWNER])

    def _owner(self, index: _Index, alarm: Alarm, room: int) -> str:
        """Say who acknowledged, in so many words where they fit, else by name alone: the badge says the rest."""
        if alarm.acknowledgement is None:
            return ""
        owner = _said(index, Column.OWNER)
        if alarm.acknowledgement.here_only:
            return owner
        said = self.tr("ack. {name}").format(name=owner)
        return said if QFontMetrics(self._view.font()).horizontalAdvance(said) < room else owner

    def _title_font(self, *, bold: bool) -> QFont:
        return larger(self._view, 1.1, bold=bold)

    def _bold(self) -> QFont:
        return larger(self._view, 1.0, bold=True)

    def _badge_width(self) -> int:
        metrics = QFontMetrics(self._bold())
        return max(metrics.horizontalAdvance(_badge_words(each)) for each in Priority) + scaled(self._view, 14)


def _badge_words(priority: Priority) -> str:
    return f"{SHAPES[priority]} {words.priority_word(priority)}"


def _said(index: _Index, column: Column) -> str:
    return str(index.sibling(index.row(), column).data())


def _outline(painter: QPainter, box: QRect, colour: QColor, width: int) -> None:
    painter.fillRect(box.left(), box.top(), box.width(), width, colour)
    painter.fillRect(box.left(), box.bottom() - width + 1, box.width(), width, colour)
    painter.fillRect(box.left(), box.top(), width, box.height(), colour)
    painter.fillRect(box.right() - width + 1, box.top(), width, box.height(), colour)
