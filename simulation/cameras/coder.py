"""Coding pictures one after the other, by an encoder of FFmpeg's."""

from collections.abc import Mapping
from enum import Enum, auto
from fractions import Fraction
from typing import Literal

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from simulation.cameras.config import Profile
from simulation.cameras.counter import Plane

Planes = tuple[Plane, Plane, Plane]


class Pace(Enum):
    """What an encoder has time for."""

    CLIP = auto()  # looks ahead
    STILL = auto()  # the same stream, but each picture comes out at once
    LIVE = auto()  # as fast as it goes


class NalCoder:
    """An encoder whose output is an Annex B stream with a keyframe every second of numbers."""

    def __init__(self, name: str, profile: Profile, options: Mapping[str, str]) -> None:
        context = video_context(name, "w")
        context.width, context.height, context.pix_fmt = profile.width, profile.height, "yuv420p"
        context.framerate = Fraction(profile.fps)
        context.time_base = Fraction(1, profile.fps)
        context.options = {**options, "forced-idr": "1"}
        self._context = context
        self._fps = profile.fps

    def code(self, planes: Planes, no: int) -> bytes:
        """Return what comes out on taking picture `no`; one that does not look ahead answers each at once."""
        frame = av.VideoFrame.from_ndarray(packed(planes), format="yuv420p")
        frame.pts = no
        if no % self._fps == 0:
            frame.pict_type = PictureType.I
        return b"".join(bytes(packet) for packet in self._context.encode(frame))

    def rest(self) -> bytes:
        """Return what the encoder still held back; it takes no more pictures."""
        return b"".join(bytes(packet) for packet in self._context.encode(None))


def video_context(name: str, mode: Literal["r", "w"]) -> VideoCodecContext:
    """Return a decoder ("r") or encoder ("w") of FFmpeg's that works in the thread that calls it."""
    context = av.CodecContext.create(name, mode)
    if not isinstance(context, VideoCodecContext):
        raise TypeError(f"{name} is no codec for pictures")
    context.thread_count = 1
    return context


def packed(planes: Planes) -> Plane:
    """Return the planes one below the other (I420)."""
    luma, blue, red = planes
    height, width = luma.shape
    whole = np.empty((height * 3 // 2, width), np.uint8)
    whole[:height] = luma
    whole[height:].reshape(2, height // 2, width // 2)[:] = (blue, red)
    return whole


def unpacked(whole: Plane) -> Planes:
    """Return the planes of a picture in I420."""
    height, width = whole.shape[0] * 2 // 3, whole.shape[1]
    chroma = whole[height:].reshape(2, height // 2, width // 2)
    return whole[:height], chroma[0], chroma[1]
