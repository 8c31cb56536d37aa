import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from widgets.call_up import CallUp, CallUpCommand, CallUpDisplay, ShowCamera, ShowLayout


def typed(call_up: CallUp, keys: str) -> CallUpCommand | None:
    for key in keys:
        call_up.press(key)
    return call_up.press("enter")


@pytest.mark.parametrize(
    ("keys", "command"),
    [
        ("12", ShowCamera(12)),
        ("0012", ShowCamera(12)),
        ("12/3", ShowCamera(12, 2)),
        ("2*5", ShowLayout(2, "5")),
        ("02*05", ShowLayout(2, "5")),
        ("2*1+5", ShowLayout(2, "1+5")),
        ("2*1+12", ShowLayout(2, "1+12")),
        ("2*1+", None),
        ("2*0", None),
        ("", None),
        ("12/", None),
        ("12/0", None),
        ("2*", None),
    ],
)
def test_numbers_become_commands(keys: str, command: CallUpCommand | None) -> None:
    assert typed(CallUp(), keys) == command


def test_what_is_no_command_stays_to_be_mended() -> None:
    call_up = CallUp()
    assert typed(call_up, "12/") is None
    assert (call_up.text, call_up.understood) == ("12/", False)
    assert typed(call_up, "3") == ShowCamera(12, 2)
    assert (call_up.text, call_up.understood) == ("", True)


def test_other_keys_and_misplaced_signs_are_ignored() -> None:
    call_up = CallUp()
    for key in ("/", "*", "x", "", "F1", "1", "/", "/", "*", "٣", "2"):
        call_up.press(key)
    assert call_up.text == "1/2"


def test_a_plus_comes_only_inside_a_layouts_name() -> None:
    call_up = CallUp()
    for key in ("+", "1", "+", "*", "+", "2", "+", "+", "8"):
        call_up.press(key)
    assert call_up.text == "1*2+8"


def test_a_very_long_number_is_cut_short() -> None:
    call_up = CallUp()
    for _ in range(100):
        call_up.press("9")
    assert len(call_up.text) == 12


def test_backspace_and_escape_take_back() -> None:
    call_up = CallUp()
    for key in ("1", "2", "backspace"):
        call_up.press(key)
    assert call_up.text == "1"
    call_up.press("escape")
    assert call_up.text == ""


def key(code: Qt.Key, text: str = "", modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, modifiers, text)


def test_the_display_takes_only_keys_that_are_its_own(qtbot: QtBot) -> None:
    display = CallUpDisplay()
    qtbot.addWidget(display)
    assert not display.take_key(key(Qt.Key.Key_Return))
    assert not display.take_key(key(Qt.Key.Key_D, "d"))
    assert not display.take_key(key(Qt.Key.Key_1, "1", Qt.KeyboardModifier.ControlModifier))
    assert display.take_key(key(Qt.Key.Key_1, "1"))
    assert display.take_key(key(Qt.Key.Key_2, "2", Qt.KeyboardModifier.KeypadModifier))
    assert display.take_key(key(Qt.Key.Key_Slash, "/"))
    assert display.take_key(key(Qt.Key.Key_3, "3"))
    assert display._typed.text() == "12 / 3"
    with qtbot.waitSignal(display.command_given) as given:
        assert display.take_key(key(Qt.Key.Key_Enter))
    assert given.args == [ShowCamera(12, 2)]
    assert display._typed.text() == "camera –"


def test_the_numeric_keypad_calls_layouts_up(qtbot: QtBot) -> None:
    display = CallUpDisplay()
    qtbot.addWidget(display)
    pad = Qt.KeyboardModifier.KeypadModifier
    assert not display.take_key(key(Qt.Key.Key_Plus, "+", pad)), "with nothing typed it enlarges a tile"
    with qtbot.waitSignal(display.command_given) as given:
        for code, text in (
            (Qt.Key.Key_2, "2"),
            (Qt.Key.Key_Asterisk, "*"),
            (Qt.Key.Key_1, "1"),
            (Qt.Key.Key_Plus, "+"),
            (Qt.Key.Key_5, "5"),
            (Qt.Key.Key_Enter, "\r"),
        ):
            assert display.take_key(key(code, text, pad))
    assert given.args == [ShowLayout(2, "1+5")]


def test_a_first_nought_does_what_it_was_given_and_begins_a_number_where_that_does_nothing(qtbot: QtBot) -> None:
    display = CallUpDisplay()
    qtbot.addWidget(display)
    enlarged = [True]
    display.give_zero(lambda: bool(enlarged) and enlarged.pop())
    nought, five = key(Qt.Key.Key_0, "0"), key(Qt.Key.Key_5, "5")
    assert display.take_key(nought)
    assert display._typed.text() == "camera –"
    assert all(display.take_key(one) for one in (nought, five, nought))
    assert display._typed.text() == "050"
