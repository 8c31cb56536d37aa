from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.ptz_places import PlaceBook
from console.ptz_presenter import PtzPresenter
from console.tasks import Tasks
from domain.camera import Camera
from domain.errors import RefusedError, UnreachableError
from domain.motion import MotionPhase, MotionState, Velocity
from domain.operator import Role
from tests.console.ptz_room import DOME, FIXED, OTHER, Control
from tests.console.surroundings import Workstation, operator
from widgets.ptz_pad import PresetStore, PresetWish, PtzMove, PtzPad

pytest_plugins = ["tests.console.fixtures"]


def no_picture(camera: Camera) -> bytes:
    raise UnreachableError(f"camera {camera.no} shows nothing")


class Seat:
    """A pad joined to a workstation whose cameras are only asked."""

    def __init__(self, qtbot: QtBot, workstation: Workstation) -> None:
        self.workstation = workstation
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.pad = PtzPad()
        qtbot.addWidget(self.pad)
        self.pad.resize(400, 300)
        with qtbot.waitExposed(self.pad):
            self.pad.show()
        self.control = Control()
        core = workstation.core
        core.door.operator = operator()
        store = core.stores.camera_places
        self.places = PlaceBook(self.control, store, no_picture, core.door, self.admit, self.tasks, self.owner)  # type: ignore[arg-type]  # notes instead of sending
        self.presenter = PtzPresenter(self.pad, self.control, self.places, self.admit, self.owner)
        self.failures: list[Exception] = []
        self.presenter.failed.connect(self.failures.append)
        self.places.failed.connect(self.failures.append)

    def admit(self, camera: Camera, _go: Callable[[], None]) -> bool:
        self.workstation.core.move_allowed(camera)
        return True

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.pad._numbers

    def key(self, kind: QEvent.Type, key: Qt.Key) -> None:
        QApplication.sendEvent(self.pad, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier))

    def hold(self, key: Qt.Key = Qt.Key.Key_Right) -> None:
        self.key(QEvent.Type.KeyPress, key)

    def let_go(self, key: Qt.Key = Qt.Key.Key_Right) -> None:
        self.key(QEvent.Type.KeyRelease, key)


@pytest.fixture
def seat(qtbot: QtBot, workstation: Workstation) -> Iterator[Seat]:
    seat = Seat(qtbot, workstation)
    yield seat
    seat.tasks.close()


def test_holding_moves_and_letting_go_stops(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold()
    assert seat.control.asked == [("move", 3)]
    seat.let_go()
    assert seat.control.asked == [("move", 3), ("stop", 3)]
    assert [line[1:] for line in seat.workstation.audited()] == [("move_camera", "camera/3")]


def test_a_change_of_direction_is_one_movement_and_asks_for_the_right_once(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold(Qt.Key.Key_Right)
    seat.hold(Qt.Key.Key_Up)
    seat.let_go(Qt.Key.Key_Right)
    seat.let_go(Qt.Key.Key_Up)
    assert [what for what, _ in seat.control.asked] == ["move", "move", "move", "stop"]
    assert len(seat.workstation.audited()) == 1


def test_without_the_right_nothing_moves_and_it_is_said(seat: Seat) -> None:
    seat.workstation.core.door.operator = operator(Role.POLICE_LIAISON, "liaison")
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.let_go()
    assert ("move", 3) not in seat.control.asked
    assert isinstance(seat.failures[0], RefusedError)
    assert seat.workstation.audited()[0][1] == "refused:move_camera"


def test_another_camera_stops_the_one_that_moves(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.presenter.show_camera(FIXED)
    assert seat.control.asked == [("move", 3), ("stop", 3)]
    seat.let_go()
    assert seat.control.asked == [("move", 3), ("stop", 3)]


@pytest.mark.parametrize("then", [None, OTHER])
def test_an_empty_tile_or_another_that_turns_stops_it_too(seat: Seat, then: Camera | None) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.presenter.show_camera(then)
    assert seat.control.asked == [("move", 3), ("stop", 3)]


def test_losing_the_keys_stops_the_camera(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.pad.hide()
    assert seat.control.asked == [("move", 3), ("stop", 3)]


def test_a_wish_for_a_camera_that_is_no_longer_shown_moves_nothing(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.pad.move_asked.emit(PtzMove(99, Velocity(pan=1)))
    seat.presenter.show_camera(None)
    seat.pad.move_asked.emit(PtzMove(3, Velocity(pan=1)))
    assert seat.control.asked == []


def test_presets_are_asked_once_and_gone_to(seat: Seat, qtbot: QtBot) -> None:
    seat.presenter.show_camera(DOME)
    qtbot.waitUntil(lambda: seat.numbers == (1, 2), timeout=3000)
    seat.presenter.show_camera(FIXED)
    seat.presenter.show_camera(DOME)
    assert seat.control.questions == [3]
    seat.pad.preset_asked.emit(PresetWish(3, 2))
    seat.pad.home_asked.emit(3)
    qtbot.waitUntil(lambda: len(seat.control.asked) == 2, timeout=3000)
    assert set(seat.control.asked) == {("goto t2", 3), ("home", 3)}


def test_presets_and_home_need_the_right_as_well(seat: Seat, qtbot: QtBot) -> None:
    seat.presenter.show_camera(DOME)
    qtbot.waitUntil(lambda: seat.numbers == (1, 2), timeout=3000)
    seat.workstation.core.door.operator = None
    seat.pad.preset_asked.emit(PresetWish(3, 2))
    seat.pad.home_asked.emit(3)
    assert len(seat.failures) == 2
    assert seat.control.asked == []


def test_a_camera_that_does_not_tell_its_presets_can_be_turned_and_the_failure_is_said(
    seat: Seat, qtbot: QtBot
) -> None:
    seat.presenter.show_camera(OTHER)
    qtbot.waitUntil(lambda: bool(seat.failures), timeout=3000)
    assert "camera 7" in str(seat.failures[0])
    seat.hold()
    assert seat.control.asked == [("move", 7)]
    seat.let_go()


def test_a_camera_that_does_not_turn_is_not_asked_anything(seat: Seat) -> None:
    seat.presenter.show_camera(FIXED)
    seat.hold()
    assert (seat.control.asked, seat.control.questions) == ([], [])


def test_what_is_heard_of_a_movement_is_shown_for_the_camera_on_the_pad(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.presenter.show_motion(MotionState(3, MotionPhase.DISABLED, detail="the PTZ watchdog is gone"))
    assert "the PTZ watchdog is gone" in seat.pad._told.text()
    seat.hold()
    assert seat.control.asked == []
    seat.presenter.show_motion(MotionState(7, MotionPhase.MAY_BE_MOVING))
    assert "the PTZ watchdog is gone" in seat.pad._told.text()


def test_stop_reaches_a_camera_that_the_pad_did_not_set_off(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.presenter.show_motion(MotionState(3, MotionPhase.MAY_BE_MOVING))
    seat.pad._stop.click()
    assert seat.control.asked == [("stop", 3)]


def test_stop_is_there_without_a_right_and_without_a_watchdog(seat: Seat) -> None:
    seat.workstation.core.door.operator = None
    seat.presenter.show_camera(DOME)
    seat.presenter.show_motion(MotionState(3, MotionPhase.DISABLED))
    seat.hold(Qt.Key.Key_S)
    assert seat.control.asked == [("stop", 3)]
    assert seat.failures == []


def test_a_refused_move_does_not_stop_what_a_colleague_moves(seat: Seat) -> None:
    seat.workstation.core.door.operator = operator(Role.POLICE_LIAISON, "liaison")
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.let_go()
    assert seat.control.asked == []


def test_a_stop_for_a_camera_that_is_not_on_the_pad_reaches_none(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.pad.halt_asked.emit(7)
    seat.presenter.show_camera(None)
    seat.pad.halt_asked.emit(3)
    assert seat.control.asked == []


def test_a_camera_that_somebody_else_holds_is_stopped_and_says_who(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.presenter.show_refusal(3, "Kim holds this camera")
    assert seat.control.asked == [("move", 3), ("stop", 3)]
    assert seat.pad._told.text() == "Kim holds this camera"
    seat.let_go()
    seat.hold()
    seat.pad.preset_asked.emit(PresetWish(3, 1))
    assert seat.control.asked == [("move", 3), ("stop", 3)]
    assert "Kim holds" in str(seat.failures[0])
    seat.let_go()
    seat.presenter.show_refusal(3, "")
    seat.hold()
    assert seat.control.asked[2:] == [("move", 3)]
    seat.let_go()


def test_letting_go_of_everything_stops_and_the_key_has_to_be_pressed_anew(seat: Seat) -> None:
    seat.presenter.show_camera(DOME)
    seat.hold()
    seat.presenter.let_go()
    assert seat.control.asked == [("move", 3), ("stop", 3)]
    seat.pad._speed.setValue(9)
    seat.let_go()
    assert seat.control.asked == [("move", 3), ("stop", 3)]
    seat.hold()
    assert seat.control.asked[2:] == [("move", 3)]
    seat.let_go()


def test_a_movement_ends_before_the_camera_goes_somewhere_by_itself(seat: Seat, qtbot: QtBot) -> None:
    seat.presenter.show_camera(DOME)
    qtbot.waitUntil(lambda: seat.numbers == (1, 2), timeout=3000)
    seat.presenter.steering.move("stick", Velocity(pan=1))
    seat.presenter.call_preset(1)
    qtbot.waitUntil(lambda: len(seat.control.asked) == 3, timeout=3000)
    assert seat.control.asked == [("move", 3), ("stop", 3), ("goto t1", 3)]


def test_storing_a_preset_needs_the_right(seat: Seat, qtbot: QtBot) -> None:
    seat.presenter.show_camera(DOME)
    qtbot.waitUntil(lambda: seat.numbers == (1, 2), timeout=3000)
    seat.pad.store_asked.emit(PresetStore(3, 5))
    assert isinstance(seat.failures[0], RefusedError)
    seat.workstation.core.door.operator = operator(Role.SUPERVISOR, "chief")
    seat.presenter.store_preset(2)
    qtbot.waitUntil(lambda: seat.control.stored == ["2 over pond"], timeout=3000)
    seat.pad.store_asked.emit(PresetStore(3, 5))
    qtbot.waitUntil(lambda: seat.control.stored[1:] == ["5 "], timeout=3000)
    qtbot.waitUntil(lambda: 5 in seat.numbers, timeout=3000)
    actions = [line[1] for line in seat.workstation.audited()]
    assert actions == ["refused:set_preset", "set_preset", "set_preset"]


def test_who_has_the_keys_is_told_with_the_camera(seat: Seat, qtbot: QtBot) -> None:
    told: list[int | None] = []
    seat.presenter.controls_changed.connect(told.append)
    seat.presenter.show_camera(DOME)
    seat.pad.activateWindow()
    seat.pad.setFocus()
    qtbot.waitUntil(lambda: told == [3])
    seat.presenter.show_camera(FIXED)
    seat.presenter.show_camera(OTHER)
    seat.pad.clearFocus()
    assert told == [3, None, 7, None]


def test_presets_and_home_by_number_reach_a_camera_that_turns_alone(seat: Seat, qtbot: QtBot) -> None:
    for camera in (None, FIXED):
        seat.presenter.show_camera(camera)
        seat.presenter.call_preset(1)
        seat.presenter.store_preset(1)
        seat.presenter.go_home()
    assert seat.control.asked == []
    seat.presenter.show_camera(DOME)
    seat.presenter.go_home()
    qtbot.waitUntil(lambda: seat.control.asked == [("home", 3)], timeout=3000)
    assert seat.presenter.camera == DOME
    seat.presenter.show_motion(MotionState(3, MotionPhase.STOPPED))
    assert seat.presenter.motion(3) == MotionState(3, MotionPhase.STOPPED)
