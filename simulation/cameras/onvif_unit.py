"""One ONVIF device: its heads, profiles, clock, address and what is wrong with it, as all its services see them."""

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from simulation.cameras.config import PROFILES, CameraSpec, Profile
from simulation.cameras.mount import Mount, Pose
from simulation.cameras.onvif_kind import Identity, OnvifKind
from simulation.cameras.onvif_lies import Address
from simulation.cameras.onvif_spaces import Spaces
from simulation.cameras.soap import Operation, SoapFaultError
from simulation.faults import CameraFault

Handler = Callable[[Operation], str]
Handlers = dict[tuple[str, str], Handler]

START = Pose(0.0, -6.0, 0.0)
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d*)?)S)?)?")


@dataclass(frozen=True, slots=True)
class Head:
    """A video source that can be moved; `number` counts from 1."""

    number: int
    mount: Mount

    @property
    def node(self) -> str:
        """Return its PTZ node's token."""
        return f"node_{self.number}"

    @property
    def configuration(self) -> str:
        """Return its PTZ configuration's token."""
        return f"ptz_{self.number}"

    @property
    def source(self) -> str:
        """Return its video source's token."""
        return f"source_{self.number}"


@dataclass(frozen=True, slots=True)
class MediaProfile:
    """A media profile: the stream's form, the video source it shows, and the head that moves it, if any does."""

    token: str
    form: Profile
    source: str
    head: Head | None


class Unit:
    """One device."""

    def __init__(
        self, camera: CameraSpec, fault: Callable[[], CameraFault], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.camera = camera
        self.kind: OnvifKind = camera.onvif
        self.spaces = Spaces(camera.onvif)
        self.fault = fault
        self.monotonic = monotonic
        self.identity = _identity(camera)
        self.heads = tuple(Head(number, Mount(START, monotonic())) for number in range(1, self.kind.heads + 1))
        self.profiles = {profile.token: profile for profile in _profiles(self.kind.blind, self.heads)}
        self.address = Address("", lambda _no, _profile: "")
        self.fired: Counter[str] = Counter()
        self.stops_ignored = 0

    def wall(self) -> datetime:
        """Return the time as its clock has it, right or wrong."""
        return datetime.fromtimestamp(time.time() + self.fault().onvif.clock_offset_s, UTC)

    def sources(self) -> tuple[str, ...]:
        """Return the tokens of the video sources, in order."""
        return tuple(dict.fromkeys(profile.source for profile in self.profiles.values()))

    def profile(self, asked: Operation, name: str = "ProfileToken") -> MediaProfile:
        """Return the profile that is asked about; SoapFaultError where there is none of that token."""
        token = asked.text(name)
        if token not in self.profiles:
            raise SoapFaultError("InvalidArgVal", "NoProfile", reason=f"no profile {token!r}")
        return self.profiles[token]

    def head(self, asked: Operation) -> Head:
        """Return the head that the profile moves; SoapFaultError where it has no PTZ configuration."""
        head = self.profile(asked).head
        if head is None:
            raise SoapFaultError("InvalidArgVal", "NoPTZProfile", reason="the profile has no PTZ configuration")
        return head

    def head_of_source(self, asked: Operation) -> Head:
        """Return the head that a video source is; SoapFaultError where there is none of that token."""
        token = asked.text("VideoSourceToken")
        found = next((head for head in self.heads if head.source == token), None)
        if found is None:
            raise SoapFaultError("InvalidArgVal", "NoSource", reason=f"no video source {token!r}")
        return found


def stamp(moment: datetime) -> str:
    """Return a time as xs:dateTime."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float | None:
    """Return an xs:duration in seconds, None where it is none."""
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def not_supported(name: str) -> SoapFaultError:
    """Return the refusal of an operation that the device does not have."""
    return SoapFaultError("ActionNotSupported", reason=f"{name} is not supported", status=500)


def _identity(camera: CameraSpec) -> Identity:
    said = camera.onvif.identity
    return said if said.serial else replace(said, serial=f"PRACTICE-{camera.no:05d}")


def _profiles(blind: int, heads: tuple[Head, ...]) -> list[MediaProfile]:
    """Return the overviews first, then main and sub of each head."""
    first = next(iter(PROFILES.values()))
    found = [MediaProfile(f"overview_{one}", first, f"source_overview_{one}", None) for one in range(1, blind + 1)]
    for head in heads:
        suffix = "" if head.number == 1 else f"_{head.number}"
        found += [MediaProfile(f"{name}{suffix}", form, head.source, head) for name, form in PROFILES.items()]
    return found
