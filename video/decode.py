"""FFmpeg behind two small classes. Only worker processes import this file."""

from collections.abc import Sequence
from contextlib import suppress

import av
import av.error
import av.logging
from av.codec.context import Flags
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from domain.errors import ProtocolError

_START = b"\0\0\0\1"
_SHORT_START = _START[1:]  # as segments hold all but the first
_MAX_PIXELS = 8192 * 4320  # more is no camera of ours, and each picture would take 100 MB
_FORMATS = {"bgrx": "bgra", "nv12": "nv12"}
_STRICT = {"hevc", "mjpeg"}  # FFmpeg shows what it could not decode of these, and says nothing (libavcodec 62)

av.logging.set_level(av.logging.PANIC)  # what can't be decoded is counted; FFmpeg's own words would flood the log


def begins_anew(codec: str, data: bytes) -> bool:
    """Whether a unit holds a picture that needs none before it and clears all of them away (IDR, BLA; any JPEG)."""
    at = 0 if codec != "mjpeg" else -1
    while at >= 0 and (at := data.find(_SHORT_START, at)) >= 0:
        at += len(_SHORT_START)
        first = data[at] if at < len(data) else 0
        if (first & 0x1F == 5) if codec == "h264" else (16 <= first >> 1 & 0x3F <= 20):
            return True
    return codec == "mjpeg"


class Decoder:
    """Turns access units into pictures, one thread, nothing held back; `coarse` leaves out the deblocking filter."""

    def __init__(self, codec: str, parameter_sets: Sequence[bytes], *, coarse: bool = False) -> None:
        context = av.CodecContext.create(codec, "r")
        if not isinstance(context, VideoCodecContext):
            raise TypeError(f"{codec} is no video codec")
        self._context = context
        context.thread_count = 1
        context.flags |= Flags.low_delay
        context.options = {"max_pixels": str(_MAX_PIXELS), "skip_loop_filter": "all" if coarse else "default"}
        if codec in _STRICT:
            context.options |= {"err_detect": "explode"}
        elif parameter_sets:
            context.extradata = b"".join(_START + unit for unit in parameter_sets)
        self.coarse = coarse
        self.undecodable = 0
        if codec in _STRICT:
            self._teach(parameter_sets)

    def _teach(self, parameter_sets: Sequence[bytes]) -> None:
        """Give the sets one by one: of a strict decoder's extradata a single wrong one would refuse all pictures."""
        for unit in parameter_sets:
            with suppress(av.error.FFmpegError):
                self._context.decode(av.Packet(_START + unit))

    def decode(self, data: bytes, number: int) -> VideoFrame | None:
        """Return the newest picture that this unit completes; its `pts` is the number of its own unit.

        One that FFmpeg had to mend counts as undecodable: what it invents must not look live.
        """
        packet = av.Packet(data)
        packet.pts = number
        try:
            frames = self._context.decode(packet)
        except av.error.FFmpegError:
            self.undecodable += 1
            return None
        if any(frame.is_corrupt for frame in frames):
            self.undecodable += 1
            return None
        return frames[-1] if frames else None


class Scaler:
    """Scales pictures to one size and format; keeps FFmpeg's tables between them."""

    def __init__(self, width: int, height: int, pixel_format: str) -> None:
        self._width = width
        self._height = height
        self._format = _FORMATS[pixel_format]
        self._scaler = VideoReformatter()
        self._rows: list[tuple[slice, slice]] = []
        self._line_size = 0

    def scale_into(self, frame: VideoFrame, target: memoryview) -> None:
        """Write the scaled picture without padding; ProtocolError where FFmpeg can't.

        Widths that are multiples of 4 save one copy.
        """
        try:
            scaled = self._scaler.reformat(
                frame, self._width, self._height, self._format, interpolation=Interpolation.FAST_BILINEAR, threads=1
            )
        except (av.error.FFmpegError, ValueError) as error:
            raise ProtocolError("a picture of the camera can't be scaled") from error
        row_bytes = self._width * 4 if self._format == "bgra" else self._width
        start = 0
        for plane, rows in zip(scaled.planes, (self._height, self._height // 2), strict=False):
            end = start + row_bytes * rows
            if plane.line_size == row_bytes:
                target[start:end] = memoryview(plane)[: row_bytes * rows]
            else:
                self._copy_rows(memoryview(plane), plane.line_size, target[start:end], row_bytes, rows)
            start = end

    def _copy_rows(self, plane: memoryview, line_size: int, target: memoryview, row_bytes: int, rows: int) -> None:
        if len(self._rows) < rows or self._line_size != line_size:
            self._line_size = line_size
            starts = [(row * row_bytes, row * line_size) for row in range(rows)]
            self._rows = [(slice(to, to + row_bytes), slice(of, of + row_bytes)) for to, of in starts]
        for to, of in self._rows[:rows]:
            target[to] = plane[of]
