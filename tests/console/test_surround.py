from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.aiming import Calibrations
from console.look_here import AimNeeds
from console.surround import Surround
from console.tasks import Tasks
from domain.camera import Camera
from domain.errors import UnreachableError
from domain.motion import Position
from tests.console.aim_room import Gate, Heads, Kept, Said, aim, beside, dome

PLACE = beside(0.0, 0.0)
BEFORE = Position(0.3, 0.1, 0.2)


class Room:
    """Four cameras around a place, 40 to 70 m away, and one far from it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.heads, self.gate, self.said = Heads(), Gate(), Said()
        places = {4: (0, 40), 5: (50, 0), 6: (0, -60), 7: (-70, 0), 8: (3000, 0)}
        self.cameras = [dome(number, *place) for number, place in places.items()]
        self.heads.at = dict.fromkeys(places, BEFORE)
        store = Kept({number: aim(*place) for number, place in places.items()})
        calibrations = Calibrations(store, self.tasks, self.owner)
        with qtbot.waitSignal(calibrations.changed):
            calibrations.load()
        needs = AimNeeds(
            cameras=lambda: self.cameras,
            calibrations=calibrations,
            turns=self.heads,
            gate=self.gate,
            tasks=self.tasks,
            show=self.said.show,
            say=self.said.say,
        )
        self.surround = Surround(needs, 3, self.owner)
        self.failures: list[Exception] = []
        self.surround.failed.connect(self.failures.append)
        self.active: list[bool] = []
        self.surround.changed.connect(self.active.append)

    def camera(self, number: int) -> Camera:
        return next(camera for camera in self.cameras if camera.no == number)

    @property
    def turned(self) -> list[int]:
        return sorted(number for order, number in self.heads.orders if order == "turn")

    def held(self) -> set[int]:
        return set(self.surround._turned)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    room.heads.hold.set()
    room.tasks.close()


def test_the_nearest_cameras_turn_at_once_and_their_pictures_open(room: Room, qtbot: QtBot) -> None:
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 5, 6})
    assert room.turned == [4, 5, 6]
    assert room.said.shown == [4, 5, 6]
    assert room.said.texts[0].params == {"count": "3", "wanted": "3"}
    assert room.surround.active


def test_they_are_released_together_and_look_again_where_they_did(room: Room, qtbot: QtBot) -> None:
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 5, 6})
    assert all(room.heads.at[number] != BEFORE for number in (4, 5, 6))
    room.surround.release()
    qtbot.waitUntil(lambda: sorted(room.gate.back) == [4, 5, 6])
    assert [room.heads.at[number] for number in (4, 5, 6)] == [BEFORE] * 3
    assert not room.surround.active
    assert room.active[-1] is False


def test_one_that_does_not_say_where_it_was_goes_home(room: Room, qtbot: QtBot) -> None:
    room.heads.mute.add(5)
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 5, 6})
    room.surround.release()
    qtbot.waitUntil(lambda: ("home", 5) in room.heads.orders)
    assert ("home", 4) not in room.heads.orders


def test_one_that_a_person_moves_meanwhile_is_not_turned_back(room: Room, qtbot: QtBot) -> None:
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 5, 6})
    room.surround.let_be(5)
    room.surround.release()
    qtbot.waitUntil(lambda: sorted(room.gate.back) == [4, 6])
    assert room.turned == [4, 4, 5, 6, 6]


def test_one_that_a_person_takes_while_it_is_on_its_way_is_left_to_them(room: Room, qtbot: QtBot) -> None:
    room.heads.hold.clear()
    room.surround.surround(PLACE)
    room.surround.let_be(5)
    room.heads.hold.set()
    qtbot.waitUntil(lambda: room.held() == {4, 6} and not room.surround._asked and not room.surround._left)
    assert room.turned == [4, 5, 6]


def test_released_while_they_are_on_their_way_they_go_back_when_they_arrive(room: Room, qtbot: QtBot) -> None:
    room.heads.hold.clear()
    room.surround.surround(PLACE)
    room.surround.release()
    assert not room.surround.active
    room.heads.hold.set()
    qtbot.waitUntil(lambda: sorted(room.gate.back) == [4, 5, 6])
    assert [room.heads.at[number] for number in (4, 5, 6)] == [BEFORE] * 3


def test_a_new_place_keeps_those_that_it_needs_and_still_knows_where_they_were(room: Room, qtbot: QtBot) -> None:
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 5, 6})
    room.surround.surround(beside(-30.0, -5.0))
    qtbot.waitUntil(lambda: room.held() == {4, 6, 7} and not room.surround._asked)
    qtbot.waitUntil(lambda: room.gate.back == [5])
    assert room.gate.lent == [4, 5, 6, 7]
    room.surround.release()
    qtbot.waitUntil(lambda: sorted(room.gate.back) == [4, 5, 6, 7])
    assert [room.heads.at[number] for number in (4, 5, 6, 7)] == [BEFORE] * 4


def test_one_that_somebody_holds_or_takes_first_is_left_out(room: Room, qtbot: QtBot) -> None:
    room.gate.held[4] = "kim"
    room.gate.refused[5] = UnreachableError("somebody else has it")
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {6, 7})
    assert len(room.failures) == 1
    assert room.said.texts[0].params["count"] == "2"


def test_one_that_does_not_answer_is_told_and_given_back(room: Room, qtbot: QtBot) -> None:
    room.heads.dead.add(5)
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 6} and len(room.failures) == 1)
    assert room.gate.back == [5]
    assert room.surround.active


def test_where_none_can_it_is_said(room: Room) -> None:
    room.cameras = [dome(9, 0, 40)]
    room.surround.surround(PLACE)
    assert room.said.codes == ["look_here_not_calibrated"]
    assert not room.surround.active


def test_one_that_does_not_go_back_is_told(room: Room, qtbot: QtBot) -> None:
    room.surround.surround(PLACE)
    qtbot.waitUntil(lambda: room.held() == {4, 5, 6})
    room.heads.dead.add(6)
    room.surround.release()
    qtbot.waitUntil(lambda: len(room.failures) == 1 and sorted(room.gate.back) == [4, 5, 6])
