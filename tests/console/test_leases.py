"""Who may move a camera: two and three workstations at one real headquarters, cut off, with wrong clocks, and alone."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from console.heart import Heart
from console.leases import Leases
from db.sync.client import Headquarters
from db.sync.leases import LeaseLine
from domain.camera import Camera, Credentials
from domain.clock import Clock, FixedClock, SystemClock
from domain.lease import DESK, IDLE_S, MARGIN_S, NOTICE_S, TTL_S, LeaseState, Rank, Standing
from domain.motion import MotionPhase, MotionState, Velocity
from domain.tenure import PASS_ON_S
from tests.console.surroundings import PTZ_ACCOUNT, PracticeCameras, Workstation, make_camera
from tests.db.sync.conftest import Centre, hq, relay, server, wait_until  # noqa: F401 - fixtures
from tests.db.sync.relay import Relay

pytest_plugins = ["tests.console.fixtures"]
pytestmark = pytest.mark.system

DOME = make_camera(12, onvif_url="http://127.0.0.1:9/onvif")
OTHER = make_camera(13, onvif_url="http://127.0.0.1:9/onvif")


class WrongClock(SystemClock):
    """A workstation's clock that is hours off, and can be told that the computer slept."""

    def __init__(self, off: timedelta) -> None:
        self.off = off

    def now(self) -> datetime:
        return datetime.now(UTC) + self.off


class SlowClock(SystemClock):
    """A clock whose seconds are too long."""

    def monotonic(self) -> float:
        return time.monotonic() * 0.92


@dataclass
class Station:
    """A workstation's leases, what was reported and stopped, with the moment of each."""

    origin: UUID
    clock: Clock = field(default_factory=SystemClock)
    states: list[tuple[float, LeaseState]] = field(default_factory=list)
    stops: list[tuple[float, int]] = field(default_factory=list)
    leases: Leases = field(init=False)

    def open(self, line: LeaseLine | None) -> None:
        self.leases = Leases(line, self._stop, self._report, self.clock)
        self.leases.start()

    def _stop(self, camera: Camera) -> None:
        self.stops.append((time.monotonic(), camera.no))

    def _report(self, state: LeaseState) -> None:
        self.states.append((time.monotonic(), state))

    def standing(self, camera: Camera = DOME, position: str = DESK) -> Standing:
        return self.leases.state(camera.no, position).standing

    def may(self, camera: Camera = DOME) -> bool:
        return self.leases.may_move(camera.no)

    def press(self, rank: Rank = Rank.OPERATOR, camera: Camera = DOME) -> LeaseState:
        """Press a key: wish, and command where that is allowed."""
        state = self.leases.wish(camera, rank)
        if state.may_move:
            self.leases.used(camera.no)
        return state

    def take(self, rank: Rank = Rank.OPERATOR, camera: Camera = DOME) -> None:
        """Press until the camera is ours, and command it."""
        self.press(rank, camera)
        wait_until(lambda: self.may(camera), 10)
        self.leases.used(camera.no)

    def told(self, *standings: Standing) -> list[float]:
        return [at for at, state in list(self.states) if state.standing in standings]


@pytest.fixture
def stations(hq: Centre) -> Iterator[Callable[..., Station]]:  # noqa: F811
    made: list[Station] = []

    def make(through: Relay | None = None, clock: Clock | None = None) -> Station:
        station = Station(uuid4(), clock or SystemClock())
        address = hq.enrol(origin=station.origin)
        if through is not None:
            address = hq.through(through.port, address)
        made.append(station)
        station.open(LeaseLine(Headquarters(address, 1.0), station.origin, station.clock))
        wait_until(lambda: station.leases._link == "up")
        return station

    yield make
    for station in made:
        station.leases.close()


# -- one after the other


def test_a_camera_is_one_workstations_and_the_other_waits_and_gets_it_when_it_is_given_back(stations) -> None:
    one, other = stations(), stations()
    one.take()
    other.press()
    wait_until(lambda: other.standing() is Standing.WAITING)
    assert not other.may()
    who = other.leases.state(DOME.no).who
    assert who is not None
    assert (who.origin, who.rank) == (one.origin, Rank.OPERATOR)
    one.leases.release(DOME.no)
    wait_until(other.may)
    assert not one.may()


def test_what_was_asked_ahead_is_there_when_the_key_is_pressed(stations) -> None:
    one = stations()
    one.leases.wish(DOME, Rank.AHEAD)
    wait_until(one.may)
    began = time.monotonic()
    assert one.press().may_move
    assert time.monotonic() - began < 0.02


def test_choosing_a_camera_holds_up_no_colleague_for_long(stations) -> None:
    one, other = stations(), stations()
    one.leases.wish(DOME, Rank.AHEAD)
    wait_until(one.may)
    began = time.monotonic()
    other.take()
    assert time.monotonic() - began < 2.0
    assert one.standing() is Standing.WAITING
    assert one.stops == []  # nothing had been moved


def test_a_lease_is_renewed_for_as_long_as_it_is_used(stations, hq: Centre) -> None:  # noqa: F811
    one, other = stations(), stations()
    one.take()
    until = time.monotonic() + TTL_S + 1.0
    while time.monotonic() < until:
        assert one.may()
        assert not other.press().may_move
        threading.Event().wait(0.1)
    assert hq.ask("select fence from hq.lease where camera = 12") == [(1,)]


def test_two_cameras_are_two_leases(stations) -> None:
    one, other = stations(), stations()
    one.take()
    other.take(camera=OTHER)
    assert (one.may(), one.may(OTHER), other.may(), other.may(OTHER)) == (True, False, False, True)


# -- taking over


def test_a_supervisor_takes_over_after_a_notice_of_three_seconds(stations) -> None:
    operator, chief = stations(), stations()
    operator.take()
    pressed = time.monotonic()
    chief.press(Rank.SUPERVISOR)
    wait_until(lambda: operator.standing() is Standing.ENDING)
    state = operator.leases.state(DOME.no)
    assert state.who is not None
    assert (state.who.origin, state.who.rank) == (chief.origin, Rank.SUPERVISOR)
    assert operator.may()
    wait_until(chief.may)
    assert time.monotonic() - pressed < 6.5
    noticed, stopped = operator.told(Standing.ENDING)[0], operator.stops[0][0]
    assert NOTICE_S - 0.5 < stopped - noticed < NOTICE_S + 0.3
    granted = chief.told(Standing.HELD)[0]
    assert granted - stopped > PASS_ON_S - 0.1
    assert not operator.may()
    assert operator.standing() is Standing.WAITING


def test_of_three_the_highest_takes_over_and_the_lowest_gets_it_last(stations) -> None:
    operator, dispatcher, chief = stations(), stations(), stations()
    operator.take()
    dispatcher.press(Rank.DISPATCHER)
    chief.press(Rank.SUPERVISOR)
    wait_until(chief.may)
    chief.leases.used(DOME.no)
    assert (operator.may(), dispatcher.may()) == (False, False)
    chief.leases.release(DOME.no)
    wait_until(dispatcher.may)
    assert not operator.may()


def test_a_supervisor_who_thinks_better_of_it_leaves_the_operator_alone(stations) -> None:
    operator, chief = stations(), stations()
    operator.take()
    chief.press(Rank.SUPERVISOR)
    wait_until(lambda: operator.standing() is Standing.ENDING)
    chief.leases.release(DOME.no)
    wait_until(lambda: operator.standing() is Standing.HELD)
    assert operator.stops == []


def test_a_tour_elsewhere_gives_way_to_a_person_within_two_seconds(stations) -> None:
    patrol, operator = stations(), stations()
    patrol.leases.wish(DOME, Rank.TOUR, "tour")
    wait_until(patrol.may)
    patrol.leases.used(DOME.no, "tour")
    began = time.monotonic()
    operator.take()
    assert time.monotonic() - began < 2.5
    assert len(patrol.stops) == 1
    assert patrol.stops[0][0] < operator.told(Standing.HELD)[0]


# -- never two at once


def test_of_two_hands_on_one_camera_never_both_may_move_it(stations) -> None:
    """Two workstations fight for it for a while, and each asks at every moment whether it may."""
    pair = [stations(), stations(clock=SlowClock())]
    both, turns, ended = 0, set(), time.monotonic() + 12
    ranks, rests = (Rank.OPERATOR, Rank.SUPERVISOR), [0.0, 0.0]
    while time.monotonic() < ended:
        for n, station in enumerate(pair):
            if time.monotonic() < rests[n]:
                continue
            if station.press(ranks[n]).may_move and station.told(Standing.HELD)[-1:] < [time.monotonic() - 1.0]:
                station.leases.release(DOME.no)
                rests[n] = time.monotonic() + 1.5
        now_may = [station.may() for station in pair]
        both += all(now_may)
        turns |= {n for n, may in enumerate(now_may) if may}
        threading.Event().wait(0.002)
    assert turns == {0, 1}
    assert both == 0


# -- cut off


def test_cut_off_the_holder_stops_in_time_before_the_other_gets_it(stations, relay: Relay) -> None:  # noqa: F811
    one, other = stations(through=relay), stations()
    one.take()
    other.press()
    wait_until(lambda: other.standing() is Standing.WAITING)
    relay.mute()
    muted = time.monotonic()
    wait_until(lambda: not one.may(), 10)
    lapsed = time.monotonic()
    wait_until(other.may, 10)
    granted = time.monotonic()
    assert relay.swallowed > 0
    assert lapsed - muted < TTL_S
    assert one.stops
    assert one.stops[0][0] < granted - (MARGIN_S - 0.3)
    assert one.standing() is Standing.LAPSED


def test_cut_off_a_new_press_goes_on_by_local_control_with_a_warning(stations, relay: Relay) -> None:  # noqa: F811
    one = stations(through=relay)
    one.take()
    relay.mute()
    wait_until(lambda: one.standing() is Standing.LAPSED, 10)
    assert not one.may()
    wait_until(lambda: one.press().may_move, 5)
    assert one.leases.state(DOME.no).local
    relay.cut()  # headquarters is back
    wait_until(lambda: not one.leases.state(DOME.no).local and one.may(), 15)


def test_local_control_ends_where_headquarters_comes_back_and_another_has_the_camera(stations, relay: Relay) -> None:  # noqa: F811
    one, other = stations(through=relay), stations()
    relay.mute()
    wait_until(lambda: one.press().local, 10)
    assert one.may()
    one.leases.used(DOME.no)
    other.take()
    relay.cut()
    wait_until(lambda: other.press().may_move and one.standing() is Standing.WAITING, 15)
    assert one.stops
    assert other.may()


def test_a_first_press_waits_no_longer_than_a_second_for_a_headquarters_that_went_silent(
    stations,
    relay: Relay,  # noqa: F811
) -> None:
    one = stations(through=relay)
    relay.mute()
    began = time.monotonic()
    one.press()
    wait_until(one.may, 5)
    assert time.monotonic() - began < 1.6
    assert one.leases.state(DOME.no).local


# -- clocks


@pytest.mark.parametrize("hours", [-5, 7])
def test_a_workstation_whose_clock_is_hours_off_leases_as_any_other(stations, hours: int) -> None:
    wrong, right = stations(clock=WrongClock(timedelta(hours=hours))), stations()
    wrong.take()
    right.press()
    wait_until(lambda: right.standing() is Standing.WAITING)
    until = time.monotonic() + TTL_S + 0.5
    while time.monotonic() < until:
        assert wrong.press().may_move
        assert not right.press().may_move
        threading.Event().wait(0.1)
    wrong.leases.release(DOME.no)
    wait_until(right.may)


def test_a_computer_that_slept_holds_nothing_until_headquarters_says_so_again(stations) -> None:
    clock = WrongClock(timedelta(0))
    one = stations(clock=clock)
    one.take()
    clock.off = timedelta(seconds=8)  # its monotonic clock stood still meanwhile
    wait_until(lambda: bool(one.told(Standing.LAPSED)))
    assert len(one.stops) == 1
    wait_until(one.may)


# -- the end


def test_a_workstation_that_ends_leaves_its_cameras_free_at_once(stations, hq: Centre) -> None:  # noqa: F811
    one, other = stations(), stations()
    one.take()
    one.leases.close()
    assert hq.ask("select holder from hq.lease where camera = 12") == [(None,)]
    began = time.monotonic()
    other.take()
    assert time.monotonic() - began < 1.0


def test_a_colleague_of_another_centre_has_another_camera_twelve(stations, hq: Centre) -> None:  # noqa: F811
    one = stations()
    one.take()
    assert hq.workstation("ifez").lease(DOME.no, 3, 5.0).granted


# -- a real camera


def test_a_camera_that_turns_is_stopped_before_the_supervisor_may_move_it(
    stations, workstations: Callable[..., Workstation], cameras: PracticeCameras
) -> None:
    dome, core = cameras.dome, workstations().core
    core.stores.secrets.keep(dome.credentials, Credentials(*PTZ_ACCOUNT))
    core.watchdog.start()
    operator, chief = stations(), stations()
    operator.leases._stop = core.ptz.stop
    core.turning.leases.wish(dome, Rank.OPERATOR)  # the control's own, which asks nobody: the stations' are in question
    before = len(cameras.asked("Stop", "ContinuousMove"))
    with Heart(core.watchdog):
        operator.take(camera=dome)
        core.ptz.move(dome, Velocity(pan=0.3))
        wait_until(lambda: len(cameras.asked("Stop", "ContinuousMove")) > before)
        chief.press(Rank.SUPERVISOR, dome)
        wait_until(lambda: chief.may(dome))
        granted = time.time()
        heard = cameras.asked("Stop", "ContinuousMove")[before:]
        stops = [one for one in heard if one["operation"] == "Stop"]
        moves = [one for one in heard if one["operation"] != "Stop" and float(one["asked"]["PanTilt"]["x"])]
        assert stops
        assert stops[0]["at"] < granted
        assert moves[-1]["at"] < stops[0]["at"]
        core.ptz.close()
    cameras.wait_quiet()


# -- without headquarters


@pytest.fixture
def alone() -> Iterator[Station]:
    station = Station(uuid4(), FixedClock(datetime(2026, 11, 23, tzinfo=UTC)))
    station.open(None)
    yield station
    station.leases.close()


def advance(station: Station, seconds: float) -> None:
    assert isinstance(station.clock, FixedClock)
    station.clock.advance(seconds)
    station.leases.state(DOME.no)  # looks at the time


def test_without_headquarters_positions_of_one_workstation_take_turns(alone: Station) -> None:
    alone.leases.wish(DOME, Rank.TOUR, "tour")
    alone.leases.used(DOME.no, "tour")
    assert alone.leases.may_move(DOME.no, "tour")
    assert alone.press().may_move
    assert alone.stops  # before the hand's own movement can leave
    assert (alone.leases.may_move(DOME.no, "tour"), alone.leases.may_move(DOME.no, DESK)) == (False, True)
    assert alone.leases.wish(DOME, Rank.OPERATOR, "desk 2").standing is Standing.WAITING
    alone.leases.release(DOME.no)
    assert alone.leases.may_move(DOME.no, "desk 2")


def test_a_supervisor_at_the_next_position_takes_over_after_three_seconds(alone: Station) -> None:
    alone.press()
    alone.leases.wish(DOME, Rank.SUPERVISOR, "desk 2")
    assert alone.standing() is Standing.ENDING
    advance(alone, NOTICE_S - 0.1)
    assert alone.leases.may_move(DOME.no, DESK)
    advance(alone, 0.2)
    assert alone.leases.may_move(DOME.no, "desk 2")
    assert len(alone.stops) == 1


def test_twenty_seconds_without_a_command_end_a_lease_and_stop_nothing(alone: Station) -> None:
    alone.press()
    advance(alone, IDLE_S)
    assert not alone.may()
    assert alone.stops == []
    wait_until(lambda: bool(alone.told(Standing.ENDED)))


def test_a_camera_that_turns_keeps_its_lease_until_it_stands_still(alone: Station) -> None:
    alone.press()
    alone.leases.heed(MotionState(DOME.no, MotionPhase.MOVING))
    wait_until(lambda: alone.leases._tenures[DOME.no].moving)
    advance(alone, 3 * IDLE_S)
    assert alone.may()
    alone.leases.heed(MotionState(DOME.no, MotionPhase.STOPPED))
    wait_until(lambda: not alone.leases._tenures[DOME.no].moving)
    advance(alone, IDLE_S)
    assert not alone.may()


def test_giving_back_a_camera_that_turns_stops_it_and_one_under_way_to_a_preset_not(alone: Station) -> None:
    alone.press()
    alone.leases.release(DOME.no)
    assert alone.stops == []
    alone.press()
    alone.leases.heed(MotionState(DOME.no, MotionPhase.MOVE_SENT))
    wait_until(lambda: alone.leases._tenures[DOME.no].moving)
    alone.leases.release(DOME.no)
    assert len(alone.stops) == 1


def test_states_are_told_in_order_with_growing_numbers(alone: Station) -> None:
    first = alone.press()
    alone.leases.wish(DOME, Rank.SUPERVISOR, "desk 2")
    alone.leases.release(DOME.no, "desk 2")
    wait_until(lambda: len([1 for _, state in alone.states if state.position == DESK]) == 3)
    serials = [state.serial for _, state in alone.states]
    assert serials == sorted(serials)
    assert first.serial <= serials[0]


def test_a_report_that_goes_wrong_does_not_keep_leases_from_ending(alone: Station, caplog) -> None:
    def broken(state: LeaseState) -> None:
        raise ValueError(str(state.camera_no))

    alone.leases._report = broken
    alone.press()
    wait_until(lambda: "telling of a lease went wrong" in caplog.text)
    advance(alone, IDLE_S)
    wait_until(lambda: not alone.leases._tenures)


def test_nobody_may_move_what_nobody_asked_for(alone: Station) -> None:
    assert not alone.may()
    alone.leases.used(DOME.no)
    alone.leases.release(DOME.no)
    assert alone.standing() is Standing.NONE
