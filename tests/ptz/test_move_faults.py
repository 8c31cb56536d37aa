"""Holding and releasing a camera under every fault that a camera may have, with its journal as the judge."""

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from domain.clock import SystemClock
from domain.errors import UnreachableError
from domain.motion import MotionPhase, Position, Velocity
from domain.sign_in_gate import SignInGate
from ptz.arming import SILENCE_S
from ptz.contacts import Contacts
from ptz.control import PtzControl
from ptz.ladder import Manner, zero_said
from ptz.motions import Motions
from ptz.services import Service
from ptz.watchdog import Watchdog
from tests.ptz.moving_city import SECRET, City, Told, begin, steering, still_wanted, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

# Begun while the camera is held. In the end it is told as stopped:
SURVIVED: dict[str, dict[str, Any]] = {
    "ignores_stop": {},
    "ignores_timeout": {},
    "stop_needs_flags": {},
    "ignores_first_stops": {},
    "zero_move_ignored": {},
    "moves_on_after_stop": {},
    "late_moves": {},
    "refuses_moves_while_moving": {},
    "refuses_moves_in_flight": {},
    "slow": {},
    "slow_in_turn": {"takes_s": 0.5},
    "clock_wrong": {},
    "closes_after_answer": {},
    "closes_idle": {},
    "undeclared_prefixes": {},
    "undeclared_ptz_prefix": {},
    "wrong_content_type": {},
    "chunked": {},
    "soap_1_1": {},
    "bom": {},
    "clock_untold": {},
    "onvif_digest_only": {},
    "onvif_token_only": {},
    "onvif_both_demanded": {},
    "locks_out": {"lock_after": 1},
    "stale_nonces": {},
    "refuses_second_connection": {},
    "empty_success": {},
}
# In the end it is told that it may be moving, or that it does not tell:
UNANSWERED: dict[str, dict[str, Any]] = {
    "closes_before_answer": {},
    "closes_in_answer": {},
    "huge_answer": {"huge_mb": 4},
    "trickle": {},
    "entity_bomb": {},
    "external_entity": {},
    "html_200": {},
    "not_supported_500": {},
    "clock_hidden": {},
    "onvif_basic_only": {},
    "silent": {},
    "dead": {},
    "wrong_password": {},
}
FAULTS = SURVIVED | UNANSWERED
NO = {name: number for number, name in enumerate(FAULTS, 1)}
# A Stop does not reach these or is refused: the camera's own timeout is the last resort.
BEYOND_HELP = {"dead", "silent", "wrong_password", "clock_hidden", "onvif_basic_only"}
NOT_COUNTED = {  # the city can't count what it does not do
    "ignores_timeout",  # it is stopped before
    "dead",
    "empty_success",  # it has all that we ask for
    "stop_needs_flags",  # we say both
}
ONLY_STOP_HELPS = {"stop_needs_flags"}  # else a move of zero would hide what is wrong with the Stop
SLOW = {"slow", "slow_in_turn"}
SOON_S = 3.0  # the watchdog, which helps at 4 s, had no part in it
REFUSING = {"silent", "wrong_password"}  # these show in the journal's answers


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    ways = {"stale_nonces": {"sign_in": "digest"}}
    city = City(tmp_path_factory.mktemp("faults"), [{"timeout": [0.1, 2.0]} | ways.get(name, {}) for name in FAULTS])
    yield city
    city.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def control(told: Told) -> Iterator[PtzControl]:
    with steering(told) as control:
        yield control


def fired(city: City, name: str) -> bool:
    """Whether the fault showed on the wire, as far as that can be seen."""
    if name in REFUSING:
        return any(one["answer"] != "ok" for one in city.journal(NO[name]))
    counted = city.state(NO[name])["fired"]
    names = {name, "late_moves"} if name == "refuses_moves_in_flight" else {name}
    return name in NOT_COUNTED or any(counted.get(one) for one in names)


def stands(city: City, name: str, for_s: float = 15.0) -> None:
    until(lambda: not city.head(NO[name])["moving"], for_s, f"it stands still under {name}")


def spoil(city: City, name: str) -> None:
    city.fault(NO[name], name, **FAULTS[name])
    if name in ONLY_STOP_HELPS:
        city.fault(NO[name], "zero_move_ignored")


def away(city: City, name: str) -> Velocity:
    """Return a slow movement away from the nearer end, for a camera that turns until it is stopped.

    No device seen honours a move's own time.
    """
    if name not in BEYOND_HELP:
        city.fault(NO[name], "ignores_timeout")
    return Velocity(pan=-0.1 if city.head(NO[name])["pan"] > 0 else 0.1)


def hold(control: PtzControl, city: City, told: Told, name: str) -> None:
    no = NO[name]
    control.move(city.camera(no), away(city, name))
    told.wait_for(no, MotionPhase.MOVING)
    spoil(city, name)


def no_move_after_stop(city: City, name: str, since: float) -> None:
    stops = city.stops(NO[name], since)
    if stops:
        assert not still_wanted(city.moves(NO[name], stops[0]["monotonic"]))


@pytest.mark.parametrize("name", FAULTS)
def test_a_released_camera_stands_still_and_hears_of_no_move_after_the_stop(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    hold(control, city, told, name)
    released_at = time.monotonic()
    control.stop(city.camera(NO[name]))
    if name in SURVIVED:
        stands(city, name, 15.0 if name in SLOW else SOON_S)
        told.wait_for(NO[name], MotionPhase.STOPPED, for_s=30)
    else:
        told.wait_for(NO[name], MotionPhase.MAY_BE_MOVING, MotionPhase.STOP_SENT)
    stands(city, name)
    no_move_after_stop(city, name, released_at)
    if name not in {"dead"}:
        assert city.stops(NO[name], released_at)[0]["monotonic"] - released_at < 0.3  # 30 ms: bench/ptz.py
    assert fired(city, name)
    city.clear(NO[name])


@pytest.mark.parametrize("name", ["late_moves", "refuses_moves_in_flight", "slow", "slow_in_turn", "silent"])
def test_a_camera_released_while_a_move_is_in_flight_stands_still(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    no = NO[name]
    control.status(city.camera(no))
    wish = away(city, name)
    spoil(city, name)
    since = time.monotonic()
    control.move(city.camera(no), wish)
    until(lambda: city.moves(no, since), what="the move is on the wire")
    released_at = time.monotonic()
    control.stop(city.camera(no))
    until(lambda: city.stops(no, released_at), 2.0, "Stop is on the wire while the move is not answered")
    until(lambda: told.phases(no)[-1:] in ([MotionPhase.STOPPED], [MotionPhase.MAY_BE_MOVING]), 30)
    stands(city, name)
    no_move_after_stop(city, name, released_at)
    city.clear(no)
    told.wait_for(no, MotionPhase.STOPPED, for_s=30)


@pytest.mark.parametrize(
    "name",
    [
        "ignores_first_stops",
        "stop_needs_flags",
        "moves_on_after_stop",
        "late_moves",
        "refuses_moves_in_flight",
        "slow",
        "closes_after_answer",
        "undeclared_prefixes",
        "onvif_digest_only",
        "closes_before_answer",
        "huge_answer",
    ],
)
def test_a_camera_on_its_way_to_a_place_is_stopped_and_stands_still(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    no = NO[name]
    camera, far = city.camera(no), 1.0 if city.head(no)["pan"] < 0 else -1.0
    control.status(camera)
    city.fault(no, name, **FAULTS[name])
    since = time.monotonic()
    with suppress(UnreachableError):  # where its answer is lost, it is stopped by itself
        control.turn(camera, Position(far, 0.0, 0.0))
    until(lambda: city.moves(no, since), what="the move is on the wire")
    stopped_at = time.monotonic()
    control.stop(camera)
    told.wait_for(no, MotionPhase.STOPPED, MotionPhase.MAY_BE_MOVING, for_s=30)
    stands(city, name)
    no_move_after_stop(city, name, stopped_at)
    assert abs(city.head(no)["pan"]) < 149  # it did not arrive
    assert fired(city, name)
    city.clear(no)
    told.wait_for(no, MotionPhase.STOPPED, for_s=30)


@pytest.mark.parametrize(("name", "takes_s"), [("slow", 0.3), ("slow_in_turn", 0.3), ("late_moves", 0.3)])
def test_a_slow_camera_has_one_pending_move_at_most(
    name: str, takes_s: float, control: PtzControl, told: Told, city: City
) -> None:
    no = NO[name]
    traits = {"slow": {"answer_late_s": takes_s}, "slow_in_turn": {"takes_s": takes_s}, "late_moves": {}}
    control.status(city.camera(no))
    city.fault(no, name, **traits[name])
    since, pause = time.monotonic(), threading.Event()
    for step in range(80):
        control.move(city.camera(no), Velocity(pan=0.05 + step / 1000))
        pause.wait(0.02)
    control.stop(city.camera(no))
    told.wait_for(no, MotionPhase.STOPPED, for_s=30)
    times = [one["monotonic"] for one in city.moves(no, since)]
    assert len(times) >= 3
    assert all(later - earlier > 0.9 * takes_s for earlier, later in itertools.pairwise(times))
    assert fired(city, name)
    city.clear(no)


def test_a_camera_that_refuses_to_stop_is_stopped_by_a_move_of_zero(
    control: PtzControl, told: Told, city: City
) -> None:
    name = "not_supported_500"
    control.move(city.camera(NO[name]), away(city, name))
    told.wait_for(NO[name], MotionPhase.MOVING)
    city.fault(NO[name], name, operations="Stop")
    control.stop(city.camera(NO[name]))
    stands(city, name)
    told.wait_for(NO[name], MotionPhase.MAY_BE_MOVING)  # it never answered Stop
    assert fired(city, name)
    city.clear(NO[name])
    told.wait_for(NO[name], MotionPhase.STOPPED)


def test_a_password_that_was_changed_under_way_does_not_lock_the_account(
    control: PtzControl, told: Told, city: City
) -> None:
    name = "wrong_password"
    no = NO[name]
    before = len(city.look(f"/onvif/{no}/sign_ins"))
    hold(control, city, told, name)
    control.stop(city.camera(no))
    told.wait_for(no, MotionPhase.MAY_BE_MOVING)
    for _ in range(3):
        control.move(city.camera(no), Velocity(pan=0.1))
        control.stop(city.camera(no))
    stands(city, name)
    wrong = [one for one in city.look(f"/onvif/{no}/sign_ins")[before:] if not one["right"]]
    assert 1 <= len(wrong) < 3  # cameras lock an account after three
    city.clear(no)


def test_a_held_movement_goes_on_when_a_camera_loses_an_answer(control: PtzControl, told: Told, city: City) -> None:
    name = "closes_before_answer"
    no = NO[name]
    control.move(city.camera(no), Velocity(pan=0.2))
    told.wait_for(no, MotionPhase.MOVING)
    city.fault(no, name, every=2)
    since = time.monotonic()
    until(lambda: len(city.moves(no, since)) >= 4)
    city.clear(no)
    assert fired(city, name)
    assert not city.stops(no, since)
    control.stop(city.camera(no))
    told.wait_for(no, MotionPhase.STOPPED)


def test_a_refused_movement_in_another_direction_is_made_after_a_stop(
    control: PtzControl, told: Told, city: City
) -> None:
    name = "refuses_moves_while_moving"
    hold(control, city, told, name)
    control.move(city.camera(NO[name]), Velocity(pan=-0.3))
    here = city.head(NO[name])["pan"]
    until(lambda: city.head(NO[name])["pan"] < here - 1, what="it turns the other way")
    assert fired(city, name)
    control.stop(city.camera(NO[name]))
    told.wait_for(NO[name], MotionPhase.STOPPED)
    city.clear(NO[name])


def test_the_journal_would_show_a_move_that_came_after_the_stop(city: City, control: PtzControl, told: Told) -> None:
    name = "ignores_timeout"
    since = time.monotonic()
    for step in range(3):  # each Stop is followed by the next move
        control.move(city.camera(NO[name]), Velocity(pan=0.1 * step + 0.1))
        told.wait_for(NO[name], MotionPhase.MOVING)
        control.stop(city.camera(NO[name]))
        told.wait_for(NO[name], MotionPhase.STOPPED)
    with pytest.raises(AssertionError):
        no_move_after_stop(city, name, since)


# It asks for no status, and where its console is gone, no other connection is left.
WATCHED = [name for name in FAULTS if name not in {"not_supported_500", "refuses_second_connection"}]


@pytest.mark.parametrize("name", WATCHED)
def test_the_watchdog_alone_leaves_no_camera_turning(name: str, city: City) -> None:
    """The console beats no more and does nothing: whatever stops the camera is the watchdog."""
    clock, no = SystemClock(), NO[name]
    camera, manner = city.camera(no), Manner()
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    contacts = Contacts(lambda _: SECRET, clock, SignInGate())
    with closing(contacts.device(camera)) as device:
        contact = device.contact()
        watchdog.beat()
        watchdog.arm(
            no,
            contact.ptz_url,
            contact.head.profile,
            SECRET,
            offset_s=contact.clock_offset_s,
            deadline_s=4.0,
            auth=contact.auth,
            zero=zero_said(contact.head.abilities, manner),
        )
        motions = Motions(device.port(Service.PTZ), contact.head.profile, contact.head.abilities, manner)
        wish = away(city, name)
        begin(motions, wish)
        spoil(city, name)
        if name == "ignores_first_stops":
            city.fault(no, "zero_move_ignored")  # so that all its Stops are needed
        ceased_at = time.monotonic()
        watchdog.beat()
        if name != "dead":
            until(lambda: city.stops(no, ceased_at), what="a Stop is on the wire")
            late_s = city.stops(no, ceased_at)[0]["monotonic"] - ceased_at
            assert SILENCE_S - 0.05 < late_s < 0.9
        stands(city, name)
    watchdog.close()
    no_move_after_stop(city, name, ceased_at)
    assert fired(city, name)
    city.clear(no)
