"""A tour on its way, second by second."""

from uuid import UUID

import pytest

from console.guard_run import BLIND_WAY_S, LONGEST_WAY_S, Due, GuardRun
from domain.guard_tour import GuardTour, TourPhase, TourSpot

TOUR = GuardTour(UUID(int=1), 7, "night", (TourSpot(1, 10), TourSpot(2, 20, 0.5), TourSpot(None, 5)))


@pytest.fixture
def run() -> GuardRun:
    return GuardRun(TOUR, 0.0, resume_s=60.0)


def arrive(run: GuardRun, at: float) -> None:
    assert run.tick(at, None) is Due.GO
    run.went(at)
    assert run.tick(at + 0.5, None) is None, "it may not have set off yet"
    assert run.tick(at + 1, None) is Due.LOOK
    run.seen(at + 1, moving=False)


def test_it_goes_from_place_to_place_and_round_again_staying_from_its_arrival(run: GuardRun) -> None:
    at = 0.0
    for spot in (*TOUR.spots, TOUR.spots[0]):
        arrive(run, at)
        assert run.spot == spot
        assert run.tick(at + 1 + spot.stay_s - 0.1, None) is None
        at += 1 + spot.stay_s
    assert run.phase is TourPhase.BY_CONSOLE


def test_it_looks_again_until_the_camera_stands_still(run: GuardRun) -> None:
    run.tick(0, None)
    run.went(0)
    for at in (1, 2, 3):
        assert run.tick(at, None) is Due.LOOK
        assert run.tick(at + 0.5, None) is None, "one question at a time"
        run.seen(at, moving=True)
    assert run.tick(4, None) is Due.LOOK
    run.seen(4, moving=False)
    assert run.tick(13.9, None) is None
    assert run.tick(14, None) is Due.GO


def test_a_camera_that_says_nothing_or_never_stands_still_holds_up_no_tour(run: GuardRun) -> None:
    for moving, arrives in ((None, BLIND_WAY_S), (True, LONGEST_WAY_S)):
        run = GuardRun(TOUR, 0.0, 60.0)
        run.tick(0, None)
        run.went(0)
        run.tick(1, None)
        run.seen(1, moving=moving)
        run.tick(arrives, None)
        run.seen(arrives, moving=moving)
        assert run.tick(arrives + 10, None) is Due.GO
        assert run.place == 2


def test_a_person_pauses_it_and_a_minute_after_them_it_goes_to_the_same_place_again(run: GuardRun) -> None:
    arrive(run, 0)
    assert run.tick(5, 0.0) is None
    assert run.phase is TourPhase.PAUSED
    assert run.tick(200, 59.9) is None
    assert run.tick(201, 60.0) is Due.GO
    assert run.place == 1
    run.went(201)
    assert run.phase is TourPhase.BY_CONSOLE


def test_an_answer_that_comes_while_it_is_paused_changes_nothing(run: GuardRun) -> None:
    run.tick(0, None)
    run.went(0)
    run.tick(1, None)
    run.tick(1.5, 0.0)
    run.seen(2, moving=False)
    assert run.phase is TourPhase.PAUSED
    assert run.tick(100, 70.0) is Due.GO
    assert run.place == 1


def test_a_place_that_cannot_be_reached_is_passed_over_later_each_time(run: GuardRun) -> None:
    run.tick(0, None)
    run.failed(0)
    assert run.phase is TourPhase.FAILING
    assert run.tick(1.9, None) is None
    assert run.tick(2, None) is Due.GO
    assert run.place == 2
    run.failed(2)
    assert run.tick(6.9, None) is None
    assert run.tick(7, None) is Due.GO
    run.went(7)
    assert run.phase is TourPhase.BY_CONSOLE


def test_a_camera_that_could_not_be_had_is_asked_for_again(run: GuardRun) -> None:
    run.tick(0, None)
    run.put_off(0)
    assert run.tick(0.9, None) is None
    assert run.tick(1, None) is Due.GO
    assert run.place == 1
