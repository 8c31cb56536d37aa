"""The PTZ camera over ONVIF: SOAP written by hand, and zeep with ONVIF's own WSDL files in strict mode."""

import importlib.util
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
import zeep
from zeep.wsse.username import UsernameToken

pytestmark = pytest.mark.system

PTZ = 2
Eventually = Callable[..., Any]
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>{}'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>{}'


@pytest.fixture(scope="module")
def services(running_cameras) -> dict[str, Any]:
    """All three services through zeep, found as a client finds them."""
    wsdl = Path(importlib.util.find_spec("onvif").origin).parent.parent / "wsdl"

    def service(name: str, namespace: str, binding: str, url: str) -> Any:
        token = UsernameToken("practice", "a secret of the tests", use_digest=True)
        return zeep.Client(str(wsdl / f"{name}.wsdl"), wsse=token).create_service(f"{{{namespace}}}{binding}", url)

    url = running_cameras.camera(PTZ)["onvif_url"]
    device = service("devicemgmt", "http://www.onvif.org/ver10/device/wsdl", "DeviceBinding", url)
    found = device.GetCapabilities(Category=["All"])
    return {
        "device": device,
        "media": service("media", "http://www.onvif.org/ver10/media/wsdl", "MediaBinding", found.Media.XAddr),
        "ptz": service("ptz", "http://www.onvif.org/ver20/ptz/wsdl", "PTZBinding", found.PTZ.XAddr),
    }


def brightness(cameras, count: int) -> list[np.ndarray]:
    """Return so many pictures' luma below the counter and above the name."""
    with cameras.open(PTZ, "sub") as container:
        frames = itertools.islice(container.decode(video=0), count)
        return [frame.to_ndarray(format="yuv420p")[20:320].astype(int) for frame in frames]


def test_the_device_says_what_and_when_it_is(cameras, services) -> None:
    device = services["device"]
    told = device.GetSystemDateAndTime().UTCDateTime
    date, clock = told.Date, told.Time
    at = datetime(date.Year, date.Month, date.Day, clock.Hour, clock.Minute, clock.Second, tzinfo=UTC)
    assert abs(datetime.now(UTC) - at) < timedelta(seconds=5)
    assert device.GetDeviceInformation().SerialNumber == "PRACTICE-00002"
    addresses = {row.Namespace: row.XAddr for row in device.GetServices(IncludeCapability=False)}
    assert addresses["http://www.onvif.org/ver20/ptz/wsdl"].endswith("/onvif/2/ptz_service")
    assert any("ptz" in scope.ScopeItem for scope in device.GetScopes())


def test_the_profiles_are_the_streams(cameras, services) -> None:
    media = services["media"]
    profiles = {profile.token: profile for profile in media.GetProfiles()}
    assert set(profiles) == {"main", "sub"}
    assert profiles["main"].PTZConfiguration.NodeToken == "node_1"
    assert profiles["sub"].VideoEncoderConfiguration.Resolution.Width == 640
    assert media.GetProfile(ProfileToken="main").VideoSourceConfiguration.Name == "중앙공원"
    assert media.GetVideoSources()[0].Resolution.Height == 720
    setup = {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}}
    assert media.GetStreamUri(StreamSetup=setup, ProfileToken="sub").Uri == cameras.url(PTZ, "sub")


def test_the_head_says_what_it_can(cameras, services) -> None:
    ptz = services["ptz"]
    (node,) = ptz.GetNodes()
    assert ptz.GetNode(NodeToken=node.token).HomeSupported
    (configuration,) = ptz.GetConfigurations()
    assert ptz.GetConfiguration(PTZConfigurationToken=configuration.token).DefaultPTZTimeout == timedelta(seconds=5)
    options = ptz.GetConfigurationOptions(ConfigurationToken=configuration.token)
    assert options.Spaces.ContinuousPanTiltVelocitySpace[0].XRange.Min == -1
    assert options.PTZTimeout.Max == timedelta(seconds=60)


def test_zeep_moves_and_stops_it(soap, services, eventually: Eventually) -> None:
    ptz = services["ptz"]
    velocity = {"PanTilt": {"x": 0.5, "y": 0.2}, "Zoom": {"x": 0.5}}
    ptz.ContinuousMove(ProfileToken="main", Velocity=velocity, Timeout=timedelta(seconds=10))
    eventually(lambda: ptz.GetStatus(ProfileToken="main").Position.PanTilt.x > 0.05)
    assert ptz.GetStatus(ProfileToken="main").MoveStatus.PanTilt == "MOVING"
    ptz.Stop(ProfileToken="main", PanTilt=True, Zoom=True)
    eventually(lambda: ptz.GetStatus(ProfileToken="main").MoveStatus.PanTilt == "IDLE")
    status = ptz.GetStatus(ProfileToken="main")
    assert status.Position.PanTilt.y > 0
    assert status.Position.Zoom.x > 0


def test_a_move_moves_the_picture_and_a_stop_stills_it(cameras, soap) -> None:
    def change(pictures: list[np.ndarray]) -> float:
        return float(np.abs(pictures[-1] - pictures[-6]).mean())

    still = change(brightness(cameras, 8))
    assert soap.move(pan=0.5) == 200
    moving = change(brightness(cameras, 8))
    assert soap.stop() == 200
    stopped = change(brightness(cameras, 12))
    assert moving > 3 * still
    assert stopped < moving / 3


def test_zooming_in_magnifies(cameras, soap, eventually: Eventually) -> None:
    wide = brightness(cameras, 1)[0]
    soap.move(zoom=1)
    eventually(lambda: soap.position()[2] == 1)
    close = brightness(cameras, 1)[0]
    assert np.abs(np.diff(close, axis=1)).mean() < np.abs(np.diff(wide, axis=1)).mean()


def test_a_move_ends_at_the_limit(soap, eventually: Eventually) -> None:
    soap.move(pan=1, tilt=-1)
    eventually(lambda: soap.position()[:2] == (1.0, -1.0))
    assert not soap.moving()


def test_a_move_ends_after_its_own_time(soap, eventually: Eventually) -> None:
    began = time.monotonic()
    soap.move(pan=0.2, timeout="PT0.5S")
    assert soap.moving()
    eventually(lambda: not soap.moving())
    assert time.monotonic() - began < 3
    assert 0 < soap.position()[0] < 0.3


@pytest.mark.parametrize("timeout", ["PT0S", "PT2M", "soon", "P", "PT-1S"])
def test_a_time_that_can_not_be_kept_is_refused_and_nothing_moves(soap, timeout: str) -> None:
    assert soap.move(pan=0.2, timeout=timeout) == 400
    assert not soap.moving()


def test_absolute_and_relative_moves_arrive(soap, services, eventually: Eventually) -> None:
    ptz = services["ptz"]
    ptz.AbsoluteMove(ProfileToken="main", Position={"PanTilt": {"x": 0.2, "y": -0.5}, "Zoom": {"x": 0.25}})
    eventually(lambda: soap.position() == (0.2, -0.5, 0.25))
    ptz.RelativeMove(ProfileToken="main", Translation={"PanTilt": {"x": -0.3, "y": 0.1}})
    eventually(lambda: soap.position() == (-0.1, -0.4, 0.25))
    with pytest.raises(zeep.exceptions.Fault, match="limits"):
        ptz.AbsoluteMove(ProfileToken="main", Position={"PanTilt": {"x": 1.5, "y": 0}})


def test_presets_are_kept_recalled_and_forgotten(soap, services, eventually: Eventually) -> None:
    ptz = services["ptz"]
    token = ptz.SetPreset(ProfileToken="main", PresetName="교차로 <북>")
    assert {preset.token: preset.Name for preset in ptz.GetPresets(ProfileToken="main")}[token] == "교차로 <북>"
    ptz.GotoPreset(ProfileToken="main", PresetToken="2")
    eventually(lambda: soap.position()[0] == -0.4)
    ptz.GotoPreset(ProfileToken="main", PresetToken=token)
    eventually(lambda: soap.position() == (0, 0, 0))
    ptz.RemovePreset(ProfileToken="main", PresetToken=token)
    with pytest.raises(zeep.exceptions.Fault):
        ptz.GotoPreset(ProfileToken="main", PresetToken=token)


def test_home_can_be_set_and_found_again(soap, services, eventually: Eventually) -> None:
    ptz = services["ptz"]
    ptz.SetHomePosition(ProfileToken="main")
    ptz.AbsoluteMove(ProfileToken="main", Position={"PanTilt": {"x": 0.1, "y": 0}})
    eventually(lambda: soap.position()[0] == 0.1)
    ptz.GotoHomePosition(ProfileToken="main")
    eventually(lambda: soap.position()[0] == 0)


def test_stop_for_the_zoom_alone_lets_it_turn(soap, eventually: Eventually) -> None:
    soap.move(pan=0.1, zoom=0.2)
    only = "<ProfileToken>main</ProfileToken><PanTilt>false</PanTilt><Zoom>true</Zoom>"
    assert soap.ask("Stop", only)[0] == 200
    eventually(lambda: "<tt:Zoom>IDLE</tt:Zoom>" in soap.ask("GetStatus")[1])
    assert "<tt:PanTilt>MOVING</tt:PanTilt>" in soap.ask("GetStatus")[1]


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"password": None}, {"age": timedelta(hours=1)}, {"age": -timedelta(hours=1)}]
)
def test_nobody_moves_it_without_a_fresh_proof(soap, wrong: dict[str, Any]) -> None:
    status, said, _ = soap.ask("GotoHomePosition", **wrong)
    assert status == 400
    assert "ter:NotAuthorized" in said


def test_the_time_is_told_to_everybody(soap) -> None:
    assert soap.ask("GetSystemDateAndTime", "", service="device", password=None)[0] == 200
    assert soap.ask("GetDeviceInformation", "", service="device", password=None)[0] == 400


@pytest.mark.parametrize("envelope", [BOMB, EXTERNAL, "{}<", "no xml", ""])
def test_what_hides_entities_or_is_no_soap_is_refused(soap, envelope: str) -> None:
    status, said, _ = soap.ask("GetStatus", envelope=envelope)
    assert status == 400
    assert "WellFormed" in said


def test_an_unknown_operation_or_profile_is_a_fault(soap) -> None:
    assert "ActionNotSupported" in soap.ask("MakeCoffee")[1]
    assert "NoProfile" in soap.ask("GetStatus", "<ProfileToken>other</ProfileToken>")[1]
    assert "NoToken" in soap.ask("GotoPreset", "<ProfileToken>main</ProfileToken><PresetToken>99</PresetToken>")[1]


@pytest.mark.parametrize("number", ["fast", "nan", "1e99", ""])
def test_a_velocity_that_is_no_number_is_refused_and_nothing_moves(soap, number: str) -> None:
    body = f'<PanTilt xmlns="http://www.onvif.org/ver10/schema" x="{number}" y="0"/>'
    status, _, _ = soap.ask("ContinuousMove", f"<ProfileToken>main</ProfileToken><Velocity>{body}</Velocity>")
    assert status == 400
    assert not soap.moving()


def test_every_ptz_request_is_written_down_with_its_time(cameras, soap) -> None:
    before = time.monotonic()
    soap.move(pan=0.25)
    soap.stop()
    soap.ask("Stop", password="wrong")
    move, stop, refused = [entry for entry in cameras.get(f"/ptz/{PTZ}/log") if entry["operation"] != "GetStatus"][-3:]
    assert (move["operation"], move["answer"], move["asked"]["PanTilt"]["x"]) == ("ContinuousMove", "ok", "0.25")
    assert (stop["operation"], stop["answer"]) == ("Stop", "ok")
    assert refused["answer"] == "NotAuthorized"
    assert before < move["monotonic"] < stop["monotonic"] < time.monotonic()
    assert abs(stop["at"] - time.time()) < 5


def test_a_camera_that_ignores_stop_says_yes_and_goes_on(cameras, soap) -> None:
    cameras.begin(PTZ, "ignores_stop")
    soap.move(pan=0.1)
    assert soap.stop() == 200
    first = soap.position()[0]
    assert soap.moving()
    cameras.clear()
    assert soap.position()[0] > first
    soap.stop()


def test_a_camera_that_ignores_the_time_goes_on(cameras, soap, eventually: Eventually) -> None:
    cameras.begin(PTZ, "ignores_timeout")
    began = time.monotonic()
    soap.move(pan=0.1, timeout="PT0.1S")
    eventually(lambda: time.monotonic() - began > 0.8)
    assert soap.moving()
    soap.stop()


def test_a_slow_camera_moves_at_once_and_answers_late(cameras, soap) -> None:
    cameras.begin(PTZ, "slow")
    asked = time.monotonic()
    soap.stop()
    assert time.monotonic() - asked >= 1
    logged = cameras.get(f"/ptz/{PTZ}/log")[-1]
    assert logged["monotonic"] - asked < 0.5


def test_a_dead_camera_resets_and_a_silent_one_waits(cameras, soap) -> None:
    cameras.begin(PTZ, "dead")
    with pytest.raises(ConnectionError):
        soap.stop()
    cameras.clear()
    cameras.begin(PTZ, "silent", for_s=0.6)
    asked = time.monotonic()
    assert soap.stop() == 200
    assert time.monotonic() - asked > 0.3


def test_a_camera_can_forget_its_password(cameras, soap) -> None:
    cameras.begin(PTZ, "wrong_password")
    assert "NotAuthorized" in soap.ask("GetStatus")[1]


def test_a_picture_is_made_only_while_somebody_watches(cameras, soap, eventually: Eventually) -> None:
    def coders() -> int:
        return len(psutil.Process(cameras.process.pid).threads())

    idle = coders()
    with cameras.open(PTZ, "sub") as container:
        next(container.decode(video=0))
        watched = coders()
        assert watched > idle
    eventually(lambda: coders() < watched)  # not `<= idle`: the threads that wait for files may have become more


def test_fixed_cameras_have_no_onvif(cameras) -> None:
    assert cameras.camera(1)["onvif_url"] is None


def test_wrong_passwords_count_together_with_those_of_the_streams(cameras, soap) -> None:
    cameras.begin(PTZ, "locks_out")
    before = cameras.state(PTZ)["wrong_sign_ins"]
    assert soap.ask("GetStatus", password=None)[0] == 400  # no password is no wrong one
    for _ in range(2):
        assert soap.ask("GetStatus", password="wrong")[0] == 400
    assert not cameras.state(PTZ)["locked"]
    assert cameras.talk(PTZ, password="wrong").authorised("DESCRIBE").status == 401
    assert cameras.state(PTZ)["wrong_sign_ins"] == before + 3
    assert "NotAuthorized" in soap.ask("GetStatus")[1]
    cameras.clear()
    assert soap.ask("GetStatus")[0] == 200
