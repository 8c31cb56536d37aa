"""The alarm queue's rows: open alarms by priority, then newest first."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import IntEnum
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from domain.alarm import Alarm, Priority
from domain.clock import Clock
from domain.text import Text
from widgets import words
from widgets.theme import SHAPES

ALARM_ROLE = Qt.ItemDataRole.UserRole
LOAD_WINDOW = timedelta(minutes=10)  # ISA-18.2 counts alarms per operator in ten minutes

_Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What the columns hold, from left to right."""

    PRIORITY = 0
    TIME = 1
    KIND = 2
    PLACE = 3
    AGE = 4
    OWNER = 5


_RIGHT = frozenset({Column.TIME, Column.AGE})


class AlarmModel(QAbstractTableModel):
    """Open alarms as rows. Every cell also says the whole row, for those who listen to the screen."""

    def __init__(
        self,
        clock: Clock,
        render: Callable[[Text], str],
        whereabouts: Callable[[Alarm], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._render = render
        self._whereabouts = whereabouts
        self._alarms: tuple[Alarm, ...] = ()

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Hold these alarms, sorted."""
        self.beginResetModel()
        self._alarms = tuple(sorted(alarms, key=lambda alarm: (alarm.priority.rank, -alarm.raised_at.timestamp())))
        self.endResetModel()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms in the order of the rows."""
        return self._alarms

    def row_of(self, alarm_id: UUID | None) -> int | None:
        """Return where an alarm stands now."""
        return next((row for row, alarm in enumerate(self._alarms) if alarm.id == alarm_id), None)

    def waiting(self, priority: Priority) -> int:
        """Return how many alarms of this priority nobody has acknowledged."""
        return sum(alarm.waiting and alarm.priority is priority for alarm in self._alarms)

    def load(self) -> int:
        """Return how many alarms came in the last ten minutes."""
        since = self._clock.now() - LOAD_WINDOW
        return sum(alarm.raised_at >= since for alarm in self._alarms)

    def tick(self) -> None:
        """Let the running ages be read anew."""
        if self._alarms:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._alarms) - 1, len(Column) - 1))

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of alarms."""
        return 0 if parent is not None and parent.isValid() else len(self._alarms)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the columns' names."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if Column(section) in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            Column.PRIORITY: self.tr("Priority"),
            Column.TIME: self.tr("Time"),
            Column.KIND: self.tr("What"),
            Column.PLACE: self.tr("Where"),
            Column.AGE: self.tr("Age"),
            Column.OWNER: self.tr("Who"),
        }[Column(section)]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says and how it is set."""
        if not index.isValid() or not 0 <= index.row() < len(self._alarms):
            return None
        alarm, column = self._alarms[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._said(alarm, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._whole_line(alarm)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case _:
                return alarm if role == ALARM_ROLE else None

    def _said(self, alarm: Alarm, column: Column) -> str:
        match column:
            case Column.PRIORITY:
                return f"{SHAPES[alarm.priority]} {words.priority_word(alarm.priority)}"
            case Column.TIME:
                return words.clock_time(alarm.raised_at)
            case Column.KIND:
                mode = words.mode_word(alarm.mode)
                return f"{self._render(alarm.title)} ({mode})" if mode else self._render(alarm.title)
            case Column.PLACE:
                return self._whereabouts(alarm)
            case Column.AGE:
                return words.duration((self._clock.now() - alarm.raised_at).total_seconds())
            case Column.OWNER:
                return self._owner(alarm)

    def _owner(self, alarm: Alarm) -> str:
        known = alarm.acknowledgement
        if known is None:
            return words.NO_VALUE
        return self.tr("here only: {name}").format(name=known.by) if known.here_only else known.by

    def _whole_line(self, alarm: Alarm) -> str:
        said = " · ".join(self._said(alarm, column) for column in Column)
        unknown = self.tr("place unknown")
        return said if alarm.place is not None else f"{said} · {unknown}"
