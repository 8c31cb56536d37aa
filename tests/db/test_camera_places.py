"""Places and guard tours of moving cameras, on a real database."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from db.camera_places import CameraPlaceStore
from db.database import Database
from db.guard_tours import GuardTourStore
from db.writer import Urgency
from domain.errors import BadInputError, StorageError
from domain.guard_tour import GuardTour, TourSpot
from domain.motion import Position
from domain.ptz_place import PtzPlace

GATE = PtzPlace(
    camera_no=7, no=12, name="다리 밑", token="t1", position=Position(0.1, -0.2, 0.3), thumbnail=b"\xff\xd8"
)
YARD = PtzPlace(camera_no=7, no=3, token="t2")
TOUR = GuardTour(uuid4(), 7, "야간", (TourSpot(1, 5, 0.5), TourSpot(None, 30)), "tour_1")


@pytest.fixture
def places(desk) -> CameraPlaceStore:
    return CameraPlaceStore(desk.db)


@pytest.fixture
def tours(desk) -> GuardTourStore:
    return GuardTourStore(desk.db)


def spoil(desk, statement: str) -> None:
    desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(text(statement)))


def test_places_come_back_as_they_were_kept_by_number(places, desk, clock):
    places.keep([GATE, YARD, PtzPlace(camera_no=8, no=1, token="t1")])
    assert places.of(7) == (YARD, GATE)
    again = Database.open(desk.path, clock)
    try:
        assert CameraPlaceStore(again).of(7) == (YARD, GATE)
    finally:
        again.close()


def test_a_place_without_a_number_is_not_kept(places):
    places.keep([replace(GATE, no=None)])
    places.keep([])
    assert places.of(7) == ()


def test_a_place_is_replaced_by_what_is_stored_under_its_number(places):
    places.keep([GATE])
    places.keep([replace(YARD, no=12)])
    assert places.of(7) == (replace(YARD, no=12),)


def test_a_cameras_view_is_one_place_only(places):
    places.keep([GATE, YARD])
    places.keep([replace(YARD, no=20, token="t1")])
    assert places.of(7) == (YARD, replace(GATE, token=""), replace(YARD, no=20, token="t1"))
    places.keep([replace(GATE, no=21, token="t2")])
    assert [place.no for place in places.of(7)] == [12, 20, 21], "a place that was nothing but this view is gone"


def test_a_place_is_removed_once(places):
    places.keep([GATE])
    assert places.remove(7, 12)
    assert not places.remove(7, 12)
    assert places.of(7) == ()


@pytest.mark.parametrize("wrong", ["[1, 2]", '"x"', '{"pan": 1}', '{"pan": 1, "tilt": true, "zoom": 0}'])
def test_a_place_that_cannot_be_read_is_said_to_be_so(places, desk, wrong):
    places.keep([GATE])
    spoil(desk, f"UPDATE camera_place SET position = '{wrong}'")
    with pytest.raises(StorageError, match="place 12 of camera 7"):
        places.of(7)


def test_tours_come_back_as_they_were_saved_by_name(tours):
    first, second = tours.save(TOUR), tours.save(replace(TOUR, id=uuid4(), name=" a "))
    assert second.name == "a"
    assert tours.of(7) == (second, first)
    assert tours.of(8) == ()
    assert tours.find(TOUR.id) == first
    assert tours.find(uuid4()) is None


def test_a_tour_is_replaced_and_a_name_is_used_once_for_a_camera(tours):
    tours.save(TOUR)
    changed = tours.save(replace(TOUR, name="day", token=""))
    assert tours.of(7) == (changed,)
    with pytest.raises(BadInputError, match="already a tour"):
        tours.save(replace(TOUR, id=uuid4(), name="day"))
    with pytest.raises(BadInputError):
        tours.save(replace(TOUR, name="  "))
    assert tours.save(replace(TOUR, id=uuid4(), camera_no=8, name="day")).camera_no == 8


def test_a_tour_is_deleted_once(tours):
    tours.save(TOUR)
    assert tours.delete(TOUR.id)
    assert not tours.delete(TOUR.id)


@pytest.mark.parametrize(
    "wrong",
    [
        "[]",
        "[1, 2]",
        '[{"place": "x", "stay_s": 5, "speed": 1}, {"place": 1, "stay_s": 5, "speed": 1}]',
        '[{"place": 1, "stay_s": true, "speed": 1}, {"place": 1, "stay_s": 5, "speed": 1}]',
        '[{"place": 1, "stay_s": 1, "speed": 1}, {"place": 1, "stay_s": 5, "speed": 1}]',
    ],
)
def test_a_tour_that_cannot_be_read_is_said_to_be_so(tours, desk, wrong):
    tours.save(TOUR)
    spoil(desk, f"UPDATE guard_tour SET spots = '{wrong}'")
    with pytest.raises(StorageError, match="야간"):
        tours.of(7)
