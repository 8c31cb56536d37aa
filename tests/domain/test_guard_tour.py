from uuid import UUID

import pytest

from domain.errors import BadInputError
from domain.guard_tour import GuardTour, TourPhase, TourSpot, TourState

SPOTS = (TourSpot(1), TourSpot(None, 30, 0.5))


@pytest.mark.parametrize("wrong", [(0,), (256,), (1, 2.9), (1, 3601), (1, 10, 0.01), (1, 10, 1.1)])
def test_a_spot_has_a_place_a_stay_and_a_speed_that_a_camera_can_keep(wrong: tuple[float, ...]) -> None:
    with pytest.raises(BadInputError):
        TourSpot(*wrong)  # type: ignore[arg-type]


def test_a_tour_goes_to_two_places_at_least_and_not_to_hundreds() -> None:
    for spots in ((), SPOTS[:1], SPOTS * 33):
        with pytest.raises(BadInputError):
            GuardTour(UUID(int=1), 7, "night", spots)
    assert GuardTour(UUID(int=1), 7, "night", SPOTS).token == ""


def test_a_tour_is_on_from_its_start_to_its_stop() -> None:
    tour = GuardTour(UUID(int=1), 7, "night", SPOTS)
    assert [phase for phase in TourPhase if not TourState(tour, phase).on] == [TourPhase.IDLE]
