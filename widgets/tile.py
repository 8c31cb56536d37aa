"""What a desk puts into a tile of a wall, and what an operator asks of one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.alarm import Priority
from domain.camera import Camera
from domain.picture import Face, FrameSource
from domain.wall import Quality


@dataclass(frozen=True, slots=True)
class ReplayMark:
    """What a replayed picture is: `behind_s` behind live; `rate` 1.0 is as it was.

    `missing_at` (aware) is set where nothing was recorded at the moment that is asked for.
    """

    behind_s: float
    paused: bool = False
    rate: float = 1.0
    missing_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TourMark:
    """Where a camera tour is: its camera number `at` (from 1) `of` so many; `paused` while it waits."""

    name: str
    at: int
    of: int
    paused: bool = False


@dataclass(frozen=True, slots=True)
class TileContent:
    """What the desk wants in a tile.

    `source` is None until the camera's frames are subscribed to. `next_source` is to be drawn instead from its first
    whole frame on; `passing` says that it is another camera's, whose content must then be shown as soon as the wall has
    taken it. `alarm` puts the priority's border and word on the tile, blinking while `alarm_waiting`; `ptz_holder`
    names who holds the camera's controls; `waiting` counts the alarms for which there was no tile; `unmasked` says that
    the camera's masks are lifted, `by_hand` that a person has it recorded (and may end that). With `replay`, `source`
    is a replay and never counts as live.
    """

    camera: Camera
    source: FrameSource | None = None
    next_source: FrameSource | None = None
    alarm: Priority | None = None
    alarm_waiting: bool = False
    recording: bool = False
    by_hand: bool = False
    ptz_holder: str = ""
    replay: ReplayMark | None = None
    tour: TourMark | None = None
    spot: bool = False
    waiting: int = 0
    quality: Quality = Quality.AUTO
    unmasked: bool = False
    passing: bool = False


@dataclass(frozen=True, slots=True)
class TileStatistics:
    """What one tile has shown. `sent` counts the camera's frames from the first shown to the last shown one.

    `first_shown_at` is in monotonic seconds, None before the first picture. While `replayed` the tile shows nothing
    live, so its face is EMPTY, and replayed frames are not counted.
    """

    tile: int
    camera_no: int
    face: Face
    shown: int
    sent: int
    first_shown_at: float | None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class TileDrop:
    """A camera was dropped on a tile (counted from 0)."""

    tile: int
    camera_no: int


@dataclass(frozen=True, slots=True)
class TileSwap:
    """Two tiles are to be exchanged, of which either may be empty."""

    one: int
    other: int


@dataclass(frozen=True, slots=True)
class TileZoom:
    """How far a tile is enlarged now, 1.0 for not at all."""

    tile: int
    factor: float


@dataclass(frozen=True, slots=True)
class TileWheel:
    """The wheel was turned over a camera that moves: notches away from the hand, at this share of the picture."""

    tile: int
    steps: float
    x: float
    y: float


class TileAction(StrEnum):
    """What can be asked of a tile beside enlarging and clearing it."""

    REPLAY = "replay"
    BOOKMARK = "bookmark"
    SNAPSHOT = "snapshot"
    RECORD = "record"
    STOP_RECORDING = "stop_recording"
    QUALITY = "quality"
    LIFT_MASKS = "lift_masks"
    RESTORE_MASKS = "restore_masks"


@dataclass(frozen=True, slots=True)
class TileWish:
    """Something is asked of the camera in a tile; `quality` goes with QUALITY."""

    tile: int
    action: TileAction
    quality: Quality | None = None
