"""Nothing moves unwatched: beats that cease, a watchdog that dies or confirms nothing."""

import os
import signal
import sys
import threading
import time
from typing import Any

import pytest

from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.errors import UnreachableError
from domain.motion import MotionPhase
from ptz.control import PtzControl
from ptz.watchdog import Watchdog
from tests.ptz.held import RIGHTWARDS, hold, moves, order
from tests.ptz.moving_city import Beats

pytestmark = pytest.mark.system
pytest_plugins = ["tests.ptz.control_fixtures"]


def test_no_move_leaves_without_beats(
    faulty: Any, control: PtzControl, camera: Camera, told: Any, beats: Beats
) -> None:
    control.prepare(camera)
    faulty.wait_for(lambda: len(faulty.asked("GetConfigurationOptions")) == 1)
    beats.cease()
    threading.Event().wait(0.45)  # until the last beat is too old
    control.move(camera, RIGHTWARDS)
    assert "does not beat" in told.wait_for(MotionPhase.DISABLED).detail
    assert order(faulty) == []


def test_a_key_pressed_while_the_screen_was_late_moves_when_the_beats_return(
    faulty: Any, control: PtzControl, camera: Camera, told: Any, beats: Beats, watchdog: Watchdog
) -> None:
    control.status(camera)
    beats.cease()
    threading.Event().wait(0.45)  # until the last beat is too old
    control.move(camera, RIGHTWARDS)
    again = Beats(watchdog)
    told.wait_for(MotionPhase.MOVING)
    control.close()
    again.cease()
    assert MotionPhase.DISABLED not in told.phases()


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
    assert order(faulty)[-1] == "Stop"
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
    assert order(faulty) == []


def test_without_a_watchdog_nothing_moves_and_no_preset_is_recalled(
    faulty: Any, right: Credentials, told: Any, clock: SystemClock, camera: Camera
) -> None:
    control = PtzControl(lambda _: right, told, clock, Watchdog(clock))
    control.move(camera, RIGHTWARDS)
    told.wait_for(MotionPhase.DISABLED)
    with pytest.raises(UnreachableError):
        control.goto(camera, "1")
    control.close()
    assert order(faulty) == []
