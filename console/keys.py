"""The desk's keys: one map, taken before the widgets see them, except while somebody writes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QWidget

Deed = Callable[[], None]
Digits = Callable[[str], bool]

_WRITING = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_CALL_UP = "0123456789/*"


class Keys(QObject):
    """Turns key presses anywhere in a window into deeds. In text fields letters are letters; dialogs keep theirs."""

    def __init__(
        self,
        window: QWidget,
        deeds: dict[tuple[Qt.Key, Qt.KeyboardModifier], Deed],
        hold: Callable[[int], bool],
        release: Callable[[int], bool],
        call_up: Digits,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._deeds = deeds
        self._hold = hold
        self._release = release
        self._call_up = call_up
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]  # there is one by now

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the key if it means something here."""
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease) or not isinstance(event, QKeyEvent):
            return False
        if not isinstance(watched, QWidget) or not self._ours(watched):
            return False
        if event.type() == QEvent.Type.KeyRelease:
            return not event.isAutoRepeat() and self._release(event.key())
        if isinstance(watched, _WRITING):
            return False
        return self._pressed(event)

    def _ours(self, watched: QWidget) -> bool:
        return watched.window() is self._window and QApplication.activeModalWidget() is None

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            return event.key() != Qt.Key.Key_Tab
        text = event.text()
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        if plain and self._hold(event.key()):
            return True
        calls = (text and text in _CALL_UP) or event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
            Qt.Key.Key_Backspace,
        )
        if calls and self._call_up(text if text and text in _CALL_UP else _name(event.key())):
            return True
        deed = self._deeds.get((Qt.Key(event.key()), modifiers))
        if deed is None:
            return False
        deed()
        return True


def _name(key: int) -> str:
    return "\b" if key == Qt.Key.Key_Backspace else "\n"
