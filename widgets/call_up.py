"""Calling a camera or a layout up, as on a control-room keyboard: `12 Enter`, `12 / 3 Enter`, `2 * 1+5 Enter`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from widgets.pane import mark, plain_label
from widgets.theme import STEP, larger, scaled

_LONGEST = 12
_FORGET_MS = 8000


@dataclass(frozen=True, slots=True)
class ShowCamera:
    """Show a camera: in a tile (counted from 0), or in the selected or next free one where `tile` is None."""

    camera_no: int
    tile: int | None = None


@dataclass(frozen=True, slots=True)
class ShowLayout:
    """Put a layout on a monitor: its number as typed, and the layout's name, such as `5` or `1+5`."""

    monitor: int
    layout: str


CallUpCommand = ShowCamera | ShowLayout


class CallUp:
    """Takes keys one at a time and returns a command when one is complete; knows no Qt."""

    def __init__(self) -> None:
        self.text = ""
        self.understood = True

    def press(self, key: str) -> CallUpCommand | None:
        """Take a key: a digit, `/`, `*`, `+`, `enter`, `backspace` or `escape`; others are ignored.

        An `enter` after something that is no command leaves `understood` False and the text to be mended.
        """
        if key == "enter":
            return self._entered()
        self.understood = True
        if key == "escape":
            self.text = ""
        elif key == "backspace":
            self.text = self.text[:-1]
        elif len(self.text) < _LONGEST and self._continues(key):
            self.text += key
        return None

    def _continues(self, key: str) -> bool:
        """Return whether a key can come after what has been typed."""
        if key.isascii() and key.isdigit():
            return True
        if key == "+":
            return re.fullmatch(r"\d+\*\d+", self.text) is not None
        return key in ("/", "*") and self.text.isdigit()

    def _entered(self) -> CallUpCommand | None:
        typed, self.text, self.understood = self.text, "", True
        layout = re.fullmatch(r"0*(\d+)\*0*([1-9]\d*(?:\+\d+)?)", typed)
        if layout is not None:
            return ShowLayout(int(layout[1]), layout[2])
        camera = re.fullmatch(r"0*(\d+)(?:/0*([1-9]\d*))?", typed)
        if camera is None:
            self.text, self.understood = typed, not typed
            return None
        return ShowCamera(int(camera[1]), int(camera[2]) - 1 if camera[2] else None)


class CallUpDisplay(QWidget):
    """Shows what has been typed, and forgets it after a while."""

    command_given = Signal(object)  # CallUpCommand

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._call_up = CallUp()
        self._zero: Callable[[], bool] = _nothing
        self._typed = plain_label("", self)
        self._typed.setFont(larger(self, 1.5, bold=True))
        self._typed.setAccessibleName(self.tr("Typed number"))
        self._hint = plain_label(self.tr("number, then Enter"), self, dim=True)
        self._hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(scaled(self, 2 * STEP), 0, scaled(self, 2 * STEP), 0)
        row.setSpacing(scaled(self, 3 * STEP))
        row.addWidget(self._typed)
        row.addWidget(self._hint, 1)
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(_FORGET_MS)
        self._forget.timeout.connect(lambda: self.press("escape"))
        self._show()

    def give_zero(self, deed: Callable[[], bool]) -> None:
        """Have this done by a 0 before any other digit; where it returns False the 0 begins a number."""
        self._zero = deed

    def take_key(self, event: QKeyEvent) -> bool:
        """Take a key if it belongs here, and return whether it did; Enter and Escape do only after something typed."""
        key = _KEYS.get(event.key()) or event.text()
        if key == "0" and not self._call_up.text and self._zero():
            return True
        belongs = (len(key) == 1 and key in "0123456789") or (bool(self._call_up.text) and key in _AFTER_DIGITS)
        if belongs and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            self.press(key)
            return True
        return False

    def press(self, key: str) -> None:
        """Take one key as `CallUp` names them."""
        command = self._call_up.press(key)
        self._show()
        if self._call_up.text:
            self._forget.start()
        else:
            self._forget.stop()
        if command is not None:
            self.command_given.emit(command)

    def _show(self) -> None:
        text = self._call_up.text
        self._typed.setText(" ".join(re.findall(r"\d+|[/*+]", text)) or self.tr("camera –"))
        mark(self._typed, dim=not text, warn=not self._call_up.understood)


def _nothing() -> bool:
    return False


_AFTER_DIGITS = frozenset({"/", "*", "+", "enter", "backspace", "escape"})
_KEYS: dict[int, str] = {
    Qt.Key.Key_Return: "enter",
    Qt.Key.Key_Enter: "enter",
    Qt.Key.Key_Backspace: "backspace",
    Qt.Key.Key_Escape: "escape",
}
