"""The file that a span was put together in: without a name, so that it is gone with the process that holds it."""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from domain.errors import StorageError
from video.joining import join
from video.review_span import Joined, ReviewSpan

_NAME = "joined.mkv"
_CHUNK = 1 << 20


class JoinedFile:
    """One span as one file. `path` leads to it while this object holds it, and nobody else can find it.

    NothingRecordedError or StorageError as `joining.join` raises them.
    """

    def __init__(self, span: ReviewSpan) -> None:
        named = span.workspace / f"{os.getpid()}-{_NAME}"
        try:
            span.workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
            span.workspace.chmod(0o700)
            _clear(span.workspace)
        except OSError as error:
            raise StorageError(f"{span.workspace}: {error}") from error
        try:
            self.joined: Joined = join(span, named)
            self._file: BinaryIO = named.open("rb")
        except OSError as error:
            raise StorageError(f"{named}: {error}") from error
        finally:
            with contextlib.suppress(OSError):
                named.unlink()
        self.path = Path(f"/proc/self/fd/{self._file.fileno()}")

    def close(self) -> None:
        """Let it go, and with it its room on the disk."""
        self._file.close()

    def save(self, target: Path) -> str:
        """Copy it to a file, which is whole or not there; return its SHA-256. StorageError where the disk refuses."""
        part = target.with_name(target.name + ".part")
        digest, at = hashlib.sha256(), 0
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as copy:
                while chunk := os.pread(self._file.fileno(), _CHUNK, at):
                    digest.update(chunk)
                    copy.write(chunk)
                    at += len(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            part.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise StorageError(f"{target}: {error.strerror or error}") from error
        return digest.hexdigest()


def _clear(folder: Path) -> None:
    """Delete what a process left that was killed while it put something together."""
    for left in folder.glob(f"*-{_NAME}"):
        with contextlib.suppress(OSError):
            left.unlink()
