"""Tours that cameras run by themselves, on the practice city's cameras."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from domain.camera import Camera
from domain.errors import BadInputError, ProtocolError
from domain.guard_tour import GuardTour, TourSpot
from ptz.guard_tours import CameraTours
from tests.ptz import places_city as kinds
from tests.ptz.places_city import PlacesCity, Steering, until

pytest_plugins = ["tests.ptz.places_fixtures"]
pytestmark = [pytest.mark.timeout(120)]

TOKENS = {1: "1", 2: "2", 3: "3"}


@pytest.fixture
def tours(rig: Steering) -> CameraTours:
    return CameraTours(rig.contacts)


def round_trip(camera: Camera, *spots: TourSpot, token: str = "") -> GuardTour:
    return GuardTour(uuid4(), camera.no, "야간 순찰", spots or (TourSpot(1, 5, 0.5), TourSpot(None, 4)), token)


def test_a_camera_is_given_its_tour_and_runs_it_until_told_to_stop(
    domes: PlacesCity, tours: CameraTours, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.SPEEDY)
    tour = round_trip(camera)
    token = tours.start(camera, tour, TOKENS)
    assert tours.runs(camera, token)
    (told,) = [one for one in tours.listed(camera) if one.token == token]
    assert (told.state, told.spots) == ("Touring", 2)
    until(lambda: domes.state(camera.no)["heads"][0]["moving"])
    tours.stop(camera, token)
    assert not tours.runs(camera, token)
    tours.remove(camera, token)
    assert token not in [one.token for one in tours.listed(camera)]


def test_starting_again_changes_the_cameras_tour_and_makes_no_other(
    tours: CameraTours, dome: Callable[..., Camera]
) -> None:
    camera = dome(kinds.FULL)
    tour = round_trip(camera)
    token = tours.start(camera, tour, TOKENS)
    longer = replace(tour, token=token, spots=(*tour.spots, TourSpot(3, 6)))
    assert tours.start(camera, longer, TOKENS) == token
    (told,) = [one for one in tours.listed(camera) if one.token == token]
    assert told.spots == 3
    tours.remove(camera, token)


def test_a_tour_that_the_camera_has_lost_is_made_anew(tours: CameraTours, dome: Callable[..., Camera]) -> None:
    camera = dome(kinds.FULL)
    token = tours.start(camera, round_trip(camera, token="long gone"), TOKENS)
    assert token != "long gone"
    tours.remove(camera, token)


def test_a_camera_without_tours_and_a_place_that_it_does_not_know_are_refused_before_anything_is_made(
    domes: PlacesCity, tours: CameraTours, dome: Callable[..., Camera]
) -> None:
    with pytest.raises(BadInputError, match="no tours of its own"):
        tours.start(dome(kinds.PLAIN), round_trip(dome(kinds.PLAIN)), TOKENS)
    assert domes.journal(kinds.PLAIN, "CreatePresetTour") == []
    camera, before = dome(kinds.FULL), len(domes.journal(kinds.FULL, "CreatePresetTour"))
    with pytest.raises(BadInputError, match="place 9"):
        tours.start(camera, round_trip(camera, TourSpot(9), TourSpot(1)), TOKENS)
    assert len(domes.journal(kinds.FULL, "CreatePresetTour")) == before


@pytest.mark.parametrize("said_only", ["CreatePresetTour", "ModifyPresetTour", "OperatePresetTour"])
def test_a_tour_in_words_only_is_not_believed(
    domes: PlacesCity, tours: CameraTours, dome: Callable[..., Camera], said_only: str
) -> None:
    camera = dome(kinds.FULL)
    tours.listed(camera)
    domes.fault(camera.no, "empty_success", operations=said_only)
    with pytest.raises(ProtocolError):
        tours.start(camera, round_trip(camera), TOKENS)
    assert domes.state(camera.no)["fired"]["empty_success"] > 0
    domes.clear(camera.no)
    for told in tours.listed(camera):
        assert told.state != "Touring"
        tours.remove(camera, told.token)
