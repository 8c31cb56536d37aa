"""One segment file while it is written. Only stream workers import this file."""

import contextlib
import os
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from domain.errors import ProtocolError, StorageError
from video.ring_header import annex_b

CLUSTER_MS = 400  # what a killed worker loses at most, besides a picture and what waits in the queue
_MILLISECOND = Fraction(1, 1000)
_BEFORE_ALL = 1_000_000  # decoding times only have to grow and be below the presentation times; Matroska stores none
_OPTIONS = {"cluster_time_limit": str(CLUSTER_MS), "flush_packets": "1", "avoid_negative_ts": "disabled"}

TAG_CAMERA = "WATCHROOM_CAMERA"
TAG_PROFILE = "WATCHROOM_PROFILE"
TAG_ARRIVED = "WATCHROOM_ARRIVED_US"
TAG_CAMERA_TIME = "WATCHROOM_CAMERA_US"
TAG_GAP = "WATCHROOM_GAP_MS"


class _Sink:
    """A file for FFmpeg that writes all or raises: a disk that fills takes a part and says nothing."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        self.closed = False
        self.failed = False

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        self.failed = True
        while rest:
            rest = rest[os.write(self._fd, rest) :]
        self.failed = False
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return os.lseek(self._fd, offset, whence)

    def tell(self) -> int:
        return os.lseek(self._fd, 0, os.SEEK_CUR)

    def close(self) -> None:
        if not self.closed:
            self.closed = True
            os.close(self._fd)


class SegmentFile:
    """Takes one track's pictures, the first being a keyframe.

    `tags` are the header's; times are milliseconds from the first picture. Every method raises StorageError for what
    the disk says, and ProtocolError for what is no picture, or none that can be kept.
    """

    def __init__(
        self, path: Path, codec: str, size: tuple[int, int], header: tuple[bytes, ...], tags: dict[str, str]
    ) -> None:
        self.path = path
        self.bytes = 0
        self._header = b"" if codec == "mjpeg" else annex_b(header)
        self._count = 0
        try:
            self._sink = _Sink(path)
        except OSError as error:
            raise _said(path, error) from error
        try:
            self._container = self._open(tags)
            self._stream: Stream = self._container.add_mux_stream(codec, width=size[0], height=size[1])
            self._stream.time_base = _MILLISECOND
        except (OSError, ValueError, av.error.FFmpegError) as error:
            self._sink.close()
            with contextlib.suppress(OSError):
                path.unlink()
            raise self._meant(error, f"{codec} of {size[0]} x {size[1]} can't be kept") from error

    @property
    def empty(self) -> bool:
        """Whether no picture is in it yet."""
        return self._count == 0

    def write(self, data: bytes, pts_ms: int, *, key: bool, with_header: bool = False) -> None:
        """Add a picture; `with_header` puts the parameter sets before it, for cameras that tell them only elsewhere."""
        packet = Packet(self._header + data if with_header else data)
        packet.stream = self._stream
        packet.time_base = _MILLISECOND
        packet.pts = pts_ms
        packet.dts = self._count - _BEFORE_ALL
        packet.is_keyframe = key
        try:
            self._container.mux_one(packet)
        except (OSError, ValueError, av.error.FFmpegError) as error:
            raise self._meant(error, "a picture of the camera can't be kept") from error
        self._count += 1
        self.bytes += len(data)

    def close(self, ended_at: float) -> None:
        """Write what is left and the index, and set the file's time to when its last picture ended (Unix seconds)."""
        try:
            self._container.close()
            self._sink.close()
            os.utime(self.path, (ended_at, ended_at))
        except (OSError, av.error.FFmpegError) as error:
            raise _said(self.path, error) from error
        finally:
            self._sink.close()

    def _meant(self, error: Exception, otherwise: str) -> StorageError | ProtocolError:
        """Return what an error of the writing means: the disk's, or FFmpeg refuses what the camera sent."""
        ours = isinstance(error, av.error.FFmpegError | ValueError) and not self._sink.failed
        return ProtocolError(f"{otherwise}: {error}") if ours else _said(self.path, error)

    def _open(self, tags: dict[str, str]) -> OutputContainer:
        container = av.open(self._sink, "w", format="matroska", options=_OPTIONS)
        container.metadata.update(tags)
        return container


def _said(path: Path, error: Exception) -> StorageError:
    return StorageError(f"{path}: {error}")
