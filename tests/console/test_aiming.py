from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.aiming import CalibratedAiming, Calibrations, aims_of
from console.tasks import Tasks
from domain.aiming import Rectangle
from domain.camera import Camera
from domain.errors import UnreachableError
from domain.motion import Position
from domain.place import Place
from tests.console.aim_room import FULL, VIEWS, Heads, Kept, aim, dome

DOME = dome(4)
BOX = Rectangle(0.6, 0.4, 0.8, 0.6)


class Room:
    """A camera whose picture is clicked."""

    def __init__(self, qtbot: QtBot) -> None:
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.heads = Heads()
        self.store = Kept({4: aim()})
        self.calibrations = Calibrations(self.store, self.tasks, self.owner)
        with qtbot.waitSignal(self.calibrations.changed):
            self.calibrations.load()
        self.pulses: list[tuple[Camera, Rectangle]] = []
        self.failures: list[Exception] = []
        self.aiming = CalibratedAiming(
            self.calibrations, self.heads, self.tasks, lambda *given: self.pulses.append(given), self.owner
        )
        self.aiming.failed.connect(self.failures.append)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.heads.hold.set()
    room.tasks.close()


def test_a_click_turns_by_what_is_seen_where_the_camera_counts_in_views(room: Room, qtbot: QtBot) -> None:
    room.heads.can[4] = VIEWS
    room.aiming.centre(DOME, 0.75, 0.25)
    qtbot.waitUntil(lambda: room.heads.orders == [("shift +0.50 +0.50", 4)])
    assert not room.pulses


def test_a_box_turns_and_zooms_by_the_calibration(room: Room, qtbot: QtBot) -> None:
    room.heads.can[4] = VIEWS
    room.heads.at[4] = Position(0.2, -0.1, 0.1)
    room.aiming.box(DOME, BOX)
    qtbot.waitUntil(lambda: room.heads.orders == [("turn", 4)])
    assert room.heads.at[4] == aim().box(Position(0.2, -0.1, 0.1), BOX)
    assert room.heads.at[4].zoom > 0.1


def test_a_click_turns_by_the_calibration_where_the_camera_counts_in_nothing_else(room: Room, qtbot: QtBot) -> None:
    room.aiming.centre(DOME, 0.75, 0.25)
    qtbot.waitUntil(lambda: room.heads.orders == [("turn", 4)])
    assert room.heads.at[4] == aim().centre(Position(0.0, 0.0, 0.0), 0.75, 0.25)


@pytest.mark.parametrize("lack", ["calibration", "places", "position"])
def test_without_calibration_places_or_position_a_pulse_is_what_is_left(room: Room, qtbot: QtBot, lack: str) -> None:
    camera = dome(5) if lack == "calibration" else DOME
    if lack == "places":
        room.heads.can[4] = type(FULL)()
    if lack == "position":
        room.heads.mute.add(4)
    room.aiming.box(camera, BOX)
    qtbot.waitUntil(lambda: room.pulses == [(camera, BOX)])
    assert not room.heads.orders


def test_of_clicks_while_one_is_on_its_way_only_the_newest_counts(room: Room, qtbot: QtBot) -> None:
    room.heads.hold.clear()
    for x in (0.6, 0.7, 0.8, 0.9):
        room.aiming.centre(DOME, x, 0.5)
    room.heads.hold.set()
    qtbot.waitUntil(lambda: len(room.heads.orders) == 2)
    first = aim().centre(Position(0.0, 0.0, 0.0), 0.6, 0.5)
    assert room.heads.at[4] == aim().centre(first, 0.9, 0.5)


def test_what_waits_is_dropped_when_the_camera_is_stopped(room: Room, qtbot: QtBot) -> None:
    room.heads.hold.clear()
    room.aiming.centre(DOME, 0.6, 0.5)
    room.aiming.centre(DOME, 0.7, 0.5)
    room.aiming.forget(4)
    room.heads.hold.set()
    qtbot.waitUntil(lambda: len(room.heads.orders) == 1)
    room.aiming.centre(DOME, 0.5, 0.5)
    qtbot.waitUntil(lambda: len(room.heads.orders) == 2)


def test_a_camera_that_does_not_answer_is_told_and_can_be_clicked_again(room: Room, qtbot: QtBot) -> None:
    room.heads.dead.add(4)
    room.aiming.centre(DOME, 0.6, 0.5)
    qtbot.waitUntil(lambda: len(room.failures) == 1)
    assert isinstance(room.failures[0], UnreachableError)
    room.heads.dead.clear()
    room.aiming.centre(DOME, 0.6, 0.5)
    qtbot.waitUntil(lambda: len(room.heads.orders) == 1)


def test_a_camera_that_was_hung_elsewhere_counts_as_not_calibrated(room: Room) -> None:
    assert room.calibrations.of(DOME) == aim()
    moved = dome(4, east=100.0)
    assert room.calibrations.of(moved) is None
    assert room.calibrations.hangs_elsewhere(moved)
    assert not room.calibrations.hangs_elsewhere(dome(5))


def test_only_cameras_that_turn_are_aimed(room: Room) -> None:
    fixed = dome(4, onvif_url="")
    assert aims_of(room.calibrations, [fixed, dome(9, place=Place(37.0, 127.0))]) == {}
    assert aims_of(room.calibrations, [DOME]) == {4: aim()}
