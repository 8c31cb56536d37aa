from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from pytestqt.qtbot import QtBot

from console.hand_map import action, hand_map
from console.hands import usual_devices
from console.settings import HandsSettings
from domain.clock import SystemClock
from domain.hand import Action, Axis, Deed
from domain.keypad import Command, Wanted
from domain.motion import Velocity
from domain.news import InputCame
from domain.text import Text
from ptz.hands.events import Unavailable
from tests.console.ptz_room import FIXED, Room

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


# -- joysticks


def test_a_pushed_stick_turns_the_camera_and_at_rest_it_stops(room: Room, wait: Wait) -> None:
    room.stick.push(pan=1.0, tilt=1.0)
    wait(lambda: room.asked == ["move"])
    assert room.control.velocities == [Velocity(1.0, 1.0)]
    room.stick.push(pan=0.03)
    wait(lambda: room.asked == ["move", "stop"])


def test_only_the_newest_places_wait_for_the_desk(room: Room, wait: Wait) -> None:
    def shake() -> None:
        for step in range(500):
            room.stick.push(pan=step / 500)
        room.stick.push(pan=1.0)

    thread = Thread(target=shake)
    thread.start()
    thread.join()
    wait(lambda: room.asked)
    assert len(room.control.velocities) == 1
    assert room.control.velocities[0].pan == 1.0
    assert len([news for news in room.news if isinstance(news, InputCame)]) <= 2
    room.stick.push()
    wait(lambda: room.asked == ["move", "stop"])


def test_pulling_the_stick_out_stops_what_it_moved_and_says_so(room: Room, wait: Wait) -> None:
    room.stick.push(pan=1.0)
    wait(lambda: room.asked == ["move"])
    room.stick.unplug(moving=True)
    wait(lambda: room.asked == ["move", "stop"])
    assert room.told[-1] == Text("input_unplugged_moving", {"device": "Practice stick-1"})
    assert room.hands.devices == ("Practice stick-2",)
    room.stick.push(pan=1.0)  # what was still under way
    room.stick.press(0)
    room.other.unplug()
    wait(lambda: not room.hands.devices)
    assert room.told[-1].code == "input_unplugged"
    assert room.asked == ["move", "stop"]


def test_each_stick_is_a_hand_of_its_own(room: Room, wait: Wait) -> None:
    room.stick.push(pan=1.0)
    room.other.push(zoom=1.0)
    wait(lambda: room.control.velocities and room.control.velocities[-1] == Velocity(pan=1.0, zoom=1.0))
    room.stick.unplug(moving=True)
    wait(lambda: room.control.velocities[-1] == Velocity(zoom=1.0))
    assert "stop" not in room.asked
    room.other.push()
    wait(lambda: room.asked[-1] == "stop")


def test_closing_lets_go_of_all_sticks_and_stops(room: Room, wait: Wait) -> None:
    room.stick.push(pan=1.0)
    wait(lambda: room.asked == ["move"])
    room.hands.close()
    assert room.asked == ["move", "stop"]
    assert room.hands.devices == ()


def test_away_from_the_desk_a_stick_moves_nothing_and_has_to_rest_after(room: Room, wait: Wait) -> None:
    room.stick.push(pan=1.0)
    wait(lambda: room.asked == ["move"])
    room.attended = False
    room.stick.push(pan=0.9)
    wait(lambda: room.asked == ["move", "stop"])
    room.attended = True
    seen = len(room.news)
    room.stick.push(pan=0.8)
    wait(lambda: len(room.news) > seen)
    assert room.asked == ["move", "stop"]
    room.stick.push()
    room.hands.take()
    room.stick.push(pan=0.8)
    wait(lambda: room.asked[2:] == ["move"])


def test_a_button_that_zooms_does_so_while_it_is_held(room: Room, wait: Wait) -> None:
    room.stick.push(pan=1.0)
    room.stick.press(20)
    wait(lambda: room.control.velocities and room.control.velocities[-1] == Velocity(pan=1.0, zoom=0.5))
    room.stick.push()
    wait(lambda: room.control.velocities[-1] == Velocity(zoom=0.5))
    room.stick.release(20)
    wait(lambda: room.asked[-1] == "stop")


def test_buttons_are_told_by_what_they_do(room: Room, wait: Wait) -> None:
    begun: list[Action] = []
    ended: list[Action] = []
    room.hands.begun.connect(begun.append)
    room.hands.ended.connect(ended.append)
    for button in (10, 22, 5):  # preset 1, home, focus far
        room.stick.press(button)
        room.stick.release(button)
    wait(lambda: len(begun) == 3)
    assert begun == [Action(Deed.PRESET, 1), Action(Deed.HOME), Action(Deed.FOCUS_FAR)]
    assert ended == [Action(Deed.FOCUS_FAR)]
    room.stick.press(5)
    wait(lambda: len(begun) == 4)
    room.stick.unplug()
    wait(lambda: len(ended) == 2)
    room.attended = False
    room.other.press(10)
    room.other.press(99)
    room.hands.take()
    assert len(begun) == 4


def test_the_stop_button_stops_even_away_from_the_desk(room: Room, wait: Wait) -> None:
    room.attended = False
    room.stick.press(0)
    wait(lambda: room.control.asked == [("stop", 3)])
    room.steering.take(FIXED)
    room.stick.press(0)
    room.hands.take()
    assert room.control.asked == [("stop", 3)]


def test_a_keypad_s_keys_make_a_command(room: Room, wait: Wait) -> None:
    given: list[Command] = []
    typed: list[str] = []
    room.hands.command_given.connect(given.append)
    room.hands.typed.connect(typed.append)
    for key in "12P7/3":
        room.hands.press_key(key)
    room.stick.press(21)
    wait(lambda: len(given) == 2)
    assert given == [Command(Wanted.PRESET, 12), Command(Wanted.CAMERA_INTO_TILE, 7, 3)]
    assert typed == ["1", "12", "", "7", "7/", "7/3", ""]


def test_a_device_that_may_not_be_read_disturbs_nobody(room: Room) -> None:
    told = len(room.told)
    room.stick.say(Unavailable("/dev/input/event0 may not be read"))
    room.hands.take()
    assert len(room.told) == told
    assert len(usual_devices(SystemClock(), "linux")) == 1
    assert len(usual_devices(SystemClock(), "win32")) <= 1


# -- what the settings say


def test_the_settings_change_the_map_of_a_stick() -> None:
    made = hand_map(
        HandsSettings(expo=0.25, dead_zone=0.2, invert_tilt=True, buttons={"0": "preset 255", "7": "keypad *"})
    )
    tilt = next(use for use in made.axes.values() if use.axis is Axis.TILT)
    assert not tilt.inverted
    assert (tilt.zone.leave, tilt.curve.expo) == (0.2, 0.25)
    assert tilt.zone.enter < tilt.zone.leave
    assert made.buttons[0] == Action(Deed.PRESET, 255)
    assert made.buttons[7] == action("keypad *")
    assert made.buttons[8] == Action(Deed.WIPER), "those that are not named stay as they are"


@pytest.mark.parametrize("said", ["preset 256", "preset", "dance", "keypad 12", "stop 1"])
def test_a_deed_that_there_is_not_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="buttons"):
        HandsSettings(buttons={"0": said})
