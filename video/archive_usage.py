"""How much of the disk pictures take. A file with several names is counted once: each name bears its share."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from video.segments import hour_folder, start_of, track_folders

_BLOCK = 512  # POSIX: st_blocks counts these, whatever the file system's own are
_HOURS_THAT_GROW_S = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder of segments. Sizes in bytes, moments in Unix seconds.

    `share` divides each file by the number of its names; `size` counts it whole.
    """

    folder: Path
    share: float
    size: int
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Holdings:
    """All shelves, by what they are to the archive."""

    ring: tuple[Shelf, ...]
    continuous: tuple[Shelf, ...]
    clips: tuple[Shelf, ...]
    held: tuple[Shelf, ...]

    @property
    def used(self) -> int:
        """Return the bytes that all take together."""
        return round(sum(shelf.share for shelf in (*self.ring, *self.continuous, *self.clips, *self.held)))

    @property
    def protected(self) -> int:
        """Return the bytes that nobody may delete."""
        return sum(shelf.size for shelf in self.held)


def take_stock(folder: Path) -> Shelf:
    """Return what a folder of segments holds; one that vanished is empty."""
    share, size, starts = 0.0, 0, []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            start = start_of(entry.name)
            if start is None:
                continue
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                taken = found.st_blocks * _BLOCK
                share += taken / max(1, found.st_nlink)
                size += taken
                starts.append(start)
    return Shelf(folder, share, size, min(starts, default=0.0), max(starts, default=0.0))


class Stocktaking:
    """Looks at all folders; hours long past are only looked at again where something happened to them."""

    def __init__(self, ring: Path, recordings: Path) -> None:
        self._ring = ring
        self._recordings = recordings
        self._past: dict[Path, tuple[int, Shelf]] = {}

    def look(self, now: float) -> Holdings:
        """Return what lies where."""
        return Holdings(
            ring=tuple(take_stock(folder) for folder, _ in track_folders(self._ring)),
            continuous=tuple(self._hours(now)),
            clips=tuple(self._kept("clips")),
            held=tuple(self._kept("held")),
        )

    def forget(self, track: str, start: float) -> None:
        """Look again at the hour of a segment that got or lost a name."""
        self._past.pop(self._recordings / "continuous" / track / hour_folder(start), None)

    def _hours(self, now: float) -> Iterator[Shelf]:
        grows_from = hour_folder(now - _HOURS_THAT_GROW_S)
        seen = {}
        for track, _ in track_folders(self._recordings / "continuous"):
            for hour in folders_in(track):
                shelf = take_stock(hour) if hour.name >= grows_from else self._remembered(hour)
                if hour.name < grows_from:
                    seen[hour] = (_changed(hour), shelf)
                yield shelf
        self._past = seen

    def _remembered(self, folder: Path) -> Shelf:
        known = self._past.get(folder)
        return known[1] if known is not None and known[0] == _changed(folder) else take_stock(folder)

    def _kept(self, kind: str) -> Iterator[Shelf]:
        for each in folders_in(self._recordings / kind):
            for track, _ in track_folders(each):
                yield take_stock(track)


def _changed(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def folders_in(folder: Path) -> list[Path]:
    """Return the folders in a folder, by name; none where it is none or can't be read."""
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir())
    except OSError:
        return []
