"""What was recorded here, read from the clips' folders."""

import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from db.alarms import AlarmStore
from domain.errors import StorageError
from domain.recording import Clip
from domain.text import Wording
from video.clips import MANIFEST, load_manifest
from widgets.review_list_model import BrokenClip, ClipLine, Listed

_NEW_NS = 10_000_000_000


class ReviewShelf:
    """Reads the clips. `read` reads disk and database: it belongs on the database lane, one call at a time."""

    def __init__(self, clips: Path, alarms: AlarmStore, wording: Wording) -> None:
        self._clips = clips
        self._alarms = alarms
        self._wording = wording
        self._known: dict[str, tuple[int, Listed]] = {}
        self._titles: dict[UUID, str] = {}

    def read(self) -> tuple[Listed, ...]:
        """Return all clips; one that can't be understood is named. Nothing where there is no folder yet."""
        known: dict[str, tuple[int, Listed]] = {}
        for folder in self._folders():
            changed_ns = _changed_ns(folder)
            if time.time_ns() - changed_ns < _NEW_NS and not (folder / MANIFEST).exists():
                continue  # the recorder has just made it
            before = self._known.get(folder.name)
            if before is not None and before[0] == changed_ns:
                known[folder.name] = before
            else:
                known[folder.name] = (changed_ns, self._listed(folder, changed_ns))
        self._known = known
        return tuple(listed for _, listed in known.values())

    def _folders(self) -> list[Path]:
        try:
            return [folder for folder in self._clips.iterdir() if folder.is_dir()]
        except OSError:
            return []

    def _listed(self, folder: Path, changed_ns: int) -> Listed:
        try:
            clip = load_manifest(folder).clip
        except StorageError as error:
            return BrokenClip(folder.name, str(error), datetime.fromtimestamp(changed_ns / 1e9, UTC))
        return ClipLine(
            id=UUID(folder.name) if _is_id(folder.name) else clip.id,
            camera_no=clip.camera_no,
            begins=clip.begins,
            ends=clip.ends,
            reason=clip.reason,
            alarm=self._title(clip),
            under_way=not clip.finished,
            gaps=clip.gaps,
        )

    def _title(self, clip: Clip) -> str:
        """Return the title of a clip's alarm, or the clip's note; empty where neither is known."""
        if clip.alarm is None:
            return clip.note
        if clip.alarm not in self._titles:
            alarm = self._alarms.find(clip.alarm)
            self._titles[clip.alarm] = clip.note if alarm is None else self._wording.render(alarm.title)
        return self._titles[clip.alarm]


def _changed_ns(folder: Path) -> int:
    for path in (folder / MANIFEST, folder):
        try:
            return path.stat().st_mtime_ns
        except OSError:
            continue
    return 0


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False
