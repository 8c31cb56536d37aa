"""The stored views and the home position of a device's heads, and its wiper and light."""

import html
from dataclasses import dataclass

from simulation.cameras.mount import Pose
from simulation.cameras.onvif_kind import Home, Names
from simulation.cameras.onvif_unit import START, Handlers, Head, Unit, not_supported
from simulation.cameras.soap import PTZ, Operation, SoapFaultError

_FIRST = (
    ("전경", Pose(0.0, -4.0, 0.0)),
    ("왼쪽 상가", Pose(-60.0, -8.0, 0.4)),
    ("건널목", Pose(75.0, -18.0, 0.3)),
)


@dataclass(frozen=True, slots=True)
class Preset:
    """A stored view."""

    name: str
    pose: Pose


class Views:
    """The views that a head has stored, by token, and its home."""

    def __init__(self, count: int) -> None:
        """Begin with so many views: the first three, then ones in a row from left to right."""
        stored = [Preset(name, pose) for name, pose in _FIRST[:count]]
        stored += [
            Preset(f"자리 {number}", Pose(-150.0 + 300.0 * number / count, -6.0, 0.2))
            for number in range(len(stored) + 1, count + 1)
        ]
        self.presets = {str(number): preset for number, preset in enumerate(stored, 1)}
        self.home = START


class PresetService:
    """Stores and recalls views, and takes auxiliary commands."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._views = {head.number: Views(unit.kind.presets.stored) for head in unit.heads}
        self.auxiliary: dict[str, str] = {}  # what is on, by its name before the bar

    def handlers(self) -> Handlers:
        """Return what answers each operation."""
        named = {
            "GetPresets": self._stored,
            "SetPreset": self._store,
            "RemovePreset": self._forget,
            "GotoPreset": self._recall,
            "GotoHomePosition": self._go_home,
            "SetHomePosition": self._set_home,
            "SendAuxiliaryCommand": self._command,
        }
        return {(PTZ, name): handler for name, handler in named.items()}

    def pose_of(self, head: Head, token: str) -> Pose:
        """Return a stored view; SoapFaultError where there is none of that token."""
        presets = self._views[head.number].presets
        if token not in presets:
            raise SoapFaultError("InvalidArgVal", "NoToken", reason=f"no preset {token!r}")
        return presets[token].pose

    def tokens(self, head: Head) -> tuple[str, ...]:
        """Return the tokens of the stored views."""
        return tuple(self._views[head.number].presets)

    def home(self, head: Head) -> Pose:
        """Return where home is."""
        return self._views[head.number].home

    def _stored(self, asked: Operation) -> str:
        views = self._views[self._unit.head(asked).number]
        rows = "".join(self._preset_xml(f'token="{token}"', preset) for token, preset in views.presets.items())
        if self._unit.kind.presets.odd:
            rows = self._odd() + rows
        return f"<tptz:GetPresetsResponse>{rows}</tptz:GetPresetsResponse>"

    def _preset_xml(self, attributes: str, preset: Preset) -> str:
        return (
            f"<tptz:Preset {attributes}><tt:Name>{html.escape(preset.name)}</tt:Name>"
            f"<tt:PTZPosition>{self._unit.spaces.pose_xml(preset.pose)}</tt:PTZPosition></tptz:Preset>"
        )

    def _odd(self) -> str:
        """Return what broken devices list: a nil entry, an empty one, no token, no name, no place, a doubled token."""
        nowhere = Preset("번호 없음", START)
        return (
            '<tptz:Preset xsi:nil="true"/><tptz:Preset/>'
            f"{self._preset_xml('', nowhere)}"
            '<tptz:Preset token="91"/><tptz:Preset token="92"><tt:Name></tt:Name></tptz:Preset>'
            '<tptz:Preset token="1"><tt:Name>또 하나의 1</tt:Name></tptz:Preset>'
        )

    def _store(self, asked: Operation) -> str:
        head, kind = self._unit.head(asked), self._unit.kind.presets
        presets = self._views[head.number].presets
        token, name = asked.text("PresetToken"), self._name(asked.text("PresetName"))
        if token and token not in presets:
            raise SoapFaultError("InvalidArgVal", "NoToken", reason=f"no preset {token!r}")
        if not token and len(presets) >= kind.most:
            raise SoapFaultError("Action", "TooManyPresets", reason="no more presets can be stored", status=500)
        token = token or str(max(map(int, presets), default=0) + 1)
        kept = presets[token].name if token in presets else f"preset {token}"
        presets[token] = Preset(name or kept, head.mount.pose(self._unit.monotonic()))
        return f"<tptz:SetPresetResponse><tptz:PresetToken>{token}</tptz:PresetToken></tptz:SetPresetResponse>"

    def _name(self, name: str) -> str:
        """Return a preset's name as this device takes it; SoapFaultError where it does not."""
        if name.isascii() or self._unit.kind.presets.names is Names.ANY:
            return name
        if self._unit.kind.presets.names is Names.ASCII_REFUSED:
            raise SoapFaultError("InvalidArgVal", "InvalidPresetName", reason="the name has characters beyond ASCII")
        return "".join(letter if letter.isascii() else "?" for letter in name)

    def _forget(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        self.pose_of(head, asked.text("PresetToken"))
        del self._views[head.number].presets[asked.text("PresetToken")]
        return "<tptz:RemovePresetResponse/>"

    def _recall(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        self._go(asked, head, self.pose_of(head, asked.text("PresetToken")))
        return "<tptz:GotoPresetResponse/>"

    def _go_home(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        if self._unit.kind.home is Home.NONE:
            raise not_supported(asked.name)
        self._go(asked, head, self.home(head))
        return "<tptz:GotoHomePositionResponse/>"

    def _set_home(self, asked: Operation) -> str:
        head = self._unit.head(asked)
        if self._unit.kind.home is Home.NONE:
            raise not_supported(asked.name)
        if self._unit.kind.home is Home.FIXED:
            raise SoapFaultError("Action", "CannotOverwriteHome", reason="the home position is fixed", status=500)
        self._views[head.number].home = head.mount.pose(self._unit.monotonic())
        return "<tptz:SetHomePositionResponse/>"

    def _command(self, asked: Operation) -> str:
        self._unit.head(asked)
        if not self._unit.kind.auxiliary:
            raise not_supported(asked.name)
        said = asked.text("AuxiliaryData")
        if said not in self._unit.kind.auxiliary:
            raise SoapFaultError("InvalidArgVal", "AuxiliaryDataNotSupported", reason=f"no command {said[:100]!r}")
        what, _, state = said.partition("|")
        self.auxiliary[what] = state
        inner = f"<tptz:AuxiliaryResponse>{html.escape(said)}</tptz:AuxiliaryResponse>"
        return f"<tptz:SendAuxiliaryCommandResponse>{inner}</tptz:SendAuxiliaryCommandResponse>"

    def _go(self, asked: Operation, head: Head, pose: Pose) -> None:
        turn_speed, zoom_speed = self._unit.spaces.speed(asked)
        head.mount.go(self._unit.monotonic(), pose, turn_speed, zoom_speed)
