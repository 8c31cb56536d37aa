"""The spaces that a device moves in (PTZ Service Specification, 5.8): what is advertised, and what numbers mean."""

from dataclasses import dataclass

from simulation.cameras.mount import PAN, TILT, ZOOM, AxisLimits, Pose
from simulation.cameras.onvif_kind import OnvifKind, Range
from simulation.cameras.panorama import field_of_view
from simulation.cameras.soap import Operation, SoapFaultError

_GENERIC = "http://www.onvif.org/ver10/tptz"
_OWN = "http://practice.example/ver1/ptz"
FOV_SPACE = f"{_GENERIC}/PanTiltSpaces/TranslationSpaceFov"
_HEIGHT_OF_WIDTH = 9 / 16
_NOTHING = (0.0, 0.0)


def range_xml(name: str, low: float, high: float) -> str:
    """Return a range element of ONVIF's schema."""
    return f"<tt:{name}><tt:Min>{low:g}</tt:Min><tt:Max>{high:g}</tt:Max></tt:{name}>"


def space_xml(name: str, uri: str, x: Range, y: Range | None = None) -> str:
    """Return a space description of one or two axes."""
    ranges = range_xml("XRange", *x) + (range_xml("YRange", *y) if y else "")
    return f"<tt:{name}><tt:URI>{uri}</tt:URI>{ranges}</tt:{name}>"


@dataclass(frozen=True, slots=True)
class Movement:
    """A wish in the mount's own terms; an axis that is not spoken of is None."""

    turn: tuple[float, float] | None
    zoom: float | None


class Spaces:
    """Reads and writes the positions, translations and velocities of one kind of device."""

    def __init__(self, kind: OnvifKind) -> None:
        self.kind = kind
        self._ranges = kind.ranges
        self._moving = "pan" in kind.axes, "tilt" in kind.axes, "zoom" in kind.axes

    # what is advertised

    def uri(self, what: str) -> str:
        """Return the name of a space, such as "PanTiltSpaces/PositionGenericSpace"."""
        return f"{_GENERIC if self.kind.space_names == 'generic' else _OWN}/{what}"

    def advertised(self, tag: str) -> str:
        """Return what spaces there are, as an element of this name."""
        moves, ranges = self.kind.moves, self._ranges
        rows = ""
        if "absolute" in moves:
            rows += self._two("AbsolutePanTiltPositionSpace", "Position", (ranges.pan, ranges.tilt))
            rows += self._one("AbsoluteZoomPositionSpace", "Position", ranges.zoom)
        if "relative" in moves:
            both = ranges.pan_translation, ranges.tilt_translation
            rows += self._two("RelativePanTiltTranslationSpace", "Translation", both)
        if "fov" in moves and self.kind.turns:
            rows += space_xml("RelativePanTiltTranslationSpace", FOV_SPACE, (-1.0, 1.0), self._y((-1.0, 1.0)))
        if "relative" in moves:
            rows += self._one("RelativeZoomTranslationSpace", "Translation", ranges.zoom_translation)
        if "continuous" in moves:
            both = ranges.pan_velocity, ranges.tilt_velocity
            rows += self._two("ContinuousPanTiltVelocitySpace", "Velocity", both)
            rows += self._one("ContinuousZoomVelocitySpace", "Velocity", ranges.zoom_velocity)
        if self.kind.turns:
            rows += space_xml("PanTiltSpeedSpace", self.uri("PanTiltSpaces/GenericSpeedSpace"), ranges.speed)
        if self.kind.zooms:
            rows += space_xml("ZoomSpeedSpace", self.uri("ZoomSpaces/ZoomGenericSpeedSpace"), ranges.speed)
        return f"<tt:{tag}>{rows}</tt:{tag}>"

    def defaults(self) -> str:
        """Return the default spaces, speed and timeout and the limits of a PTZ configuration."""
        rows = ""
        for move, said, what in (
            ("absolute", "Absolute{}PositionSpace", "Position"),
            ("relative", "Relative{}TranslationSpace", "Translation"),
            ("continuous", "Continuous{}VelocitySpace", "Velocity"),
        ):
            # "PantTilt" in the first is how the schema spells it
            turn = said.format("PantTilt" if move == "absolute" else "PanTilt")
            if move in self.kind.moves and self.kind.turns:
                rows += f"<tt:Default{turn}>{self.uri(f'PanTiltSpaces/{what}GenericSpace')}</tt:Default{turn}>"
            if move in self.kind.moves and self.kind.zooms:
                zoom = said.format("Zoom")
                rows += f"<tt:Default{zoom}>{self.uri(f'ZoomSpaces/{what}GenericSpace')}</tt:Default{zoom}>"
        return rows + self._speeds() + self._limits()

    def pose_xml(self, pose: Pose) -> str:
        """Return where the head points, as the elements of a position."""
        said = ""
        if self.kind.turns:
            x = _said(PAN, self._ranges.pan, pose.pan) if self._moving[0] else 0.0
            y = _said(TILT, self._ranges.tilt, pose.tilt) if self._moving[1] else 0.0
            said += f'<tt:PanTilt x="{x:.5f}" y="{y:.5f}" space="{self.uri("PanTiltSpaces/PositionGenericSpace")}"/>'
        if self.kind.zooms:
            zoom = _said(ZOOM, self._ranges.zoom, pose.zoom)
            said += f'<tt:Zoom x="{zoom:.5f}" space="{self.uri("ZoomSpaces/PositionGenericSpace")}"/>'
        return said

    # what is asked

    def velocity(self, asked: Operation) -> Movement:
        """Return a velocity as shares (-1 to 1) of the greatest speeds."""
        turn, zoom = self._wanted(asked, "Velocity", ("Velocity",), "InvalidVelocity")
        ranges = self._ranges
        self._inside(turn, zoom, (ranges.pan_velocity, ranges.tilt_velocity, ranges.zoom_velocity), "InvalidVelocity")
        parts = (ranges.pan_velocity, ranges.tilt_velocity)
        shares = None if turn is None else (_share(parts[0], turn[0]), _share(parts[1], turn[1]))
        return Movement(shares, None if zoom is None else _share(ranges.zoom_velocity, zoom))

    def translated(self, asked: Operation, here: Pose) -> Pose:
        """Return where a translation leads to."""
        of_view = self._of_view(asked)
        turn, zoom = self._wanted(asked, "Translation", ("Translation",), "InvalidTranslation")
        ranges = self._ranges
        if not of_view:
            allowed = ranges.pan_translation, ranges.tilt_translation, ranges.zoom_translation
            self._inside(turn, zoom, allowed, "InvalidTranslation")
        x, y = turn or _NOTHING
        if of_view:
            half = field_of_view(here.zoom) / 2
            pan, tilt = here.pan + x * half, here.tilt + y * half * _HEIGHT_OF_WIDTH
        else:
            pan, tilt = here.pan + x * _unit(PAN, ranges.pan), here.tilt + y * _unit(TILT, ranges.tilt)
        return Pose(pan, tilt, here.zoom + (zoom or 0.0) * _unit(ZOOM, ranges.zoom))

    def position(self, asked: Operation, here: Pose) -> Pose:
        """Return the position that is asked for; SoapFaultError where it is outside the limits."""
        turn, zoom = self._wanted(asked, "Position", ("Position",), "InvalidPosition", here)
        ranges = self._ranges
        for value, allowed in (
            (turn and turn[0], ranges.pan),
            (turn and turn[1], self._y(ranges.tilt)),
            (zoom, ranges.zoom),
        ):
            if value is not None and not allowed[0] <= value <= allowed[1]:
                raise SoapFaultError("InvalidArgVal", "InvalidPosition", reason="the position is outside the limits")
        return Pose(
            here.pan if turn is None or not self._moving[0] else _real(PAN, ranges.pan, turn[0]),
            here.tilt if turn is None or not self._moving[1] else _real(TILT, ranges.tilt, turn[1]),
            here.zoom if zoom is None else _real(ZOOM, ranges.zoom, zoom),
        )

    def speed(self, asked: Operation) -> tuple[float, float]:
        """Return at which shares of the greatest speeds to turn and to zoom; 1 where nothing is said."""
        turn, zoom = asked.numbers("Speed/PanTilt", "x", "y"), asked.numbers("Speed/Zoom", "x")
        most = self._ranges.speed[1] or 1.0
        fastest = max(map(abs, turn)) / most if turn else 1.0
        return fastest or 1.0, (zoom[0] / most if zoom else 0.0) or 1.0

    def _wanted(
        self, asked: Operation, path: str, spaces: tuple[str, ...], refusal: str, here: Pose | None = None
    ) -> tuple[tuple[float, float] | None, float | None]:
        """Return the two numbers for turning and the one for zooming, as far as the device has such axes."""
        self._known(asked, path, spaces)
        turn, zoom = asked.numbers(f"{path}/PanTilt", "x", "y"), asked.numbers(f"{path}/Zoom", "x")
        if self.kind.strict and ((turn and not self.kind.turns) or (zoom and not self.kind.zooms)):
            raise SoapFaultError("InvalidArgVal", "SpaceNotSupported", reason="the device has no such axis")
        turn = turn if self.kind.turns else None
        zoom = zoom if self.kind.zooms else None
        self._apart(turn, zoom, refusal, here)
        pair = None if turn is None else (turn[0] if self._moving[0] else 0.0, turn[1] if self._moving[1] else 0.0)
        return pair, None if zoom is None else zoom[0]

    def _apart(
        self, turn: tuple[float, ...] | None, zoom: tuple[float, ...] | None, refusal: str, here: Pose | None
    ) -> None:
        """Refuse a command that moves axes together which this device moves apart."""
        if not self.kind.apart:
            return
        stands = (0.0, 0.0, 0.0)
        if here is not None:
            ranges = self._ranges
            stands = (
                _said(PAN, ranges.pan, here.pan),
                _said(TILT, ranges.tilt, here.tilt),
                _said(ZOOM, ranges.zoom, here.zoom),
            )
        x, y, z = (*(turn or stands[:2]), *(zoom or stands[2:]))
        moved = [abs(value - now) > 1e-4 for value, now in zip((x, y, z), stands, strict=True)]
        if sum(moved[:2] if self.kind.apart == "pan_tilt" else moved) > 1:
            raise SoapFaultError("InvalidArgVal", refusal, reason="these axes move one at a time")

    def _known(self, asked: Operation, path: str, spaces: tuple[str, ...]) -> None:
        for group, element in (("PanTiltSpaces", "PanTilt"), ("ZoomSpaces", "Zoom")):
            found = asked.find(f"{path}/{element}")
            said = "" if found is None else found.get("space", "")
            known = {self.uri(f"{group}/{what}GenericSpace") for what in spaces}
            if path == "Translation" and "fov" in self.kind.moves:
                known.add(FOV_SPACE)
            if said and said not in known:
                raise SoapFaultError("InvalidArgVal", "SpaceNotSupported", reason=f"no space {said[:200]!r}")

    def _of_view(self, asked: Operation) -> bool:
        found = asked.find("Translation/PanTilt")
        said = "" if found is None else found.get("space", "")
        return said == FOV_SPACE or (not said and "relative" not in self.kind.moves)

    def _inside(
        self, turn: tuple[float, float] | None, zoom: float | None, allowed: tuple[Range, Range, Range], refusal: str
    ) -> None:
        """Refuse numbers outside their ranges, where the device is strict."""
        if not self.kind.strict:
            return
        for value, (low, high) in zip((*(turn or _NOTHING), zoom or 0.0), allowed, strict=True):
            if value and not low <= value <= high:
                raise SoapFaultError("InvalidArgVal", refusal, reason=f"{value:g} is outside {low:g} to {high:g}")

    def _y(self, tilt: Range) -> Range:
        return tilt if self._moving[1] else _NOTHING

    def _two(self, name: str, what: str, ranges: tuple[Range, Range]) -> str:
        if not self.kind.turns:
            return ""
        x = ranges[0] if self._moving[0] else _NOTHING
        return space_xml(name, self.uri(f"PanTiltSpaces/{what}GenericSpace"), x, self._y(ranges[1]))

    def _one(self, name: str, what: str, x: Range) -> str:
        return space_xml(name, self.uri(f"ZoomSpaces/{what}GenericSpace"), x) if self.kind.zooms else ""

    def _speeds(self) -> str:
        most = f"{self._ranges.speed[1]:g}"
        turn = f'<tt:PanTilt x="{most}" y="{most}" space="{self.uri("PanTiltSpaces/GenericSpeedSpace")}"/>'
        zoom = f'<tt:Zoom x="{most}" space="{self.uri("ZoomSpaces/ZoomGenericSpeedSpace")}"/>'
        said = (turn if self.kind.turns else "") + (zoom if self.kind.zooms else "")
        usual = min(5.0, self.kind.timeout[1])
        return (
            f"<tt:DefaultPTZSpeed>{said}</tt:DefaultPTZSpeed><tt:DefaultPTZTimeout>PT{usual:g}S</tt:DefaultPTZTimeout>"
        )

    def _limits(self) -> str:
        rows = ""
        if self.kind.turns:
            both = self._two("Range", "Position", (self._ranges.pan, self._ranges.tilt))
            rows += f"<tt:PanTiltLimits>{both}</tt:PanTiltLimits>"
        if self.kind.zooms:
            rows += f"<tt:ZoomLimits>{self._one('Range', 'Position', self._ranges.zoom)}</tt:ZoomLimits>"
        return rows


def _unit(limits: AxisLimits, span: Range) -> float:
    """Return how far the mount goes for one unit of its positions."""
    return (limits.high - limits.low) / (span[1] - span[0]) if span[1] > span[0] else 0.0


def _real(limits: AxisLimits, span: Range, value: float) -> float:
    return limits.low + (value - span[0]) * _unit(limits, span)


def _said(limits: AxisLimits, span: Range, at: float) -> float:
    return span[0] + (at - limits.low) / (limits.high - limits.low) * (span[1] - span[0])


def _share(span: Range, value: float) -> float:
    return value / (max(abs(span[0]), abs(span[1])) or 1.0)
