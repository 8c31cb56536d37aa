"""Moving and stopping cameras, with the real watchdog process and a camera that misbehaves on request."""

import itertools
import math
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from domain.camera import Camera
from domain.errors import BadInputError
from domain.motion import MotionPhase, Position, Preset, Velocity
from ptz.arming import STOP_AT_S
from ptz.control import PtzControl
from tests.ptz.held import RIGHTWARDS, hold, is_zero, moves, order, wanted

pytestmark = pytest.mark.system
pytest_plugins = ["tests.ptz.control_fixtures"]


def test_a_press_moves_and_a_release_stops_and_is_confirmed(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    control.stop(camera)
    stopped = told.wait_for(MotionPhase.STOPPED)
    assert told.phases() == [MotionPhase.MOVE_SENT, MotionPhase.MOVING, MotionPhase.STOP_SENT, MotionPhase.STOPPED]
    assert stopped.position is not None
    assert stopped.position.pan > 0
    assert not faulty.turning
    assert control.counts() == (1, 1)
    assert ">true</p:PanTilt>" in faulty.asked("Stop")[0].body
    assert ">true</p:Zoom>" in faulty.asked("Stop")[0].body


def test_a_held_movement_is_renewed_before_its_timeout(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    faulty.wait_for(lambda: moves(faulty) >= 4)
    times = [request.at for request in wanted(faulty)]
    assert all(0.4 < later - earlier < 1.0 for earlier, later in itertools.pairwise(times))
    assert control.counts() == (1, 0)


def test_a_burst_of_the_joystick_then_release_ends_with_a_prompt_stop(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    control.status(camera)
    faulty.faults.slow_s = 0.2
    pause = threading.Event()
    for step in range(1, 101):
        control.move(camera, Velocity(pan=step / 100))
        pause.wait(0.02)
    released_at = time.monotonic()
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    stops = faulty.asked("Stop")
    assert stops[0].at - released_at < 0.2  # 30 ms on a quiet machine: bench/ptz.py
    assert order(faulty)[-1] == "Stop"
    assert 3 < moves(faulty) < 20
    assert not [move for move in wanted(faulty) if move.at > stops[0].at]
    assert control.counts() == (1, 1)


def test_the_stop_of_a_slow_camera_does_not_wait_for_the_move_in_flight(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    control.prepare(camera)
    faulty.wait_for(lambda: len(faulty.asked("GetConfigurationOptions")) == 1)
    faulty.faults.slow_s = 1.0
    control.move(camera, RIGHTWARDS)
    faulty.wait_for(lambda: moves(faulty) == 1)
    released_at = time.monotonic()
    control.stop(camera)
    faulty.wait_for(lambda: bool(faulty.asked("Stop")))
    assert faulty.asked("Stop")[0].at - released_at < 0.2
    told.wait_for(MotionPhase.STOPPED)
    assert not faulty.turning


def test_a_move_that_comes_back_after_the_stop_is_stopped_again(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    control.status(camera)
    faulty.faults.slow_moves_s = 0.7
    control.move(camera, RIGHTWARDS)
    faulty.wait_for(lambda: moves(faulty) == 1)
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    began_at = faulty.asked("ContinuousMove")[0].at + 0.7  # so the first Stop had nothing to stop
    stops = [stop.at - began_at for stop in faulty.asked("Stop")]
    assert stops[0] < 0
    assert 0 <= stops[1] < 0.5
    assert not faulty.turning


def test_a_zero_velocity_and_one_that_is_no_number_stop(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    for nothing in (Velocity(), Velocity(pan=math.nan)):
        hold(control, camera, told)
        control.move(camera, nothing)
        told.wait_for(MotionPhase.STOPPED)
    assert control.counts() == (2, 2)


def test_stop_all_stops_what_moves_and_leaves_others_alone(
    faulty: Any, control: PtzControl, camera: Camera, told: Any, entry: Callable[..., Camera]
) -> None:
    other = entry(faulty.url, 8)
    control.prepare(other)
    hold(control, camera, told)
    control.stop_all()
    told.wait_for(MotionPhase.STOPPED)
    assert len(faulty.asked("Stop")) == 1


def test_a_stop_is_sent_to_a_camera_that_somebody_else_moved(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    assert order(faulty) == ["Stop"]
    assert control.counts() == (0, 0)


def test_an_unanswered_stop_is_sent_again_and_then_the_camera_may_be_moving(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    faulty.faults.silent = {"Stop"}
    released_at = time.monotonic()
    control.stop(camera)
    told.wait_for(MotionPhase.MAY_BE_MOVING)
    sent = [request.at - released_at for request in faulty.asked("Stop")][:4]
    assert all(0 <= late - due < 0.5 for late, due in zip(sent, STOP_AT_S, strict=True))
    assert control.counts() == (1, 0)
    faulty.faults.silent = set()
    told.wait_for(MotionPhase.STOPPED)  # it is not given up
    assert control.counts() == (1, 1)


def test_a_camera_that_answers_stop_and_turns_on_may_be_moving(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    faulty.faults.stuck = True
    faulty.faults.refused = {"ContinuousMove"}  # a move of zero would stop it
    control.stop(camera)
    assert "still turns" in told.wait_for(MotionPhase.MAY_BE_MOVING).detail
    assert is_zero(faulty.asked("ContinuousMove")[-1])
    faulty.faults.stuck = False
    told.wait_for(MotionPhase.STOPPED)


def test_a_camera_that_ignores_stop_is_stopped_by_a_move_of_zero(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    faulty.faults.stuck = True
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    assert faulty.asked("Stop")
    assert not faulty.turning


def test_a_camera_that_ignores_stop_without_both_flags_is_stopped(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    faulty.faults.needs_both_flags = True
    hold(control, camera, told)
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    assert not faulty.turning


def test_a_camera_that_tells_nothing_is_never_called_stopped(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    faulty.faults.no_status = faulty.faults.no_position = True
    hold(control, camera, told)
    control.stop(camera)
    faulty.wait_for(lambda: "does not tell" in told.states[-1].detail)
    assert told.states[-1].phase is MotionPhase.STOP_SENT
    assert control.counts() == (1, 0)


def test_an_unreachable_camera_is_told_and_not_called_moving(
    control: PtzControl, told: Any, entry: Callable[..., Camera]
) -> None:
    control.move(entry("http://127.0.0.1:9/onvif"), RIGHTWARDS)
    faulty = threading.Event()
    while not told.states:
        assert not faulty.wait(0.01)
    assert told.states[-1].phase is MotionPhase.READY
    assert "does not answer" in told.states[-1].detail
    assert control.counts() == (0, 0)


def test_presets_positions_and_the_home_view_are_reached(faulty: Any, control: PtzControl, camera: Camera) -> None:
    stored = control.set_preset(camera, "bridge")
    assert control.presets(camera) == (Preset("1", "gate"), stored)
    control.goto(camera, stored.token)
    control.remove_preset(camera, stored.token)
    assert control.presets(camera) == (Preset("1", "gate"),)
    control.home(camera)
    assert control.status(camera) == Position(0, 0, 0)


def test_a_camera_without_onvif_is_refused(control: PtzControl, entry: Callable[..., Camera]) -> None:
    with pytest.raises(BadInputError):
        control.move(entry(""), RIGHTWARDS)


def test_closing_stops_what_moves(faulty: Any, control: PtzControl, camera: Camera, told: Any) -> None:
    hold(control, camera, told)
    control.close()
    assert not faulty.turning
    assert control.counts() == (1, 1)
