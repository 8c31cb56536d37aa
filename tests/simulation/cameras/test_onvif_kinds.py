"""Kinds of ONVIF devices, through zeep in strict mode: what they advertise and what they refuse."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from zeep.exceptions import Fault

from domain.errors import BadInputError
from simulation.cameras.config import load

pytestmark = pytest.mark.system

RANGES, ZOOM, PAN, RELATIVE, APART, ODD, HEADS, STILL, UNKNOWN, FULL = range(1, 11)
FOV = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/TranslationSpaceFov"
TR2 = "{http://www.onvif.org/ver20/media/wsdl}"
Eventually = Callable[..., Any]


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    kinds: dict[int, Any] = {
        RANGES: {
            "ranges": {"pan": [0, 360], "tilt": [0, 180], "zoom": [0, 10], "velocity": [-100, 100], "speed": [0, 100]},
            "strict": True,
            "timeout": [1, 10],
            "space_names": "own",
            "serial": "ABC-1",
        },
        ZOOM: {"axes": ["zoom"], "home": "none"},
        PAN: {"axes": ["pan"], "moves": ["absolute"], "home": "fixed"},
        RELATIVE: {"moves": ["fov"], "status": "none"},
        APART: {"apart": "pan_tilt", "presets": {"most": 4, "names": "ascii_refused"}},
        ODD: {"presets": {"odd": True, "stored": 300, "most": 300, "names": "ascii_replaced"}},
        HEADS: {"heads": 2, "blind": 1, "media": "2"},
        STILL: {"status": "no_position"},
        UNKNOWN: {"status": "no_move_status"},
        FULL: "full",
    }
    return [{"no": no, "name": f"자리 {no}", "kind": "ptz", "onvif": kind} for no, kind in kinds.items()]


def test_ranges_that_are_not_generic_are_advertised_and_kept(onvif, eventually: Eventually) -> None:
    ptz = onvif(RANGES).service("ptz")
    options = ptz.GetConfigurationOptions(ConfigurationToken="ptz_1")
    space = options.Spaces.AbsolutePanTiltPositionSpace[0]
    assert (space.XRange.Max, space.YRange.Max) == (360, 180)
    assert "practice.example" in space.URI
    assert options.Spaces.ContinuousPanTiltVelocitySpace[0].XRange.Max == 100
    assert options.PTZTimeout.Max.total_seconds() == 10
    ptz.AbsoluteMove(ProfileToken="main", Position={"PanTilt": {"x": 90, "y": 45}, "Zoom": {"x": 5}})

    def place() -> tuple[float, float, float]:
        at = ptz.GetStatus(ProfileToken="main").Position
        return at.PanTilt.x, at.PanTilt.y, at.Zoom.x

    eventually(lambda: place() == (90, 45, 5))
    ptz.RelativeMove(ProfileToken="main", Translation={"PanTilt": {"x": 10, "y": 0}})
    eventually(lambda: place() == (100, 45, 5))
    with pytest.raises(Fault, match="outside"):
        ptz.ContinuousMove(ProfileToken="main", Velocity={"PanTilt": {"x": 101, "y": 0}})
    with pytest.raises(Fault, match="not supported"):
        ptz.ContinuousMove(ProfileToken="main", Velocity={"PanTilt": {"x": 1, "y": 0}}, Timeout="PT0.5S")
    generic = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/VelocityGenericSpace"
    with pytest.raises(Fault, match="no space"):
        ptz.ContinuousMove(ProfileToken="main", Velocity={"PanTilt": {"x": 1, "y": 0, "space": generic}})
    assert onvif(RANGES).service("device").GetDeviceInformation().SerialNumber == "ABC-1"


def test_devices_without_some_axes_have_no_spaces_for_them(onvif) -> None:
    zoom = onvif(ZOOM).service("ptz").GetNodes()[0]
    assert not zoom.SupportedPTZSpaces.ContinuousPanTiltVelocitySpace
    assert zoom.SupportedPTZSpaces.ContinuousZoomVelocitySpace
    assert not zoom.HomeSupported
    with pytest.raises(Fault, match="not supported"):
        onvif(ZOOM).service("ptz").GotoHomePosition(ProfileToken="main")
    pan = onvif(PAN).service("ptz").GetNodes()[0]
    space = pan.SupportedPTZSpaces.AbsolutePanTiltPositionSpace[0]
    assert (space.XRange.Max, space.YRange.Min, space.YRange.Max) == (1, 0, 0)
    assert not pan.SupportedPTZSpaces.ContinuousPanTiltVelocitySpace
    assert pan.FixedHomePosition
    with pytest.raises(Fault, match="fixed"):
        onvif(PAN).service("ptz").SetHomePosition(ProfileToken="main")
    with pytest.raises(Fault, match="not supported"):
        onvif(PAN).service("ptz").ContinuousMove(ProfileToken="main", Velocity={"PanTilt": {"x": 1, "y": 0}})


def test_a_move_within_the_view_goes_by_the_field_of_view(cameras, onvif, eventually: Eventually) -> None:
    ptz = onvif(RELATIVE).service("ptz")
    spaces = ptz.GetNodes()[0].SupportedPTZSpaces
    assert [space.URI for space in spaces.RelativePanTiltTranslationSpace] == [FOV]
    ptz.RelativeMove(ProfileToken="main", Translation={"PanTilt": {"x": 1, "y": 0, "space": FOV}})
    eventually(lambda: cameras.state(RELATIVE)["position"]["pan"] == 30)  # half of 60 degrees
    with pytest.raises(Fault, match="not supported"):
        ptz.GetStatus(ProfileToken="main")


def test_axes_that_move_apart_are_refused_together(onvif) -> None:
    ptz = onvif(APART).service("ptz")
    with pytest.raises(Fault, match="one at a time"):
        ptz.ContinuousMove(ProfileToken="main", Velocity={"PanTilt": {"x": 0.1, "y": 0.1}})
    ptz.ContinuousMove(ProfileToken="main", Velocity={"PanTilt": {"x": 0.1, "y": 0}})
    ptz.Stop(ProfileToken="main", PanTilt=True, Zoom=True)


def test_preset_names_and_lists_are_as_the_device_has_them(onvif) -> None:
    apart, odd = onvif(APART).service("ptz"), onvif(ODD).service("ptz")
    with pytest.raises(Fault, match="ASCII"):
        apart.SetPreset(ProfileToken="main", PresetName="정문")
    assert apart.SetPreset(ProfileToken="main", PresetName="gate") == "4"
    with pytest.raises(Fault, match="no more"):
        apart.SetPreset(ProfileToken="main", PresetName="another")
    listed = odd.GetPresets(ProfileToken="main")
    assert len(listed) >= 305
    assert any(preset is None or preset.token is None for preset in listed)
    assert odd.SetPreset(ProfileToken="main", PresetName="정문 a", PresetToken="7") == "7"
    assert "?? a" in [preset.Name for preset in odd.GetPresets(ProfileToken="main") if preset is not None]


def test_several_heads_have_their_own_nodes_and_the_first_profile_has_none(cameras, onvif, eventually) -> None:
    device = onvif(HEADS)
    ptz = device.service("ptz")
    assert [node.token for node in ptz.GetNodes()] == ["node_1", "node_2"]
    with pytest.raises(Fault, match="no PTZ"):
        ptz.GetStatus(ProfileToken="overview_1")
    ptz.AbsoluteMove(ProfileToken="main_2", Position={"PanTilt": {"x": 0.5, "y": 0}})
    eventually(lambda: ptz.GetStatus(ProfileToken="main_2").Position.PanTilt.x == 0.5)
    assert ptz.GetStatus(ProfileToken="main").Position.PanTilt.x == 0
    assert len(cameras.get(f"/onvif/{HEADS}/state")["heads"]) == 2


def test_media2_tells_the_same_profiles(cameras, onvif) -> None:
    device = onvif(HEADS)
    addresses = [row.Namespace for row in device.service("device").GetServices(IncludeCapability=True)]
    assert "http://www.onvif.org/ver20/media/wsdl" in addresses
    assert "http://www.onvif.org/ver10/media/wsdl" not in addresses
    ask = '<GetProfiles xmlns="http://www.onvif.org/ver20/media/wsdl"><Type>PTZ</Type></GetProfiles>'
    root = etree.fromstring(device.post(ask, "media2").content)
    profiles = {one.get("token"): one for one in root.iter(f"{TR2}Profiles")}
    assert list(profiles) == ["overview_1", "main", "sub", "main_2", "sub_2"]
    assert profiles["overview_1"].find(f".//{TR2}PTZ") is None
    assert profiles["main_2"].find(f".//{TR2}PTZ").get("token") == "ptz_2"
    ask = (
        '<GetStreamUri xmlns="http://www.onvif.org/ver20/media/wsdl"><Protocol>RTSP</Protocol>'
        "<ProfileToken>sub</ProfileToken></GetStreamUri>"
    )
    root = etree.fromstring(device.post(ask, "media2").content)
    assert root.findtext(f".//{TR2}Uri") == cameras.url(HEADS, "sub")
    assert "ActionNotSupported" in device.post(ask.replace("ver20", "ver10"), "media").content.decode()


def test_status_can_lack_its_parts(onvif) -> None:
    still = onvif(STILL).service("ptz").GetStatus(ProfileToken="main")
    assert still.Position is None
    assert still.MoveStatus.PanTilt == "IDLE"
    assert onvif(UNKNOWN).service("ptz").GetStatus(ProfileToken="main").MoveStatus is None


def test_every_service_of_a_full_device_tells_its_capabilities(onvif) -> None:
    device = onvif(FULL)
    found = device.service("device").GetCapabilities(Category=["All"])
    assert found.Events.WSPullPointSupport
    assert found.Imaging.XAddr.endswith("/imaging_service")
    for name in ("device", "media", "ptz", "imaging", "events"):
        assert device.service(name).GetServiceCapabilities() is not None
    node = device.service("ptz").GetNodes()[0]
    assert "tt:Wiper|On" in node.AuxiliaryCommands
    (tours,) = node.Extension._value_1  # zeep takes what stands after xs:any for part of it
    assert tours.findtext("{*}MaximumNumberOfPresetTours") == "8"


@pytest.mark.parametrize(
    "kind",
    ["none", {"colour": 1}, {"media": "3"}, {"moves": ["jump"]}, {"ranges": {"pan": [1]}}, {"heads": 0}, {"home": "x"}],
)
def test_a_kind_that_does_not_exist_is_refused(tmp_path, kind: Any) -> None:
    path = tmp_path / "cameras.json"
    rows = [{"no": 1, "name": "a", "kind": "ptz", "onvif": kind}]
    path.write_text(json.dumps({"cameras": rows, "credentials": {"user": "a", "password": "b"}}))
    with pytest.raises(BadInputError):
        load(path)
