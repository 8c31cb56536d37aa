"""A kept clip on disk: a folder with hard links to its segments, and a manifest that says what it is."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.errors import StorageError
from domain.recording import Clip, ClipReason, Gap
from video.segments import file_span, segment_names, track_folders
from video.segments_link import write_whole

MANIFEST = "manifest.json"
SETTLED_S = 5.0  # a file that nobody wrote to for so long is finished
_VERSION = 1


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One segment of a clip or a hold: its name below the folder, span (Unix seconds), size in bytes and SHA-256.

    `sha256` is empty while the segment may still grow. `changed_ns` is the file time that goes with it.
    """

    name: str
    start: float
    end: float
    bytes: int
    changed_ns: int
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a clip's folder says of itself."""

    clip: Clip
    files: tuple[KeptFile, ...] = ()


class Allowance:
    """How many bytes may still be read for digests in this turn; a segment that is begun is finished."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> bool:
        """Whether so much more may be read."""
        if self._left <= 0:
            return False
        self._left -= size
        return True


def kept_files(
    folder: Path,
    known: tuple[KeptFile, ...],
    now: float,
    *,
    again: bool = False,
    allowance: Allowance | None = None,
) -> tuple[KeptFile, ...]:
    """Return the segments below a folder with the digests of those that are finished.

    `known` saves looking at what was finished before; with `again` each file is at least looked at once more. What
    the allowance has no room for gets its digest another time. StorageError where a file can't be read.
    """
    before = {each.name: each for each in known}
    found = []
    for track, _ in sorted(track_folders(folder)):
        names = segment_names(track)
        for name in names:
            kept = before.get(f"{track.name}/{name}")
            if kept is None or not kept.sha256 or again:
                kept = _kept(track / name, kept, now, allowance, last=name == names[-1])
            if kept is not None:
                found.append(kept)
    return tuple(found)


def _kept(
    path: Path, known: KeptFile | None, now: float, allowance: Allowance | None, *, last: bool
) -> KeptFile | None:
    span = file_span(path)
    if span is None:
        return None
    try:
        changed_ns = path.stat().st_mtime_ns
        digest = known.sha256 if known and (known.bytes, known.changed_ns) == (span.bytes, changed_ns) else ""
        finished = not last or now - span.end > SETTLED_S
        if not digest and finished and (allowance is None or allowance.take(span.bytes)):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"{path}: {error}") from error
    return KeptFile(f"{path.parent.name}/{path.name}", span.start, span.end, span.bytes, changed_ns, digest)


def save_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a clip's manifest; StorageError where that fails."""
    clip = manifest.clip
    said = {
        "version": _VERSION,
        "kind": "clip",
        "id": str(clip.id),
        "camera": clip.camera_no,
        "reason": clip.reason.value,
        "from": clip.begins.isoformat(),
        "until": clip.ends.isoformat() if clip.ends else None,
        "alarm": str(clip.alarm) if clip.alarm else None,
        "note": clip.note,
        "finished": clip.finished,
        "gaps": [{"from": gap.begins.isoformat(), "until": gap.ends.isoformat()} for gap in clip.gaps],
        "files": files_to_json(manifest.files),
    }
    write_whole(folder / MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))


def load_manifest(folder: Path) -> Manifest:
    """Return what a clip's folder says of itself; StorageError where it says nothing that can be understood."""
    said = read_json(folder / MANIFEST)
    try:
        clip = Clip(
            id=UUID(said["id"]),
            camera_no=int(said["camera"]),
            reason=ClipReason(said["reason"]),
            begins=moment(said["from"]),
            ends=moment(said["until"]) if said["until"] else None,
            alarm=UUID(said["alarm"]) if said["alarm"] else None,
            note=str(said["note"]),
            finished=bool(said["finished"]),
            gaps=tuple(Gap(moment(gap["from"]), moment(gap["until"])) for gap in said["gaps"]),
        )
        return Manifest(clip, files_from_json(said["files"]))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise StorageError(f"{folder / MANIFEST}: not understood") from error


def files_to_json(files: tuple[KeptFile, ...]) -> list[dict[str, Any]]:
    """Return the files of a manifest as JSON writes them."""
    return [
        {
            "name": file.name,
            "from": datetime.fromtimestamp(file.start, UTC).isoformat(),
            "until": datetime.fromtimestamp(file.end, UTC).isoformat(),
            "bytes": file.bytes,
            "changed_ns": file.changed_ns,
            "sha256": file.sha256,
        }
        for file in files
    ]


def files_from_json(said: list[dict[str, Any]]) -> tuple[KeptFile, ...]:
    """Return the files that a manifest names; KeyError, TypeError or ValueError where it was not written by us."""
    return tuple(
        KeptFile(
            str(file["name"]),
            moment(file["from"]).timestamp(),
            moment(file["until"]).timestamp(),
            int(file["bytes"]),
            int(file["changed_ns"]),
            str(file["sha256"]),
        )
        for file in said
    )


def read_json(path: Path) -> dict[str, Any]:
    """Return the JSON object of a file; StorageError where there is none."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StorageError(f"{path}: {error}") from error
    if not isinstance(said, dict):
        raise StorageError(f"{path}: not understood")
    return said


def moment(text: str) -> datetime:
    """Return an aware moment of its ISO text; ValueError where it is none."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text}: without an offset")
    return found.astimezone(UTC)
