from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from console.ptz_aiming import TimedAiming
from console.ptz_hand import Pulse
from domain.aiming import Rectangle
from domain.camera import Camera
from domain.motion import Position, Velocity
from tests.console.ptz_room import DOME, FIXED, OTHER, Room

RIGHT, LEFT, UP, STILL = Velocity(pan=0.5), Velocity(pan=-0.5), Velocity(tilt=0.5), Velocity()


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room()
    qtbot.waitUntil(lambda: len(room.hands.devices) == 2)
    yield room
    room.hands.close()


@pytest.fixture
def wait(qtbot: QtBot) -> Callable[[Callable[[], object]], None]:
    return lambda met: qtbot.waitUntil(lambda: bool(met()), timeout=3000)


Wait = Callable[[Callable[[], object]], None]


def test_hands_add_up_and_the_last_to_let_go_stops(room: Room) -> None:
    steering = room.steering
    assert steering.move("pad", RIGHT)
    assert steering.move("stick", UP)
    assert steering.move("mouse", Velocity(pan=0.9))
    assert room.control.velocities == [RIGHT, Velocity(0.5, 0.5), Velocity(1.0, 0.5)]
    for hand in ("pad", "mouse"):
        steering.move(hand, STILL)
    assert room.control.velocities[3:] == [Velocity(0.9, 0.5), Velocity(0.0, 0.5)]
    steering.move("stick", STILL)
    assert room.asked == ["move"] * 5 + ["stop"]
    assert room.admitted == [3], "one movement, asked for once"


def test_hands_that_pull_apart_stop_the_camera(room: Room) -> None:
    room.steering.move("pad", RIGHT)
    room.steering.move("stick", LEFT)
    assert room.asked == ["move", "stop"]
    assert room.steering.moving is None
    room.steering.move("pad", STILL)
    assert room.control.velocities[-1] == LEFT
    room.steering.move("stick", STILL)


def test_the_same_wish_again_says_nothing(room: Room) -> None:
    for _ in range(3):
        room.steering.move("stick", RIGHT)
    assert room.asked == ["move"]
    room.steering.move("stick", STILL)
    room.steering.move("stick", STILL)
    assert room.asked == ["move", "stop"]


@pytest.mark.parametrize("then", [None, OTHER, FIXED])
def test_another_tile_stops_and_the_hand_has_to_rest_first(room: Room, then: Camera | None) -> None:
    room.steering.move("stick", RIGHT)
    room.steering.take(then)
    assert room.control.asked == [("move", 3), ("stop", 3)]
    assert not room.steering.move("stick", RIGHT)
    assert not room.steering.move("stick", UP)
    room.steering.move("stick", STILL)
    assert room.steering.move("stick", UP) is (then is OTHER)
    assert len(room.control.asked) == (3 if then is OTHER else 2)


def test_a_hand_that_was_made_to_let_go_moves_nothing_until_it_rested(room: Room) -> None:
    room.steering.move("stick", RIGHT)
    room.steering.let_go()
    assert not room.steering.move("stick", UP)
    assert room.asked == ["move", "stop"]
    room.steering.move("stick", STILL)
    assert room.steering.move("stick", UP)


def test_stop_reaches_also_a_camera_that_nobody_here_moves(room: Room) -> None:
    room.steering.stop(OTHER)
    assert room.control.asked == [("stop", 7)]
    room.steering.move("stick", RIGHT)
    room.steering.stop(DOME)
    room.steering.stop(OTHER)
    assert room.control.asked == [("stop", 7), ("move", 3), ("stop", 3), ("stop", 7)]
    room.steering.move("pad", RIGHT)
    room.steering.stop(OTHER)
    assert room.control.asked[4:] == [("move", 3), ("stop", 3), ("stop", 7)], "hands off means everywhere"


def test_a_refused_hand_moves_nothing_and_is_told_once(room: Room) -> None:
    room.refused = True
    for _ in range(5):
        assert not room.steering.move("stick", RIGHT)
    assert len(room.failures) == 1
    assert room.asked == []
    room.refused = False
    room.steering.move("stick", STILL)
    assert room.steering.move("stick", RIGHT)


def test_a_camera_that_is_taken_over_is_stopped_and_stays_so(room: Room) -> None:
    room.steering.move("stick", RIGHT)
    room.steering.refuse(3, "Kim holds it")
    assert room.asked == ["move", "stop"]
    assert room.steering.refusal(3) == "Kim holds it"
    room.steering.move("stick", STILL)
    assert not room.steering.move("stick", RIGHT)
    room.steering.refuse(3, "")
    room.steering.move("stick", STILL)
    assert room.steering.move("stick", RIGHT)


def test_a_movement_that_waits_for_leave_begins_with_what_is_held_by_then(room: Room) -> None:
    room.wait = True
    assert room.steering.move("pad", RIGHT)
    assert room.steering.move("pad", UP)
    assert room.asked == []
    assert room.admitted == [3]
    room.waiting[0]()
    assert room.control.velocities == [UP]
    assert room.admitted == [3]
    room.steering.move("pad", STILL)
    assert room.asked == ["move", "stop"]


@pytest.mark.parametrize("gone", [lambda room: room.steering.move("pad", STILL), lambda room: room.steering.let_go()])
def test_leave_that_comes_after_the_hand_is_gone_moves_nothing(room: Room, gone: Callable[[Room], object]) -> None:
    room.wait = True
    room.steering.move("pad", RIGHT)
    gone(room)
    room.waiting[0]()
    assert room.asked == []
    room.steering.move("pad", STILL)
    room.steering.move("pad", RIGHT)
    assert room.admitted == [3, 3], "asked anew"


def test_a_pulse_lets_go_by_itself(room: Room, wait: Wait) -> None:
    pulse = Pulse(room.steering, "wheel", room.owner)
    pulse.give(Velocity(zoom=1), 0.05)
    assert room.asked == ["move"]
    wait(lambda: room.asked == ["move", "stop"])
    room.steering.refuse(3, "held")
    pulse.give(Velocity(zoom=1), 0.05)
    assert room.asked == ["move", "stop"]
    room.steering.refuse(3, "")
    pulse.give(Velocity(zoom=1), 5.0)
    room.steering.let_go()
    assert room.asked == ["move", "stop"] * 2
    pulse.end()
    assert room.asked == ["move", "stop"] * 2


# -- aiming by time


class Aimed:
    """A camera that is aimed by pulses, at a zoom that a test sets."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.position: Position | None = None
        self.ready = True
        self.aiming = TimedAiming(room.steering, lambda _no: self.position, lambda: self.ready, room.owner)


@pytest.fixture
def aimed(room: Room) -> Aimed:
    return Aimed(room)


def test_a_click_turns_towards_it_for_a_while_and_stops(aimed: Aimed, wait: Wait) -> None:
    aimed.aiming.centre(DOME, 0.8, 0.3)
    last = aimed.room.control.velocities[-1]
    assert last.pan > 0
    assert last.tilt > 0
    assert last.zoom == 0
    wait(lambda: aimed.room.asked[-1] == "stop")


def test_zoomed_in_the_same_click_turns_more_slowly(aimed: Aimed) -> None:
    aimed.aiming.centre(DOME, 0.9, 0.5)
    aimed.position = Position(0, 0, 0.7)
    aimed.aiming.centre(DOME, 0.9, 0.5)
    wide, tele = aimed.room.control.velocities
    assert wide.pan > 4 * tele.pan > 0
    aimed.aiming.end()
    assert aimed.room.asked[-1] == "stop"


def test_a_box_is_turned_to_and_zoomed_to(aimed: Aimed, wait: Wait) -> None:
    aimed.aiming.box(DOME, Rectangle(0.0, 0.0, 0.3, 0.3))
    last = aimed.room.control.velocities[-1]
    assert last.pan < 0 < last.tilt
    assert last.zoom > 0
    aimed.room.steering.let_go()
    assert aimed.room.asked[-1] == "stop"


def test_the_middle_and_a_hand_that_is_gone_move_nothing(aimed: Aimed) -> None:
    aimed.aiming.centre(DOME, 0.5, 0.5)
    aimed.aiming.centre(OTHER, 0.1, 0.1)
    aimed.ready = False
    aimed.aiming.centre(DOME, 0.1, 0.1)
    assert aimed.room.asked == []
