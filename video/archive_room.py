"""Making room: which unprotected recordings go first, and how much that frees."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from domain.errors import StorageError
from video.archive_usage import Holdings, Stocktaking, folders_in
from video.clips import load_manifest
from video.segments import LONGEST_S, FileSpan, file_spans, segment_names, start_of, track_folders, track_of

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was deleted: the bytes that came free, and when the youngest of it ended (Unix seconds; None: nothing)."""

    freed: int
    youngest: float | None


class Room:
    """Deletes the oldest unprotected: continuous recordings first, then finished clips.

    `spared(camera, begins, ends)` says what must stay besides.
    """

    def __init__(self, recordings: Path, stock: Stocktaking, spared: Callable[[int, float, float], bool]) -> None:
        self._recordings = recordings
        self._stock = stock
        self._spared = spared

    def older_than(self, moment: float, holdings: Holdings) -> None:
        """Delete what has been kept for its time."""
        for shelf in holdings.continuous:
            if shelf.first < moment:
                for span in self._spans(shelf.folder):
                    if span.end < moment:
                        self._drop(span.path)
                _remove_if_empty(shelf.folder)
        for folder, ended_at in self._finished_clips():
            if ended_at < moment:
                self._drop_clip(folder)

    def make(self, enough: Callable[[int], bool], holdings: Holdings) -> Cleared:
        """Delete oldest first until `enough(bytes freed)`, or until nothing is left that may go."""
        freed, youngest = 0, None
        for ended_at, drop in self._oldest_first(holdings):
            if enough(freed):
                break
            freed += drop()
            youngest = max(ended_at, youngest or ended_at)
        for shelf in holdings.continuous:
            _remove_if_empty(shelf.folder)
        return Cleared(freed, youngest)

    def _oldest_first(self, holdings: Holdings) -> Iterator[tuple[float, Callable[[], int]]]:
        hours: dict[str, list[Path]] = {}
        for shelf in holdings.continuous:
            hours.setdefault(shelf.folder.name, []).append(shelf.folder)
        for name in sorted(hours):
            spans = [span for folder in hours[name] for span in self._spans(folder)]
            for span in sorted(spans, key=lambda each: each.start):
                yield span.end, partial(self._drop, span.path)
        for folder, ended_at in self._finished_clips():
            yield ended_at, partial(self._drop_clip, folder)

    def _spans(self, hour: Path) -> list[FileSpan]:
        """Return the segments of a continuous recording's hour that may go."""
        track = track_of(hour.parent.name)
        return [span for span in file_spans(hour) if track and not self._spared(track[0], span.start, span.end)]

    def _finished_clips(self) -> list[tuple[Path, float]]:
        """Return the folders of the clips that may go, with when each ended (Unix seconds), by that."""
        found = []
        for folder in folders_in(self._recordings / "clips"):
            with contextlib.suppress(StorageError):  # what can't be read is not deleted
                clip = load_manifest(folder).clip
                if not clip.finished or clip.ends is None:
                    continue
                begins, ends = clip.begins.timestamp(), clip.ends.timestamp()
                if not self._spared(clip.camera_no, begins - LONGEST_S, ends + LONGEST_S):  # segments reach beyond it
                    found.append((folder, ends))
        return sorted(found, key=lambda each: each[1])

    def _drop(self, path: Path) -> int:
        """Delete one name of a file; return what came free, which is nothing while it has others."""
        try:
            seen = path.stat()
            path.unlink()
        except OSError:
            return 0
        self._stock.forget(path.parent.parent.name, start_of(path.name) or 0.0)
        return seen.st_blocks * _BLOCK if seen.st_nlink == 1 else 0

    def _drop_clip(self, folder: Path) -> int:
        freed = 0
        for track, _ in track_folders(folder):
            for name in segment_names(track):
                try:
                    seen = (track / name).stat()
                except OSError:
                    continue
                freed += seen.st_blocks * _BLOCK if seen.st_nlink == 1 else 0
                self._stock.forget(track.name, start_of(name) or 0.0)
        shutil.rmtree(folder, ignore_errors=True)
        return freed


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106 - one call that only succeeds where nothing is left
