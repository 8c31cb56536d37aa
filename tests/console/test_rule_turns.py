"""Who goes first: a person always."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from console.rule_turns import RuleTurns
from domain.clock import FixedClock
from domain.lease import Rank, Standing
from domain.purpose import HOMEWARD, Cause, Purpose, Reason, of_alarm, of_tour
from tests.console.places_room import Leasing
from tests.console.surroundings import make_camera

CAMERA = make_camera(7, onvif_url="http://127.0.0.1/onvif")
ALARM = of_alarm(UUID(int=1))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def written() -> list[tuple[int, Reason]]:
    return []


@pytest.fixture
def leasing() -> Leasing:
    return Leasing()


@pytest.fixture
def held() -> set[int]:
    return set()


@pytest.fixture
def turns(clock: FixedClock, written: list[tuple[int, Reason]], leasing: Leasing, held: set[int]) -> RuleTurns:
    return RuleTurns(clock, lambda camera, reason: written.append((camera.no, reason)), held.__contains__, leasing)


def test_a_rule_turns_a_free_camera_with_its_lease_and_its_line_in_the_register(
    turns: RuleTurns, written: list[tuple[int, Reason]], leasing: Leasing
) -> None:
    assert turns.may(CAMERA, ALARM)
    assert written == [(7, ALARM)]
    assert leasing.wished == [(7, Rank.ALARM, "alarm")]
    assert turns.may(CAMERA, of_tour("night"))
    assert leasing.wished[-1] == (7, Rank.TOUR, "tour")
    turns.give_up(CAMERA, Cause.TOUR)
    assert leasing.released == [(7, "tour")]


def test_no_rule_turns_a_camera_within_20_s_of_a_persons_last_order(
    turns: RuleTurns, clock: FixedClock, written: list[tuple[int, Reason]]
) -> None:
    turns.person_moved(7)
    assert turns.person_has(7)
    clock.advance(19.9)
    assert not turns.may(CAMERA, ALARM)
    assert written == []
    clock.advance(0.2)
    assert turns.may(CAMERA, ALARM)


def test_a_camera_that_is_held_stays_a_persons_however_long(
    turns: RuleTurns, clock: FixedClock, held: set[int]
) -> None:
    held.add(7)
    clock.advance(1000)
    assert not turns.may(CAMERA, ALARM)


@pytest.mark.parametrize("standing", [Standing.ASKED, Standing.WAITING, Standing.LAPSED])
def test_a_camera_that_others_have_is_not_turned_and_nothing_is_written(
    turns: RuleTurns, leasing: Leasing, written: list[tuple[int, Reason]], standing: Standing
) -> None:
    leasing.standing = standing
    assert not turns.may(CAMERA, ALARM)
    assert written == []
    assert turns.away() == {}


def test_without_leases_a_rule_turns_what_no_person_has(clock: FixedClock, written: list[tuple[int, Reason]]) -> None:
    alone = RuleTurns(clock, lambda camera, reason: written.append((camera.no, reason)))
    assert alone.may(CAMERA, ALARM)
    assert not alone.may(CAMERA, Reason(Purpose.PATROL)), "that is a person's"
    alone.give_up(CAMERA, Cause.ALARM)


def test_it_is_told_once_when_a_person_begins(turns: RuleTurns, clock: FixedClock) -> None:
    told: list[int] = []
    turns.watch(told.append)
    turns.person_moved(7)
    turns.person_moved(7)
    assert told == [7]
    clock.advance(21)
    turns.person_moved(7)
    assert told == [7, 7]


def test_a_camera_is_away_from_the_first_movement_until_it_is_home(turns: RuleTurns, clock: FixedClock) -> None:
    assert turns.away() == {}
    turns.person_moved(7)
    clock.advance(30)
    assert turns.away() == {7: 30}
    assert turns.person_idle_s(7) == 30
    assert turns.may(CAMERA, ALARM)
    assert turns.away() == {7: 0}
    assert turns.person_idle_s(7) == 30, "an alarm is no person"
    clock.advance(5)
    assert turns.may(CAMERA, HOMEWARD)
    assert turns.away() == {7: 5}, "going home is no reason to go home"
    turns.came_home(7)
    assert turns.away() == {}
    assert turns.person_idle_s(7) is None
