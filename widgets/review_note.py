"""Words for the bookmark that was just set: offered beside the work, never in its way."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from domain.bookmark import Bookmark
from widgets import words
from widgets.pane import make_pane, plain_label
from widgets.theme import STEP, scaled

_OFFERED_MS = 15_000
_LONGEST = 500


class BookmarkNote(QWidget):
    """Says that a bookmark was set and takes a note for it; it never takes the keyboard, and leaves by itself."""

    note_given = Signal(object)  # tuple[UUID, str]
    left = Signal()  # the keys are needed elsewhere again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bookmark: Bookmark | None = None
        self._told = plain_label("", self)
        self._note = QLineEdit(self)
        self._note.setMaxLength(_LONGEST)
        self._note.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # or by its key: no Tab falls into it
        self._note.setPlaceholderText(self.tr("Note [Shift+B], Enter keeps it"))
        self._note.setAccessibleName(self.tr("Note for the bookmark"))
        step = scaled(self, STEP)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, step, 2 * step, step)
        row.setSpacing(2 * step)
        row.addWidget(self._told)
        row.addWidget(self._note, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_OFFERED_MS)
        self._timer.timeout.connect(self._leave)
        self._note.returnPressed.connect(self._give)
        self.hide()

    @Slot(object)
    def show_bookmark(self, bookmark: Bookmark) -> None:
        """Offer a note for this bookmark; words begun for the one before are given to that one first."""
        if self._bookmark is not None and self._note.text().strip():
            self._give()
        where = self.tr("room") if bookmark.camera_no is None else words.camera_no(bookmark.camera_no)
        self._told.setText(self.tr("Bookmark {time} {where}").format(time=words.clock_time(bookmark.at), where=where))
        self._bookmark = bookmark
        self._note.clear()
        self.show()
        self._timer.start()

    @Slot()
    def focus_note(self) -> None:
        """Put the keyboard into the note, if one is offered."""
        if self._bookmark is not None:
            self._note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc; the bookmark stays as it is."""
        if event.key() == Qt.Key.Key_Escape:
            self._leave_now()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _give(self) -> None:
        bookmark, said = self._bookmark, self._note.text().strip()
        if bookmark is not None and said:
            self.note_given.emit((bookmark.id, said))
        self._leave_now()

    @Slot()
    def _leave(self) -> None:
        if self._note.hasFocus() or self._note.text().strip():
            self._timer.start()  # somebody writes, or was called away while writing
        else:
            self._leave_now()

    def _leave_now(self) -> None:
        had_keys = self._note.hasFocus()
        self._bookmark = None
        self._timer.stop()
        self._note.clear()
        self.hide()
        if had_keys:
            self.left.emit()
