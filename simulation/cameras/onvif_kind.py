"""What kind of ONVIF device a PTZ camera is: what it has, in which ranges, and how one signs in."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

Range = tuple[float, float]

MOVES = frozenset({"continuous", "relative", "absolute", "fov"})
AXES = frozenset({"pan", "tilt", "zoom"})
IMAGING = frozenset({"iris", "focus_continuous", "focus_relative", "focus_absolute"})
AUXILIARY = (
    "tt:Wiper|On",
    "tt:Wiper|Off",
    "tt:Washer|On",
    "tt:Washer|Off",
    "tt:IRLamp|On",
    "tt:IRLamp|Off",
    "tt:IRLamp|Auto",
)
DIGESTS = ("MD5", "SHA-256")
_TOURS_OF_ALL = 8


class Home(StrEnum):
    """What can be done with the home position."""

    SETTABLE = "settable"
    FIXED = "fixed"
    NONE = "none"


class Status(StrEnum):
    """What GetStatus tells."""

    FULL = "full"
    NONE = "none"
    NO_MOVE_STATUS = "no_move_status"
    NO_POSITION = "no_position"
    UNKNOWN = "unknown"


class SignIn(StrEnum):
    """How one proves who one is."""

    TOKEN = "token"  # noqa: S105 - WS-UsernameToken
    DIGEST = "digest"
    EITHER = "either"
    BOTH = "both"
    BASIC = "basic"
    OPEN = "open"


class Names(StrEnum):
    """Which preset names are taken."""

    ANY = "any"
    ASCII_REFUSED = "ascii_refused"
    ASCII_REPLACED = "ascii_replaced"


@dataclass(frozen=True, slots=True)
class Ranges:
    """What each space ranges over; positions cover the whole way of the mount, translations are in their units."""

    pan: Range = (-1.0, 1.0)
    tilt: Range = (-1.0, 1.0)
    zoom: Range = (0.0, 1.0)
    pan_velocity: Range = (-1.0, 1.0)
    tilt_velocity: Range = (-1.0, 1.0)
    zoom_velocity: Range = (-1.0, 1.0)
    pan_translation: Range = (-1.0, 1.0)
    tilt_translation: Range = (-1.0, 1.0)
    zoom_translation: Range = (-1.0, 1.0)
    speed: Range = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class PresetKind:
    """How many presets there can be and are, what they may be called, and whether the list holds odd entries."""

    most: int = 100
    names: Names = Names.ANY
    stored: int = 3
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """What GetDeviceInformation says; an empty serial is made of the camera's number."""

    manufacturer: str = "Watchroom practice city"
    model: str = "PTZ 8x"
    firmware: str = "1.0"
    serial: str = ""
    hardware: str = "simulation"


@dataclass(frozen=True, slots=True)
class OnvifKind:
    """One kind of device; as it stands here, the plain one."""

    identity: Identity = field(default_factory=Identity)
    media: str = "1"
    moves: frozenset[str] = MOVES - {"fov"}
    axes: frozenset[str] = AXES
    ranges: Ranges = field(default_factory=Ranges)
    space_names: str = "generic"
    strict: bool = False
    apart: str = ""
    timeout: Range = (0.1, 60.0)
    presets: PresetKind = field(default_factory=PresetKind)
    home: Home = Home.SETTABLE
    heads: int = 1
    blind: int = 0
    status: Status = Status.FULL
    tours: int = 0
    auxiliary: tuple[str, ...] = ()
    imaging: frozenset[str] = frozenset()
    events: bool = False
    most_subscriptions: int = 2
    longest_subscription_s: float = 3600.0
    snapshot: bool = False
    sign_in: SignIn = SignIn.TOKEN
    digest: tuple[str, ...] = ("MD5",)
    nonce_uses: int = 0
    own_port: bool = False
    https: bool = False
    https_only: bool = False

    @property
    def turns(self) -> bool:
        """Whether it has a pan or tilt axis."""
        return bool(self.axes & {"pan", "tilt"})

    @property
    def zooms(self) -> bool:
        """Whether it has a zoom."""
        return "zoom" in self.axes


FULL: dict[str, Any] = {
    "media": "both",
    "moves": sorted(MOVES),
    "tours": _TOURS_OF_ALL,
    "auxiliary": True,
    "imaging": True,
    "events": True,
    "snapshot": True,
}


def kind_of(said: object) -> OnvifKind:
    """Read the `onvif` entry of a camera; ValueError or TypeError, naming what is wrong, where it can't be used."""
    if said is None:
        return OnvifKind()
    row = FULL if said == "full" else said
    if not isinstance(row, dict):
        raise TypeError("'onvif' is neither an object nor \"full\"")
    identity = {one.name: str(row[one.name]) for one in fields(Identity) if one.name in row}
    rest = {name: value for name, value in row.items() if name not in identity}
    unknown = rest.keys() - _READERS.keys()
    if unknown:
        raise ValueError(f"onvif: unknown {', '.join(sorted(unknown))}")
    return OnvifKind(identity=Identity(**identity), **{name: _READERS[name](value) for name, value in rest.items()})


def _one_of(*words: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in words:
            raise ValueError(f"onvif: {value!r} is none of {', '.join(map(repr, words))}")
        return str(value)

    return read


def _some_of(known: frozenset[str]) -> Callable[[Any], frozenset[str]]:
    def read(value: Any) -> frozenset[str]:
        wanted = known if value is True else frozenset(value or ())
        if wanted - known:
            raise ValueError(f"onvif: unknown {', '.join(sorted(wanted - known))}")
        return wanted

    return read


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"onvif: {value!r} is neither true nor false")
    return value


def _count(lowest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < lowest:
            raise ValueError(f"onvif: {value!r} is no number from {lowest}")
        return value

    return read


def _range(value: Any) -> Range:
    low, high = (float(part) for part in value)
    if not low <= high:
        raise ValueError(f"onvif: {value!r} is no range")
    return low, high


def _ranges(value: Any) -> Ranges:
    """Read ranges; translations reach over the whole of positions whose range is not the generic one."""
    given = {name: _range(pair) for name, pair in value.items()}
    velocity, plain = given.pop("velocity", None), Ranges()
    for axis, generic in (("pan", plain.pan), ("tilt", plain.tilt), ("zoom", plain.zoom)):
        if velocity is not None:
            given.setdefault(f"{axis}_velocity", velocity)
        if axis in given and given[axis] != generic:
            span = given[axis][1] - given[axis][0]
            given.setdefault(f"{axis}_translation", (-span, span))
    return Ranges(**given)


def _presets(value: Any) -> PresetKind:
    readers: dict[str, Callable[[Any], Any]] = {"most": _count(0), "names": Names, "stored": _count(0), "odd": _flag}
    return PresetKind(**{name: readers[name](part) for name, part in value.items()})


def _auxiliary(value: Any) -> tuple[str, ...]:
    return AUXILIARY if value is True else tuple(str(one) for one in value or ())


def _digests(value: Any) -> tuple[str, ...]:
    return tuple(_one_of(*DIGESTS)(one) for one in value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "media": _one_of("1", "2", "both"),
    "moves": _some_of(MOVES),
    "axes": _some_of(AXES),
    "ranges": _ranges,
    "space_names": _one_of("generic", "own"),
    "strict": _flag,
    "apart": _one_of("", "pan_tilt", "all"),
    "timeout": _range,
    "presets": _presets,
    "home": Home,
    "heads": _count(1),
    "blind": _count(0),
    "status": Status,
    "tours": _count(0),
    "auxiliary": _auxiliary,
    "imaging": _some_of(IMAGING),
    "events": _flag,
    "most_subscriptions": _count(0),
    "longest_subscription_s": float,
    "snapshot": _flag,
    "sign_in": SignIn,
    "digest": _digests,
    "nonce_uses": _count(0),
    "own_port": _flag,
    "https": _flag,
    "https_only": _flag,
}
