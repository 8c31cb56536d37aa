"""The desk's keys: one map, taken before the widgets see them, except where somebody writes or turns a camera."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

Key = tuple[Qt.Key, Qt.KeyboardModifier]
Deed = Callable[[], None]

PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier

_TOUCHES = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})
_WRITING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)


class Keys(QObject):
    """Turns key presses anywhere in a window into deeds.

    In text fields letters are letters, dialogs keep their keys, and while `pad` has the focus only Escape is taken
    from it. `call_up` gets the digits and what follows them, and says whether it took a key. Before `begin` nobody is
    signed in, and every key is left to the page that asks who is there.
    """

    touched = Signal()  # a real hand is on the keyboard or the mouse

    def __init__(
        self, window: QWidget, pad: QWidget, deeds: Mapping[Key, Deed], call_up: Callable[[QKeyEvent], bool]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._pad = pad
        self._deeds = dict(deeds)
        self._call_up = call_up
        self._begun = False
        # Not on the application: there a filter in Python is handed objects whose constructors still run, and the
        # web engine's crash under it. Keys go to the widget that has the focus, so the filter follows that.
        window.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def begin(self) -> None:
        """Take keys from now on."""
        self._begun = True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take a key press if it means something here."""
        if event.spontaneous() and event.type() in _TOUCHES:
            self.touched.emit()
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if not self._begun:
            return False
        if watched.window() is not self._window or isinstance(watched, _WRITING):
            return watched.window() is self._window and self._left_field(watched, event)
        key = (Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        if self._pad.hasFocus() and key[0] is not Qt.Key.Key_Escape:
            return False
        if event.isAutoRepeat():
            return key in self._deeds
        if self._call_up(event):
            return True
        deed = self._deeds.get(key)
        if deed is None:
            return False
        deed()
        return True

    @Slot(QWidget, QWidget)
    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None and isValid(before) and before is not self._window:
            before.removeEventFilter(self)
        if now is not None and now.window() is self._window and now is not self._window:
            now.installEventFilter(self)

    def _left_field(self, field: QWidget, event: QKeyEvent) -> bool:
        """Let Escape lead out of a text field, back to where the keys are."""
        if event.key() != Qt.Key.Key_Escape:
            return False
        self._deeds[(Qt.Key.Key_Escape, PLAIN)]()
        field.clearFocus()
        return True
