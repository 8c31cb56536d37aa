"""Rings on the disk, written by the real ring writer, whose pictures carry their numbers."""

import time
from dataclasses import replace
from fractions import Fraction

import av
import numpy as np

from domain.clock import SystemClock
from simulation.cameras.counter import burn
from video.ring import RingWriter
from video.rtp import AccessUnit

FPS, GOP = 15, 30
WIDTH, HEIGHT = 640, 360


def coded(first, count, width=WIDTH, height=HEIGHT):
    """Code pictures that carry their numbers; each a keyframe's distance of GOP."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate = Fraction(1, FPS), Fraction(FPS)
    context.gop_size = GOP
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": f"scenecut=0:keyint={GOP}"}
    frame = av.VideoFrame(width, height, "yuv420p")
    for number in range(first, first + count):
        luma = np.full((height, width), 90, np.uint8)
        chroma = [np.full((height // 2, width // 2), 128, np.uint8) for _ in range(2)]
        burn(luma, (chroma[0], chroma[1]), number)
        planes = np.concatenate([plane.ravel() for plane in (luma, *chroma)]).reshape(-1, width)
        frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
        frame.pts = number
        for packet in context.encode(frame):
            yield AccessUnit(bytes(packet), number * 90_000 // FPS, number - first + 1, packet.is_keyframe)


def spoilt(unit):
    """Return a unit whose picture can't be decoded as it was."""
    data = bytearray(unit.data)
    for at in range(len(data) // 2, len(data)):
        data[at] ^= 0x55
    return replace(unit, data=bytes(data))


class Ring:
    """A ring in which picture `number` arrived at `began + number / FPS`."""

    def __init__(self, folder):
        self.folder = folder
        self.began = 0.0

    def hold(self, no, *spans, profile="sub", ended_ago_s=0.0, broken=(), **size):
        """Write pictures of these spans (first, count), `broken` ones spoilt; the last one arrived so long ago."""
        last = max(first + count for first, count in spans)
        self.began = self.began or time.time() - ended_ago_s - last / FPS
        writer = RingWriter(
            self.folder, seconds=1000 + ended_ago_s, max_bytes=1 << 30, report=print, clock=SystemClock()
        )
        for first, count in spans:
            track = writer.track(no, profile, "h264", (), 90_000)
            for unit in coded(first, count, **size):
                kept = spoilt(unit) if first + unit.sent_no - 1 in broken else unit
                track.write(kept, self.began + (first + unit.sent_no - 1) / FPS, 0.0)
            track.end()
        writer.close()

    def moment(self, number):
        return self.began + (number + 0.5) / FPS
