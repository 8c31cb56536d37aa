from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from console.keys import CONTROL, PLAIN, SHIFT, Keys

SPACE, ESCAPE, K = Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_K


class Pad(QWidget):
    """Something that wants all keys while it has the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.pressed: list[int] = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.pressed.append(event.key())


class Room:
    """A window with a button, fields and a pad, and a list of what its keys did."""

    def __init__(self, qtbot: QtBot) -> None:
        self.done: list[str] = []
        self.digits = ""
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.button = QPushButton("x", self.window)
        self.pad = Pad(self.window)
        self.fields: list[QWidget] = [
            QLineEdit(self.window),
            QPlainTextEdit(self.window),
            QSpinBox(self.window),
            QComboBox(self.window),
        ]
        layout = QVBoxLayout(self.window)
        for widget in (self.button, self.pad, *self.fields):
            layout.addWidget(widget)
        deeds = {
            (SPACE, PLAIN): lambda: self.done.append("acknowledge"),
            (SPACE, SHIFT): lambda: self.done.append("open"),
            (K, CONTROL): lambda: self.done.append("search"),
            (ESCAPE, PLAIN): lambda: self.done.append("back"),
        }
        self.keys = Keys(self.window, self.pad, deeds, self.call_up)
        self.keys.begin()
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is self.window)
        self.button.setFocus()
        self._qtbot = qtbot

    def call_up(self, event: QKeyEvent) -> bool:
        if event.text().isdigit():
            self.digits += event.text()
            return True
        return False

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN, *, repeated: bool = False) -> None:
        text = chr(key) if 0x20 <= key < 0x7F else ""
        target = QApplication.focusWidget()
        assert target is not None
        QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, modifier, text, repeated))


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    return Room(qtbot)  # type: ignore[return-value]  # nothing to take down


def test_a_key_does_its_deed_whichever_part_has_the_focus(room: Room) -> None:
    clicked: list[bool] = []
    room.button.clicked.connect(clicked.append)
    room.press(SPACE)
    room.press(SPACE, SHIFT)
    room.press(K, CONTROL)
    assert room.done == ["acknowledge", "open", "search"]
    assert clicked == []


def test_the_keypads_keys_are_the_same_keys(room: Room) -> None:
    room.press(SPACE, Qt.KeyboardModifier.KeypadModifier)
    assert room.done == ["acknowledge"]


def test_digits_go_to_the_call_up(room: Room) -> None:
    for key in (Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_7):
        room.press(key)
    assert room.digits == "417"
    assert room.done == []


def test_in_a_text_field_letters_are_letters_and_escape_leads_out(room: Room) -> None:
    for field in room.fields:
        room.done.clear()
        field.setFocus()
        room.press(SPACE)
        room.press(Qt.Key.Key_4)
        assert room.done == []
        room.press(ESCAPE)
        assert room.done == ["back"]
        assert not field.hasFocus()
    first = room.fields[0]
    assert isinstance(first, QLineEdit)
    assert first.text() == " 4"
    assert room.digits == ""


def test_the_pad_keeps_every_key_but_escape(room: Room) -> None:
    room.pad.setFocus()
    for key in (SPACE, Qt.Key.Key_Right, Qt.Key.Key_4):
        room.press(key)
    assert room.pad.pressed == [SPACE, Qt.Key.Key_Right, Qt.Key.Key_4]
    assert (room.done, room.digits) == ([], "")
    room.press(ESCAPE)
    assert room.done == ["back"]
    assert ESCAPE not in room.pad.pressed


def test_a_key_that_is_held_does_its_deed_once(room: Room) -> None:
    room.press(SPACE)
    for _ in range(5):
        room.press(SPACE, repeated=True)
        room.press(Qt.Key.Key_4, repeated=True)
    assert room.done == ["acknowledge"]
    assert room.digits == ""


def test_a_dialog_keeps_its_keys(room: Room, qtbot: QtBot) -> None:
    dialog = QDialog(room.window)
    inside = Pad(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    inside.setFocus()
    qtbot.waitUntil(inside.hasFocus)
    room.press(SPACE)
    room.press(Qt.Key.Key_4)
    assert inside.pressed == [SPACE, Qt.Key.Key_4]
    assert (room.done, room.digits) == ([], "")


def test_a_key_without_a_meaning_is_left_to_the_widget(room: Room) -> None:
    clicked: list[bool] = []
    room.button.clicked.connect(clicked.append)
    room.button.setDefault(True)
    room.press(Qt.Key.Key_Z)
    assert room.done == []


def test_before_somebody_is_signed_in_no_key_does_anything(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    done: list[str] = []
    keys = Keys(window, Pad(window), {(SPACE, PLAIN): lambda: done.append("x")}, lambda _event: True)
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, SPACE, PLAIN, " "))
    assert done == []
    keys.begin()
    QApplication.sendEvent(window, QKeyEvent(QEvent.Type.KeyPress, K, PLAIN, "k"))
    assert done == []  # the call-up took it


def test_keys_that_a_program_sends_are_no_hand(room: Room, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(room.keys.touched, wait=50):
        room.press(SPACE)
