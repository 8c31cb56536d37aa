"""ipycam, which we did not write: what it advertises, what it does, and that it always stops."""

import logging
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from domain.camera import Credentials
from domain.clock import SystemClock
from domain.errors import CredentialsError, ProtocolError
from domain.motion import MotionPhase, Position, Velocity
from domain.sign_in_gate import SignInGate
from ptz.contact import AuthMode, Quirk
from ptz.contacts import Contacts
from ptz.control import PtzControl
from ptz.device import Device
from ptz.ladder import Manner
from ptz.motions import Motions
from ptz.presets import Presets
from ptz.services import Service
from ptz.watchdog import Watchdog
from tests.ptz.foreign import STREAM_PORT, TOLD_PORT, ForeignDevice, namespace
from tests.ptz.moving_city import SECRET, Told, begin, steering, until

pytestmark = [pytest.mark.system, pytest.mark.timeout(60)]

NO = 1


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignDevice]:
    with closing(ForeignDevice(tmp_path_factory.mktemp("foreign"))) as device:
        yield device


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignDevice]:
    """The same with a name and password."""
    with closing(ForeignDevice(tmp_path_factory.mktemp("guarded"), SECRET)) as device:
        yield device


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def control(told: Told) -> Iterator[PtzControl]:
    with steering(told) as control:
        yield control


@pytest.fixture
def device(foreign: ForeignDevice) -> Iterator[Device]:
    with closing(contacts().device(foreign.camera(NO))) as device:
        yield device


def contacts(secret: Credentials = SECRET) -> Contacts:
    return Contacts(lambda _: secret, SystemClock(), SignInGate())


def motions(device: Device) -> Motions:
    head = device.contact().head
    return Motions(device.port(Service.PTZ), head.profile, head.abilities, Manner())


def away(foreign: ForeignDevice, speed: float = 0.2) -> Velocity:
    """Return a movement away from the nearer end of its pan and zoom."""
    head = foreign.head()
    return Velocity(pan=-speed if head["pan"] > 0 else speed, zoom=-speed if head["zoom"] > 0.5 else speed)


def stays(foreign: ForeignDevice, for_s: float = 1.0) -> None:
    here, ends = foreign.head(), time.monotonic() + for_s
    while time.monotonic() < ends:
        assert foreign.head() == here
        time.sleep(0.05)


# -- where it is


def test_it_is_shut_in_and_tells_another_address_than_the_one_it_is_reached_at(foreign: ForeignDevice) -> None:
    assert foreign.namespace != namespace()
    assert foreign.port != TOLD_PORT
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://127.0.0.1:{TOLD_PORT}/api/ptz", timeout=1)


def test_it_is_met_where_it_was_reached_and_its_ways_are_learnt(foreign: ForeignDevice, device: Device) -> None:
    contact = device.contact()
    at = f"http://127.0.0.1:{foreign.port}/onvif"
    assert (contact.ptz_url, contact.media_url) == (f"{at}/ptz_service", f"{at}/media_service")
    assert (contact.media2_url, contact.events_url, contact.imaging_url) == ("", "", "")
    assert (contact.manufacturer, contact.model, contact.serial) == ("PythonCam", "VirtualCam-1", "PY-000001")
    assert contact.auth is AuthMode.NONE
    assert contact.quirks == {Quirk.CLOSES_CONNECTIONS}  # it speaks HTTP 1.0
    assert abs(contact.clock_offset_s) < 2


def test_its_stills_are_there_and_its_stream_is_told_at_its_own_port(foreign: ForeignDevice, device: Device) -> None:
    still = device.snapshot_url("Profile_Main")
    assert still == f"http://127.0.0.1:{foreign.port}/snapshot.jpg"
    assert foreign.get(still).startswith(b"\xff\xd8\xff")
    assert device.stream_url("Profile_Sub") == f"rtsp://127.0.0.1:{STREAM_PORT}/video_sub"


def test_it_is_found_by_probing_its_interface_and_by_its_address(foreign: ForeignDevice) -> None:
    for way in (["--interface", "127.0.0.1"], ["--address", "127.0.0.1"]):
        said = foreign.inside("main.py", "cameras", "discover", *way, "--timeout", "1")
        assert (said["code"], said["err"]) == (0, "")
        assert said["out"].startswith(f"http://127.0.0.1:{TOLD_PORT}/onvif/device_service")


# -- what it advertises, and does


def test_what_it_advertises_of_its_movements_is_read(device: Device) -> None:
    head = device.contact().head
    able = head.abilities
    assert (head.profile, head.node, head.source) == ("Profile_Main", "PTZ_Node_1", "VS_1")
    assert all((able.continuous_turn, able.continuous_zoom, able.relative_turn, able.absolute_turn))
    assert able.view_turn is None
    assert (able.home, able.home_fixed, able.presets, able.tours, able.auxiliary) == (True, True, 10, 0, ())
    assert (able.focus, able.iris) == (False, False)
    assert able.timeouts_s == (0.0, 60.0)  # it answers the question for its options with something else


def test_it_advertises_that_it_says_whether_it_moves_and_does_not_say_it(
    device: Device, foreign: ForeignDevice, caplog: pytest.LogCaptureFixture
) -> None:
    assert device.contact().head.abilities.tells_movement
    moving = motions(device)
    wish = away(foreign)
    with caplog.at_level(logging.DEBUG):
        begin(moving, wish)
        try:
            until(lambda: foreign.head()["moving"])
            status = device.status()
        finally:
            moving.stop()
    assert status.moving is None
    assert status.position is not None
    assert [line for line in caplog.records if line.exc_info] == []  # its status holds what is no date


def test_it_turns_on_beyond_the_time_that_a_move_gives_it(device: Device, foreign: ForeignDevice) -> None:
    port, profile = device.port(Service.PTZ), device.contact().head.profile
    wish = away(foreign, 0.05)
    port.call("ContinuousMove", ProfileToken=profile, Velocity={"PanTilt": {"x": wish.pan, "y": 0}}, Timeout="PT0.5S")
    until(lambda: foreign.head()["moving"])
    began = time.monotonic()
    until(lambda: time.monotonic() - began > 1.5)
    assert foreign.head()["moving"]
    motions(device).stop()
    until(lambda: not foreign.head()["moving"])


def test_it_says_yes_to_a_view_that_it_has_not_and_no_to_forgetting_one(device: Device, foreign: ForeignDevice) -> None:
    before = foreign.head()
    motions(device).goto("nowhere")
    assert foreign.head() == before
    with pytest.raises(ProtocolError, match="RemovePreset"):
        Presets(device).remove("home")
    for operation, values in (("SetHomePosition", {}), ("GetPresetTours", {})):
        with pytest.raises(ProtocolError, match=operation):
            device.port(Service.PTZ).call(operation, ProfileToken="Profile_Main", **values)


# -- moved by the control


def test_it_turns_while_it_is_held_and_is_seen_standing_when_it_is_released(
    control: PtzControl, told: Told, foreign: ForeignDevice
) -> None:
    before = foreign.head()
    control.move(foreign.camera(NO), away(foreign))
    told.wait_for(NO, MotionPhase.MOVING)
    until(lambda: abs(foreign.head()["pan"] - before["pan"]) > 0.4)  # longer than the timeout of one move
    assert abs(foreign.head()["zoom"] - before["zoom"]) > 0.2
    control.stop(foreign.camera(NO))
    until(lambda: not foreign.head()["moving"], 1.0)
    state = told.wait_for(NO, MotionPhase.STOPPED)
    assert state.position is not None
    assert state.position.pan == pytest.approx(foreign.head()["pan"])
    assert told.phases(NO)[:2] == [MotionPhase.MOVE_SENT, MotionPhase.MOVING]
    assert MotionPhase.MAY_BE_MOVING not in told.phases(NO)
    stays(foreign)


def test_a_joystick_that_is_let_go_leaves_it_standing(control: PtzControl, told: Told, foreign: ForeignDevice) -> None:
    camera, speed = foreign.camera(NO), away(foreign).pan
    for step in range(100):
        control.move(camera, Velocity(pan=speed * (1 + step / 100), tilt=0.01 * (-1) ** step))
        time.sleep(0.01)
    assert foreign.head()["moving"]
    control.stop(camera)
    until(lambda: not foreign.head()["moving"], 0.5)
    told.wait_for(NO, MotionPhase.STOPPED)
    stays(foreign)


def test_it_goes_to_places_views_and_home(control: PtzControl, told: Told, foreign: ForeignDevice) -> None:
    camera = foreign.camera(NO)
    control.turn(camera, Position(0.5, -0.25, 0.75))
    told.wait_for(NO, MotionPhase.STOPPED)
    assert control.status(camera) == Position(0.5, -0.25, 0.75)
    view = control.set_preset(camera, "동문")
    control.home(camera)
    until(lambda: foreign.head()["pan"] == 0.0)
    told.wait_for(NO, MotionPhase.STOPPED)
    assert view in control.presets(camera)
    control.goto(camera, view.token)
    until(lambda: foreign.head()["pan"] == 0.5)
    told.wait_for(NO, MotionPhase.STOPPED)


def test_a_name_that_it_spoils_is_told_as_it_lists_it(device: Device) -> None:
    stored = Presets(device).store("gate <east>", "gate east", "spoilt")
    assert stored.name == "gate &lt;east&gt;"  # it takes our markup for the name
    assert stored in device.presets()


def test_a_refused_forgetting_of_a_view_is_told_and_the_view_kept(control: PtzControl, foreign: ForeignDevice) -> None:
    camera = foreign.camera(NO)
    with pytest.raises(ProtocolError, match="not supported"):
        control.remove_preset(camera, "home")
    assert "home" in [view.token for view in control.presets(camera)]


def test_the_watchdog_stops_it_when_nobody_beats_any_more(foreign: ForeignDevice, device: Device) -> None:
    watchdog = Watchdog(SystemClock())
    watchdog.start()
    assert watchdog.wait_alive(10)
    contact, moving, wish = device.contact(), motions(device), away(foreign, 0.1)
    watchdog.beat()
    watchdog.arm(NO, contact.ptz_url, contact.head.profile, None, offset_s=0.0, deadline_s=10.0, auth=contact.auth)
    begin(moving, wish)
    watchdog.beat()
    ceased = time.monotonic()
    assert foreign.head()["moving"]
    until(lambda: not foreign.head()["moving"], 2.0)
    assert 0.3 < time.monotonic() - ceased < 0.9
    watchdog.close()


# -- with a password


def test_it_refuses_even_its_time_and_is_signed_to_by_the_date_of_its_refusal(guarded: ForeignDevice) -> None:
    ways = contacts()
    with closing(ways.device(guarded.camera(NO))) as device:
        contact = device.contact()
        assert contact.auth is AuthMode.TOKEN
        assert Quirk.TELLS_NO_TIME in contact.quirks
        assert abs(contact.clock_offset_s) < 2
        assert device.status().position == Position(0.0, 0.0, 0.0)


def test_it_is_moved_and_stopped_with_its_password(control: PtzControl, told: Told, guarded: ForeignDevice) -> None:
    control.move(guarded.camera(NO), away(guarded))
    told.wait_for(NO, MotionPhase.MOVING)
    until(lambda: guarded.head()["moving"])
    control.stop(guarded.camera(NO))
    told.wait_for(NO, MotionPhase.STOPPED)
    stays(guarded)


def test_a_wrong_password_is_told_and_not_tried_again(tmp_path: Path) -> None:
    ways = contacts(replace(SECRET, password="wrong"))
    with closing(ForeignDevice(tmp_path, SECRET)) as guarded:
        camera = guarded.camera(NO)
        with pytest.raises(CredentialsError):
            ways.device(camera)
    with pytest.raises(CredentialsError):  # it is gone: whoever asked it now would be told that it does not answer
        ways.device(camera)
