"""What the hand does at a joystick, and what it means: dead zones, curves, the map of buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.motion import Velocity


class Axis(StrEnum):
    """What an axis of an input device moves."""

    PAN = "pan"
    TILT = "tilt"
    ZOOM = "zoom"
    FOCUS = "focus"


class Deed(StrEnum):
    """What a button does; with those of `HELD` it does so as long as it is held."""

    STOP = "stop"
    PRESET = "preset"  # with its number
    HOME = "home"
    FOCUS_NEAR = "focus_near"
    FOCUS_FAR = "focus_far"
    AUTO_FOCUS = "auto_focus"
    IRIS_OPEN = "iris_open"
    IRIS_CLOSE = "iris_close"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    WIPER = "wiper"
    LIGHT = "light"
    SNAPSHOT = "snapshot"
    NEXT_CAMERA = "next_camera"
    PREVIOUS_CAMERA = "previous_camera"
    KEYPAD = "keypad"  # with the index of a key of `domain.keypad.KEYS`


HELD = frozenset(
    {Deed.FOCUS_NEAR, Deed.FOCUS_FAR, Deed.IRIS_OPEN, Deed.IRIS_CLOSE, Deed.ZOOM_IN, Deed.ZOOM_OUT, Deed.WIPER}
)


@dataclass(frozen=True, slots=True)
class Action:
    """A deed with its number, which only a preset and a key of the keypad have."""

    deed: Deed
    number: int = 0

    @property
    def held(self) -> bool:
        """Whether releasing the button ends it."""
        return self.deed in HELD


@dataclass(frozen=True, slots=True)
class DeadZone:
    """Where around its rest an axis counts as at rest: left beyond `leave`, entered again within `enter`.

    Two thresholds, so that a worn joystick that trembles at the edge does not start and stop the camera.
    """

    enter: float = 0.06
    leave: float = 0.10

    def resting(self, place: float, *, rested: bool) -> bool:
        """Whether an axis at this place (-1 to 1) is at rest, given whether it was."""
        return abs(place) <= (self.leave if rested else self.enter)


@dataclass(frozen=True, slots=True)
class Curve:
    """How a deflection becomes speed: 0 in proportion, 1 as its cube, so that small movements are fine."""

    expo: float = 0.5

    def speed(self, deflection: float) -> float:
        """Return the speed (-1 to 1) for a deflection (-1 to 1)."""
        return (1.0 - self.expo) * deflection + self.expo * deflection**3


@dataclass(frozen=True, slots=True)
class AxisUse:
    """What one axis of a device is for. A joystick's "forwards" is a negative number, and tilts up: inverted."""

    axis: Axis
    inverted: bool = False
    zone: DeadZone = DeadZone()
    curve: Curve = Curve()

    def speed(self, place: float, *, resting: bool) -> float:
        """Return the speed (-1 to 1) for a place of the axis: 0 at rest, beginning softly at the zone's edge."""
        if resting:
            return 0.0
        deflection = (min(1.0, abs(place)) - self.zone.enter) / (1.0 - self.zone.enter)
        speed = self.curve.speed(max(0.0, deflection))
        return -speed if (place < 0) is not self.inverted else speed


@dataclass(frozen=True, slots=True)
class HandMap:
    """What axes and buttons of one kind of device mean, by their numbers; those not named mean nothing."""

    axes: Mapping[int, AxisUse]
    buttons: Mapping[int, Action] = field(default_factory=dict)


USUAL_MAP = HandMap(
    axes={
        0: AxisUse(Axis.PAN),
        1: AxisUse(Axis.TILT, inverted=True),
        2: AxisUse(Axis.ZOOM),
    },
    buttons={
        0: Action(Deed.STOP),
        1: Action(Deed.SNAPSHOT),
        2: Action(Deed.PREVIOUS_CAMERA),
        3: Action(Deed.NEXT_CAMERA),
        4: Action(Deed.FOCUS_NEAR),
        5: Action(Deed.FOCUS_FAR),
        6: Action(Deed.IRIS_CLOSE),
        7: Action(Deed.IRIS_OPEN),
        8: Action(Deed.WIPER),
        9: Action(Deed.LIGHT),
        **{9 + number: Action(Deed.PRESET, number) for number in range(1, 9)},
    },
)
"""A joystick of three axes (twist or rocker zooms), as surveillance keyboards have them."""


_STILL = Velocity()


@dataclass(frozen=True, slots=True)
class Hand:
    """What one device's axes ask for at this moment. `out_of_rest` are the numbers of those that left their zone."""

    uses: HandMap = USUAL_MAP
    out_of_rest: frozenset[int] = frozenset()
    velocity: Velocity = _STILL
    focus: float = 0.0

    @property
    def still(self) -> bool:
        """Whether the hand moves nothing."""
        return self.velocity.still and self.focus == 0.0

    def with_axes(self, places: Mapping[int, float]) -> "Hand":
        """Return the hand with its axes at these places (-1 to 1); an axis that is not told is at rest."""
        speeds = dict.fromkeys(Axis, 0.0)
        out = set()
        for number, use in self.uses.axes.items():
            place = places.get(number, 0.0)
            resting = use.zone.resting(place, rested=number not in self.out_of_rest)
            if not resting:
                out.add(number)
            speed = use.speed(place, resting=resting)
            if abs(speed) > abs(speeds[use.axis]):  # two axes may do the same; the one that asks for more counts
                speeds[use.axis] = speed
        velocity = Velocity(speeds[Axis.PAN], speeds[Axis.TILT], speeds[Axis.ZOOM])
        return Hand(self.uses, frozenset(out), velocity, speeds[Axis.FOCUS])

    def let_go(self) -> "Hand":
        """Return the hand with nothing moved: unplugged, or the window left."""
        return Hand(self.uses)

    def action(self, button: int) -> Action | None:
        """Return what a button does, None where it does nothing."""
        return self.uses.buttons.get(button)
