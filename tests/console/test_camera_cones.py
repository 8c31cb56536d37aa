from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.aiming import Calibrations
from console.camera_cones import AGAIN_S, AT_ONCE, MOVING_EVERY_S, STILL_EVERY_S, CameraCones
from console.tasks import Tasks
from domain.aiming import Cone
from domain.camera import Camera
from domain.clock import FixedClock
from domain.motion import MotionPhase, MotionState, Position
from tests.console.aim_room import Heads, Kept, aim, dome

HERE = Position(0.25, -0.1, 0.0)


class Room:
    """Calibrated cameras, some of them on a screen."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.heads = Heads()
        self.clock = FixedClock(datetime(2026, 11, 24, tzinfo=UTC))
        self.cameras = [dome(number, 10.0 * number) for number in range(4, 12)]
        self.heads.at = {camera.no: HERE for camera in self.cameras}
        self.calibrations = Calibrations(
            Kept({camera.no: aim(10.0 * camera.no) for camera in self.cameras}), self.tasks, self.owner
        )
        with qtbot.waitSignal(self.calibrations.changed):
            self.calibrations.load()
        self.shown: list[Camera] = []
        self.cones = CameraCones(self.calibrations, self.heads, lambda: self.shown, self.tasks, self.clock, self.owner)
        self.cones.show_register(self.cameras)
        self.told: list[dict[int, Cone]] = []
        self.cones.changed.connect(self.told.append)

    def tick(self, after_s: float = 0.0) -> None:
        """Let time pass and what was asked be answered."""
        self.clock.advance(after_s)
        self.cones._tick()
        self.qtbot.waitUntil(lambda: not any(looked.asking for looked in self.cones._looked.values()))

    def moves(self, number: int, phase: MotionPhase = MotionPhase.MOVING, position: Position | None = None) -> None:
        self.cones.show_motion(MotionState(number, phase, position=position))


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.heads.hold.set()
    room.tasks.close()


def test_cameras_on_a_screen_are_asked_and_the_others_left_alone(room: Room) -> None:
    room.shown = room.cameras[:2]
    room.tick()
    assert sorted(room.heads.questions) == [4, 5]
    assert room.told[-1] == {number: aim(10.0 * number).cone(HERE) for number in (4, 5)}


def test_a_cone_follows_its_camera(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.tick()
    room.heads.at[4] = Position(0.5, 0.0, 0.5)
    room.tick(STILL_EVERY_S)
    assert room.told[-1] == {4: aim(40.0).cone(Position(0.5, 0.0, 0.5))}
    assert room.cones.position(4) == Position(0.5, 0.0, 0.5)


def test_no_camera_is_asked_more_often_than_once_a_second_and_still_ones_less(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.moves(4)
    for _ in range(80):
        room.tick(0.125)  # exact in binary, so that no step falls short
    assert len(room.heads.questions) == 10
    room.moves(4, MotionPhase.STOPPED)
    room.tick(STILL_EVERY_S)
    room.heads.questions.clear()
    for _ in range(80):
        room.tick(0.125)
    assert len(room.heads.questions) == 5


def test_one_that_moves_is_asked_though_it_is_on_no_screen(room: Room) -> None:
    room.moves(6)
    room.tick()
    assert room.heads.questions == [6]
    room.moves(6, MotionPhase.STOPPED)
    room.tick(MOVING_EVERY_S)
    assert room.cones.cones == {}, "nobody looks, so nobody knows where it points later"


def test_one_that_begins_to_move_is_asked_sooner(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.tick()
    room.tick(STILL_EVERY_S)
    room.moves(4)
    room.tick(MOVING_EVERY_S)
    assert len(room.heads.questions) == 3


def test_a_confirmed_stop_tells_where_the_camera_points(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.tick()
    room.moves(4, MotionPhase.STOPPED, Position(-0.5, 0.0, 0.0))
    assert room.told[-1] == {4: aim(40.0).cone(Position(-0.5, 0.0, 0.0))}
    assert len(room.heads.questions) == 1


def test_few_are_asked_at_once_and_all_get_their_turn(room: Room) -> None:
    room.shown = room.cameras
    room.heads.hold.clear()
    room.cones._tick()
    room.cones._tick()
    assert sum(looked.asking for looked in room.cones._looked.values()) == AT_ONCE
    room.heads.hold.set()
    for _ in range(len(room.cameras)):
        room.tick(0.01)
    assert sorted(set(room.heads.questions)) == [camera.no for camera in room.cameras]
    assert len(room.heads.questions) == len(room.cameras)


def test_one_that_does_not_answer_loses_its_cone_and_is_asked_less_and_less(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.tick()
    room.heads.dead.add(4)
    room.tick(STILL_EVERY_S)
    assert room.told[-1] == {}
    for wait_s in AGAIN_S:
        asked = len(room.heads.questions)
        room.tick(wait_s - 0.5)
        assert len(room.heads.questions) == asked
        room.tick(0.5)
        assert len(room.heads.questions) == asked + 1
    room.heads.dead.clear()
    room.tick(AGAIN_S[-1])
    assert room.told[-1] == {4: aim(40.0).cone(HERE)}


def test_one_that_does_not_say_where_it_points_has_no_cone(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.heads.mute.add(4)
    room.tick()
    assert room.told == []


def test_an_uncalibrated_camera_is_not_asked(room: Room) -> None:
    room.shown = [dome(40)]
    room.tick()
    assert room.heads.questions == []


def test_a_cone_goes_when_its_camera_leaves_the_screen(room: Room) -> None:
    room.shown = room.cameras[:1]
    room.tick()
    room.shown = []
    room.tick()
    assert room.told[-1] == {}


def test_it_asks_by_itself_once_started(room: Room, qtbot: QtBot) -> None:
    room.shown = room.cameras[:1]
    room.cones.start()
    qtbot.waitUntil(lambda: bool(room.told))
    room.cones.stop()
