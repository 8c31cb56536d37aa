"""What can go wrong with a camera: one entry of CAMERA_FAULTS per fault.

A fault is a set of traits that the servers look for; a new fault made of known traits is one new entry and no other
change. Several can be going on at one camera; the traits of each can be set when it begins.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from domain.errors import BadInputError
from simulation.cameras.onvif_faults import ONVIF_FAULTS, OnvifFault


@dataclass(frozen=True, slots=True)
class CameraFault:
    """What a fault does to a camera, seen from the wire."""

    what: str
    closes: bool = False  # every connection is reset at the first word for this camera
    silent: bool = False  # connections are taken and nothing is ever answered
    stalls: bool = False  # sessions stay and no packet comes
    refuses_password: bool = False
    garbles: bool = False  # packets have wrong bits
    swallows: bool = False  # a connect to the camera's own port is never answered
    freezes: bool = False  # the same picture again and again
    changes_size: bool = False
    changes_codec: bool = False
    hides_sets: bool = False  # parameter sets come with the keyframes only, not in the session description
    withholds_sets: bool = False  # they come nowhere
    clock_jumps: bool = False  # RTP timestamps jump forward, later back
    lies_in_packets: bool = False  # RTP packets whose inner lengths reach beyond them
    lies_in_frames: bool = False  # interleaved frames that are longer or shorter than they say
    lies_in_answers: bool = False  # Content-Length is nonsense
    speaks_http: bool = False  # another server sits on the port
    locks_out: bool = False  # after some wrong passwords the right one is refused too
    lock_after: int = 0  # how many
    lock_for_s: float = 0.0
    basic_only: bool = False
    refuses_tcp: bool = False
    refuses_udp: bool = False
    answer_late_s: float = 0.0  # each ONVIF answer
    deaf_to_stop: bool = False  # Stop is answered with success and changes nothing
    deaf_to_timeout: bool = False  # a ContinuousMove goes on after its time
    ptz_only: bool = False
    onvif: OnvifFault = field(default_factory=OnvifFault)
    settings: tuple[tuple[str, str], ...] = ()  # what can be set when it begins: by which name, which trait


CAMERA_FAULTS: dict[str, CameraFault] = {
    "dead": CameraFault("refuses and closes every connection", closes=True),
    "silent": CameraFault("takes connections and answers nothing", silent=True, stalls=True),
    "stalled": CameraFault("the session stays, the pictures stop", stalls=True),
    "wrong_password": CameraFault("refuses every name and password", refuses_password=True),
    "garbled": CameraFault("pictures come with wrong bits", garbles=True),
    "black_holed": CameraFault(
        "is gone from the network: nothing is answered", silent=True, stalls=True, swallows=True
    ),
    "frozen": CameraFault("sends one picture again and again", freezes=True),
    "resolution_change": CameraFault("sends another size from a keyframe on", changes_size=True),
    "codec_change": CameraFault("sends another codec from a keyframe on", changes_codec=True),
    "timestamp_jump": CameraFault("timestamps jump an hour forward, later 10 minutes back", clock_jumps=True),
    "no_parameter_sets": CameraFault("sends parameter sets with its keyframes only", hides_sets=True),
    "never_parameter_sets": CameraFault("sends no parameter sets at all", hides_sets=True, withholds_sets=True),
    "nonsense_packets": CameraFault("sends packets whose lengths make no sense", lies_in_packets=True),
    "nonsense_frames": CameraFault("sends interleaved frames whose lengths are wrong", lies_in_frames=True),
    "nonsense_answers": CameraFault("answers with lengths that make no sense", lies_in_answers=True),
    "nonsense_lengths": CameraFault(
        "no length it says makes sense", lies_in_packets=True, lies_in_frames=True, lies_in_answers=True
    ),
    "http_server": CameraFault("a web server sits on its RTSP port", speaks_http=True),
    "locks_out": CameraFault(
        "refuses everybody after three wrong passwords",
        locks_out=True,
        lock_after=3,
        lock_for_s=300.0,
        settings=(("lock_after", "lock_after"), ("lock_for_s", "lock_for_s")),
    ),
    "basic_only": CameraFault("wants the password unencrypted", basic_only=True),
    "udp_only": CameraFault("sends no pictures over TCP", refuses_tcp=True),
    "tcp_only": CameraFault("sends no pictures over UDP", refuses_udp=True),
    "slow": CameraFault(
        "each ONVIF answer comes a second late",
        answer_late_s=1.0,
        ptz_only=True,
        settings=(("answer_late_s", "answer_late_s"),),
    ),
    "ignores_stop": CameraFault("says yes to Stop and moves on", deaf_to_stop=True, ptz_only=True),
    "ignores_timeout": CameraFault("moves on after a move's own time", deaf_to_timeout=True, ptz_only=True),
}
CAMERA_FAULTS |= {
    name: CameraFault(entry.what, ptz_only=True, onvif=entry.traits, settings=entry.settings)
    for name, entry in ONVIF_FAULTS.items()
}

WELL = CameraFault("nothing is wrong")


class CameraFaults:
    """The faults that are going on, by camera number; safe from any thread."""

    def __init__(self, ptz: dict[int, bool], begun: Callable[[int, CameraFault], None] | None = None) -> None:
        """Know the cameras and which of them is a PTZ camera; `begun` is told which fault has just begun where."""
        self._ptz = ptz
        self._begun = begun
        self._lock = threading.Lock()
        self._until: dict[int, dict[str, float]] = {}
        self._as_set: dict[tuple[int, str], CameraFault] = {}

    def begin(self, target: str, name: str, for_s: float | None, wanted: Mapping[str, Any] | None = None) -> int:
        """Begin a fault at "camera/NO" or "ptz/NO" for a time or until cleared; BadInputError where it can't be.

        `wanted` sets traits of the fault, by the names of its settings.
        """
        no = self._camera(target)
        fault = CAMERA_FAULTS.get(name)
        if fault is None:
            raise BadInputError(f"no camera fault {name!r}; known are {', '.join(CAMERA_FAULTS)}")
        if fault.ptz_only and not self._ptz[no]:
            raise BadInputError(f"fault {name!r} happens to PTZ cameras; camera {no} is fixed")
        fault = _as_set(name, fault, wanted or {})
        with self._lock:
            self._as_set[no, name] = fault
            self._until.setdefault(no, {})[name] = float("inf") if for_s is None else time.monotonic() + for_s
        if self._begun is not None:
            self._begun(no, fault)
        return no

    def clear(self, target: str) -> None:
        """End all faults at a target; BadInputError where there is no such camera."""
        with self._lock:
            self._until.pop(self._camera(target), None)

    def names(self, no: int) -> tuple[str, ...]:
        """Return what is going on at a camera."""
        if no not in self._until:
            return ()
        now = time.monotonic()
        with self._lock:
            going_on = {name: until for name, until in self._until.get(no, {}).items() if until > now}
            if going_on:
                self._until[no] = going_on
            else:
                self._until.pop(no, None)
        return tuple(going_on)

    def at(self, no: int) -> CameraFault:
        """Return all that is wrong with a camera as one fault."""
        names = self.names(no)
        if not names:
            return WELL
        found = [self._as_set[no, name] for name in names]
        return found[0] if len(found) == 1 else _together(found)

    def _camera(self, target: str) -> int:
        kind, _, number = target.partition("/")
        no = int(number) if number.isdecimal() else None
        if kind not in {"camera", "ptz"} or no not in self._ptz:
            known = ", ".join(f"camera/{known}" for known in self._ptz)
            raise BadInputError(f"no target {target!r}; known are {known}")
        return no


def _as_set(name: str, fault: CameraFault, wanted: Mapping[str, Any]) -> CameraFault:
    """Return a fault with its settings as wanted; BadInputError where it has no such setting, or not of that type."""
    settings = dict(fault.settings)
    for setting, value in wanted.items():
        if setting not in settings:
            raise BadInputError(f"fault {name!r} has no setting {setting!r}; known are {list(settings)}")
        trait = settings[setting]
        inner = trait in _ONVIF_TRAITS
        was = getattr(fault.onvif if inner else fault, trait)
        changed: dict[str, Any] = {trait: _fitting(setting, value, type(was))}
        fault = replace(fault, onvif=replace(fault.onvif, **changed)) if inner else replace(fault, **changed)
    return fault


def _fitting(setting: str, value: object, kind: type) -> Any:
    """Return a setting's value as the trait's type; BadInputError where it is of another."""
    if kind is str and isinstance(value, str):
        return value
    if kind in {int, float} and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return kind(value)
    raise BadInputError(f"{setting!r} is no {kind.__name__}: {value!r}")


_TRAITS = tuple(one.name for one in fields(CameraFault) if one.name != "onvif")
_ONVIF_TRAITS = frozenset(one.name for one in fields(OnvifFault))


def _together(found: list[CameraFault]) -> CameraFault:
    """Return several faults as one: of each trait what the latest says that says anything of it."""
    onvif = _joined(tuple(_ONVIF_TRAITS), OnvifFault(), [fault.onvif for fault in found])
    return CameraFault(**_joined(_TRAITS, WELL, found), onvif=OnvifFault(**onvif))


def _joined(traits: tuple[str, ...], plain: object, found: list[Any]) -> dict[str, Any]:
    joined = {}
    for trait in traits:
        usual = getattr(plain, trait)
        joined[trait] = next((said for one in reversed(found) if (said := getattr(one, trait)) != usual), usual)
    return joined
