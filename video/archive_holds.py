"""Holds on disk: what nobody may delete, on what basis and until when."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from domain.errors import StorageError
from domain.recording import Hold
from video.archive_claims import Claim, claim_of_hold, claim_of_unread
from video.clips import MANIFEST, KeptFile, files_from_json, files_to_json, kept_files, moment, read_json
from video.segments_link import link_span, write_whole

_VERSION = 1
_SETTLE_S = 60.0  # the last segment of a span that ends now begins at most so much later


@dataclass(frozen=True, slots=True)
class HeldFiles:
    """A hold with the segments that it protects."""

    hold: Hold
    files: tuple[KeptFile, ...]


class HoldShelf:
    """The folder of holds: one folder each, with hard links to segments and a manifest.

    What such a folder holds is never deleted, readable or not. What a hold may claim beyond it, because it can't be
    read or not all of it could be linked, is told by `claims` for as long as that is so.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[UUID, HeldFiles] = {}
        self._claims: dict[Path, Claim] = {}
        self._unproven: set[UUID] = set()  # not all that there is may be linked
        self._read()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Return what may be held and lies, or may lie, in no hold's folder."""
        return tuple(self._claims.values())

    def may_hold(self, camera_no: int, begins: float, ends: float) -> bool:
        """Whether a hold may claim something of this span (Unix seconds) that is not in its folder."""
        return any(claim.covers(camera_no, begins, ends) for claim in self.claims)

    def tend(self, roots: tuple[Path, ...], now: datetime, forget: Callable[[KeptFile], None]) -> None:
        """End what is over and go on with what is not finished; a hold that fails claims what it did not get.

        `forget` is told of each file that lost its protection.
        """
        self._read()
        for held in tuple(self._held.values()):
            folder = self._folder / str(held.hold.id)
            try:
                if held.hold.over(now):
                    for file in self.release(held.hold.id):
                        forget(file)
                elif self._unfinished(held, now):
                    self.protect(held.hold, roots, now)
            except StorageError as error:
                self._claim(claim_of_hold(held.hold, folder, error))

    def holds(self) -> tuple[Hold, ...]:
        """Return all holds, by their beginning."""
        return tuple(sorted((each.hold for each in self._held.values()), key=lambda hold: hold.begins))

    def protect(self, hold: Hold, roots: tuple[Path, ...], now: datetime) -> HeldFiles:
        """Keep what the roots have of a hold's span and write it down; StorageError where the disk refuses."""
        known = self._held.get(hold.id)
        folder = self._folder / str(hold.id)
        self._unproven.add(hold.id)
        if known is None:
            self._save(HeldFiles(hold, ()))  # before anything else: from here on a crash does not lose it
        link_span(roots, hold.camera_no, hold.begins.timestamp(), hold.ends.timestamp(), folder)
        files = kept_files(folder, known.files if known else (), now.timestamp())
        held = HeldFiles(hold, files)
        if known is None or files != known.files:
            self._save(held)
        self._unproven.discard(hold.id)
        return held

    def _unfinished(self, held: HeldFiles, now: datetime) -> bool:
        """Whether segments may still come to it, may still grow, or may not have been linked."""
        open_still = (now - held.hold.ends).total_seconds() < _SETTLE_S
        return open_still or held.hold.id in self._unproven or not all(file.sha256 for file in held.files)

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
        self._unproven.discard(hold_id)
        return held.files

    def _read(self) -> None:
        """Read the holds that are not known, and again those that could not be read."""
        known = {str(hold) for hold in self._held}
        self._claims = {}
        for each in self._folders():
            if each.name in known:
                continue
            try:
                held = _load(each)
            except StorageError as error:
                self._claim(claim_of_unread(each, error))
            else:
                self._held[held.hold.id] = held
                self._unproven.add(held.hold.id)

    def _folders(self) -> list[Path]:
        try:
            return sorted(self._folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self._claim(Claim(self._folder, str(error)))
            return []

    def _claim(self, claim: Claim | None) -> None:
        if claim is not None:
            self._claims[claim.folder] = claim

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
