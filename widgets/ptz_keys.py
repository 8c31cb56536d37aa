"""Which keys turn a camera, call its presets, and type on the numeric keypad."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from domain.motion import Velocity

TURNS: dict[int, Velocity] = {
    Qt.Key.Key_Left: Velocity(pan=-1),
    Qt.Key.Key_Right: Velocity(pan=1),
    Qt.Key.Key_Up: Velocity(tilt=1),
    Qt.Key.Key_Down: Velocity(tilt=-1),
    Qt.Key.Key_Plus: Velocity(zoom=1),
    Qt.Key.Key_Equal: Velocity(zoom=1),
    Qt.Key.Key_Minus: Velocity(zoom=-1),
}
"""The direction of each key that turns while it is held."""

_DIGITS = frozenset("123456789")
_SHIFTED = "!@#$%^&*("  # Korean and American keyboards
_FIRST_DIGIT_SCAN = 2 if sys.platform == "win32" else 10  # the scan code of 1; others follow
_KEYPAD: dict[int, str] = {
    **{Qt.Key.Key_0 + number: str(number) for number in range(10)},
    Qt.Key.Key_Slash: "/",
    Qt.Key.Key_Asterisk: "*",
    Qt.Key.Key_Enter: "E",
    Qt.Key.Key_Period: "C",
    Qt.Key.Key_Comma: "C",
}


def preset_digit(event: QKeyEvent) -> tuple[int, bool] | None:
    """Return which digit of the upper row was pressed (1 to 9) and whether Shift was, None for any other key.

    With Shift a digit comes as the sign above it, which differs between keyboards: then its place on the keyboard
    counts.
    """
    modifiers = event.modifiers()
    if modifiers == Qt.KeyboardModifier.NoModifier and event.text() in _DIGITS:
        return int(event.text()), False
    if modifiers != Qt.KeyboardModifier.ShiftModifier:
        return None
    if event.text() in _DIGITS:
        return int(event.text()), True
    scanned = event.nativeScanCode() - _FIRST_DIGIT_SCAN
    if 0 <= scanned < len(_SHIFTED):
        return scanned + 1, True
    found = _SHIFTED.find(event.text()) if event.text() else -1
    return (found + 1, True) if found >= 0 else None


def keypad_key(event: QKeyEvent, *, typed: bool) -> str:
    """Return the key of `domain.keypad.KEYS` that was pressed, nothing for any other.

    `typed` says that something stands there already: then P calls the preset, and Shift+P stores it.
    """
    if event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        return _KEYPAD.get(event.key(), "")
    if typed and event.key() == Qt.Key.Key_P:
        return "S" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else "P"
    return ""
