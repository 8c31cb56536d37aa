"""What a decoder must know before the first picture: parameter sets, and the frame header of a JPEG."""

import io

import av
import av.error
import av.logging
from av.video.stream import VideoStream

from domain.errors import ProtocolError

START = b"\0\0\0\1"
_MARK = b"\0\0\1"
_FORMATS = {"h264": "h264", "hevc": "hevc", "mjpeg": "mjpeg"}

av.logging.set_level(av.logging.PANIC)  # what can't be read is said in our own words


def leading_units(codec: str, data: bytes) -> list[bytes]:
    """Return the NAL units of an Annex B picture that stand before its first slice."""
    units: list[bytes] = []
    start = data.find(_MARK) + 3
    while start >= 3 and start < len(data) and not _slice(codec, data[start]):
        end = data.find(_MARK, start)
        units.append(data[start : len(data) if end < 0 else end].rstrip(b"\0"))
        start = end + 3
    return units


def header_of(codec: str, data: bytes, known: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the parameter sets that hold from this keyframe on; `known` are those that held before it.

    For MJPEG it is the frame header (size and components). Empty where none are known yet.
    """
    if codec == "mjpeg":
        return (_frame_header(data),)
    found = tuple(unit for unit in leading_units(codec, data) if unit and _parameter_set(codec, unit[0]))
    if any(_sequence_set(codec, unit[0]) for unit in found):
        return found
    return known + tuple(unit for unit in found if unit not in known)


def carries_header(codec: str, data: bytes) -> bool:
    """Whether a keyframe brings all that a decoder needs."""
    if codec == "mjpeg":
        return True
    kinds = {_kind(codec, unit[0]) for unit in leading_units(codec, data) if unit}
    return kinds >= ({7, 8} if codec == "h264" else {32, 33, 34})


def picture_size(codec: str, header: tuple[bytes, ...], data: bytes) -> tuple[int, int]:
    """Return width and height of a keyframe; ProtocolError where FFmpeg can't make sense of it."""
    whole = data if codec == "mjpeg" else annex_b(header) + data
    try:
        with av.open(io.BytesIO(whole), format=_FORMATS[codec]) as container:
            stream = container.streams[0]
            if isinstance(stream, VideoStream) and stream.width and stream.height:
                return stream.width, stream.height
    except (av.error.FFmpegError, IndexError) as error:
        raise ProtocolError("a keyframe of the camera can't be read") from error
    raise ProtocolError("a keyframe of the camera does not tell its size")


def annex_b(units: tuple[bytes, ...]) -> bytes:
    """Return NAL units with their start codes."""
    return b"".join(START + unit for unit in units)


def _kind(codec: str, first: int) -> int:
    return first & 0x1F if codec == "h264" else first >> 1 & 0x3F


def _slice(codec: str, first: int) -> bool:
    kind = _kind(codec, first)
    return 1 <= kind <= 5 if codec == "h264" else kind < 32


def _parameter_set(codec: str, first: int) -> bool:
    return _kind(codec, first) in ({7, 8, 13} if codec == "h264" else {32, 33, 34})


def _sequence_set(codec: str, first: int) -> bool:
    return _kind(codec, first) == (7 if codec == "h264" else 33)


def _frame_header(data: bytes) -> bytes:
    """Return a JPEG's start-of-frame segment (ISO 10918-1, B.2.2), or nothing where it has none."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        kind, length = data[at + 1], data[at + 2] << 8 | data[at + 3]
        if 0xC0 <= kind <= 0xC2:
            return data[at : at + 2 + length]
        at += 2 + length
    return b""
