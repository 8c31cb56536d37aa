import pytest

from console.resources import RESOURCES
from console.whereabouts import Whereabouts
from domain.place import Place
from domain.text import Wording
from tests.console.surroundings import make_alarm, make_camera

GATE = Place(37.39, 126.64)


@pytest.fixture
def whereabouts() -> Whereabouts:
    whereabouts = Whereabouts(Wording.load(RESOURCES / "texts.toml", "en"))
    whereabouts.learn(
        [
            make_camera(1, name="gate", place=GATE),
            make_camera(2, name="pond", place=Place(37.392, 126.64)),
            make_camera(3, name="far hill", place=Place(37.48, 126.64)),
        ]
    )
    return whereabouts


def test_cameras_near_a_place_come_nearest_first(whereabouts: Whereabouts) -> None:
    assert [camera.no for camera in whereabouts.near(Place(37.3919, 126.64))] == [2, 1]
    assert whereabouts.near(Place(37.43, 126.64)) == ()


def test_an_alarm_with_a_place_is_named_after_the_nearest_camera(whereabouts: Whereabouts) -> None:
    said = whereabouts.of_alarm(make_alarm(place=Place(37.3901, 126.64)))
    assert "gate" in said
    assert "10" in said  # metres


def test_far_from_any_camera_the_coordinates_are_all_there_is(whereabouts: Whereabouts) -> None:
    assert whereabouts.of_alarm(make_alarm(place=Place(37.43, 126.64))) == "37.4300, 126.6400"


def test_an_alarm_without_a_place_is_where_its_camera_is(whereabouts: Whereabouts) -> None:
    assert whereabouts.of_alarm(make_alarm(kind="fall", place=None, source="2")) == "pond"


@pytest.mark.parametrize("source", ["session-1", "99", ""])
def test_what_cannot_be_known_is_said_to_be_unknown(whereabouts: Whereabouts, source: str) -> None:
    said = whereabouts.of_alarm(make_alarm(kind="fall", place=None, source=source))
    assert "unknown" in said.lower()


def test_a_bell_has_its_number_by_chance_and_is_not_where_a_camera_of_that_number_is(whereabouts: Whereabouts) -> None:
    assert "unknown" in whereabouts.of_alarm(make_alarm(kind="press", place=None, source="2")).lower()


def test_a_new_register_gives_new_names(whereabouts: Whereabouts) -> None:
    alarm = make_alarm(place=GATE)
    assert "gate" in whereabouts.of_alarm(alarm)
    whereabouts.learn([make_camera(9, name="new pole", place=GATE)])
    assert "new pole" in whereabouts.of_alarm(alarm)
