"""Moving every kind of camera of the practice city by hand: each turns while it is held, and stands when released."""

import dataclasses
import itertools
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from domain.errors import BadInputError, UnreachableError
from domain.motion import MotionPhase, Position, Velocity
from ptz.control import PtzControl
from tests.ptz.moving_city import City, Told, numbers, steering, still_wanted, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

ODD_RANGES = {
    "pan": [0, 360],
    "tilt": [0, 180],
    "zoom": [0, 10],
    "velocity": [-100, 100],
    "pan_translation": [-360, 360],
    "tilt_translation": [-180, 180],
    "zoom_translation": [-10, 10],
}
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "relative only": {"moves": ["relative"]},
    "absolute only": {"moves": ["absolute"]},
    "odd ranges": {"ranges": ODD_RANGES, "strict": True},
    "odd ranges, relative only": {"ranges": ODD_RANGES, "strict": True, "moves": ["relative"]},
    "odd ranges, absolute only": {"ranges": ODD_RANGES, "strict": True, "moves": ["absolute"]},
    "its own space names": {"space_names": "own", "strict": True},
    "pan only": {"axes": ["pan"], "strict": True},
    "zoom only": {"axes": ["zoom"], "strict": True},
    "pan and tilt apart": {"apart": "pan_tilt"},
    "all apart": {"apart": "all"},
    "short timeouts": {"timeout": [0.1, 0.6]},
    "long timeouts": {"timeout": [5, 60]},
    "no status": {"status": "none"},
    "no movement in its status": {"status": "no_move_status"},
    "no position in its status": {"status": "no_position"},
    "whether it moves unknown": {"status": "unknown"},
    "digest": {"sign_in": "digest", "digest": ["SHA-256", "MD5"]},
    "digest and token": {"sign_in": "both"},
    "two heads": {"heads": 2},
    "behind blind profiles": {"blind": 2, "media": "2"},
    "encrypted": {"own_port": True, "https": True, "https_only": True},
    "all there is": {"moves": ["continuous", "relative", "absolute", "fov"]},
}
NO = {name: number for number, name in enumerate(KINDS, 1)}
SILENT = {NO["no status"]}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    city = City(tmp_path_factory.mktemp("kinds"), list(KINDS.values()))
    yield city
    city.close()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def control(told: Told) -> Iterator[PtzControl]:
    with steering(told) as control:
        yield control


def way(before: Any, after: Any) -> tuple[float, float, float]:
    return after["pan"] - before["pan"], after["tilt"] - before["tilt"], after["zoom"] - before["zoom"]


def released(control: PtzControl, city: City, told: Told, no: int) -> float:
    """Release, wait for the end, and see that nothing but zero moves came after the Stop."""
    at, here = time.monotonic(), city.head(no)
    control.stop(city.camera(no))
    if no in SILENT:
        until(lambda: "does not tell" in (told.last(no) or told.states[-1]).detail)
    else:
        told.wait_for(no, MotionPhase.STOPPED)
    until(lambda: not city.head(no)["moving"])
    stops = city.stops(no, at)
    assert stops
    assert stops[0]["asked"]["PanTilt"] == stops[0]["asked"]["Zoom"] == "true"
    late = still_wanted(city.moves(no, stops[0]["monotonic"]))
    assert all(one["operation"] == "AbsoluteMove" for one in late)  # to where it is: seen below
    assert all(abs(away) < 12 for away in way(here, city.head(no)))
    return at


@pytest.mark.parametrize("name", [name for name in KINDS if name != "zoom only"])
def test_it_turns_while_it_is_held_and_stands_when_it_is_released(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    no, since = NO[name], time.monotonic()
    before = city.head(no)
    control.move(city.camera(no), Velocity(pan=0.5))
    told.wait_for(no, MotionPhase.MOVING)
    until(lambda: way(before, city.head(no))[0] > 4.0, what="it turns to the right")
    released(control, city, told, no)
    assert way(before, city.head(no))[1:] == pytest.approx((0.0, 0.0), abs=0.01)  # places are told rounded
    assert all(one["answer"] == "ok" for one in city.moves(no, since))


@pytest.mark.parametrize("name", ["plain", "relative only", "absolute only", "zoom only", "odd ranges"])
def test_it_zooms_while_it_is_held(name: str, control: PtzControl, told: Told, city: City) -> None:
    no = NO[name]
    before = city.head(no)
    sign = 1 if before["zoom"] < 0.5 else -1
    control.move(city.camera(no), Velocity(zoom=sign))
    until(lambda: way(before, city.head(no))[2] * sign > 0.05, what="it zooms")
    released(control, city, told, no)


@pytest.mark.parametrize("name", ["pan and tilt apart", "all apart"])
def test_a_camera_that_takes_one_axis_at_a_time_is_moved_askew_all_the_same(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    no, since = NO[name], time.monotonic()
    before = city.head(no)
    control.move(city.camera(no), Velocity(pan=-0.6, tilt=-0.3, zoom=0.2))
    until(lambda: way(before, city.head(no))[0] < -2 and way(before, city.head(no))[1] < -1, what="both axes move")
    released(control, city, told, no)
    refused = [one for one in city.moves(no, since) if one["answer"] != "ok"]
    assert len(refused) == 1  # the first; then it was learnt
    since = time.monotonic()
    control.move(city.camera(no), Velocity(pan=0.3, tilt=0.3))
    told.wait_for(no, MotionPhase.MOVING)
    released(control, city, told, no)
    assert all(one["answer"] == "ok" for one in city.moves(no, since))


@pytest.mark.parametrize(("name", "every_s"), [("short timeouts", 0.3), ("plain", 1.0)])
def test_a_held_movement_is_renewed_at_half_of_its_timeout(
    name: str, every_s: float, control: PtzControl, told: Told, city: City
) -> None:
    no, since = NO[name], time.monotonic()
    control.move(city.camera(no), Velocity(pan=0.05))
    until(lambda: len(city.moves(no, since)) >= 3)
    assert city.head(no)["moving"]
    times = [one["monotonic"] for one in city.moves(no, since)]
    assert all(0.9 * every_s < later - earlier < 2 * every_s for earlier, later in itertools.pairwise(times))
    released(control, city, told, no)


def test_an_axis_that_the_camera_lacks_is_never_asked_for_and_said_so(
    control: PtzControl, told: Told, city: City
) -> None:
    no, since = NO["zoom only"], time.monotonic()
    control.move(city.camera(no), Velocity(pan=1.0))
    until(lambda: "can't be moved this way" in (told.last(no).detail if told.last(no) else ""))
    assert city.moves(no, since) == []
    control.move(city.camera(no), Velocity(pan=1.0, zoom=-1.0))
    told.wait_for(no, MotionPhase.MOVING)
    released(control, city, told, no)
    assert all(len(numbers(one)) == 1 for one in city.moves(no, since))


@pytest.mark.parametrize("name", ["plain", "relative only", "absolute only"])
def test_a_joystick_of_a_hundred_hertz_sends_ten_moves_a_second_at_most(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    no, since, pause = NO[name], time.monotonic(), threading.Event()
    for step in range(150):
        control.move(city.camera(no), Velocity(pan=0.2 + step / 1000 if step % 2 else -0.2))
        pause.wait(0.01)
    released(control, city, told, no)
    stopped = city.stops(no, since)[0]["monotonic"]
    times = [one["monotonic"] for one in still_wanted(city.moves(no, since)) if one["monotonic"] < stopped]
    assert len(times) >= 4
    for begin in times:
        assert len([at for at in times if begin <= at < begin + 0.95]) <= 10


@pytest.mark.parametrize("name", ["plain", "odd ranges", "absolute only", "odd ranges, absolute only"])
def test_it_turns_to_a_place_and_is_seen_to_have_arrived(
    name: str, control: PtzControl, told: Told, city: City
) -> None:
    no = NO[name]
    control.turn(city.camera(no), Position(0.2, -0.4, 0.3))
    state = told.wait_for(no, MotionPhase.STOPPED)
    assert told.phases(no)[:2] == [MotionPhase.MOVE_SENT, MotionPhase.MOVING]
    assert state.position is not None
    assert (round(state.position.pan, 2), round(state.position.tilt, 2)) == (0.2, -0.4)
    assert round(state.position.zoom, 2) == 0.3
    assert control.status(city.camera(no)) == state.position
    assert city.head(no)["pan"] == pytest.approx(30.0, abs=0.5)


def test_a_movement_to_a_place_is_stopped_on_its_way(control: PtzControl, told: Told, city: City) -> None:
    no = NO["plain"]
    camera = city.camera(no)
    control.turn(camera, Position(-1.0, 0.0, 0.0))
    told.wait_for(no, MotionPhase.STOPPED)
    control.turn(camera, Position(1.0, 0.0, 0.0))
    until(lambda: city.head(no)["moving"])
    released(control, city, told, no)
    assert city.head(no)["pan"] < 140


def test_a_hand_takes_over_a_movement_to_a_place(control: PtzControl, told: Told, city: City) -> None:
    no = NO["plain"]
    camera = city.camera(no)
    control.turn(camera, Position(1.0, 0.0, 0.0))
    control.move(camera, Velocity(pan=-0.5))
    told.wait_for(no, MotionPhase.MOVING)
    released(control, city, told, no)
    assert city.moves(no)[-1]["operation"] == "ContinuousMove"


def test_the_view_is_shifted_where_the_camera_counts_in_views(control: PtzControl, told: Told, city: City) -> None:
    no = NO["all there is"]
    camera = city.camera(no)
    control.turn(camera, Position(0.0, 0.0, 0.0))
    told.wait_for(no, MotionPhase.STOPPED)
    before = city.head(no)["pan"]
    control.shift(camera, 0.5, 0.0)
    until(lambda: city.head(no)["pan"] > before + 5)
    with pytest.raises(BadInputError):
        control.shift(city.camera(NO["plain"]), 0.5, 0.0)
    with pytest.raises(BadInputError):
        control.turn(city.camera(NO["relative only"]), Position(0, 0, 0))


def test_a_refused_view_is_told_and_nothing_is_called_moving(control: PtzControl, told: Told, city: City) -> None:
    no = NO["plain"]
    with pytest.raises(UnreachableError, match="GotoPreset"):
        control.goto(city.camera(no), "nothing of the kind")
    assert told.wait_for(no, MotionPhase.READY, MotionPhase.STOPPED).phase is MotionPhase.READY
    assert control.counts() == (0, 0)


def test_the_second_head_is_moved_and_not_the_first(control: PtzControl, told: Told, city: City) -> None:
    no = NO["two heads"]
    camera = dataclasses.replace(city.camera(no), head=1)
    before = city.state(no)["heads"]
    control.move(camera, Velocity(pan=0.5))
    until(lambda: city.state(no)["heads"][1]["pan"] > before[1]["pan"] + 4)
    control.stop(camera)
    told.wait_for(no, MotionPhase.STOPPED)
    assert city.state(no)["heads"][0] == before[0]


def test_cameras_are_met_before_they_are_moved(told: Told, city: City) -> None:
    with steering(told) as control:
        cameras = [city.camera(NO[name]) for name in ("plain", "digest", "encrypted")]
        control.get_ready(cameras)
        assert control.wait_ready(20)
        since = time.monotonic()
        assert all(control.abilities(camera).continuous_turn for camera in cameras)
        assert all(not city.look(f"/onvif/{camera.no}/journal")[-1]["monotonic"] > since for camera in cameras)


def test_what_a_camera_can_do_is_asked_once(control: PtzControl, city: City) -> None:
    abilities = control.abilities(city.camera(NO["odd ranges"]))
    assert abilities.absolute_turn is not None
    assert (abilities.absolute_turn.pan.low, abilities.absolute_turn.pan.high) == (0.0, 360.0)
    assert control.abilities(city.camera(NO["odd ranges"])) == abilities
