"""ONVIF's imaging service (ver20): focus, iris and their limits."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from simulation.cameras.mount import AxisLimits
from simulation.cameras.onvif_spaces import range_xml
from simulation.cameras.onvif_unit import Handlers, Unit, not_supported
from simulation.cameras.soap import IMAGING, Operation, SoapFaultError

_FOCUS = AxisLimits(0.0, 1.0, 0.5, 0.0)  # near to far; the whole way takes two seconds
_FURTHEST_STEP = 1.0
_DARKEST = -22.0  # dB of iris
_AUTO_FOCUS = 0.6  # where automatic focus comes to rest
_MODES = {"AUTO", "MANUAL"}


@dataclass(slots=True)
class Lens:
    """A head's focus and iris; the focus moves evenly from where it was at a time, up to a goal."""

    focus_mode: str = "AUTO"
    exposure_mode: str = "AUTO"
    iris: float = 0.0
    _from: float = _AUTO_FOCUS
    _since: float = 0.0
    _speed: float = 0.0
    _goal: float = _AUTO_FOCUS

    def focus(self, now: float) -> float:
        """Return where the focus is, 0 near to 1 far."""
        way = self._goal - self._from
        gone = min(abs(way), self._speed * (now - self._since))
        return self._from + math.copysign(gone, way)

    def moving(self, now: float) -> bool:
        """Return whether the focus moves."""
        return self.focus(now) != self._goal

    def go(self, now: float, goal: float, share: float = 1.0) -> None:
        """Move the focus to a place at a share of its greatest speed."""
        self._from, self._since = self.focus(now), now
        self._goal = max(_FOCUS.low, min(_FOCUS.high, goal))
        self._speed = max(0.01, min(1.0, abs(share))) * _FOCUS.speed

    def stop(self, now: float) -> None:
        """Stand still."""
        self._from = self._goal = self.focus(now)
        self._since = now


class ImagingService:
    """Sets the lenses of the device's heads."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._parts = unit.kind.imaging
        self._lenses = {head.number: Lens() for head in unit.heads}

    def handlers(self) -> Handlers:
        """Return what answers each operation; nothing where the device has no imaging service."""
        named: dict[str, Callable[[Operation], str]] = {
            "GetImagingSettings": self._settings,
            "SetImagingSettings": self._set,
            "GetOptions": self._options,
            "Move": self._move,
            "Stop": self._stop,
            "GetMoveOptions": self._move_options,
            "GetStatus": self._status,
        }
        return {(IMAGING, name): handler for name, handler in named.items()} if self._parts else {}

    def state(self, number: int) -> dict[str, object]:
        """Return the state of a head's lens."""
        lens = self._lenses[number]
        where = lens.focus(self._unit.monotonic())
        return {"focus": where, "focus_mode": lens.focus_mode, "iris": lens.iris, "exposure_mode": lens.exposure_mode}

    def _settings(self, asked: Operation) -> str:
        lens, rows = self._lens(asked), ""
        if "iris" in self._parts:
            rows += (
                f"<tt:Exposure><tt:Mode>{lens.exposure_mode}</tt:Mode><tt:Iris>{lens.iris:g}</tt:Iris></tt:Exposure>"
            )
        if self._focuses:
            rows += f"<tt:Focus><tt:AutoFocusMode>{lens.focus_mode}</tt:AutoFocusMode></tt:Focus>"
        inner = f"<timg:ImagingSettings>{rows}</timg:ImagingSettings>"
        return f"<timg:GetImagingSettingsResponse>{inner}</timg:GetImagingSettingsResponse>"

    def _set(self, asked: Operation) -> str:
        """Take all of what is wished or none of it."""
        lens = self._lens(asked)
        mode, exposure = asked.text("ImagingSettings/Focus/AutoFocusMode"), asked.text("ImagingSettings/Exposure/Mode")
        iris = asked.text("ImagingSettings/Exposure/Iris")
        fits = (not mode or (mode in _MODES and self._focuses)) and (not exposure or exposure in _MODES)
        if not fits or (iris and ("iris" not in self._parts or not _DARKEST <= float(iris) <= 0)):
            raise SoapFaultError("InvalidArgVal", "SettingsInvalid", reason="the settings are outside the options")
        lens.exposure_mode = exposure or lens.exposure_mode
        lens.iris = float(iris) if iris and lens.exposure_mode == "MANUAL" else lens.iris
        if mode == "AUTO":
            lens.go(self._unit.monotonic(), _AUTO_FOCUS)
        lens.focus_mode = mode or lens.focus_mode
        return "<timg:SetImagingSettingsResponse/>"

    def _options(self, asked: Operation) -> str:
        self._lens(asked)
        rows = ""
        if "iris" in self._parts:
            modes = "<tt:Mode>AUTO</tt:Mode><tt:Mode>MANUAL</tt:Mode>"
            rows += f"<tt:Exposure>{modes}{range_xml('Iris', _DARKEST, 0)}</tt:Exposure>"
        if self._focuses:
            modes = "<tt:AutoFocusModes>AUTO</tt:AutoFocusModes><tt:AutoFocusModes>MANUAL</tt:AutoFocusModes>"
            rows += f"<tt:Focus>{modes}</tt:Focus>"
        return f"<timg:GetOptionsResponse><timg:ImagingOptions>{rows}</timg:ImagingOptions></timg:GetOptionsResponse>"

    def _move(self, asked: Operation) -> str:
        lens, now = self._lens(asked), self._unit.monotonic()
        kinds = ("Continuous", "Relative", "Absolute")
        kind = next((kind for kind in kinds if asked.find(f"Focus/{kind}") is not None), "")
        if not kind or f"focus_{kind.lower()}" not in self._parts:
            raise not_supported(f"a focus move of kind {kind!r}")
        lens.focus_mode = "MANUAL"
        speed = float(asked.text(f"Focus/{kind}/Speed", "1"))
        if kind == "Continuous" and speed:
            lens.go(now, _FOCUS.high if speed > 0 else _FOCUS.low, speed)
        elif kind == "Continuous":
            lens.stop(now)
        elif kind == "Relative":
            lens.go(now, lens.focus(now) + float(asked.text("Focus/Relative/Distance", "0")), speed)
        else:
            lens.go(now, float(asked.text("Focus/Absolute/Position", "0")), speed)
        return "<timg:MoveResponse/>"

    def _stop(self, asked: Operation) -> str:
        self._lens(asked).stop(self._unit.monotonic())
        return "<timg:StopResponse/>"

    def _move_options(self, asked: Operation) -> str:
        self._lens(asked)
        speed, rows = range_xml("Speed", -1, 1), ""
        if "focus_absolute" in self._parts:
            inner = range_xml("Position", _FOCUS.low, _FOCUS.high) + range_xml("Speed", 0, 1)
            rows += f"<tt:Absolute>{inner}</tt:Absolute>"
        if "focus_relative" in self._parts:
            inner = range_xml("Distance", -_FURTHEST_STEP, _FURTHEST_STEP) + range_xml("Speed", 0, 1)
            rows += f"<tt:Relative>{inner}</tt:Relative>"
        if "focus_continuous" in self._parts:
            rows += f"<tt:Continuous>{speed}</tt:Continuous>"
        return f"<timg:GetMoveOptionsResponse><timg:MoveOptions>{rows}</timg:MoveOptions></timg:GetMoveOptionsResponse>"

    def _status(self, asked: Operation) -> str:
        lens, now, rows = self._lens(asked), self._unit.monotonic(), ""
        if self._focuses:
            state = "MOVING" if lens.moving(now) else "IDLE"
            position = f"<tt:Position>{lens.focus(now):.4f}</tt:Position><tt:MoveStatus>{state}</tt:MoveStatus>"
            rows = f"<tt:FocusStatus20>{position}</tt:FocusStatus20>"
        return f"<timg:GetStatusResponse><timg:Status>{rows}</timg:Status></timg:GetStatusResponse>"

    def _lens(self, asked: Operation) -> Lens:
        return self._lenses[self._unit.head_of_source(asked).number]

    @property
    def _focuses(self) -> bool:
        return bool(self._parts - {"iris"})
