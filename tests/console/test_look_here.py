import tomllib
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.aiming import Calibrations
from console.look_here import AimNeeds, DoorGate, LookHere, Why
from console.tasks import Tasks
from domain.aiming import Aim
from domain.camera import Camera
from domain.errors import RefusedError, UnreachableError
from domain.geometry import Spot, apart_deg, way
from domain.text import Wording
from tests.console.aim_room import Gate, Heads, Kept, Said, aim, beside, dome, templates

PLACE = beside(0.0, 100.0)


class Room:
    """Cameras around a place, and somebody who wants to look there."""

    def __init__(self) -> None:
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        self.heads, self.gate, self.said = Heads(), Gate(), Said()
        self.cameras: list[Camera] = []
        self.store = Kept()
        self.calibrations = Calibrations(self.store, self.tasks, self.owner)
        needs = AimNeeds(
            cameras=lambda: self.cameras,
            calibrations=self.calibrations,
            turns=self.heads,
            gate=self.gate,
            tasks=self.tasks,
            show=self.said.show,
            say=self.said.say,
        )
        self.look_here = LookHere(needs, self.owner)
        self.failures: list[Exception] = []
        self.look_here.failed.connect(self.failures.append)

    def hang(
        self, number: int, east: float, north: float, found: Aim | None = None, *, calibrated: bool = True
    ) -> None:
        self.cameras.append(dome(number, east, north))
        if calibrated:
            self.store.save(number, found or aim(east, north), (), "haneul")

    def look(self, qtbot: QtBot) -> None:
        with qtbot.waitSignal(self.calibrations.changed):
            self.calibrations.load()
        self.look_here.look(PLACE)


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    del qtbot
    room = Room()
    yield room
    room.tasks.close()


def test_the_nearest_camera_turns_and_its_picture_opens(room: Room, qtbot: QtBot) -> None:
    room.hang(4, 0, 0)
    room.hang(5, 0, 60)
    room.look(qtbot)
    qtbot.waitUntil(lambda: room.said.codes == ["look_here_sent"])
    assert room.heads.orders == [("turn", 5)]
    assert room.said.shown == [5]
    looks = aim(0, 60).direction(room.heads.at[5])
    assert apart_deg(looks, way(aim(0, 60).spot, Spot(PLACE, 1.2))) == pytest.approx((0, 0), abs=0.01)


def test_a_nearer_camera_that_cannot_is_passed_over_and_that_is_said(room: Room, qtbot: QtBot) -> None:
    room.hang(4, 0, 0)
    room.hang(5, 0, 60, calibrated=False)
    room.hang(6, 0, 70)
    room.gate.held[6] = "kim"
    room.hang(7, 0, 90, aim(0, 90, pan_deg=10.0, pan_zero_deg=180.0))
    room.look(qtbot)
    qtbot.waitUntil(lambda: room.said.codes == ["look_here_sent_passing"])
    assert room.said.texts[0].params["passed"] == "3"
    assert room.heads.orders == [("turn", 4)]


@pytest.mark.parametrize("why", list(Why))
def test_where_none_can_look_it_is_said_what_keeps_the_nearest_from_it(room: Room, qtbot: QtBot, why: Why) -> None:
    match why:
        case Why.NOT_CALIBRATED:
            room.hang(5, 0, 60, calibrated=False)
        case Why.HANGS_ELSEWHERE:
            room.hang(5, 0, 60, aim(0, 600))
        case Why.HELD:
            room.hang(5, 0, 60)
            room.gate.held[5] = "kim"
        case Why.OUT_OF_REACH:
            room.hang(5, 0, 60, aim(0, 60, tilt_deg=1.0, tilt_zero_deg=-80.0))
    room.hang(6, 0, -200, calibrated=False)
    room.look(qtbot)
    (text,) = room.said.texts
    assert text.code == f"look_here_{why.value}"
    assert text.params == {"camera": "0005", "metres": "40", "others": "1"}
    assert not room.heads.orders


def test_where_there_is_no_camera_that_turns_it_is_said(room: Room, qtbot: QtBot) -> None:
    room.hang(5, 5000, 0, calibrated=False)
    room.look(qtbot)
    assert room.said.codes == ["look_here_no_camera"]


def test_every_sentence_is_there_in_both_languages() -> None:
    texts = tomllib.loads(templates().read_text(encoding="utf-8"))
    codes = {f"look_here_{why.value}" for why in Why} | {"look_here_no_camera", "look_here_sent", "surround_sent"}
    codes |= {"look_here_sent_passing", "look_here_nowhere"}
    assert codes <= texts.keys()
    for code in codes:
        assert texts[code].keys() == {"ko", "en"}
    assert Wording.load(templates(), "ko").language == "ko"


def test_a_camera_that_does_not_answer_gives_way_to_the_next(room: Room, qtbot: QtBot) -> None:
    room.hang(4, 0, 0)
    room.hang(5, 0, 60)
    room.heads.dead.add(5)
    room.look(qtbot)
    qtbot.waitUntil(lambda: room.said.codes == ["look_here_sent_passing"])
    assert room.heads.orders == [("turn", 4)]
    assert room.gate.back == [5]
    assert not room.failures


def test_where_the_last_one_does_not_answer_it_is_said(room: Room, qtbot: QtBot) -> None:
    room.hang(5, 0, 60)
    room.heads.dead.add(5)
    room.look(qtbot)
    qtbot.waitUntil(lambda: len(room.failures) == 1)
    assert isinstance(room.failures[0], UnreachableError)
    assert not room.said.texts


def test_a_camera_that_somebody_takes_first_gives_way_to_the_next(room: Room, qtbot: QtBot) -> None:
    room.hang(4, 0, 0)
    room.hang(5, 0, 60)
    room.gate.refused[5] = UnreachableError("somebody else has it")
    room.look(qtbot)
    qtbot.waitUntil(lambda: room.heads.orders == [("turn", 4)])
    assert room.said.shown == [4]


def test_who_lacks_the_right_is_told_once_and_nothing_turns(room: Room, qtbot: QtBot) -> None:
    room.hang(4, 0, 0)
    room.hang(5, 0, 60)
    for number in (4, 5):
        room.gate.refused[number] = RefusedError("may not move_camera")
    room.look(qtbot)
    assert len(room.failures) == 1
    assert not room.heads.orders
    assert not room.said.shown


def test_the_door_lends_what_no_hand_turns_to_who_has_the_right() -> None:
    asked: list[int] = []

    def allow(camera: Camera) -> None:
        if camera.no == 5:
            raise RefusedError("may not")
        asked.append(camera.no)

    gate = DoorGate(allow, lambda number: number == 7)
    went: list[str] = []
    gate.ask(dome(4), lambda: went.append("then"), lambda _: went.append("otherwise"))
    gate.ask(dome(5), lambda: went.append("then"), lambda error: went.append(str(error)))
    assert (asked, went) == ([4], ["then", "may not"])
    assert [bool(gate.holder(number)) for number in (4, 7)] == [False, True]
    gate.give_back(dome(4))
