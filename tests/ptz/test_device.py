"""One camera over ONVIF, against a camera that misbehaves on request."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from domain.abilities import Ladder
from domain.camera import Camera, Credentials
from domain.clock import SystemClock
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from domain.motion import Position, Preset, Velocity
from ptz.device import Device
from ptz.ladder import timeout_s
from tests.ptz.moving_city import begin


@pytest.fixture
def device(camera: Camera, right: Credentials, clock: SystemClock) -> Iterator[Device]:
    with closing(Device(camera, right, clock)) as device:
        yield device


def test_a_contact_names_the_profile_that_can_be_moved_at_the_address_by_which_it_was_reached(
    faulty: Any, device: Device
) -> None:
    contact = device.contact()
    assert contact.profile == "dome"
    assert contact.ptz_url == f"http://127.0.0.1:{faulty.port}/onvif/ptz"
    assert timeout_s(contact.head.abilities) == 1.0
    assert contact.head.abilities.turns is Ladder.CONTINUOUS
    assert contact.head.abilities.zooms is None
    assert abs(contact.clock_offset_s) < 2


def test_a_move_is_signed_and_carries_its_timeout(faulty: Any, device: Device) -> None:
    begin(device.motions(), Velocity(pan=0.5, tilt=-0.25))
    (request,) = faulty.asked("ContinuousMove")
    assert request.signed
    assert "PT1S" in request.body
    assert faulty.turning


def test_presets_are_listed_stored_recalled_and_removed(faulty: Any, device: Device) -> None:
    assert device.presets() == (Preset("1", "gate"),)
    stored = device.set_preset("정문")
    device.motions().goto(stored.token)
    assert device.presets() == (Preset("1", "gate"), Preset(stored.token, "정문"))
    device.remove_preset(stored.token)
    assert device.presets() == (Preset("1", "gate"),)
    device.motions().home()
    assert len(faulty.asked("GotoHomePosition")) == 1


def test_the_status_tells_where_it_points_and_whether_it_moves(faulty: Any, device: Device) -> None:
    assert device.status().position == Position(0, 0, 0)
    assert device.status().moving is False
    begin(device.motions(), Velocity(pan=1))
    assert device.status().moving is True


def test_a_status_without_words_is_none_and_not_standing_still(faulty: Any, device: Device) -> None:
    faulty.faults.no_status = faulty.faults.no_position = True
    assert device.status().moving is None
    assert device.status().position is None


def test_undeclared_prefixes_are_understood(faulty: Any, device: Device) -> None:
    faulty.faults.undeclared_prefixes = True
    assert device.contact().profile == "dome"
    assert device.presets() == (Preset("1", "gate"),)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)])
@pytest.mark.parametrize("refuses_time", [False, True])
def test_a_camera_whose_clock_is_an_hour_off_is_moved(
    faulty: Any, device: Device, ahead: timedelta, *, refuses_time: bool
) -> None:
    faulty.faults.clock_ahead = ahead
    faulty.faults.refuses_time = refuses_time
    begin(device.motions(), Velocity(pan=1))
    assert faulty.turning
    assert abs(device.contact().clock_offset_s - ahead.total_seconds()) < 3


def test_a_wrong_password_is_tried_once(faulty: Any, camera: Camera, clock: SystemClock) -> None:
    with closing(Device(camera, Credentials("operator", "wrong"), clock)) as device, pytest.raises(CredentialsError):
        device.contact()
    assert len([request for request in faulty.requests if request.signed]) == 1


@pytest.mark.parametrize(("refused", "path"), [("GetCapabilities", "ptz"), ("GetServices", "ptz?a=1")])
def test_a_camera_that_tells_its_services_in_one_way_only_is_understood(
    faulty: Any, device: Device, refused: str, path: str
) -> None:
    faulty.faults.refused = {refused}
    assert device.contact().ptz_url == f"http://127.0.0.1:{faulty.port}/onvif/{path}"


@pytest.mark.parametrize("options", ["no_options", "refused"])
def test_a_camera_without_options_is_asked_for_what_all_can(faulty: Any, device: Device, options: str) -> None:
    faulty.faults.no_options = options == "no_options"
    faulty.faults.refused = {"GetConfigurationOptions"} if options == "refused" else set()
    contact = device.contact()
    abilities = contact.head.abilities
    assert (timeout_s(abilities), abilities.turns, abilities.zooms) == (2.0, Ladder.CONTINUOUS, Ladder.CONTINUOUS)


def test_a_camera_without_a_movable_profile_says_so(faulty: Any, device: Device) -> None:
    faulty.faults.no_profile = True
    with pytest.raises(ProtocolError, match="no profile"):
        device.contact()


@pytest.mark.parametrize("fault", ["huge", "entity_bomb"])
def test_an_answer_that_is_too_large_or_hides_entities_is_refused(faulty: Any, device: Device, fault: str) -> None:
    device.contact()
    setattr(faulty.faults, fault, True)
    with pytest.raises(ProtocolError, match=r"more than|document type"):
        device.presets()


def test_a_fault_is_told_in_the_cameras_words(faulty: Any, device: Device) -> None:
    faulty.faults.refused = {"GetPresets"}
    with pytest.raises(ProtocolError, match="GetPresets: not here"):
        device.presets()


def test_a_camera_that_refuses_connections_is_unreachable(
    entry: Callable[..., Camera], right: Credentials, clock: SystemClock
) -> None:
    with (
        closing(Device(entry("http://127.0.0.1:9/onvif"), right, clock)) as device,
        pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9 does not answer"),
    ):
        device.contact()


def test_an_operation_that_is_never_answered_ends_after_the_read_timeout(faulty: Any, device: Device) -> None:
    device.contact()
    faulty.faults.silent = {"GetStatus"}
    with pytest.raises(UnreachableError):
        device.status()
    faulty.faults.silent = set()
    assert device.status().moving is False


def test_importing_the_control_does_not_import_the_soap_library() -> None:
    code = "import sys, ptz.control, ptz.watchdog; sys.exit(any(m in sys.modules for m in ('zeep', 'onvif', 'lxml')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
