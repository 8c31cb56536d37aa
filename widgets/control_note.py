"""One line about who has the camera in hand: a take-over that is counted down, a wait, a warning."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.pane import make_pane, mark, plain_label
from widgets.theme import STEP, larger, scaled


class ControlNote(QWidget):
    """Shows a sentence that concerns the hand on a camera; hidden where there is none. It never takes the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._told = plain_label("", self)
        self._told.setFont(larger(self, 1.15, bold=True))
        self._told.setWordWrap(True)
        step = scaled(self, STEP)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * step, step, 2 * step, step)
        row.addWidget(self._told)
        mark(self._told, warn=True)
        self.hide()

    @Slot(str)
    def show_words(self, said: str) -> None:
        """Show this sentence, or nothing."""
        if said == self._told.text() and self.isHidden() == (not said):
            return
        self._told.setText(said)
        self._told.setAccessibleName(said)
        self.setVisible(bool(said))
