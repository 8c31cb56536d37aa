"""Snapshots: still pictures that were taken, each with the hash that proves it is the same."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import PurePosixPath

from domain.errors import BadInputError
from domain.record import Record

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class SnapshotStep(StrEnum):
    """What can happen to a snapshot."""

    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot(Record):
    """A still picture of a camera.

    `at` is when its frame arrived here, `camera_at` when the camera says that it was made, `by` who took it. `file` is
    its path below the folder of snapshots, parted by `/`; `sha256` the file's hash in hex; `masked` says
    that the camera's privacy masks are burnt in. Size in pixels.
    """

    camera_no: int
    at: datetime
    camera_at: datetime | None
    by: str
    file: str
    sha256: str
    width: int
    height: int
    masked: bool

    def __post_init__(self) -> None:
        path = PurePosixPath(self.file)
        if not self.file or path.is_absolute() or ".." in path.parts or "\0" in self.file:
            raise BadInputError(f"{self.file!r} is no path below the folder of snapshots")
        if not _SHA256.fullmatch(self.sha256):
            raise BadInputError(f"{self.sha256!r} is no SHA-256 in hex")
        if self.width < 1 or self.height < 1:
            raise BadInputError(f"a picture of {self.width} x {self.height} pixels is none")
