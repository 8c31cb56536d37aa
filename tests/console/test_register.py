"""The register as the program thinks with it: by number, by nearness, by what an alarm is about."""

import pytest

from console.register import NEAR_M, Register
from domain.event import EventKind
from domain.place import Place
from tests.console.surroundings import make_alarm, make_camera

HERE = Place(37.39, 126.64)
NORTH_100_M = 100 / 111_195


@pytest.fixture
def register() -> Register:
    """Cameras 1, 2, 4, 6 and 3: so many hundred metres north of here, told in another order."""
    register = Register()
    cameras = [make_camera(number, place=Place(37.39 + number * NORTH_100_M, 126.64)) for number in (4, 1, 6, 2, 3)]
    register.learn(cameras)
    return register


def test_a_camera_is_found_by_its_number(register: Register) -> None:
    found = register.find(4)
    assert found is not None
    assert found.no == 4
    assert register.find(5) is None
    assert [camera.no for camera in register.cameras] == [4, 1, 6, 2, 3]


def test_a_new_register_takes_the_old_ones_place(register: Register) -> None:
    register.learn([make_camera(9)])
    assert register.find(1) is None
    assert [camera.no for camera in register.cameras] == [9]


def test_the_nearest_come_first_and_what_is_far_is_left_out(register: Register) -> None:
    assert [camera.no for camera in register.near(HERE)] == [1, 2, 3, 4]
    assert NEAR_M == 500.0
    assert [camera.no for camera in register.near(HERE, 250.0)] == [1, 2]
    assert register.near(Place(35.0, 129.0)) == ()


def test_cameras_at_one_place_come_in_the_order_of_their_numbers() -> None:
    register = Register()
    register.learn([make_camera(number, place=HERE) for number in (7, 3, 5)])
    assert [camera.no for camera in register.near(HERE)] == [3, 5, 7]


@pytest.mark.parametrize("kind", [EventKind.DETECTION, EventKind.DEVICE_LOST])
def test_what_a_camera_saw_is_about_this_camera(register: Register, kind: EventKind) -> None:
    found = register.camera_of(make_alarm(kind=kind, source="4"))
    assert found is not None
    assert found.no == 4


@pytest.mark.parametrize(
    "kind", [EventKind.SOS, EventKind.BELL_PRESS, EventKind.THRESHOLD, EventKind.RECORDING_TROUBLE, "signal_lost"]
)
def test_bell_4_is_not_camera_4(register: Register, kind: str) -> None:
    assert register.camera_of(make_alarm(kind=kind, source="4")) is None


@pytest.mark.parametrize("source", ["", "5", "4a", "-4", "\u0664", "\u00b2", "04 "])
def test_a_source_that_is_no_cameras_number_is_no_camera(register: Register, source: str) -> None:
    assert register.camera_of(make_alarm(kind=EventKind.DETECTION, source=source)) is None
