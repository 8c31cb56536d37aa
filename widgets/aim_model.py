"""Landmarks as rows: their name, place, height, whether they were clicked, and how far off they are."""

from collections.abc import Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from widgets.aim_draft import DraftMark, place_words
from widgets.words import NO_VALUE

_Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What the columns hold, from left to right."""

    NUMBER = 0
    NAME = 1
    PLACE = 2
    HEIGHT = 3
    SEEN = 4
    OFF = 5


class AimModel(QAbstractTableModel):
    """The landmarks of a draft. Every cell also says the whole row, for those who listen to the screen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[DraftMark, ...] = ()
        self._off_deg: dict[int, float] = {}
        self._blamed: int | None = None

    def show_marks(self, marks: Sequence[DraftMark], off_deg: Mapping[int, float], blamed: int | None) -> None:
        """Show these landmarks, by row how far off they are in degrees, and the row that is to blame, if any."""
        same = len(marks) == len(self._marks)
        if not same:
            self.beginResetModel()
        self._marks, self._off_deg, self._blamed = tuple(marks), dict(off_deg), blamed
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(len(marks) - 1, len(Column) - 1))
        else:
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many landmarks there are."""
        return 0 if parent.isValid() else len(self._marks)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the heading of a column."""
        if role != Qt.ItemDataRole.DisplayRole or orientation is not Qt.Orientation.Horizontal:
            return None
        return {
            Column.NUMBER: "",
            Column.NAME: self.tr("Landmark"),
            Column.PLACE: self.tr("Place"),
            Column.HEIGHT: self.tr("Height"),
            Column.SEEN: self.tr("Clicked"),
            Column.OFF: self.tr("Off by"),
        }[Column(section)]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell shows."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(index.row(), Column(index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (self._cell(index.row(), column) for column in Column)))
        if role == Qt.ItemDataRole.TextAlignmentRole and Column(index.column()) in {Column.HEIGHT, Column.OFF}:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _cell(self, row: int, column: Column) -> str:
        mark = self._marks[row]
        match column:
            case Column.NUMBER:
                return f"{row + 1} ■" if row == self._blamed else str(row + 1)
            case Column.NAME:
                return mark.name
            case Column.PLACE:
                return place_words(mark.place) or NO_VALUE
            case Column.HEIGHT:
                return f"{mark.height_m:.1f} m"
            case Column.SEEN:
                return self.tr("yes") if mark.position is not None else NO_VALUE
            case Column.OFF:
                off = self._off_deg.get(row)
                return NO_VALUE if off is None else f"{off:.1f}°"
