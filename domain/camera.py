"""Cameras and the sites that hold them."""

from dataclasses import dataclass
from enum import StrEnum

from domain.place import Place


class SiteKind(StrEnum):
    """Why a site was built; Anyang runs 66 intersections and 735 crime-prevention sites."""

    INTERSECTION = "intersection"
    CRIME_PREVENTION = "crime_prevention"
    SHORE = "shore"
    PARK = "park"
    ROAD = "road"


class Profile(StrEnum):
    """Which of a camera's streams."""

    MAIN = "main"
    SUB = "sub"


class Transport(StrEnum):
    """How a camera's packets come: between the lines of the RTSP connection, or as datagrams."""

    TCP = "tcp"
    UDP = "udp"


class RecordingPlan(StrEnum):
    """What of a camera is kept beyond the ring."""

    NOTHING = "nothing"
    EVENTS = "events"
    CONTINUOUS = "continuous"


Mask = tuple[tuple[float, float], ...]
"""A polygon that hides a part of the picture: corners (x, y) as shares of its width and height, from the top left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """One camera of the register. Its number is what operators type; it is never given to another camera.

    Stream and ONVIF addresses hold no credentials; those lie in the secret store under `credentials`.
    An empty address means that the camera has no such service (or, in a register, does not stream yet).
    `basic_allowed` says that a person let this camera have the password unencrypted where it asks for that.
    `masks` hide what nobody may look at without the right to lift them. `head` says which of a device's moving heads
    this is, counted from 0; `height_m` how high above the ground it hangs, None where nobody measured.
    """

    no: int
    name: str
    site: str
    site_kind: SiteKind
    district: str
    place: Place
    bearing_deg: float | None = None
    main_url: str = ""
    sub_url: str = ""
    onvif_url: str = ""
    credentials: str = ""
    transport: Transport = Transport.TCP
    basic_allowed: bool = False
    masks: tuple[Mask, ...] = ()
    recording: RecordingPlan = RecordingPlan.EVENTS
    head: int = 0
    height_m: float | None = None

    @property
    def streams(self) -> bool:
        """Whether the camera has a live picture at all."""
        return bool(self.main_url or self.sub_url)

    @property
    def ptz(self) -> bool:
        """Whether the camera can be moved."""
        return bool(self.onvif_url)

    def profile(self, asked: Profile) -> Profile:
        """Return the stream that serves who asks for this one: a camera with one stream has it under one name."""
        if not self.sub_url or self.sub_url == self.main_url:
            return Profile.MAIN
        return asked if self.main_url else Profile.SUB

    def url(self, profile: Profile) -> str:
        """Return the address of the asked stream, or of the other one where it has only that."""
        return self.main_url if self.profile(profile) is Profile.MAIN else self.sub_url


@dataclass(frozen=True, slots=True)
class Credentials:
    """A name and a password; never printed."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r}, password=***)"
