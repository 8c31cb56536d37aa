from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.acting import Deed, Door
from console.leases import Leases
from console.move_gate import PATIENCE_MS, LeasedGate
from console.ptz_purpose import Purposes
from domain.camera import Camera, SiteKind
from domain.clock import FixedClock, SystemClock
from domain.errors import RefusedError, UnreachableError
from domain.lease import Ask, Granted, LeaseAnswer, Rank, Refused
from domain.operator import Role
from domain.purpose import Purpose
from tests.console.aim_room import dome
from tests.console.surroundings import operator

PARK = dome(4)
ALLEY = dome(5, site_kind=SiteKind.CRIME_PREVENTION)
LANE = dome(6, site_kind=SiteKind.CRIME_PREVENTION)


class Headquarters:
    """A line to headquarters whose answers the test gives."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []
        self.heard: Callable[[LeaseAnswer], None] = lambda _: None

    def start(self, heard: Callable[[LeaseAnswer], None], linked: Callable[[bool, str], None]) -> None:
        self.heard = heard
        linked(True, "")

    def ask(self, asked: Ask) -> None:
        self.asked.append(asked)

    def close(self) -> None:
        pass


class Room:
    """A desk that asks for cameras."""

    def __init__(self, line: Headquarters | None = None) -> None:
        self.owner = QObject()
        self.clock = SystemClock()
        self.audited: list[Deed] = []
        self.door = Door(self.audited.append, FixedClock(datetime(2026, 11, 24, tzinfo=UTC)))
        self.door.operator = operator()
        self.leases = Leases(line, lambda _camera: None, lambda _state: None, self.clock)
        self.leases.start()
        self.purposes = Purposes(self.door, self.audited.append, self.clock, tuple, lambda: None)
        self.prompts: list[int] = []
        self.in_hand: set[int] = set()
        self.gate = LeasedGate(
            self.leases,
            self.purposes,
            lambda camera: self.prompts.append(camera.no),
            lambda: Rank.OPERATOR,
            self.in_hand.__contains__,
            self.owner,
        )
        self.got: list[int] = []
        self.errors: list[Exception] = []

    def ask(self, camera: Camera) -> None:
        self.gate.ask(camera, lambda: self.got.append(camera.no), self.errors.append)

    def tell(self, camera: Camera) -> None:
        """Hand on what the leases would report."""
        self.gate.take_state(self.leases.state(camera.no))


@pytest.fixture
def line() -> Headquarters:
    return Headquarters()


@pytest.fixture
def alone(qtbot: QtBot) -> Iterator[Room]:
    del qtbot
    room = Room()
    yield room
    room.leases.close()


@pytest.fixture
def joined(qtbot: QtBot, line: Headquarters) -> Iterator[Room]:
    del qtbot
    room = Room(line)
    yield room
    room.leases.close()


def test_a_desk_that_shares_with_nobody_gets_its_cameras_at_once(alone: Room) -> None:
    alone.ask(PARK)
    assert (alone.got, alone.errors) == ([4], [])
    assert alone.leases.may_move(4)
    assert [deed.action for deed in alone.audited] == ["move_camera"]


def test_a_crime_prevention_camera_waits_for_its_purpose(alone: Room) -> None:
    alone.ask(ALLEY)
    assert (alone.got, alone.prompts) == ([], [5])
    alone.gate.take_purpose(Purpose.PATROL)
    assert alone.got == [5]
    assert [deed.purpose for deed in alone.audited] == [Purpose.PATROL.value]


def test_several_cameras_are_asked_about_once(alone: Room) -> None:
    for camera in (PARK, ALLEY, LANE):
        alone.ask(camera)
    assert (alone.got, alone.prompts) == ([4], [5])
    alone.gate.take_purpose(Purpose.SOS)
    assert alone.got == [4, 5, 6]
    alone.gate.take_purpose(Purpose.SOS)
    assert alone.got == [4, 5, 6], "an answer to somebody else's question"


def test_without_a_purpose_nothing_turns_and_the_register_has_it(alone: Room) -> None:
    alone.ask(ALLEY)
    alone.gate.take_no_purpose()
    assert alone.got == []
    assert isinstance(alone.errors[0], RefusedError)
    assert alone.audited[-1].action == "refused:move_camera"


def test_without_the_right_nobody_is_asked(alone: Room) -> None:
    alone.door.operator = operator(Role.POLICE_LIAISON)
    alone.ask(ALLEY)
    assert isinstance(alone.errors[0], RefusedError)
    assert alone.prompts == []


def test_headquarters_grants_a_camera(joined: Room, line: Headquarters) -> None:
    joined.ask(PARK)
    assert joined.got == []
    line.heard(Granted(4, joined.clock.monotonic(), 5.0))
    joined.tell(PARK)
    joined.tell(PARK)
    assert joined.got == [4]


def test_a_camera_of_another_workstation_is_not_waited_for(joined: Room, line: Headquarters) -> None:
    joined.ask(PARK)
    line.heard(Refused(4, ours=False, party=None, ttl_s=5.0))
    joined.tell(PARK)
    assert joined.got == []
    assert isinstance(joined.errors[0], UnreachableError)
    line.heard(Granted(4, joined.clock.monotonic(), 5.0))
    joined.tell(PARK)
    assert joined.got == []


def test_a_camera_about_which_headquarters_says_nothing_is_moved_by_local_control(joined: Room, qtbot: QtBot) -> None:
    joined.ask(PARK)
    qtbot.waitUntil(lambda: joined.got == [4], timeout=3 * PATIENCE_MS)
    assert joined.leases.state(4).local
    assert joined.errors == []


def test_who_still_waits_when_patience_ends_gets_no_camera(joined: Room) -> None:
    joined.ask(PARK)
    joined.gate._give_up()
    assert isinstance(joined.errors[0], UnreachableError)
    assert joined.got == []


def test_a_camera_in_a_hand_or_of_another_position_is_not_free(alone: Room) -> None:
    assert alone.gate.holder(4) == ""
    alone.in_hand.add(4)
    assert alone.gate.holder(4)
    alone.leases.wish(LANE, Rank.OPERATOR, "joystick")
    assert alone.gate.holder(6)
    alone.leases.wish(ALLEY, Rank.OPERATOR)
    assert alone.gate.holder(5) == "", "the desk's own"


def test_giving_back_leaves_the_lease_to_its_own_end(alone: Room) -> None:
    alone.ask(PARK)
    alone.gate.give_back(PARK)
    assert alone.leases.may_move(4)
