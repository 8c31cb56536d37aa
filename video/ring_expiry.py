"""What leaves the ring: the oldest, by age and by size."""

import contextlib
import os
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from video.segments import FileSpan, file_spans

_NOBODY: Mapping[Path, int] = {}


class Expiry:
    """Deletes from the folders that one writer has written to; what a former worker left there goes in its turn."""

    def __init__(self, seconds: float, max_bytes: int) -> None:
        self.segments = 0
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._folders: set[Path] = set()

    def watch(self, folders: Iterable[Path]) -> None:
        """Look after these folders too, until they are empty."""
        self._folders.update(folders)

    def expire(self, now: float, growing: Mapping[Path, int] = _NOBODY, busy: Set[Path] = frozenset()) -> None:
        """Delete what ended too long ago, then the oldest while there is too much; never what is being written.

        Folders that are empty and not `busy` go too.
        """
        kept = self._kept(growing)
        total = sum(growing.values()) + sum(each.bytes for each in kept)
        for each in kept:
            if each.end >= now - self._seconds and total <= self._max_bytes:
                continue
            _delete(each.path)
            total -= each.bytes
        self._folders = {folder for folder in self._folders if folder in busy or not _gone(folder)}

    def drop_oldest(self) -> None:
        """Make room on a full disk."""
        kept = self._kept(_NOBODY)
        if len(kept) > len(self._folders):  # each folder may have one that is being written
            _delete(kept[0].path)

    def _kept(self, growing: Mapping[Path, int]) -> list[FileSpan]:
        found = [span for folder in self._folders for span in file_spans(folder) if span.path not in growing]
        self.segments = len(found) + len(growing)
        return sorted(found, key=lambda span: span.end)


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):  # the next round tries again
        path.unlink()


def _gone(folder: Path) -> bool:
    """Whether the folder is empty, and remove it then."""
    try:
        os.rmdir(folder)  # noqa: PTH106 - one call that only succeeds where nothing is left
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
