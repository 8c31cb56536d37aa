"""Moving cameras whose password is wrong or changes, and whose clock is set, while they move."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.errors import CredentialsError, UnreachableError
from domain.motion import MotionPhase, Preset
from domain.sign_in_gate import SignInGate
from ptz.control import PtzControl
from ptz.watchdog import Watchdog
from tests.ptz.held import RIGHTWARDS, hold
from tests.ptz.moving_city import Beats

pytestmark = pytest.mark.system
pytest_plugins = ["tests.ptz.control_fixtures"]


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
    told_time = len(faulty.asked("GetSystemDateAndTime"))
    faulty.faults.clock_ahead = timedelta(hours=1)
    assert control.presets(camera) == (Preset("1", "gate"),)
    assert len(faulty.asked("GetSystemDateAndTime")) == told_time + 1
