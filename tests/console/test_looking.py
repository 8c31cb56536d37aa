from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.keys import CONTROL, PLAIN, SHIFT
from console.look_here import DoorGate
from console.looking import Looking, LookingNeeds
from console.tasks import Tasks
from db.camera_aims import CameraAimStore
from domain.aiming import Rectangle
from domain.camera import Camera
from domain.motion import MotionPhase, MotionState, Position, Velocity
from domain.operator import Role
from domain.place import Place
from tests.console.aim_room import POLE, Heads, Said, aim, beside, dome
from tests.console.surroundings import Workstation, operator

pytest_plugins = ["tests.console.fixtures"]

CAMERAS = (dome(4, 0, 40), dome(5, 50, 0), dome(6, 0, -60))


class Map(QObject):
    """A map whose mouse is at the pole."""

    look_here_asked = Signal(object)
    surround_asked = Signal(object)
    release_asked = Signal()
    place_missed = Signal()
    place_picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.surrounding = False
        self.cones: list[object] = []
        self.pointer: Place | None = POLE

    def look_here(self) -> None:
        if self.pointer is None:
            self.place_missed.emit()
        else:
            self.look_here_asked.emit(self.pointer)

    def surround(self) -> None:
        if self.surrounding:
            self.release_asked.emit()
        else:
            self.surround_asked.emit(POLE)

    def show_surrounding(self, surrounding: bool) -> None:
        self.surrounding = surrounding

    def show_cones(self, cones: object) -> None:
        self.cones.append(cones)

    def pick_place(self, wanted: bool) -> None:
        pass


class Pulses:
    """Notes what is aimed by time alone."""

    def __init__(self) -> None:
        self.given: list[object] = []

    def centre(self, camera: Camera, x: float, y: float) -> None:
        self.given.append((camera.no, x, y))

    def box(self, camera: Camera, part: Rectangle) -> None:
        self.given.append((camera.no, part))


class Seat:
    """A desk with a map, on a workstation whose cameras turn at once."""

    def __init__(self, qtbot: QtBot, workstation: Workstation) -> None:
        self.core = core = workstation.core
        store = CameraAimStore(core.stores.database)
        for camera, (east, north) in zip(CAMERAS, ((0, 40), (50, 0), (0, -60)), strict=True):
            store.save(camera.no, aim(east, north), (), "haneul")
        self.heads, self.said, self.pulses, self.map = Heads(), Said(), Pulses(), Map()
        self.real = core.turning
        core.turning = replace(core.turning, control=self.heads)  # turns at once instead of asking cameras
        core.door.operator = operator(Role.SUPERVISOR)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.tasks = Tasks(self.window)
        self.selected: Camera | None = None
        self.shown: Sequence[Camera] = ()
        needs = LookingNeeds(
            gate=DoorGate(core.move_allowed, lambda _number: False),
            pulses=self.pulses,
            on_screen=lambda: self.shown,
            selected=lambda: self.selected,
            show=self.said.show,
            say=self.said.say,
        )
        self.looking = Looking(core, self.tasks, needs, self.window)
        with qtbot.waitSignal(self.looking.calibrations.changed):
            self.looking.start()
        self.looking.show_register(CAMERAS)

    def key(self, modifier: object = PLAIN) -> None:
        """Press L."""
        deeds = self.looking.deeds()
        next(deed for (_, held), deed in deeds.items() if held == modifier)()

    def take_map(self) -> None:
        self.looking.take_map(self.map)  # type: ignore[arg-type]  # a map without a web engine


@pytest.fixture
def seat(qtbot: QtBot, workstation: Workstation) -> Iterator[Seat]:
    seat = Seat(qtbot, workstation)
    yield seat
    seat.looking.cones.stop()
    if seat.looking.editing._editor is not None:
        seat.looking.editing._editor.reject()
    seat.tasks.close()
    workstation.core.turning = seat.real


def test_a_key_looks_where_the_mouse_is(seat: Seat, qtbot: QtBot) -> None:
    seat.take_map()
    seat.key()
    qtbot.waitUntil(lambda: seat.said.codes == ["look_here_sent"])
    assert seat.heads.orders == [("turn", 4)]
    seat.map.pointer = None
    seat.key()
    assert seat.said.codes[-1] == "look_here_nowhere"


def test_without_a_map_a_place_is_asked_for(seat: Seat) -> None:
    seat.key()
    seat.key(SHIFT)
    assert seat.said.codes == ["look_here_nowhere"] * 2


def test_the_same_key_surrounds_and_lets_go(seat: Seat, qtbot: QtBot) -> None:
    seat.take_map()
    seat.key(SHIFT)
    qtbot.waitUntil(lambda: len(seat.looking.surround._turned) == 3)
    assert seat.map.surrounding
    seat.key(SHIFT)
    qtbot.waitUntil(lambda: len(seat.heads.orders) == 6)
    assert not seat.map.surrounding


def test_a_hand_takes_a_camera_out_of_those_that_surround_and_an_errand_does_not(seat: Seat, qtbot: QtBot) -> None:
    seat.take_map()
    seat.key(SHIFT)
    qtbot.waitUntil(lambda: len(seat.looking.surround._turned) == 3)
    seat.looking.show_motion(MotionState(5, MotionPhase.MOVING))
    assert len(seat.looking.surround._turned) == 3
    seat.looking.show_motion(MotionState(5, MotionPhase.MOVE_SENT, Velocity(pan=0.5)))
    assert set(seat.looking.surround._turned) == {4, 6}


def test_cones_of_what_is_on_a_screen_come_to_the_map(seat: Seat, qtbot: QtBot) -> None:
    seat.take_map()
    seat.shown = CAMERAS[:1]
    qtbot.waitUntil(lambda: seat.map.cones[-1] == {4: aim(0, 40).cone(Position(0.0, 0.0, 0.0))}, timeout=5000)


def test_the_selected_camera_is_calibrated(seat: Seat) -> None:
    seat.key(CONTROL)
    assert seat.said.codes == ["camera_does_not_turn"]
    seat.selected = CAMERAS[0]
    seat.key(CONTROL)
    assert seat.looking.editing._editor is not None


def test_what_has_no_numbers_is_aimed_by_time(seat: Seat, qtbot: QtBot) -> None:
    unknown = dome(9, place=beside(10.0, 10.0))
    seat.looking.aiming.centre(unknown, 0.25, 0.75)
    qtbot.waitUntil(lambda: seat.pulses.given == [(9, Rectangle(0.25, 0.75, 0.25, 0.75))])
    part = Rectangle(0.1, 0.1, 0.4, 0.4)
    seat.looking.aiming.box(unknown, part)
    qtbot.waitUntil(lambda: seat.pulses.given[1:] == [(9, part)])


def test_at_the_end_cameras_go_back(seat: Seat, qtbot: QtBot) -> None:
    seat.take_map()
    seat.key(SHIFT)
    qtbot.waitUntil(lambda: len(seat.looking.surround._turned) == 3)
    seat.looking.close()
    qtbot.waitUntil(lambda: len(seat.heads.orders) == 6)
