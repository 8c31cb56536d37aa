"""Making room: which unprotected recordings go first, and how much that frees."""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from domain.errors import StorageError
from video.archive_usage import Holdings, Stocktaking
from video.clips import load_manifest
from video.segments import file_spans, segment_names, start_of, track_folders

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was deleted: the bytes that came free, and when the youngest of it ended (Unix seconds; None: nothing)."""

    freed: int
    youngest: float | None


class Room:
    """Deletes the oldest unprotected: continuous recordings first, then finished clips."""

    def __init__(self, recordings: Path, stock: Stocktaking) -> None:
        self._recordings = recordings
        self._stock = stock

    def older_than(self, moment: float, holdings: Holdings) -> None:
        """Delete what has been kept for its time."""
        for shelf in holdings.continuous:
            if shelf.first < moment:
                for span in file_spans(shelf.folder):
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
            spans = [span for folder in hours[name] for span in file_spans(folder)]
            for span in sorted(spans, key=lambda each: each.start):
                yield span.end, partial(self._drop, span.path)
        for folder, ended_at in self._finished_clips():
            yield ended_at, partial(self._drop_clip, folder)

    def _finished_clips(self) -> list[tuple[Path, float]]:
        found = []
        clips = self._recordings / "clips"
        for folder in clips.iterdir() if clips.is_dir() else ():
            with contextlib.suppress(StorageError):  # what can't be read is not deleted
                clip = load_manifest(folder).clip
                if clip.finished and clip.ends is not None:
                    found.append((folder, clip.ends.timestamp()))
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
