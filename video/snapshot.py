"""One picture of a camera's past or present at its own size, and how it is put on the disk for good."""

import hashlib
import mmap
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from domain.errors import StorageError


@dataclass(frozen=True, slots=True)
class Still:
    """A picture as the camera sent it. `pixels` are BGRX rows without padding.

    Times are Unix seconds; `camera_at` is the camera's own clock, 0 where it never told.
    """

    camera_no: int
    width: int
    height: int
    pixels: memoryview
    arrived_at: float
    camera_at: float
    masked: bool


def read_pixels(file: int, width: int, height: int) -> memoryview:
    """Return the pixels in a worker's file, which is closed; StorageError where it holds too few."""
    try:
        with mmap.mmap(file, 0, prot=mmap.PROT_READ) as memory:
            pixels = bytes(memory[: width * height * 4])
    except (OSError, ValueError) as error:
        raise StorageError("a picture of the replay worker can't be read") from error
    finally:
        os.close(file)
    if len(pixels) < width * height * 4:
        raise StorageError("a picture of the replay worker is too short")
    return memoryview(pixels)


def store(data: bytes, target: Path) -> str:
    """Write a snapshot's file whole or not at all, for its owner only, and return its SHA-256 in hexadecimal.

    StorageError where that fails, or where there is a file of this name: what was taken is never written over.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file, name = tempfile.mkstemp(dir=target.parent, prefix=".")  # made with mode 0600
        with os.fdopen(file, "wb") as writing:
            try:
                writing.write(data)
                writing.flush()
                os.fsync(writing.fileno())
                os.link(name, target)
            finally:
                Path(name).unlink()
        _flush_folder(target.parent)
    except OSError as error:
        raise StorageError(f"the snapshot can't be stored as {target}: {error.strerror}") from error
    return hashlib.sha256(data).hexdigest()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
