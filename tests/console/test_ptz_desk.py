"""A whole desk with hands on a practice camera: what they ask for, and each way of losing them, as it hears it."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from console.core import Core
from console.screen_lock import ScreenLock
from console.start import open_core
from domain.camera import Credentials
from domain.motion import MotionPhase
from domain.operator import Role
from ptz.hands.events import AxesMoved, ButtonChanged, Plugged, Unplugged
from tests.console.started import Started
from tests.console.surroundings import PTZ_ACCOUNT, PracticeCameras, make_camera, operator

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(200)]  # a fresh machine paints the clips first

FIXED = make_camera(5)
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
STICK = "practice-stick"


class Room:
    """An operator at the desk with the dome selected, keys on it and a joystick in hand."""

    def __init__(self, desk: Started, cameras: PracticeCameras) -> None:
        self.desk = desk
        self.ptz = desk.desk.ptz.hands
        self.cameras = cameras
        self._before = len(self._heard())

    def _heard(self) -> list[dict[str, Any]]:
        return self.cameras.asked("ContinuousMove", "Stop")

    @property
    def heard(self) -> list[str]:
        """What the camera has heard in this test: `move`, `zero` (a move that is none) and `stop`."""
        return [_kind(entry) for entry in self._heard()[self._before :]]

    @property
    def moves(self) -> int:
        """How many moves that move."""
        return self.heard.count("move")

    def last_move(self) -> dict[str, Any]:
        """What the last of them asked for."""
        return next(entry["asked"] for entry in reversed(self._heard()) if _kind(entry) == "move")

    def take_controls(self) -> None:
        self.until(lambda: self.desk.core.watchdog.alive)
        self.desk.press(Qt.Key.Key_P)
        self.until(lambda: self.desk.window.pad.has_controls)

    def key(self, kind: QEvent.Type, key: Qt.Key = Qt.Key.Key_Right) -> None:
        QApplication.sendEvent(self.desk.window.pad, QKeyEvent(kind, key, PLAIN))

    def push(self, pan: float) -> None:
        self.until(lambda: self.desk.core.watchdog.alive)
        self.ptz.hands.report(AxesMoved(STICK, {0: pan}))

    def at(self, x: float, y: float) -> QPoint:
        """Return a point of the dome's picture in its tile."""
        wall = self.desk.window.wall
        box = wall._canvas.tiles[wall.selected].place.picture
        return QPoint(round(box.x() + x * box.width()), round(box.y() + y * box.height()))

    def until(self, condition: Callable[[], object]) -> None:
        self.desk.until(condition)

    def expect_move(self) -> None:
        """Wait until a hand moves the camera, and the camera has heard so."""
        self.until(lambda: self.ptz.steering.moving == self.cameras.dome)
        self.until(lambda: self.moves)

    @property
    def phase(self) -> MotionPhase | None:
        """What the desk knows of the camera's movement."""
        motion = self.ptz.presenter.motion(self.cameras.dome.no)
        return None if motion is None else motion.phase

    def expect_stop(self) -> None:
        """Wait until the camera has heard Stop, and see that it turns no more."""
        self.until(lambda: "stop" in self.heard)
        self.until(lambda: self.phase is MotionPhase.STOPPED)
        assert self.ptz.steering.moving is None
        heard = self.heard
        assert "move" not in heard[heard.index("stop") :], heard


def _number(asked: dict[str, Any], axis: str, way: str = "x") -> float:
    return float(asked.get(axis, {}).get(way, 0.0))


def _kind(entry: dict[str, Any]) -> str:
    if entry["operation"] == "Stop":
        return "stop"
    asked = entry["asked"]
    turning = any(_number(asked, *one) for one in (("PanTilt", "x"), ("PanTilt", "y"), ("Zoom", "x")))
    return "move" if turning else "zero"


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, cameras: PracticeCameras) -> Iterator[Room]:
    desk = Started(qtbot, tmp_path / "home")

    def with_cameras() -> Core:
        core = open_core(desk.home, desk.settings)
        core.stores.cameras.replace_many([cameras.dome, FIXED])
        core.stores.secrets.keep("practice", Credentials(*PTZ_ACCOUNT))
        return core

    desk.open(with_cameras)
    desk.sit_down()
    desk.until(lambda: len(desk.desk.wall.cameras) == 2)
    desk.until(lambda: desk.core.watchdog.alive)  # before, nothing is moved
    desk.desk.call_to_its_tile(cameras.dome.no)
    made = Room(desk, cameras)
    made.ptz.hands.report(Plugged(STICK, "Practice stick", 3, 12))
    desk.until(lambda: made.ptz.hands.devices)
    yield made
    desk.close()
    cameras.wait_quiet()


# -- hands


def test_a_held_key_moves_and_letting_go_stops(room: Room) -> None:
    room.take_controls()
    room.key(QEvent.Type.KeyPress)
    room.expect_move()
    room.key(QEvent.Type.KeyRelease)
    room.expect_stop()


def test_a_joystick_moves_through_the_inbox_and_at_rest_stops(room: Room) -> None:
    room.push(0.8)
    room.expect_move()
    assert _number(room.last_move(), "PanTilt") > 0
    room.push(0.0)
    room.expect_stop()


def test_a_vector_in_the_tile_moves_while_the_mouse_is_down(room: Room) -> None:
    room.take_controls()
    wall = room.desk.window.wall
    QTest.mousePress(wall, LEFT, PLAIN, room.at(0.5, 0.5))
    QTest.mouseMove(wall, room.at(0.8, 0.5))
    room.expect_move()
    assert room.desk.window.pad.has_controls, "the mouse left the keys where they were"
    QTest.mouseRelease(wall, LEFT, PLAIN, room.at(0.8, 0.5))
    room.expect_stop()


def test_the_wheel_zooms_the_camera_that_is_steered_and_ends_by_itself(room: Room) -> None:
    wall = room.desk.window.wall
    wall.wheel_turned.emit(_notch(wall.selected))
    assert room.ptz.steering.moving is None, "not before P"
    room.take_controls()
    wall.wheel_turned.emit(_notch(wall.selected))
    room.until(lambda: room.moves)
    assert _number(room.last_move(), "Zoom") > 0
    room.expect_stop()


def _notch(tile: int) -> object:
    from widgets.tile import TileWheel  # noqa: PLC0415

    return TileWheel(tile, 1.0, 0.5, 0.5)


def test_a_click_in_the_tile_turns_towards_it_and_stops(room: Room) -> None:
    room.take_controls()
    QTest.mouseClick(room.desk.window.wall, LEFT, PLAIN, room.at(0.9, 0.5))
    room.until(lambda: room.moves)
    room.expect_stop()


def test_keypad_and_buttons_do_what_they_say(room: Room) -> None:
    room.take_controls()
    for key in f"{FIXED.no}E":
        room.ptz.hands.press_key(key)
    room.until(lambda: room.desk.desk.wall.selected_camera == FIXED)
    assert not room.desk.window.pad.has_controls, "a camera that does not turn gives the keys back"
    room.ptz.hands.report(ButtonChanged(STICK, 3, pressed=True))
    room.until(lambda: room.desk.desk.wall.selected_camera != FIXED)


# -- whatever takes the hands away


def _lose_focus(room: Room) -> None:
    room.desk.window.tree.setFocus()
    room.desk.window.wall.setFocus()


def _escape(room: Room) -> None:
    room.desk.press(Qt.Key.Key_Escape)


def _other_tile(room: Room) -> None:
    wall = room.desk.window.wall
    wall.select_tile(1 - wall.selected)


def _tile_emptied(room: Room) -> None:
    room.desk.desk.wall.clear(room.desk.window.wall.selected)


def _window_hidden(room: Room) -> None:
    room.desk.window.hide()


def _signed_out(room: Room) -> None:
    room.desk.window.show_signing_in()


def _another_operator(room: Room) -> None:
    room.desk.desk.sign_in(operator(Role.SUPERVISOR, "chief"))


def _lease_lost(room: Room) -> None:
    room.ptz.presenter.show_refusal(room.cameras.dome.no, "Kim holds this camera")


def _screen_locked(room: Room) -> None:
    room.ptz._lock.take_active(True)


def _dialog(room: Room) -> None:
    dialog = QDialog(room.desk.window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


_LOSSES = [
    _other_tile,
    _tile_emptied,
    _window_hidden,
    _signed_out,
    _another_operator,
    _lease_lost,
    _screen_locked,
    _dialog,
]


@pytest.mark.parametrize("lose", [_lose_focus, _escape, *_LOSSES])
def test_keys_are_let_go(room: Room, lose: Callable[[Room], None]) -> None:
    room.take_controls()
    room.key(QEvent.Type.KeyPress)
    room.expect_move()
    lose(room)
    room.expect_stop()


@pytest.mark.parametrize("lose", _LOSSES)
def test_a_joystick_is_let_go_and_has_to_rest(room: Room, lose: Callable[[Room], None]) -> None:
    room.push(0.8)
    room.expect_move()
    lose(room)
    room.push(0.7)
    room.expect_stop()
    moves = room.moves
    room.push(0.9)
    room.desk.until(lambda: not room.ptz.hands._events)
    assert room.ptz.steering.moving is None
    assert room.moves == moves


@pytest.mark.parametrize("lose", [_lose_focus, _escape, *_LOSSES])
def test_a_vector_is_let_go(room: Room, lose: Callable[[Room], None]) -> None:
    room.take_controls()
    wall = room.desk.window.wall
    QTest.mousePress(wall, LEFT, PLAIN, room.at(0.5, 0.5))
    QTest.mouseMove(wall, room.at(0.8, 0.5))
    room.expect_move()
    lose(room)
    room.expect_stop()


def test_a_joystick_that_is_pulled_out_stops_the_camera(room: Room) -> None:
    room.push(0.8)
    room.expect_move()
    room.ptz.hands.report(Unplugged(STICK, moving=True))
    room.expect_stop()
    assert "Practice stick" in room.desk.said()


def test_the_program_s_end_stops_the_camera(room: Room) -> None:
    room.push(0.8)
    room.expect_move()
    room.desk.program.desk.close_walls()
    assert room.ptz.steering.moving is None
    room.until(lambda: "stop" in room.heard)


def test_before_somebody_is_signed_in_a_joystick_moves_nothing(room: Room) -> None:
    room.desk.window.show_signing_in()
    room.push(0.8)
    room.until(lambda: not room.ptz.hands._events)
    room.ptz.hands.take()
    assert room.ptz.steering.moving is None
    assert room.moves == 0


def test_sent_and_confirmed_are_told_apart_at_the_desk(room: Room) -> None:
    told: list[MotionPhase] = []
    show = room.ptz.presenter.show_motion
    room.ptz.presenter.show_motion = lambda state: (told.append(state.phase), show(state))
    room.push(0.8)
    room.until(lambda: MotionPhase.MOVING in told)
    room.push(0.0)
    room.until(lambda: told and told[-1] is MotionPhase.STOPPED)
    assert told.index(MotionPhase.MOVE_SENT) < told.index(MotionPhase.MOVING)
    assert told.index(MotionPhase.STOP_SENT) < told.index(MotionPhase.STOPPED)
    assert "stopped, confirmed" in room.desk.window.pad._told.text()


# -- the workstation's own lock


@pytest.fixture
def bus() -> Iterator[str]:
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


def test_the_workstation_s_lock_is_heard(qtbot: QtBot, bus: str) -> None:
    lock = ScreenLock(address=bus)
    heard: list[bool] = []
    lock.locked.connect(lambda: heard.append(True))

    def say(active: str) -> None:
        path, name = "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged"
        command = ["dbus-send", f"--bus={bus}", "--type=signal", path, name, f"boolean:{active}"]
        subprocess.run(command, check=True, timeout=10)

    say("false")
    say("true")
    qtbot.waitUntil(lambda: bool(heard), timeout=5000)
    assert heard == [True]
    lock.take_lock()
    assert len(heard) == 2
