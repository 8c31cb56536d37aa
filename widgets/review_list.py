"""What was recorded here: the clips, and below them a way to any camera and time."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView, QVBoxLayout, QWidget

from widgets.pane import PaneHeader, plain_label
from widgets.review_list_model import CLIP_ROLE, ClipLine, ClipModel, Column, Listed
from widgets.review_span_form import SpanForm
from widgets.theme import STEP, scaled

_WIDTH = 480


class ReviewList(QWidget):
    """Lists clips, newest first. Enter or a double click asks for the chosen one."""

    clip_chosen = Signal(object)  # ClipLine

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFixedWidth(scaled(self, _WIDTH))
        self.model = ClipModel(self)
        self._header = PaneHeader(self.tr("Recorded here [L]"), self)
        self._empty = plain_label(self.tr("No clips yet. Alarms and Ctrl+R make them."), self, dim=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.rows = _Rows(self)
        self.rows.setModel(self.model)
        self.rows.set_up()
        self.form_header = PaneHeader(self.tr("Camera and time [G]"), self)
        self.form = SpanForm(self)
        self.rows.row_entered.connect(self._ask)
        self._lay_out()
        self.show_clips(())

    def show_clips(self, clips: Sequence[Listed]) -> None:
        """Show these clips; the chosen one stays chosen while it is among them."""
        if tuple(clips) == self.model.clips and clips:
            return
        chosen: Listed | None = self.rows.currentIndex().data(CLIP_ROLE)
        scrolled = self.rows.verticalScrollBar().value()
        self.model.show_clips(clips)
        row = self.model.row_of(chosen)
        if clips:
            self.rows.selectRow(0 if row is None else row)
            self.rows.verticalScrollBar().setValue(scrolled)
        self._header.show_right(str(len(clips)) if clips else "")
        self._empty.setVisible(not clips)
        self.rows.setVisible(bool(clips))

    @Slot()
    def focus_list(self) -> None:
        """Give the keys to the clips."""
        self.rows.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def focus_form(self) -> None:
        """Give the keys to the camera's number."""
        self.form.camera.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.form.camera.selectAll()

    @Slot(QModelIndex)
    def _ask(self, index: QModelIndex) -> None:
        clip = index.data(CLIP_ROLE)
        if isinstance(clip, ClipLine):
            self.clip_chosen.emit(clip)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(scaled(self, 2 * STEP))
        column.addWidget(self._header)
        column.addWidget(self.rows, 1)
        column.addWidget(self._empty, 1)
        column.addWidget(self.form_header)
        column.addWidget(self.form)


class _Rows(QTableView):
    """A table that leaves the player's keys to the window."""

    row_entered = Signal(QModelIndex)

    def set_up(self) -> None:
        self.setAccessibleName(self.tr("Recorded here"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self.setColumnWidth(Column.TIME, scaled(self, 186))
        self.setColumnWidth(Column.CAMERA, scaled(self, 136))
        self.doubleClicked.connect(self.row_entered)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain == Qt.KeyboardModifier.NoModifier and key in _WALKING:
            super().keyPressEvent(event)
        elif plain == Qt.KeyboardModifier.NoModifier and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.row_entered.emit(self.currentIndex())
        else:
            event.ignore()


_WALKING = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End}
)
