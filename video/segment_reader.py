"""Reading a segment's pictures back. Only worker processes import this file."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import av
import av.error
import av.logging
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from domain.errors import StorageError
from video.ring_file import TAG_ARRIVED, TAG_CAMERA, TAG_CAMERA_TIME, TAG_GAP, TAG_PROFILE

_CODECS = {"h264": "h264_mp4toannexb", "hevc": "hevc_mp4toannexb", "mjpeg": ""}
_OPTIONS = {"probesize": "65536", "analyzeduration": "0", "fpsprobesize": "0"}

av.logging.set_level(av.logging.PANIC)  # what can't be read is said in our own words


class SegmentError(StorageError):
    """A file is no readable segment: it vanished, holds nothing yet, or something else."""


@dataclass(frozen=True, slots=True)
class StoredUnit:
    """One coded picture: Annex B with the parameter sets at keyframes, or a JPEG.

    `arrived_at` is in Unix seconds, `pts_ms` counts from the segment's first picture.
    """

    data: bytes
    arrived_at: float
    key: bool
    pts_ms: int


class SegmentReader:
    """One segment, finished, growing or cut off by a crash: what is whole of it can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._container: InputContainer = av.open(str(path), format="matroska", options=_OPTIONS)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise SegmentError(f"{path}: {error}") from error
        try:
            self._take_header()
        except SegmentError:
            self._container.close()
            raise

    def _take_header(self) -> None:
        stream = self._container.streams[0] if self._container.streams else None
        if not isinstance(stream, VideoStream) or stream.name not in _CODECS:
            raise SegmentError(f"{self.path}: no stream that a camera of ours sends")
        self._stream = stream
        self.codec: str = stream.name
        self.width, self.height = stream.width, stream.height
        self.extradata = stream.codec_context.extradata or b""
        tags = self._container.metadata
        self.camera_no, self.profile = _number(tags.get(TAG_CAMERA)), tags.get(TAG_PROFILE, "")
        self.arrived_at = _number(tags.get(TAG_ARRIVED)) / 1e6
        self.camera_at = _number(tags.get(TAG_CAMERA_TIME)) / 1e6
        self.gap_s = _number(tags.get(TAG_GAP)) / 1e3

    def __enter__(self) -> "SegmentReader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._container.close()

    def units(self) -> Iterator[StoredUnit]:
        """Yield the pictures in the order in which they came, up to the last whole one."""
        filter_name = _CODECS[self.codec]
        to_annex_b = BitStreamFilterContext(filter_name, in_stream=self._stream) if filter_name else None
        with contextlib.suppress(av.error.FFmpegError):  # a file that is cut off ends here
            for packet in self._container.demux(self._stream):
                if packet.size:
                    yield from self._stored(to_annex_b.filter(packet) if to_annex_b else [packet])

    def _stored(self, packets: "Sequence[Packet[Stream] | Packet[VideoStream]]") -> Iterator[StoredUnit]:
        for packet in packets:
            pts_ms = packet.pts or 0
            yield StoredUnit(bytes(packet), self.arrived_at + pts_ms / 1000, packet.is_keyframe, pts_ms)


def _number(text: str | None) -> int:
    """Return a tag's number, 0 where there is none."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 20 else 0
