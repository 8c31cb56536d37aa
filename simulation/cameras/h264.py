"""H.264 as it travels: coding pictures, taking streams apart, and RTP payloads (RFC 6184, packetisation mode 1)."""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.frame import PictureType

from simulation.cameras.config import Profile
from simulation.cameras.counter import Plane

RTP_CLOCK_HZ = 90_000
LARGEST_PAYLOAD = 1400  # bytes, to stay below an Ethernet frame

_START_CODE = re.compile(b"\0\0\0?\1")
_IDR, _SPS, _PPS, _DELIMITER, _FU_A = 5, 7, 8, 9, 28


@dataclass(frozen=True, slots=True)
class Picture:
    """One coded picture as RTP payloads, in order; none where the camera left the picture out."""

    payloads: tuple[bytes, ...]
    key: bool


@dataclass(frozen=True, slots=True)
class ParameterSets:
    """What a decoder has to know before the first picture."""

    sps: bytes
    pps: bytes

    def fmtp(self) -> str:
        """Return the format parameters of the session description."""
        sets = ",".join(base64.b64encode(unit).decode() for unit in (self.sps, self.pps))
        return f"packetization-mode=1;profile-level-id={self.sps[1:4].hex().upper()};sprop-parameter-sets={sets}"


class Coder:
    """An x264 encoder: no B-frames, a keyframe every second of numbers, everything else as fast as it goes."""

    def __init__(self, profile: Profile, *, live: bool) -> None:
        context = av.CodecContext.create("libx264", "w")
        context.width, context.height, context.pix_fmt = profile.width, profile.height, "yuv420p"
        context.framerate = Fraction(profile.fps)
        context.time_base = Fraction(1, profile.fps)
        context.thread_count = 1
        rate = f"vbv-maxrate={profile.kbps}:vbv-bufsize={profile.kbps}"
        gop = f"keyint={profile.fps}:min-keyint={profile.fps}:scenecut=0:bframes=0:aud=1"
        context.options = {
            "preset": "ultrafast" if live else "superfast",
            "crf": "27" if live else "26",
            "forced-idr": "1",
            "x264-params": f"{gop}:{rate}",
            **({"tune": "zerolatency"} if live else {}),
        }
        self._context = context
        self._fps = profile.fps

    def code(self, planes: tuple[Plane, Plane, Plane], no: int) -> bytes:
        """Return what comes out (Annex B) on taking picture `no`; a live coder answers each picture at once."""
        frame = av.VideoFrame.from_ndarray(_packed(planes), format="yuv420p")
        frame.pts = no
        if no % self._fps == 0:
            frame.pict_type = PictureType.I
        return b"".join(bytes(packet) for packet in self._context.encode(frame))

    def rest(self) -> bytes:
        """Return what the encoder still held back; it takes no more pictures."""
        return b"".join(bytes(packet) for packet in self._context.encode(None))


def _packed(planes: tuple[Plane, Plane, Plane]) -> Plane:
    """Return the planes one below the other as PyAV takes them."""
    luma, blue, red = planes
    height, width = luma.shape
    packed = np.empty((height * 3 // 2, width), np.uint8)
    packed[:height] = luma
    packed[height:].reshape(2, height // 2, width // 2)[:] = (blue, red)
    return packed


def units(stream: bytes) -> list[bytes]:
    """Return the NAL units of an Annex B stream, without start codes."""
    return [unit for unit in _START_CODE.split(stream) if unit]


def pictures(stream: bytes) -> list[list[bytes]]:
    """Return the NAL units of each picture of a stream that marks pictures with delimiters, the delimiters left out."""
    found: list[list[bytes]] = []
    for unit in units(stream):
        if unit[0] & 31 == _DELIMITER:
            found.append([])
        else:
            found[-1].append(unit)
    return found


def parameter_sets(nal_units: Iterable[bytes]) -> ParameterSets:
    """Return the first parameter sets among these units; LookupError where there are none."""
    by_kind = {unit[0] & 31: unit for unit in reversed(list(nal_units))}
    return ParameterSets(by_kind[_SPS], by_kind[_PPS])


def packetised(nal_units: Sequence[bytes]) -> Picture:
    """Return a picture as RTP payloads: whole units, and fragments of those that are too large."""
    payloads: list[bytes] = []
    for unit in nal_units:
        if len(unit) <= LARGEST_PAYLOAD:
            payloads.append(unit)
            continue
        indicator, kind, body = unit[0] & 0xE0 | _FU_A, unit[0] & 31, unit[1:]
        step = LARGEST_PAYLOAD - 2
        for at in range(0, len(body), step):
            flags = (0x80 if at == 0 else 0) | (0x40 if at + step >= len(body) else 0)
            payloads.append(bytes((indicator, flags | kind)) + body[at : at + step])
    return Picture(tuple(payloads), any(unit[0] & 31 == _IDR for unit in nal_units))
