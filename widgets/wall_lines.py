"""A list of lines to choose from, each of which stands for something."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

_Index = QModelIndex | QPersistentModelIndex
Line = tuple[str, object]  # what is read, and what it stands for


class LineModel(QAbstractListModel):
    """Things as lines of words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these, in their order."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def thing(self, index: _Index) -> object:
        """Return what a line stands for, None where there is no such line."""
        return self._lines[index.row()][1] if 0 <= index.row() < len(self._lines) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return a line's words."""
        known = 0 <= index.row() < len(self._lines)
        return self._lines[index.row()][0] if known and role == Qt.ItemDataRole.DisplayRole else None


class LineList(QListView):
    """Shows lines, one of which may be chosen."""

    choice_changed = Signal(object)  # what is chosen now, None for nothing

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = LineModel(self)
        self._told: object = None
        self.setModel(self._model)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these; what was chosen stays chosen where it is still among them."""
        before = self.chosen
        self.selectionModel().blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self._model.show_lines(lines)
        self.selectionModel().blockSignals(False)  # noqa: FBT003 - Qt's own signature
        row = next((row for row, (_, thing) in enumerate(lines) if before is not None and thing == before), None)
        if row is not None:
            self.setCurrentIndex(self._model.index(row, 0))
        self._tell()

    @property
    def chosen(self) -> object:
        """What the chosen line stands for, None for nothing."""
        return self._model.thing(self.currentIndex())

    def _tell(self) -> None:
        chosen = self.chosen
        if chosen != self._told:
            self._told = chosen
            self.choice_changed.emit(chosen)
