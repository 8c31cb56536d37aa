"""The row of buttons with which the past is looked at: the same in the replay bar and in the review player."""

from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from widgets.pane import plain_label
from widgets.theme import STEP, scaled

_PLAIN, _CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class ReviewControl(StrEnum):
    """What can be asked of a replay."""

    BACK = "back"
    STEP_BACK = "step_back"
    PAUSE = "pause"
    STEP_ON = "step_on"
    SLOWER = "slower"
    FASTER = "faster"
    BOOKMARK = "bookmark"
    SNAPSHOT = "snapshot"
    LIVE = "live"


REVIEW_KEYS: dict[tuple[int, Qt.KeyboardModifier], ReviewControl] = {
    (Qt.Key.Key_Left, _CONTROL): ReviewControl.STEP_BACK,
    (Qt.Key.Key_Right, _CONTROL): ReviewControl.STEP_ON,
    (Qt.Key.Key_Space, _CONTROL): ReviewControl.PAUSE,
    (Qt.Key.Key_BracketLeft, _PLAIN): ReviewControl.SLOWER,
    (Qt.Key.Key_BracketRight, _PLAIN): ReviewControl.FASTER,
}
"""Keys that mean the same wherever the past is looked at."""


def control_of(event: QKeyEvent) -> ReviewControl | None:
    """Return what a key asks of a replay, None where it asks nothing of it."""
    return REVIEW_KEYS.get((event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier))


def rate_words(rate: float) -> str:
    """Return a rate as 0.25×, 1×, 4×."""
    return f"{rate:g}×"


class ReviewControls(QWidget):
    """Buttons with their words and keys; `show_rate` says what is so."""

    control_asked = Signal(object)  # ReviewControl

    def __init__(self, parent: QWidget | None = None, *, live: bool = False) -> None:
        super().__init__(parent)
        self._buttons: dict[ReviewControl, QPushButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(scaled(self, STEP))
        self._rate = plain_label("", self)
        self._rate.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._rate.setMinimumWidth(scaled(self, 36))
        self._rate.setAccessibleName(self.tr("Rate"))
        self._add(ReviewControl.BACK, self.tr("−10 s"), self.tr("Ten seconds back"))
        self._add(ReviewControl.STEP_BACK, "◂❙", self.tr("One picture back [Ctrl+←]"))
        self._add(ReviewControl.PAUSE, "", self.tr("Pause or go on [Ctrl+Space]"))
        self._add(ReviewControl.STEP_ON, "❙▸", self.tr("One picture on [Ctrl+→]"))
        self._add(ReviewControl.SLOWER, "−", self.tr("Slower [[]"))
        self._row.addWidget(self._rate)
        self._add(ReviewControl.FASTER, "+", self.tr("Faster []]"))
        self._add(ReviewControl.BOOKMARK, self.tr("Bookmark [B]"), self.tr("Bookmark this moment"))
        self._add(ReviewControl.SNAPSHOT, self.tr("Snapshot"), self.tr("Keep this picture [Ctrl+S]"))
        if live:
            self._add(ReviewControl.LIVE, self.tr("Live [Esc]"), self.tr("Back to the live picture"))
        self.show_rate(1.0, paused=False)

    def show_rate(self, rate: float, *, paused: bool) -> None:
        """Say how fast it runs, and offer what is not so."""
        self._rate.setText(rate_words(rate))
        self._buttons[ReviewControl.PAUSE].setText(self.tr("Go on") if paused else self.tr("Pause"))

    def offer(self, control: ReviewControl, *, possible: bool) -> None:
        """Let a button be pressed, or not."""
        self._buttons[control].setEnabled(possible)

    def button(self, control: ReviewControl) -> QPushButton:
        """Return a button."""
        return self._buttons[control]

    def _add(self, control: ReviewControl, label: str, meaning: str) -> None:
        button = QPushButton(label, self)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys where they are
        button.setAccessibleName(meaning)
        button.setToolTip(meaning)
        button.clicked.connect(partial(self.control_asked.emit, control))
        self._buttons[control] = button
        self._row.addWidget(button)
