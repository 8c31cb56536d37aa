"""Holds on disk: what nobody may delete, on what basis and until when."""

import json
import logging
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from domain.errors import StorageError
from domain.recording import Hold
from video.clips import MANIFEST, KeptFile, files_from_json, files_to_json, kept_files, moment, read_json
from video.segments_link import link_span, write_whole

_LOG = logging.getLogger(__name__)
_VERSION = 1
_SETTLE_S = 60.0  # the last segment of a span that ends now begins at most so much later


@dataclass(frozen=True, slots=True)
class HeldFiles:
    """A hold with the segments that it protects."""

    hold: Hold
    files: tuple[KeptFile, ...]


class HoldShelf:
    """The folder of holds: one folder each, with hard links to segments and a manifest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[UUID, HeldFiles] = {}
        for each in sorted(folder.iterdir()) if folder.is_dir() else ():
            try:
                held = _load(each)
            except StorageError as error:  # it stays where it is: what can't be read is not deleted
                _LOG.warning("a hold can't be read: %s", error)
                continue
            self._held[held.hold.id] = held

    def holds(self) -> tuple[Hold, ...]:
        """Return all holds, by their beginning."""
        return tuple(sorted((each.hold for each in self._held.values()), key=lambda hold: hold.begins))

    def protect(self, hold: Hold, roots: tuple[Path, ...], now: datetime) -> HeldFiles:
        """Keep what the roots have of a hold's span and write it down; StorageError where the disk refuses."""
        known = self._held.get(hold.id)
        folder = self._folder / str(hold.id)
        if known is None:
            self._save(HeldFiles(hold, ()))  # before anything else: from here on a crash does not lose it
        link_span(roots, hold.camera_no, hold.begins.timestamp(), hold.ends.timestamp(), folder)
        files = kept_files(folder, known.files if known else (), now.timestamp())
        held = HeldFiles(hold, files)
        if known is None or files != known.files:
            self._save(held)
        return held

    def unfinished(self, now: datetime) -> tuple[Hold, ...]:
        """Return the holds to which segments may still come, or whose segments may still grow."""
        return tuple(
            each.hold
            for each in self._held.values()
            if (now - each.hold.ends).total_seconds() < _SETTLE_S or not all(file.sha256 for file in each.files)
        )

    def over(self, now: datetime) -> tuple[Hold, ...]:
        """Return the holds whose time has passed."""
        return tuple(hold for hold in self.holds() if hold.over(now))

    def release(self, hold_id: UUID) -> tuple[KeptFile, ...]:
        """End a hold, and return the files that lost its protection; StorageError where the disk refuses."""
        held = self._held.get(hold_id)
        if held is None:
            return ()
        try:
            shutil.rmtree(self._folder / str(hold_id))
        except OSError as error:
            raise StorageError(f"{self._folder / str(hold_id)}: {error}") from error
        del self._held[hold_id]
        return held.files

    def _save(self, held: HeldFiles) -> None:
        hold = held.hold
        said = {
            "version": _VERSION,
            "kind": "hold",
            "id": str(hold.id),
            "camera": hold.camera_no,
            "from": hold.begins.isoformat(),
            "until": hold.ends.isoformat(),
            "basis": hold.basis,
            "by": hold.by,
            "held_until": hold.until.isoformat() if hold.until else None,
            "files": files_to_json(held.files),
        }
        write_whole(self._folder / str(hold.id) / MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
        self._held[hold.id] = held


def _load(folder: Path) -> HeldFiles:
    said = read_json(folder / MANIFEST)
    try:
        hold = Hold(
            id=UUID(said["id"]),
            camera_no=int(said["camera"]),
            begins=moment(said["from"]),
            ends=moment(said["until"]),
            basis=str(said["basis"]),
            by=str(said["by"]),
            until=moment(said["held_until"]) if said["held_until"] else None,
        )
        return HeldFiles(hold, files_from_json(said["files"]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise StorageError(f"{folder / MANIFEST}: not understood") from error
