"""What Linux says of an input device and what it sends, by linux/input.h of Linux 6.1: bytes in, numbers out."""

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

EVENT = struct.Struct("llHHi")  # struct input_event: seconds, microseconds, type, code, value
ABS_INFO = struct.Struct("6i")  # struct input_absinfo: value, minimum, maximum, fuzz, flat, resolution
EV_SYN, EV_KEY, EV_ABS = 0, 1, 3
SYN_REPORT, SYN_DROPPED = 0, 3
ABS_X, ABS_Y = 0, 1
_BTN_MISC, _BTN_JOYSTICK, _BTN_DIGI = 0x100, 0x120, 0x140
_BTN_TOUCH = 0x14A
_HAPPY, _BEHIND_HAPPY = 0x2C0, 0x2E8
_TRIGGERS = frozenset({2, 5, 6, 9, 10})  # ABS_Z, RZ, THROTTLE, GAS, BRAKE
_LAST_AXIS = 0x17  # behind the hats; pressure, tool and touch axes follow
_AT_END = 0.05  # share of a trigger's range


@dataclass(frozen=True, slots=True)
class AxisRange:
    """What a device says of an axis. One that rests at its low end is a trigger: it goes from 0 to 1."""

    low: int
    high: int
    trigger: bool = False

    def place(self, value: int) -> float:
        """Return the place (-1 to 1, a trigger's 0 to 1) for a value, wherever that lies."""
        share = max(0.0, min(1.0, (value - self.low) / (self.high - self.low)))
        return share if self.trigger else 2.0 * share - 1.0


@dataclass(frozen=True, slots=True)
class Layout:
    """A device's axes and buttons, by the code of the kernel; their order gives their numbers."""

    name: str
    axes: Mapping[int, AxisRange]
    buttons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Where all axes are (values) and which buttons are pressed, by the kernel's codes."""

    values: Mapping[int, int] = field(default_factory=dict)
    pressed: frozenset[int] = frozenset()


def bits(octets: bytes) -> frozenset[int]:
    """Return which bits are set in a bit field of the kernel."""
    return frozenset(index * 8 + bit for index, octet in enumerate(octets) for bit in range(8) if octet >> bit & 1)


def layout(name: str, keys: Iterable[int], infos: Mapping[int, bytes]) -> Layout | None:
    """Return the layout of a joystick, gamepad or surveillance keyboard; None where the device is something else.

    `keys` are its keys and buttons, `infos` what the kernel says of its absolute axes (input_absinfo). Mice and
    keyboards have no such axes, touchpads and tablets are touched, and a sensor of movement has no buttons.
    """
    known = frozenset(keys)
    joystick = {code for code in known if _BTN_JOYSTICK <= code < _BTN_DIGI or _HAPPY <= code < _BEHIND_HAPPY}
    axes = {code: axis for code in sorted(infos) if code <= _LAST_AXIS and (axis := _axis(code, infos[code]))}
    if not joystick or not {ABS_X, ABS_Y} <= axes.keys() or _BTN_TOUCH in known:
        return None
    others = {code for code in known if _BTN_MISC <= code < _BTN_JOYSTICK}
    return Layout(name, axes, (*sorted(joystick), *sorted(others)))


def _axis(code: int, info: bytes) -> AxisRange | None:
    value, low, high, *_ = ABS_INFO.unpack(info)
    if high <= low:
        return None
    return AxisRange(low, high, code in _TRIGGERS and value - low <= _AT_END * (high - low))


class Stream:
    """Puts the events of one device together; ValueError for what no device sends."""

    def __init__(self, state: State) -> None:
        self._values = dict(state.values)
        self._pressed = set(state.pressed)
        self._rest = b""
        self._lost = False

    @property
    def state(self) -> State:
        """Return how the device stands, as far as it was read."""
        return State(dict(self._values), frozenset(self._pressed))

    def fed(self, octets: bytes) -> Iterator[State | None]:
        """Yield the state after each report; None where the kernel threw events away, so that it has to be asked.

        Buttons that are pressed and released between two reports are two states.
        """
        data = self._rest + octets
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == EV_SYN and code == SYN_DROPPED:
                self._lost = True
            elif kind == EV_SYN and code == SYN_REPORT:
                yield None if self._lost else self.state
                self._lost = False
            elif not self._lost:
                self._take(kind, code, value)

    def asked(self, state: State) -> None:
        """Go on from a state that the kernel told."""
        self._values = dict(state.values)
        self._pressed = set(state.pressed)

    def _take(self, kind: int, code: int, value: int) -> None:
        if kind == EV_ABS:
            self._values[code] = value
        elif kind == EV_KEY and value in {0, 1}:  # 2 is a keyboard's repetition
            (self._pressed.add if value else self._pressed.discard)(code)
