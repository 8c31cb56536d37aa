"""What is kept of pictures: clips, holds, the disk's budget, and what goes wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

BEFORE_EVENT_S = 10.0  # FEATURES AN6: an event's clip begins ten seconds before it
AFTER_EVENT_S = 20.0


class TroubleKind(StrEnum):
    """What can go wrong with recording."""

    DISK_FULL = "disk_full"
    WRITE_FAILED = "write_failed"
    TOO_SLOW = "too_slow"  # the disk takes less than comes in: pictures were left out
    SHORTENED = "shortened"  # unprotected recordings are deleted earlier than is wished
    ONLY_PROTECTED = "only_protected"  # nothing is left that may be deleted
    HANGS = "hangs"  # the disk neither answers nor fails
    UNKEPT = "unkept"  # a stream's pictures come, and none of them can be kept as it is coded
    HOLD_FAILED = "hold_failed"  # what is held can't be read, or not all of it be kept


_OF_DISK = {TroubleKind.DISK_FULL, TroubleKind.WRITE_FAILED, TroubleKind.ONLY_PROTECTED, TroubleKind.HANGS}
_SEVERE = {*_OF_DISK, TroubleKind.UNKEPT, TroubleKind.HOLD_FAILED}


@dataclass(frozen=True, slots=True)
class RecordingTrouble:
    """Recording suffers, or (`cleared`) no longer does.

    `where` is a folder: of a stream, of a hold, or of all that is kept. Together with `kind` and the `writer` that says
    so it names the trouble until it is cleared. `detail` is for the log.
    """

    kind: TroubleKind
    where: str
    detail: str
    since: datetime
    cleared: bool = False
    writer: str = ""

    @property
    def name(self) -> tuple[TroubleKind, str, str]:
        """Return what tells this trouble from all others."""
        return self.kind, self.where, self.writer

    @property
    def of_disk(self) -> bool:
        """Whether it is the disk that keeps less than it should, and not one stream or one hold."""
        return self.kind in _OF_DISK

    @property
    def severe(self) -> bool:
        """Whether pictures are lost or soon will be, so that it is an alarm rather than a notice."""
        return self.kind in _SEVERE


class ClipReason(StrEnum):
    """Why a clip is kept."""

    EVENT = "event"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which there is no picture although there should be one."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A span of one camera's pictures that is kept; `ends` is None while nobody has said when it ends.

    `gaps` are known once it is `finished`.
    """

    id: UUID
    camera_no: int
    reason: ClipReason
    begins: datetime
    ends: datetime | None
    alarm: UUID | None = None
    note: str = ""
    finished: bool = False
    gaps: tuple[Gap, ...] = ()

    def over(self, now: datetime) -> bool:
        """Whether its time has passed."""
        return self.ends is not None and self.ends <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A span of one camera's pictures that nobody may delete: on what legal basis, by whom, until when."""

    id: UUID
    camera_no: int
    begins: datetime
    ends: datetime
    basis: str
    by: str
    until: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Whether the protection has ended."""
        return self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """How the disk's budget will last; sizes in bytes.

    `used` counts the ring and all recordings, `protected` what is held. `per_day` is what one day adds, None while too
    little has been seen. `days_kept` is how far back recordings will reach when the budget is full, `days_left` when
    that will be; None where nothing grows.
    """

    used: int
    protected: int
    budget: int
    free: int
    per_day: float | None

    @property
    def days_kept(self) -> float | None:
        """Return for how many days a recording stays before it has to make room."""
        return (self.budget - self.protected) / self.per_day if self.per_day else None

    @property
    def days_left(self) -> float | None:
        """Return in how many days the oldest begins to make room; 0 where it does now."""
        return max(0.0, (self.budget - self.used) / self.per_day) if self.per_day else None
