"""One camera's slot: what takes whose place, and whom it is not moved for."""

import dataclasses
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.clock import SystemClock
from domain.errors import BadInputError, UnreachableError
from domain.motion import MotionPhase, Position, Velocity
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.control import PtzControl
from tests.ptz.moving_city import SECRET, City, Told, steering, still_wanted, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

RIGHTWARDS, LEFTWARDS = Velocity(pan=0.2), Velocity(pan=-0.2)
NOWHERE = "nothing of the kind"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("slot"), [{}])
    yield city
    city.close()


@pytest.fixture
def city(whole: City) -> Iterator[City]:
    yield whole
    whole.clear(1)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def control(told: Told) -> Iterator[PtzControl]:
    with steering(told) as control:
        yield control


class Lease:
    """Says who may move, and changes its mind after so many questions."""

    def __init__(self, *, held: bool, for_questions: int = 1_000_000) -> None:
        self.held = held
        self.asked: list[int] = []
        self._for_questions = for_questions

    def may_move(self, camera_no: int) -> bool:
        self.asked.append(camera_no)
        return self.held and len(self.asked) <= self._for_questions


def test_a_camera_that_another_has_is_neither_moved_nor_stopped(city: City, told: Told) -> None:
    lease = Lease(held=False)
    camera, since = city.camera(1), time.monotonic()
    with steering(told, may_move=lease.may_move) as control:
        control.move(camera, RIGHTWARDS)
        assert "in use elsewhere" in told.wait_for(1, MotionPhase.READY).detail
        with pytest.raises(UnreachableError, match="in use elsewhere"):
            control.turn(camera, Position(0.0, 0.0, 0.0))
    assert set(lease.asked) == {1}
    assert city.moves(1, since) == city.stops(1, since) == []
    assert control.counts() == (0, 0)


def test_a_held_camera_is_stopped_when_it_is_ours_no_more(city: City, told: Told) -> None:
    lease = Lease(held=True)
    with steering(told, may_move=lease.may_move) as control:
        control.move(city.camera(1), RIGHTWARDS)
        told.wait_for(1, MotionPhase.MOVING)
        lease.held, lost_at = False, time.monotonic()
        told.wait_for(1, MotionPhase.STOPPED)
        assert not city.head(1)["moving"]
        assert not still_wanted(city.moves(1, lost_at))


def test_a_lease_that_ends_while_the_move_is_on_its_way_to_the_wire_lets_nothing_leave(city: City, told: Told) -> None:
    lease = Lease(held=True, for_questions=1)  # asked when the move is begun, and again when it is written
    since = time.monotonic()
    with steering(told, may_move=lease.may_move) as control:
        control.move(city.camera(1), RIGHTWARDS)
        assert "in use elsewhere" in told.wait_for(1, MotionPhase.READY).detail
    assert len(lease.asked) >= 2
    assert city.moves(1, since) == city.stops(1, since) == []
    assert control.counts() == (0, 0)


def test_a_place_that_was_asked_for_is_not_turned_to_when_the_lease_ends_before(city: City, told: Told) -> None:
    lease = Lease(held=True, for_questions=1)
    since = time.monotonic()
    with steering(told, may_move=lease.may_move) as control, pytest.raises(UnreachableError):
        control.turn(city.camera(1), Position(0.0, 0.0, 0.0))
    assert told.phases(1)[-1] is MotionPhase.READY
    assert city.moves(1, since) == city.stops(1, since) == []


def test_contacts_are_shared_where_they_are_given(city: City, told: Told) -> None:
    gate = SignInGate()
    contacts = Contacts(lambda _: SECRET, SystemClock(), gate)
    camera = city.camera(1)
    contacts.device(camera).close()
    since = len(city.look("/onvif/1/journal"))
    with steering(told, gate=gate, contacts=contacts) as control:
        assert control.contacts is contacts
        control.move(camera, RIGHTWARDS)
        told.wait_for(1, MotionPhase.MOVING)
        control.stop(camera)
        told.wait_for(1, MotionPhase.STOPPED)
    asked = {one["service"] for one in city.look("/onvif/1/journal")[since:]}
    assert asked == {"ptz"}  # who it is was known


def test_a_hand_that_takes_over_is_not_let_go_when_the_place_before_is_refused(
    city: City, control: PtzControl, told: Told
) -> None:
    camera = city.camera(1)
    control.status(camera)
    city.fault(1, "slow", answer_late_s=0.6)
    since, refused = time.monotonic(), []

    def go() -> None:
        try:
            control.goto(camera, NOWHERE)
        except UnreachableError as error:
            refused.append(error)

    going = threading.Thread(target=go)
    going.start()
    until(lambda: city.moves(1, since), what="the goto is on the wire")
    control.move(camera, LEFTWARDS)
    going.join()
    assert refused
    until(lambda: city.moves(1, since)[-1]["operation"] == "ContinuousMove", what="the hand's move is on the wire")
    control.stop(camera)
    told.wait_for(1, MotionPhase.STOPPED, for_s=20)


def test_a_key_pressed_again_after_stop_moves_though_the_place_before_is_answered_late(
    city: City, control: PtzControl, told: Told
) -> None:
    camera = city.camera(1)
    control.status(camera)
    city.fault(1, "late_moves", late_s=0.8)
    since = time.monotonic()
    going = threading.Thread(target=control.turn, args=(camera, Position(0.9, 0.0, 0.0)))
    going.start()
    until(lambda: city.moves(1, since), what="the move to the place is on the wire")
    control.stop(camera)
    control.move(camera, LEFTWARDS)
    going.join()
    until(lambda: city.moves(1, since)[-1]["operation"] == "ContinuousMove", what="the hand's move is on the wire")
    until(lambda: told.phases(1)[-1] is MotionPhase.MOVING)
    control.stop(camera)
    told.wait_for(1, MotionPhase.STOPPED)
    assert not city.head(1)["moving"]


def test_a_camera_that_was_retried_is_moved_over_the_connection_that_is_open(
    city: City, control: PtzControl, told: Told
) -> None:
    camera = city.camera(1)
    control.move(camera, RIGHTWARDS)
    told.wait_for(1, MotionPhase.MOVING)
    control.stop(camera)
    told.wait_for(1, MotionPhase.STOPPED)
    control.retry(camera)
    control.move(camera, LEFTWARDS)
    told.wait_for(1, MotionPhase.MOVING)
    control.stop(camera)
    told.wait_for(1, MotionPhase.STOPPED)
    assert control.counts() == (2, 2)


def test_closing_waits_for_a_camera_whose_register_entry_was_changed_while_it_moved(city: City, told: Told) -> None:
    city.fault(1, "ignores_timeout")
    camera = city.camera(1)
    with steering(told) as control:
        control.move(camera, RIGHTWARDS)
        told.wait_for(1, MotionPhase.MOVING)
        control.stop(dataclasses.replace(camera, name="renamed"))
    assert not city.head(1)["moving"]
    assert control.counts() == (1, 1)


def test_a_camera_that_is_met_while_others_are_is_met_too(tmp_path: Path, told: Told) -> None:
    city = City(tmp_path, [{}] * 20)
    try:
        with steering(told) as control:
            for no in range(1, 21):  # one after the other, while threads end and begin
                control.get_ready([city.camera(no)])
                time.sleep(0.005 * (no % 7))
            assert control.wait_ready(30)
            assert all(control.contacts.contact(city.camera(no)) for no in range(1, 21))
    finally:
        city.close()


def test_what_a_camera_can_not_do_is_refused_and_what_it_does_goes_on_to_its_end(
    city: City, control: PtzControl, told: Told
) -> None:
    with pytest.raises(BadInputError):
        control.shift(city.camera(1), 0.5, 0.5)
    assert told.wait_for(1, MotionPhase.READY).phase is MotionPhase.READY


def test_a_camera_is_spoken_to_over_two_connections_at_most(city: City, control: PtzControl, told: Told) -> None:
    camera, most = city.camera(1), 0
    control.status(camera)
    for step in range(4):
        control.move(camera, Velocity(pan=0.1 * (-1) ** step))
        told.wait_for(1, MotionPhase.MOVING)
        control.status(camera)
        most = max(most, city.state(1)["connections"])
        control.stop(camera)
        told.wait_for(1, MotionPhase.STOP_SENT, MotionPhase.STOPPED)
        most = max(most, city.state(1)["connections"])
    told.wait_for(1, MotionPhase.STOPPED)
    assert most == 2
