"""Moving and stopping cameras, with the real watchdog process and a camera that misbehaves on request."""

import itertools
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.errors import BadInputError, CredentialsError, UnreachableError
from domain.motion import MotionPhase, Position, Preset, Velocity
from domain.sign_in_gate import SignInGate
from ptz.arming import STOP_AT_S
from ptz.control import PtzControl
from ptz.watchdog import Watchdog

pytestmark = pytest.mark.system
RIGHTWARDS = Velocity(pan=0.5)


class Beats:
    """Stands in for the UI thread's timer."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        watchdog.beat()
        self._thread.start()

    def _run(self) -> None:
        while not self._end.wait(0.1):
            self._watchdog.beat()

    def cease(self) -> None:
        self._end.set()
        self._thread.join()


@pytest.fixture
def watchdog(clock: SystemClock) -> Iterator[Watchdog]:
    watchdog = Watchdog(clock)
    watchdog.start()
    assert watchdog.wait_alive(10)
    yield watchdog
    watchdog.close()


@pytest.fixture
def beats(watchdog: Watchdog) -> Iterator[Beats]:
    beats = Beats(watchdog)
    yield beats
    beats.cease()


@pytest.fixture
def control(
    right: Credentials, told: Any, clock: SystemClock, watchdog: Watchdog, beats: Beats
) -> Iterator[PtzControl]:
    control = PtzControl(lambda name: right if name == "practice" else None, told, clock, watchdog)
    yield control
    control.close()


def moves(faulty: Any) -> int:
    return faulty.order().count("ContinuousMove")


def hold(control: PtzControl, camera: Camera, told: Any) -> None:
    control.move(camera, RIGHTWARDS)
    told.wait_for(MotionPhase.MOVING)


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
    times = [request.at for request in faulty.asked("ContinuousMove")]
    assert all(0.4 < later - earlier < 1.0 for earlier, later in itertools.pairwise(times))
    assert control.counts() == (1, 0)


def test_a_burst_of_the_joystick_then_release_ends_with_a_prompt_stop(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
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
    assert faulty.order()[-1] == "Stop"
    assert 3 < moves(faulty) < 20
    assert not [move for move in faulty.asked("ContinuousMove") if move.at > stops[-1].at]
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
    assert faulty.order() == ["Stop"]
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
    control.stop(camera)
    assert "still turns" in told.wait_for(MotionPhase.MAY_BE_MOVING).detail
    faulty.faults.stuck = False
    told.wait_for(MotionPhase.STOPPED)


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


def test_a_wrong_password_is_tried_once_until_retry(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    faulty.password = "changed"
    control.move(camera, RIGHTWARDS)
    assert "password" in told.wait_for(MotionPhase.DISABLED).detail
    for _ in range(3):
        control.move(camera, RIGHTWARDS)
        with pytest.raises(CredentialsError):
            control.presets(camera)
    assert len([request for request in faulty.requests if request.signed]) == 1
    faulty.password = "steer & <zoom>"
    control.retry(camera)
    hold(control, camera, told)


def test_a_password_changed_under_way_is_tried_once_too(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    control.presets(camera)
    before = len([request for request in faulty.requests if request.signed])
    faulty.password = "changed"
    for _ in range(3):
        with pytest.raises(CredentialsError):
            control.presets(camera)
    assert len([request for request in faulty.requests if request.signed]) == before + 1


def test_a_password_changed_during_a_movement_is_not_tried_until_the_account_is_locked(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    faulty.password = "changed"
    control.stop(camera)
    assert "password" in told.wait_for(MotionPhase.MAY_BE_MOVING).detail
    control.stop(camera)
    assert len(faulty.asked("Stop")) == 1
    faulty.password = "steer & <zoom>"
    control.retry(camera)
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    assert control.counts() == (1, 1)


@pytest.fixture
def shared(
    right: Credentials, told: Any, clock: SystemClock, watchdog: Watchdog, beats: Beats
) -> Iterator[tuple[PtzControl, SignInGate]]:
    """Give a control and the gate that it shares with live pictures."""
    gate = SignInGate()
    control = PtzControl(lambda _: right, told, clock, watchdog, gate)
    yield control, gate
    control.close()


def test_what_was_refused_to_a_live_picture_is_not_sent_by_who_was_accepted_before(
    faulty: Any, shared: tuple[PtzControl, SignInGate], camera: Camera, right: Credentials, told: Any
) -> None:
    control, gate = shared
    assert gate.enter(camera.no, right, "video")
    gate.accept(camera.no, "video")
    hold(control, camera, told)
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    before = len([request for request in faulty.requests if request.signed])
    gate.doubt(camera.no, right, "video")
    gate.refuse(camera.no, "video")
    with pytest.raises(CredentialsError):
        control.presets(camera)
    control.move(camera, RIGHTWARDS)
    told.wait_for(MotionPhase.DISABLED)
    assert len([request for request in faulty.requests if request.signed]) == before
    gate.forget(camera.no)
    told.wait_for(MotionPhase.READY)
    hold(control, camera, told)


def test_a_retry_of_the_live_picture_opens_the_gate_for_movements_too(
    faulty: Any, shared: tuple[PtzControl, SignInGate], camera: Camera, told: Any
) -> None:
    control, gate = shared
    faulty.password = "changed"
    control.move(camera, RIGHTWARDS)
    told.wait_for(MotionPhase.DISABLED)
    faulty.password = "steer & <zoom>"
    gate.forget(camera.no)
    told.wait_for(MotionPhase.READY)
    hold(control, camera, told)


def test_a_retry_of_the_live_picture_during_a_movement_delays_no_stop(
    faulty: Any, shared: tuple[PtzControl, SignInGate], camera: Camera, told: Any
) -> None:
    control, gate = shared
    hold(control, camera, told)
    asked = len(faulty.asked("GetProfiles"))
    gate.forget(camera.no)
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    assert len(faulty.asked("GetProfiles")) == asked


@pytest.mark.parametrize("url", ["ftp://10.0.0.9/onvif", "http://127.0.0.1:9/onvif"])
def test_a_camera_that_can_not_be_asked_is_left_to_its_live_picture(
    shared: tuple[PtzControl, SignInGate], entry: Callable[..., Camera], right: Credentials, url: str
) -> None:
    control, gate = shared
    with pytest.raises(UnreachableError):
        control.status(entry(url))
    assert gate.enter(7, right, "video")


def test_a_camera_whose_clock_was_set_during_a_movement_is_stopped(
    faulty: Any, control: PtzControl, camera: Camera, told: Any
) -> None:
    hold(control, camera, told)
    faulty.faults.clock_ahead = timedelta(hours=1)
    control.stop(camera)
    told.wait_for(MotionPhase.STOPPED)
    assert not faulty.turning


def test_a_camera_whose_clock_was_set_under_way_is_asked_anew(
    faulty: Any, control: PtzControl, camera: Camera, clock: SystemClock
) -> None:
    control.presets(camera)
    faulty.faults.clock_ahead = timedelta(hours=1)
    with pytest.raises(CredentialsError):
        control.presets(camera)
    assert control.presets(camera) == (Preset("1", "gate"),)


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


def test_no_move_leaves_without_beats(
    faulty: Any, control: PtzControl, camera: Camera, told: Any, beats: Beats
) -> None:
    control.prepare(camera)
    faulty.wait_for(lambda: len(faulty.asked("GetConfigurationOptions")) == 1)
    beats.cease()
    threading.Event().wait(0.45)  # until the last beat is too old
    control.move(camera, RIGHTWARDS)
    assert "does not beat" in told.wait_for(MotionPhase.DISABLED).detail
    assert faulty.order() == []


def test_silence_while_moving_stops_the_camera_and_disables_until_the_beats_return(
    faulty: Any, control: PtzControl, camera: Camera, told: Any, beats: Beats, watchdog: Watchdog
) -> None:
    hold(control, camera, told)
    ceased_at = time.monotonic()
    beats.cease()
    faulty.wait_for(lambda: bool(faulty.asked("Stop")))
    assert faulty.asked("Stop")[0].at - ceased_at < 0.9
    faulty.wait_for(lambda: MotionPhase.DISABLED in told.phases())
    assert watchdog.wait_alive(10)
    told.wait_for(MotionPhase.READY) if told.states[-1].phase is MotionPhase.DISABLED else None
    assert faulty.order()[-1] == "Stop"
    assert not faulty.turning
    again = Beats(watchdog)
    try:
        before = moves(faulty)
        control.move(camera, RIGHTWARDS)
        faulty.wait_for(lambda: moves(faulty) > before)
    finally:
        control.close()
        again.cease()


def test_a_dead_watchdog_stops_everything_and_disables_until_it_is_back(
    faulty: Any, control: PtzControl, camera: Camera, told: Any, watchdog: Watchdog
) -> None:
    hold(control, camera, told)
    pid = watchdog.pid
    assert pid is not None
    killed_at = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    faulty.wait_for(lambda: bool(faulty.asked("Stop")))
    assert faulty.asked("Stop")[0].at - killed_at < 0.5
    faulty.wait_for(lambda: MotionPhase.DISABLED in told.phases())
    assert watchdog.wait_alive(10)
    assert watchdog.pid != pid
    faulty.wait_for(lambda: control.counts() == (1, 1))
    hold(control, camera, told)


def test_a_watchdog_that_confirms_nothing_lets_nothing_move(
    faulty: Any, right: Credentials, told: Any, clock: SystemClock, camera: Camera
) -> None:
    silent = (sys.executable, "-c", 'import sys; print(\'{"said":"ready"}\', flush=True); sys.stdin.read()')
    watchdog = Watchdog(clock, silent)
    watchdog.start()
    assert watchdog.wait_alive(10)
    watchdog.beat()
    control = PtzControl(lambda _: right, told, clock, watchdog)
    control.prepare(camera)
    faulty.wait_for(lambda: len(faulty.asked("GetConfigurationOptions")) == 1)
    watchdog.beat()
    control.move(camera, RIGHTWARDS)
    assert told.wait_for(MotionPhase.DISABLED).detail
    control.close()
    watchdog.close()
    assert faulty.order() == []


def test_without_a_watchdog_nothing_moves_and_no_preset_is_recalled(
    faulty: Any, right: Credentials, told: Any, clock: SystemClock, camera: Camera
) -> None:
    control = PtzControl(lambda _: right, told, clock, Watchdog(clock))
    control.move(camera, RIGHTWARDS)
    told.wait_for(MotionPhase.DISABLED)
    with pytest.raises(UnreachableError):
        control.goto(camera, "1")
    control.close()
    assert faulty.order() == []


def test_closing_stops_what_moves(faulty: Any, control: PtzControl, camera: Camera, told: Any) -> None:
    hold(control, camera, told)
    control.close()
    assert not faulty.turning
    assert control.counts() == (1, 1)
