"""Buttons for the lens and the switches, held and pressed."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.optics_hand import OpticsHand
from domain.camera import Camera
from domain.hand import Action, Deed
from domain.optics import OpticsWish
from tests.console.surroundings import make_camera

DOME = make_camera(3, onvif_url="http://127.0.0.1:9/onvif")


class Lens:
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[OpticsWish] = []

    def ask(self, camera: Camera, wish: OpticsWish) -> None:
        assert camera == DOME
        self.asked.append(wish)


class Room:
    def __init__(self) -> None:
        self.owner, self.lens = QObject(), Lens()
        self.camera: Camera | None = DOME
        self.hand = OpticsHand(self.lens, lambda: self.camera, self.owner)  # type: ignore[arg-type]  # notes instead of asking


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room()
    yield room
    room.hand.end(Action(Deed.FOCUS_FAR))


def test_focus_goes_on_step_by_step_while_its_button_is_held(room: Room, qtbot: QtBot) -> None:
    room.hand.begin(Action(Deed.FOCUS_FAR))
    qtbot.waitUntil(lambda: len(room.lens.asked) >= 3)
    assert set(room.lens.asked) == {OpticsWish.FOCUS_FAR}
    room.hand.end(Action(Deed.FOCUS_FAR))
    assert not room.hand._timer.isActive()


def test_a_camera_that_is_no_longer_there_ends_it(room: Room, qtbot: QtBot) -> None:
    room.hand.begin(Action(Deed.IRIS_OPEN))
    room.camera = None
    qtbot.waitUntil(lambda: not room.hand._timer.isActive())
    assert room.lens.asked == [OpticsWish.IRIS_OPEN]
    room.hand.begin(Action(Deed.LIGHT))
    room.hand.end(Action(Deed.WIPER))
    assert room.lens.asked == [OpticsWish.IRIS_OPEN]


def test_the_wiper_runs_while_held_and_the_light_switches(room: Room) -> None:
    room.hand.begin(Action(Deed.WIPER))
    room.hand.end(Action(Deed.WIPER))
    for _ in range(2):
        room.hand.begin(Action(Deed.LIGHT))
        room.hand.end(Action(Deed.LIGHT))
    room.hand.begin(Action(Deed.AUTO_FOCUS))
    assert room.lens.asked == [
        OpticsWish.WIPER_ON,
        OpticsWish.WIPER_OFF,
        OpticsWish.LIGHT_ON,
        OpticsWish.LIGHT_OFF,
        OpticsWish.FOCUS_AUTO,
    ]
