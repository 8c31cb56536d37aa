"""What reaches the UI thread from the field, the database and the helpers: a closed union."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.alarm import Alarm
from domain.camera import Camera
from domain.event import Event
from domain.incident import Incident
from domain.lease import LeaseState
from domain.motion import MotionState
from domain.picture import PictureState
from domain.reading import Reading
from domain.text import Text
from domain.wall_order import WallMessage


class LinkName(StrEnum):
    """What the console depends on and shows in the status bar."""

    BROKER = "broker"
    HEADQUARTERS = "headquarters"
    VIDEO_WORKER = "video_worker"
    PTZ_WATCHDOG = "ptz_watchdog"
    DATABASE = "database"
    DISK = "disk"


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """A connection or helper process came up or went away, since when, and why."""

    name: LinkName
    up: bool
    since: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AlarmChanged:
    """An alarm is new or different; `owed` are the topics where its `shown` is due."""

    alarm: Alarm
    owed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IncidentChanged:
    """An incident is new or different."""

    incident: Incident


@dataclass(frozen=True, slots=True)
class EventTaken:
    """An event was committed (fixes and unit positions move things on the map)."""

    event: Event


@dataclass(frozen=True, slots=True)
class ReadingsTaken:
    """Readings were committed."""

    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class PictureChanged:
    """A camera's session changed its state."""

    camera_no: int
    profile: str
    state: PictureState


@dataclass(frozen=True, slots=True)
class MotionChanged:
    """A camera's movement is otherwise than it was."""

    state: MotionState


@dataclass(frozen=True, slots=True)
class LeaseChanged:
    """How a position of this workstation stands to a camera is otherwise than it was."""

    state: LeaseState


@dataclass(frozen=True, slots=True)
class InputCame:
    """A joystick or keypad of this desk has something to say; whoever listens to it asks it."""


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far headquarters knows what was saved here."""

    acked_seq: int
    behind: int
    oldest_at: datetime | None
    contact_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisterChanged:
    """The camera register is otherwise than it was; all of it."""

    cameras: tuple[Camera, ...]


@dataclass(frozen=True, slots=True)
class WallMessageCame:
    """Another workstation wants something on a wall here, or answers what was wanted of it."""

    message: WallMessage


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell the operator in the message strip."""

    text: Text
    severe: bool = False


News = (
    LinkChanged
    | AlarmChanged
    | IncidentChanged
    | EventTaken
    | ReadingsTaken
    | PictureChanged
    | MotionChanged
    | LeaseChanged
    | InputCame
    | SyncProgress
    | RegisterChanged
    | WallMessageCame
    | Notice
)
