"""The codecs that practice cameras have: one entry of CODINGS each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import av
import numpy as np

from simulation.cameras import h264, h265, mjpeg
from simulation.cameras.coder import Pace, Planes, unpacked, video_context
from simulation.cameras.config import Codec, Form, Profile
from simulation.cameras.picture import Description, Picture


class Coder(Protocol):
    """Codes one picture after the other."""

    def code(self, planes: Planes, no: int) -> bytes:
        """Return what comes out on taking picture `no`."""
        ...

    def rest(self) -> bytes:
        """Return what was still held back."""
        ...


@dataclass(frozen=True, slots=True)
class Coding:
    """How one codec codes pictures and takes a coded stream apart; `decoder` is FFmpeg's name of its decoder."""

    coder: Callable[[Profile, Pace], Coder]
    pictures: Callable[[bytes], list[Picture]]
    description: Callable[[Picture], Description]
    decoder: str


CODINGS = {
    Codec.H264: Coding(h264.coder, h264.pictures, h264.description, "h264"),
    Codec.H265: Coding(h265.coder, h265.pictures, h265.description, "hevc"),
    Codec.MJPEG: Coding(mjpeg.coder, mjpeg.pictures, mjpeg.description, "mjpeg"),
}


def still(key: Picture, form: Form) -> list[Picture]:
    """Return a second's pictures that show this keyframe: a keyframe, then pictures that change nothing.

    After the first picture the encoder is given what a decoder makes of it, so nothing is left to be made better.
    """
    coding, rest = CODINGS[form.codec], form.profile.fps - 1
    if form.codec is Codec.MJPEG:
        return [key] * form.profile.fps
    shown = _decoded(key.coded, coding.decoder)
    seen = _decoded(_coded([shown], coding, form.profile), coding.decoder)
    return coding.pictures(_coded([shown, *[seen] * rest], coding, form.profile))


def _coded(shown: Sequence[Planes], coding: Coding, profile: Profile) -> bytes:
    coder = coding.coder(profile, Pace.STILL)
    return b"".join(coder.code(planes, no) for no, planes in enumerate(shown)) + coder.rest()


def _decoded(coded: bytes, decoder: str) -> Planes:
    context = video_context(decoder, "r")
    frames = [*context.decode(av.Packet(coded)), *context.decode(None)]
    return unpacked(np.ascontiguousarray(frames[0].to_ndarray(format="yuv420p")))
