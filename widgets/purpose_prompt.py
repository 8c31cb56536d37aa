"""What a crime-prevention camera is turned for: asked beside the work, answered with one key, the hand stays on."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from domain.camera import Camera
from domain.purpose import Purpose
from widgets import words
from widgets.pane import make_pane, mark, plain_label
from widgets.theme import STEP, larger, scaled

_WAITS_MS = 20_000
_COLUMNS = 3
_WRITING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_KEYS = {Qt.Key(Qt.Key.Key_1 + n): purpose for n, purpose in enumerate(Purpose)}
_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class PurposePrompt(QWidget):
    """Asks what a camera is turned for. It never takes the keyboard, so a key that is held stays held.

    While it is shown, 1 to 9 and Esc are taken from whatever has the focus in the program, but for text fields; all
    other keys go where they went. It is gone after an answer, after 20 s, or when it is hidden from outside.
    """

    purpose_given = Signal(object)  # Purpose
    left = Signal()  # without an answer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        make_pane(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._open = False
        self._watched: QWidget | None = None
        self._question = plain_label("", self)
        self._question.setFont(larger(self, 1.15, bold=True))
        self._question.setWordWrap(True)
        mark(self._question, warn=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAITS_MS)
        self._timer.timeout.connect(self.leave)
        self._lay_out()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)
        self.hide()

    def ask(self, camera: Camera) -> None:
        """Ask what this camera is turned for."""
        question = self.tr("Camera {camera} {name} leaves its home view. What for?")
        self._question.setText(question.format(camera=words.camera_no(camera.no), name=camera.name))
        self.setAccessibleName(self._question.text())
        self._open = True
        self.show()
        self._timer.start()
        self._watch(QApplication.focusWidget())

    @property
    def asking(self) -> bool:
        """Whether an answer is waited for."""
        return self._open

    @Slot()
    def leave(self) -> None:
        """Go without an answer."""
        if self._open:
            self.close_question()
            self.left.emit()

    @Slot()
    def close_question(self) -> None:
        """Ask no more: it was answered, or is not wanted any more."""
        self._open = False
        self._timer.stop()
        self._watch(None)
        self.hide()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the answer from whatever has the keys."""
        if not self._open or event.type() not in _TAKEN or not isinstance(event, QKeyEvent):
            return False
        key, held = Qt.Key(event.key()), event.modifiers() & ~_KEYPAD
        if held != Qt.KeyboardModifier.NoModifier or (key not in _KEYS and key != Qt.Key.Key_Escape):
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._take(key)
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        """Go without an answer where it is covered from outside."""
        super().hideEvent(event)
        self.leave()

    def _take(self, key: Qt.Key) -> None:
        purpose = _KEYS.get(key)
        if purpose is None:
            self.leave()
        else:
            self._give(purpose)

    def _give(self, purpose: Purpose) -> None:
        if self._open:
            self.close_question()
            self.purpose_given.emit(purpose)

    @Slot(QWidget, QWidget)
    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self._open:
            self._watch(now)

    def _watch(self, widget: QWidget | None) -> None:
        """Take the answer from this widget from now on."""
        before, self._watched = self._watched, widget
        if before is not None and isValid(before):
            before.removeEventFilter(self)
        if widget is not None and not isinstance(widget, _WRITING):
            widget.installEventFilter(self)

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        grid = QGridLayout()
        grid.setSpacing(step)
        for n, purpose in enumerate(Purpose):
            button = QPushButton(f"{n + 1}  {self._word(purpose)}", self)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self._clicked, purpose))
            grid.addWidget(button, n // _COLUMNS, n % _COLUMNS)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, step)
        column.setSpacing(step)
        column.addWidget(self._question)
        column.addLayout(grid)
        keys = self.tr("1-9 answers: what is held then turns it. Esc leaves it where it looks.")
        column.addWidget(plain_label(keys, self, dim=True))

    def _clicked(self, purpose: Purpose) -> None:
        self._give(purpose)

    def _word(self, purpose: Purpose) -> str:
        return {
            Purpose.REPORT: self.tr("112 report"),
            Purpose.SOS: self.tr("SOS, emergency bell"),
            Purpose.SUSPICION: self.tr("suspicious act seen"),
            Purpose.MISSING_PERSON: self.tr("missing person"),
            Purpose.PATROL: self.tr("patrol asks for it"),
            Purpose.TRAFFIC: self.tr("traffic accident"),
            Purpose.DISASTER: self.tr("fire, flood, disaster"),
            Purpose.MAINTENANCE: self.tr("maintenance"),
            Purpose.TRAINING: self.tr("training"),
        }[purpose]


_TAKEN = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
