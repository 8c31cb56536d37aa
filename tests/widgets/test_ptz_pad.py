from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from domain.motion import MotionPhase, MotionState, Velocity
from domain.ptz_place import PtzPlace
from widgets.ptz_pad import PresetStore, PresetWish, PtzMove, PtzPad

PRESETS = (
    PtzPlace(camera_no=417, no=1, name="gate", token="a"),
    PtzPlace(camera_no=417, no=2, name="<i>yard</i>", token="b"),
)


class Heard:
    """What the pad asked for, in order."""

    def __init__(self, pad: PtzPad) -> None:
        self.wishes: list[object] = []
        pad.move_asked.connect(self.wishes.append)
        pad.stop_asked.connect(lambda number: self.wishes.append(("stop", number)))
        pad.halt_asked.connect(lambda number: self.wishes.append(("halt", number)))


@pytest.fixture
def pad(qtbot: QtBot, samples) -> Iterator[PtzPad]:
    window = QWidget()
    qtbot.addWidget(window)
    widget = PtzPad(window)
    other = QPushButton("other", window)
    widget.setGeometry(0, 0, 430, 240)
    other.setGeometry(0, 250, 60, 20)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    widget.show_camera(samples.camera(417), PRESETS)
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    yield widget
    window.close()


@pytest.fixture
def heard(pad: PtzPad) -> Heard:
    return Heard(pad)


def button(pad: PtzPad, sign: str) -> QPushButton:
    return next(found for found in pad.findChildren(QPushButton) if found.text() == sign)


def test_a_button_turns_while_it_is_held(qtbot: QtBot, pad: PtzPad, heard: Heard) -> None:
    qtbot.mousePress(button(pad, "↗"), Qt.MouseButton.LeftButton)
    assert heard.wishes == [PtzMove(417, Velocity(0.5, 0.5))]
    qtbot.mouseRelease(button(pad, "↗"), Qt.MouseButton.LeftButton)
    assert heard.wishes[1:] == [("stop", 417)]


def test_leaving_a_held_button_stops(qtbot: QtBot, pad: PtzPad, heard: Heard) -> None:
    left = button(pad, "←")
    qtbot.mousePress(left, Qt.MouseButton.LeftButton)
    qtbot.mouseMove(left, QPoint(-40, -40))
    assert heard.wishes[-1] == ("stop", 417)


def test_arrow_keys_add_up_and_each_release_counts(qtbot: QtBot, pad: PtzPad, heard: Heard) -> None:
    qtbot.keyPress(pad, Qt.Key.Key_Left)
    qtbot.keyPress(pad, Qt.Key.Key_Up)
    qtbot.keyRelease(pad, Qt.Key.Key_Left)
    qtbot.keyRelease(pad, Qt.Key.Key_Up)
    assert heard.wishes == [
        PtzMove(417, Velocity(-0.5, 0.0)),
        PtzMove(417, Velocity(-0.5, 0.5)),
        PtzMove(417, Velocity(0.0, 0.5)),
        ("stop", 417),
    ]


def test_the_speed_changes_a_running_move(qtbot: QtBot, pad: PtzPad, heard: Heard) -> None:
    qtbot.keyPress(pad, Qt.Key.Key_Plus)
    pad._speed.setValue(10)
    qtbot.keyRelease(pad, Qt.Key.Key_Plus)
    assert heard.wishes == [PtzMove(417, Velocity(zoom=0.5)), PtzMove(417, Velocity(zoom=1.0)), ("stop", 417)]


def _lose_focus(pad: PtzPad, samples) -> None:
    pad.parentWidget().findChildren(QPushButton, options=Qt.FindChildOption.FindDirectChildrenOnly)[0].setFocus()


def _hide(pad: PtzPad, samples) -> None:
    pad.hide()


def _disable(pad: PtzPad, samples) -> None:
    pad.setEnabled(False)


def _other_camera(pad: PtzPad, samples) -> None:
    pad.show_camera(samples.camera(421), PRESETS)


def _refuse(pad: PtzPad, samples) -> None:
    pad.show_camera(samples.camera(417), PRESETS, refused="kim holds this camera")


def _no_watchdog(pad: PtzPad, samples) -> None:
    pad.show_camera(samples.camera(417), PRESETS, MotionState(417, MotionPhase.DISABLED, detail="watchdog gone"))


@pytest.mark.parametrize("take_away", [_lose_focus, _hide, _disable, _other_camera, _refuse, _no_watchdog])
def test_whatever_takes_the_pad_away_stops_the_camera(
    qtbot: QtBot, pad: PtzPad, heard: Heard, samples, take_away: Callable[[PtzPad, object], None]
) -> None:
    qtbot.keyPress(pad, Qt.Key.Key_Right)
    take_away(pad, samples)
    assert heard.wishes[-1] == ("stop", 417)
    assert len(heard.wishes) == 2


def test_hiding_stops_also_where_the_focus_is_elsewhere(qtbot: QtBot, pad: PtzPad, heard: Heard, samples) -> None:
    _lose_focus(pad, samples)
    qtbot.mousePress(button(pad, "↑"), Qt.MouseButton.LeftButton)
    pad.hide()
    assert heard.wishes == [PtzMove(417, Velocity(0.0, 0.5)), ("stop", 417)]


def test_telling_of_the_same_camera_does_not_stop_it(qtbot: QtBot, pad: PtzPad, heard: Heard, samples) -> None:
    qtbot.keyPress(pad, Qt.Key.Key_Right)
    pad.show_camera(samples.camera(417), PRESETS, MotionState(417, MotionPhase.MOVING))
    assert len(heard.wishes) == 1
    qtbot.keyRelease(pad, Qt.Key.Key_Right)
    assert heard.wishes[-1] == ("stop", 417)


def test_a_camera_that_may_be_moving_is_said_in_red_words(pad: PtzPad, samples) -> None:
    state = MotionState(417, MotionPhase.MAY_BE_MOVING, detail="no answer to Stop")
    pad.show_camera(samples.camera(417), PRESETS, state)
    assert pad._told.text() == "CAMERA MAY BE MOVING – no answer to Stop"
    assert pad._told.property("severe") == "true"
    assert button(pad, "←").isEnabled()


def test_what_is_known_of_the_movement_is_said_large(pad: PtzPad, samples) -> None:
    usual = pad._told.fontMetrics().height()
    for phase in (MotionPhase.MOVE_SENT, MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING):
        pad.show_camera(samples.camera(417), PRESETS, MotionState(417, phase))
        pad._told.ensurePolished()
        assert pad._told.fontMetrics().height() > usual
        assert ("#FF5D5D" in pad._told.styleSheet()) is (phase is MotionPhase.MAY_BE_MOVING)
    pad.show_camera(samples.camera(417), PRESETS)
    assert pad._told.styleSheet() == ""


def test_a_refused_pad_says_why_and_asks_nothing(qtbot: QtBot, pad: PtzPad, heard: Heard, samples) -> None:
    pad.show_camera(samples.camera(417), PRESETS, refused="kim holds this camera")
    assert pad._told.text() == "kim holds this camera"
    with qtbot.assertNotEmitted(pad.preset_asked), qtbot.assertNotEmitted(pad.home_asked):
        for key in (Qt.Key.Key_Left, Qt.Key.Key_1, Qt.Key.Key_Home):
            qtbot.keyClick(pad, key)
    assert heard.wishes == []


def test_digits_call_presets_and_home_goes_home(qtbot: QtBot, pad: PtzPad) -> None:
    with qtbot.waitSignal(pad.preset_asked) as asked:
        qtbot.keyClick(pad, Qt.Key.Key_2)
    assert asked.args == [PresetWish(417, 2)]
    with qtbot.waitSignal(pad.preset_asked) as unknown:  # whoever has the places says that there is none
        qtbot.keyClick(pad, Qt.Key.Key_3)
    assert unknown.args == [PresetWish(417, 3)]
    with qtbot.waitSignal(pad.home_asked) as home:
        qtbot.keyClick(pad, Qt.Key.Key_Home)
    assert home.args == [417]
    with qtbot.waitSignal(pad.preset_asked):
        pad._list.setCurrentIndex(pad._names.index(0, 0))
        qtbot.keyClick(pad._list, Qt.Key.Key_Return)


def test_stop_is_asked_for_whether_or_not_the_pad_set_the_camera_off(
    qtbot: QtBot, pad: PtzPad, heard: Heard, samples
) -> None:
    qtbot.mouseClick(button(pad, "■"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(pad, Qt.Key.Key_S)
    pad.show_camera(samples.camera(417), PRESETS, refused="kim holds this camera")
    qtbot.mouseClick(button(pad, "■"), Qt.MouseButton.LeftButton)
    _no_watchdog(pad, samples)
    qtbot.keyClick(pad, Qt.Key.Key_S)
    assert heard.wishes == [("halt", 417)] * 4


def test_stop_lets_go_of_a_held_key(qtbot: QtBot, pad: PtzPad, heard: Heard) -> None:
    qtbot.keyPress(pad, Qt.Key.Key_Right)
    qtbot.keyClick(pad, Qt.Key.Key_S)
    pad._speed.setValue(10)
    qtbot.keyRelease(pad, Qt.Key.Key_Right)
    assert heard.wishes == [PtzMove(417, Velocity(0.5, 0.0)), ("halt", 417)]


def test_there_is_no_stop_for_what_cannot_turn(qtbot: QtBot, pad: PtzPad, heard: Heard, samples) -> None:
    for camera in (None, replace(samples.camera(417), onvif_url="")):
        pad.show_camera(camera)
        assert not button(pad, "■").isEnabled()
        qtbot.keyClick(pad, Qt.Key.Key_S)
    assert heard.wishes == []


NONE, SHIFT, KEYPAD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


def key(
    pad: PtzPad,
    kind: QEvent.Type,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = NONE,
    text: str = "",
    *,
    scan: int = 0,
    repeated: bool = False,
) -> None:
    """Press or release a key of a real keyboard, which tells its place (`scan`) too."""
    QApplication.sendEvent(pad, QKeyEvent(kind, key, modifiers, scan, 0, 0, text, repeated))


def test_a_key_that_repeats_itself_asks_once(pad: PtzPad, heard: Heard) -> None:
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_Right, scan=114)
    for _ in range(5):
        key(pad, QEvent.Type.KeyRelease, Qt.Key.Key_Right, scan=114, repeated=True)
        key(pad, QEvent.Type.KeyPress, Qt.Key.Key_Right, scan=114, repeated=True)
    assert heard.wishes == [PtzMove(417, Velocity(0.5, 0.0))]
    key(pad, QEvent.Type.KeyRelease, Qt.Key.Key_Right, scan=114)
    assert heard.wishes[1:] == [("stop", 417)]


def test_a_repeating_digit_calls_its_preset_once(pad: PtzPad) -> None:
    asked: list[object] = []
    pad.preset_asked.connect(asked.append)
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_1, text="1")
    for _ in range(3):
        key(pad, QEvent.Type.KeyPress, Qt.Key.Key_1, text="1", repeated=True)
    assert asked == [PresetWish(417, 1)]


def test_a_plus_whose_shift_is_released_first_stops_the_zoom(pad: PtzPad, heard: Heard) -> None:
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_Plus, SHIFT, "+", scan=21)
    key(pad, QEvent.Type.KeyRelease, Qt.Key.Key_Shift, scan=50)
    key(pad, QEvent.Type.KeyRelease, Qt.Key.Key_Equal, NONE, "=", scan=21)
    assert heard.wishes == [PtzMove(417, Velocity(zoom=0.5)), ("stop", 417)]


@pytest.mark.parametrize(
    ("pressed", "text", "scan", "number"),
    [(Qt.Key.Key_Exclam, "!", 0, 1), (Qt.Key.Key_ParenLeft, "(", 0, 9), (Qt.Key.Key_QuoteDbl, '"', 11, 2)],
)
def test_shift_and_a_digit_store_a_preset(pad: PtzPad, pressed: Qt.Key, text: str, scan: int, number: int) -> None:
    stored: list[object] = []
    pad.store_asked.connect(stored.append)
    key(pad, QEvent.Type.KeyPress, pressed, SHIFT, text, scan=scan)
    assert stored == [PresetStore(417, number)]


def test_the_numeric_keypad_is_passed_on_key_by_key(qtbot: QtBot, pad: PtzPad, heard: Heard) -> None:
    typed: list[str] = []
    presets: list[object] = []
    pad.keypad_pressed.connect(typed.append)
    pad.preset_asked.connect(presets.append)
    for pressed, text in ((Qt.Key.Key_1, "1"), (Qt.Key.Key_2, "2"), (Qt.Key.Key_Slash, "/"), (Qt.Key.Key_Enter, "")):
        key(pad, QEvent.Type.KeyPress, pressed, KEYPAD, text)
    assert (typed, presets) == (["1", "2", "/", "E"], [])
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_P, text="p")
    assert len(typed) == 4, "P means nothing before something is typed"
    pad.show_typed("12")
    assert "12" in pad._header._right.text()
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_P, text="p")
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_P, SHIFT, text="P")
    assert typed[4:] == ["P", "S"]
    pad.show_typed("")
    assert pad._header._right.text().startswith("0417")
    key(pad, QEvent.Type.KeyPress, Qt.Key.Key_Plus, KEYPAD, "+", scan=86)
    key(pad, QEvent.Type.KeyRelease, Qt.Key.Key_Plus, KEYPAD, "+", scan=86)
    assert heard.wishes == [PtzMove(417, Velocity(zoom=0.5)), ("stop", 417)]


def test_who_has_the_keys_is_told(pad: PtzPad, samples) -> None:
    told: list[bool] = []
    pad.controls_changed.connect(told.append)
    _lose_focus(pad, samples)
    assert not pad.has_controls
    pad.setFocus()
    assert pad.has_controls
    assert told == [False, True]
