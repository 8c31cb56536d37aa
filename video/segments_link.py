"""Keeping segments: a second name for the same file costs no copy and outlives the ring's."""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from domain.errors import StorageError
from video.segments import list_segments


def link_span(roots: Iterable[Path], camera_no: int, begins: float, ends: float, target: Path) -> int:
    """Keep what the roots have of a camera's span, every profile, below `target`; return how many files are new.

    StorageError where the disk refuses; what expires meanwhile is passed over.
    """
    new = 0
    for segment in list_segments(roots, camera_no, begins, ends):
        folder = target / f"{camera_no}-{segment.profile}"
        new += link_file(segment.path, folder / segment.path.name)
    return new


def link_file(path: Path, target: Path) -> bool:
    """Give a file a second name, with the folders that it takes; False where it has it or the file is gone.

    StorageError where the disk refuses, for instance because the target lies on another one.
    """
    if target.exists():
        return False
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:  # also where a file of that name is in the way
        raise StorageError(f"{target.parent}: {error}") from error
    try:
        target.hardlink_to(path)
    except (FileExistsError, FileNotFoundError):
        return False
    except OSError as error:
        raise StorageError(f"{target}: {error}") from error
    return True


def write_whole(path: Path, text: str) -> None:
    """Write a small file so that after any crash it is the old one or the new one; StorageError where that fails."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise StorageError(f"{path}: {error}") from error
