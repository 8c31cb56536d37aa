"""One clip while it is under way: gathers its segments, and finishes its manifest."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from domain.recording import Clip, Gap
from video.clips import Allowance, KeptFile, Manifest, kept_files, save_manifest
from video.segments import gaps
from video.segments_link import link_span

_LOOK_BACK_S = 60.0  # segments are about 10 s long, and appear when they begin
_SETTLE_S = 2.0  # the ring is on disk half a second after the camera; a segment may begin just before the clip's end


class ClipUnderWay:
    """Keeps what the ring has of a clip's span; used on the recorder's thread, StorageError where the disk refuses.

    Nothing depends on memory: another process can go on from what lies in the folder. Until the clip is finished its
    manifest names no files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: tuple[KeptFile, ...] = ()
        self._saved: Clip | None = None
        self._linked_until = float("-inf")

    def advance(self, clip: Clip, roots: tuple[Path, ...], now: datetime, allowance: Allowance) -> Clip:
        """Link what is new, write what changed, and return the clip: finished when its last segment has its digest."""
        if clip != self._saved:  # before anything else: from here on a crash does not lose it
            self._save(clip)
        ends_at = min(clip.ends or now, now).timestamp()
        begins_at = max(clip.begins.timestamp(), self._linked_until - _LOOK_BACK_S)
        link_span(roots, clip.camera_no, begins_at, ends_at, self._folder)
        self._linked_until = ends_at
        over = clip.ends is not None and (now - clip.ends).total_seconds() > _SETTLE_S
        self._files = kept_files(self._folder, self._files, now.timestamp(), again=over, allowance=allowance)
        if over and all(file.sha256 for file in self._files):
            clip = replace(clip, finished=True, gaps=self._gaps(clip))
            self._save(clip)
        return clip

    def _gaps(self, clip: Clip) -> tuple[Gap, ...]:
        if clip.ends is None:
            return ()
        missing = gaps([self._folder], clip.camera_no, clip.begins.timestamp(), clip.ends.timestamp())
        return tuple(
            Gap(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end in missing
        )

    def _save(self, clip: Clip) -> None:
        save_manifest(self._folder, Manifest(clip, self._files if clip.finished else ()))
        self._saved = clip
