"""What was recorded here as rows: clips, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from domain.recording import ClipReason, Gap
from widgets import words

CLIP_ROLE = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ClipLine:
    """A clip as it is listed. `ends` is None while nobody has said when; `under_way` grows, planned end or not.

    `camera` is its name and `alarm` the alarm's title, where they are known.
    """

    id: UUID
    camera_no: int
    begins: datetime
    ends: datetime | None
    reason: ClipReason
    camera: str = ""
    alarm: str = ""
    under_way: bool = False
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenClip:
    """A clip's folder that says nothing that can be understood: `folder` is its name, `changed` its time."""

    folder: str
    detail: str
    changed: datetime


Listed = ClipLine | BrokenClip


class Column(IntEnum):
    """What the columns hold, from left to right."""

    TIME = 0
    CAMERA = 1
    WHAT = 2


class ClipModel(QAbstractTableModel):
    """Clips as rows. Every cell also says the whole row, for those who listen to the screen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips: tuple[Listed, ...] = ()

    @property
    def clips(self) -> tuple[Listed, ...]:
        """The clips in the order of the rows."""
        return self._clips

    def show_clips(self, clips: Sequence[Listed]) -> None:
        """Hold these clips, the newest first."""
        self.beginResetModel()
        self._clips = tuple(sorted(clips, key=_began, reverse=True))
        self.endResetModel()

    def row_of(self, clip: Listed | None) -> int | None:
        """Return where a clip stands now, changed or not."""
        wanted = _key(clip) if clip is not None else None
        return next((row for row, each in enumerate(self._clips) if _key(each) == wanted), None)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of clips."""
        return 0 if parent is not None and parent.isValid() else len(self._clips)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {Column.TIME: self.tr("Time"), Column.CAMERA: self.tr("Camera"), Column.WHAT: self.tr("What")}
        return names[Column(section)] if 0 <= section < len(Column) else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says."""
        if not index.isValid() or not 0 <= index.row() < len(self._clips):
            return None
        clip, column = self._clips[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._said(clip, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._whole_line(clip)
            case _:
                return clip if role == CLIP_ROLE else None

    def _said(self, clip: Listed, column: Column) -> str:
        if isinstance(clip, BrokenClip):
            return {
                Column.TIME: span_words(clip.changed, clip.changed),
                Column.CAMERA: words.NO_VALUE,
                Column.WHAT: self.tr("can't be read: {folder}").format(folder=clip.folder),
            }[column]
        return {
            Column.TIME: span_words(clip.begins, clip.ends),
            Column.CAMERA: f"{words.camera_no(clip.camera_no)} {clip.camera}".strip(),
            Column.WHAT: self._what(clip),
        }[column]

    def _what(self, clip: ClipLine) -> str:
        reason = {ClipReason.EVENT: self.tr("event"), ClipReason.MANUAL: self.tr("by hand")}[clip.reason]
        said = [f"{reason}: {clip.alarm}" if clip.alarm else reason]
        if clip.under_way:
            said.append(self.tr("under way"))
        if clip.gaps:
            missing_s = sum((gap.ends - gap.begins).total_seconds() for gap in clip.gaps)
            said.append(self.tr("gaps: {n}, {time}").format(n=len(clip.gaps), time=words.duration(missing_s)))
        return " · ".join(said)

    def _whole_line(self, clip: Listed) -> str:
        said = " · ".join(self._said(clip, column) for column in Column)
        if isinstance(clip, BrokenClip):
            return f"{said} ({clip.detail})".replace("<", "‹")
        gaps = ", ".join(span_words(gap.begins, gap.ends) for gap in clip.gaps)
        return (f"{said} ({gaps})" if gaps else said).replace("<", "‹")


def span_words(begins: datetime, ends: datetime | None) -> str:
    """Return a span as `11-23 14:02:15–14:02:45` in the workstation's time zone; an open end is left out."""
    day = begins.astimezone().strftime("%m-%d")
    if ends == begins:
        return f"{day} {words.clock_time(begins)}"
    return f"{day} {words.clock_time(begins)}–{words.clock_time(ends) if ends else ''}"


def _key(clip: Listed) -> object:
    return clip.id if isinstance(clip, ClipLine) else clip.folder


def _began(clip: Listed) -> float:
    return (clip.begins if isinstance(clip, ClipLine) else clip.changed).timestamp()
