"""ONVIF's PTZ service (PTZ Service Specification), driving a mount."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulation.cameras.mount import PAN, TILT, ZOOM, Mount, Pose
from simulation.cameras.onvif_device import (
    NODE,
    POSITION_SPACE,
    PTZ_CONFIGURATION,
    SPEED_SPACE,
    TRANSLATION_SPACE,
    VELOCITY_SPACE,
    ZOOM_POSITION_SPACE,
    ZOOM_SPEED_SPACE,
    ZOOM_TRANSLATION_SPACE,
    ZOOM_VELOCITY_SPACE,
    Handler,
    known_profile,
    ptz_configuration_xml,
    space_xml,
)
from simulation.cameras.soap import PTZ, Operation, SoapFaultError
from simulation.faults import CameraFault

_DEFAULT_TIMEOUT_S = 5.0
_LONGEST_TIMEOUT_S = 60.0
_MOST_PRESETS = 100
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?")
_HOME = Pose(0.0, -6.0, 0.0)


@dataclass(frozen=True, slots=True)
class Preset:
    """A stored view."""

    name: str
    pose: Pose


class PtzService:
    """Moves one camera."""

    def __init__(
        self,
        mount: Mount,
        fault: Callable[[], CameraFault],
        monotonic: Callable[[], float],
        wall: Callable[[], datetime],
    ) -> None:
        self._mount = mount
        self._fault = fault
        self._monotonic = monotonic
        self._wall = wall
        self._home = _HOME
        self._presets = {
            "1": Preset("전경", Pose(0.0, -4.0, 0.0)),
            "2": Preset("왼쪽 상가", Pose(-60.0, -8.0, 0.4)),
            "3": Preset("건널목", Pose(75.0, -18.0, 0.3)),
        }

    def handlers(self) -> dict[tuple[str, str], Handler]:
        """Return what answers each operation."""
        named = {
            "GetNodes": self._nodes,
            "GetNode": self._node,
            "GetConfigurations": self._configurations,
            "GetConfiguration": self._configuration,
            "GetConfigurationOptions": self._options,
            "GetStatus": self._status,
            "ContinuousMove": self._continuous,
            "RelativeMove": self._relative,
            "AbsoluteMove": self._absolute,
            "Stop": self._stop,
            "GetPresets": self._stored,
            "SetPreset": self._store,
            "RemovePreset": self._forget,
            "GotoPreset": self._recall,
            "GotoHomePosition": self._go_home,
            "SetHomePosition": self._set_home,
        }
        return {(PTZ, name): handler for name, handler in named.items()}

    def _continuous(self, asked: Operation) -> str:
        known_profile(asked)
        turn, zoom = asked.numbers("Velocity/PanTilt", "x", "y"), asked.numbers("Velocity/Zoom", "x")
        lasts_s = _duration(asked.text("Timeout"))
        now = self._monotonic()
        until = None if self._fault().deaf_to_timeout else now + lasts_s
        self._mount.run(now, (turn[0], turn[1]) if turn else None, zoom[0] if zoom else None, until)
        return "<tptz:ContinuousMoveResponse/>"

    def _relative(self, asked: Operation) -> str:
        known_profile(asked)
        here = self._mount.pose(self._monotonic())
        turn = asked.numbers("Translation/PanTilt", "x", "y") or (0.0, 0.0)
        zoom = asked.numbers("Translation/Zoom", "x") or (0.0,)
        wanted = Pose(
            here.pan + turn[0] * (PAN.high - PAN.low) / 2,
            here.tilt + turn[1] * (TILT.high - TILT.low) / 2,
            here.zoom + zoom[0],
        )
        self._go(asked, wanted)
        return "<tptz:RelativeMoveResponse/>"

    def _absolute(self, asked: Operation) -> str:
        known_profile(asked)
        here = self._mount.pose(self._monotonic())
        turn, zoom = asked.numbers("Position/PanTilt", "x", "y"), asked.numbers("Position/Zoom", "x")
        inside = all(-1 <= value <= 1 for value in turn or ()) and all(0 <= value <= 1 for value in zoom or ())
        if not inside:
            raise SoapFaultError("InvalidArgVal", "InvalidPosition", reason="the position is outside the limits")
        wanted = Pose(
            PAN.real(turn[0], -1) if turn else here.pan,
            TILT.real(turn[1], -1) if turn else here.tilt,
            ZOOM.real(zoom[0], 0) if zoom else here.zoom,
        )
        self._go(asked, wanted)
        return "<tptz:AbsoluteMoveResponse/>"

    def _go(self, asked: Operation, wanted: Pose) -> None:
        turn, zoom = asked.numbers("Speed/PanTilt", "x", "y"), asked.numbers("Speed/Zoom", "x")
        turn_speed = max(map(abs, turn)) if turn else 1.0
        self._mount.go(self._monotonic(), wanted, turn_speed or 1.0, (zoom[0] if zoom else 0.0) or 1.0)

    def _stop(self, asked: Operation) -> str:
        known_profile(asked)
        if not self._fault().deaf_to_stop:
            turn = asked.text("PanTilt", "true") in {"true", "1"}
            zoom = asked.text("Zoom", "true") in {"true", "1"}
            self._mount.stop(self._monotonic(), turn=turn, zoom=zoom)
        return "<tptz:StopResponse/>"

    def _status(self, asked: Operation) -> str:
        known_profile(asked)
        now = self._monotonic()
        turning, zooming = ("MOVING" if moves else "IDLE" for moves in self._mount.moving(now))
        wall = self._wall().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return (
            f"<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>{_pose_xml(self._mount.pose(now))}</tt:Position>"
            f"<tt:MoveStatus><tt:PanTilt>{turning}</tt:PanTilt><tt:Zoom>{zooming}</tt:Zoom></tt:MoveStatus>"
            f"<tt:UtcTime>{wall}</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>"
        )

    def _stored(self, asked: Operation) -> str:
        known_profile(asked)
        rows = "".join(
            f'<tptz:Preset token="{token}"><tt:Name>{html.escape(preset.name)}</tt:Name>'
            f"<tt:PTZPosition>{_pose_xml(preset.pose)}</tt:PTZPosition></tptz:Preset>"
            for token, preset in self._presets.items()
        )
        return f"<tptz:GetPresetsResponse>{rows}</tptz:GetPresetsResponse>"

    def _store(self, asked: Operation) -> str:
        known_profile(asked)
        token, name = asked.text("PresetToken"), asked.text("PresetName")
        if token and token not in self._presets:
            raise SoapFaultError("InvalidArgVal", "NoToken", reason=f"no preset {token!r}")
        if not token and len(self._presets) >= _MOST_PRESETS:
            raise SoapFaultError("Action", "TooManyPresets", reason="no more presets can be stored", status=500)
        token = token or str(max(map(int, self._presets), default=0) + 1)
        kept = self._presets[token].name if token in self._presets else f"preset {token}"
        self._presets[token] = Preset(name or kept, self._mount.pose(self._monotonic()))
        return f"<tptz:SetPresetResponse><tptz:PresetToken>{token}</tptz:PresetToken></tptz:SetPresetResponse>"

    def _forget(self, asked: Operation) -> str:
        token, _ = self._preset(asked)
        del self._presets[token]
        return "<tptz:RemovePresetResponse/>"

    def _recall(self, asked: Operation) -> str:
        _, preset = self._preset(asked)
        self._go(asked, preset.pose)
        return "<tptz:GotoPresetResponse/>"

    def _preset(self, asked: Operation) -> tuple[str, Preset]:
        known_profile(asked)
        token = asked.text("PresetToken")
        if token not in self._presets:
            raise SoapFaultError("InvalidArgVal", "NoToken", reason=f"no preset {token!r}")
        return token, self._presets[token]

    def _go_home(self, asked: Operation) -> str:
        known_profile(asked)
        self._go(asked, self._home)
        return "<tptz:GotoHomePositionResponse/>"

    def _set_home(self, asked: Operation) -> str:
        known_profile(asked)
        self._home = self._mount.pose(self._monotonic())
        return "<tptz:SetHomePositionResponse/>"

    def _nodes(self, _: Operation) -> str:
        return f"<tptz:GetNodesResponse>{_node_xml()}</tptz:GetNodesResponse>"

    def _node(self, asked: Operation) -> str:
        if asked.text("NodeToken") != NODE:
            raise SoapFaultError("InvalidArgVal", "NoEntity", reason="no such node")
        return f"<tptz:GetNodeResponse>{_node_xml()}</tptz:GetNodeResponse>"

    def _configurations(self, _: Operation) -> str:
        row = ptz_configuration_xml("tptz:PTZConfiguration")
        return f"<tptz:GetConfigurationsResponse>{row}</tptz:GetConfigurationsResponse>"

    def _configuration(self, asked: Operation) -> str:
        _known_configuration(asked, "PTZConfigurationToken")
        row = ptz_configuration_xml("tptz:PTZConfiguration")
        return f"<tptz:GetConfigurationResponse>{row}</tptz:GetConfigurationResponse>"

    def _options(self, asked: Operation) -> str:
        _known_configuration(asked, "ConfigurationToken")
        timeouts = f"<tt:Min>PT0.1S</tt:Min><tt:Max>PT{_LONGEST_TIMEOUT_S:g}S</tt:Max>"
        return (
            f"<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions>{_spaces_xml('Spaces')}"
            f"<tt:PTZTimeout>{timeouts}</tt:PTZTimeout>"
            "</tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>"
        )


def _known_configuration(asked: Operation, name: str) -> None:
    if asked.text(name) != PTZ_CONFIGURATION:
        raise SoapFaultError("InvalidArgVal", "NoConfig", reason="no such configuration")


def _spaces_xml(tag: str) -> str:
    whole, part = (-1.0, 1.0), (0.0, 1.0)
    return (
        f"<tt:{tag}>"
        + space_xml("AbsolutePanTiltPositionSpace", POSITION_SPACE, whole, whole)
        + space_xml("AbsoluteZoomPositionSpace", ZOOM_POSITION_SPACE, part)
        + space_xml("RelativePanTiltTranslationSpace", TRANSLATION_SPACE, whole, whole)
        + space_xml("RelativeZoomTranslationSpace", ZOOM_TRANSLATION_SPACE, whole)
        + space_xml("ContinuousPanTiltVelocitySpace", VELOCITY_SPACE, whole, whole)
        + space_xml("ContinuousZoomVelocitySpace", ZOOM_VELOCITY_SPACE, whole)
        + space_xml("PanTiltSpeedSpace", SPEED_SPACE, part)
        + space_xml("ZoomSpeedSpace", ZOOM_SPEED_SPACE, part)
        + f"</tt:{tag}>"
    )


def _node_xml() -> str:
    return (
        f'<tptz:PTZNode token="{NODE}" FixedHomePosition="false"><tt:Name>head</tt:Name>'
        f"{_spaces_xml('SupportedPTZSpaces')}<tt:MaximumNumberOfPresets>{_MOST_PRESETS}</tt:MaximumNumberOfPresets>"
        "<tt:HomeSupported>true</tt:HomeSupported></tptz:PTZNode>"
    )


def _pose_xml(pose: Pose) -> str:
    x, y, zoom = PAN.normal(pose.pan, -1), TILT.normal(pose.tilt, -1), ZOOM.normal(pose.zoom, 0)
    return (
        f'<tt:PanTilt x="{x:.5f}" y="{y:.5f}" space="{POSITION_SPACE}"/>'
        f'<tt:Zoom x="{zoom:.5f}" space="{ZOOM_POSITION_SPACE}"/>'
    )


def _duration(text: str) -> float:
    """Return an xs:duration in seconds, the default where there is none; SoapFaultError where it can't be used."""
    if not text:
        return _DEFAULT_TIMEOUT_S
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise SoapFaultError("InvalidArgVal", "TimeoutNotSupported", reason=f"no duration: {text[:40]!r}")
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    if not 0 < total <= _LONGEST_TIMEOUT_S:
        raise SoapFaultError("InvalidArgVal", "TimeoutNotSupported", reason=f"{total:g} s is not supported")
    return total
