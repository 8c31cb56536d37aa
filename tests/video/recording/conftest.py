"""Coded pictures of the codecs that cameras send, and rings to put them in."""

import fcntl
import functools
import os
import signal
import time
from datetime import UTC, datetime
from fractions import Fraction

import av
import numpy
import pytest

from domain.clock import SystemClock
from video.ring import RingWriter
from video.rtp import AccessUnit

FPS = 15
_ENCODERS = {"h264": "libx264", "hevc": "libx265", "mjpeg": "mjpeg"}
_OPTIONS = {
    "h264": {"preset": "ultrafast", "tune": "zerolatency"},
    "hevc": {"preset": "ultrafast", "tune": "zerolatency", "x265-params": "log-level=none"},
    "mjpeg": {},
}


@functools.cache
def coded(codec="h264", count=60, key_every=15, size=(160, 90)):
    """Return pictures as a camera sends them: (data, key), one after another different."""
    context = av.CodecContext.create(_ENCODERS[codec], "w")
    context.width, context.height = size
    context.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    context.time_base, context.framerate, context.gop_size = Fraction(1, FPS), FPS, key_every
    context.options = _OPTIONS[codec]
    noise = numpy.random.default_rng(7)
    packets = []
    for number in range(count):
        rough = noise.integers(0, 255, (size[1] // 10, size[0] // 10, 3), numpy.uint8)
        frame = av.VideoFrame.from_ndarray(rough.repeat(10, 0).repeat(10, 1), "rgb24")
        frame = frame.reformat(format=context.pix_fmt)
        frame.pts = number
        packets += context.encode(frame)
    packets += context.encode(None)
    return tuple((bytes(packet), packet.is_keyframe) for packet in packets)


def units(pictures, first=0):
    """Return access units with the timestamps of 15 pictures a second."""
    step = 90_000 // FPS
    return [AccessUnit(data, (first + no) * step, first + no + 1, key) for no, (data, key) in enumerate(pictures)]


@pytest.fixture
def pictures():
    """Return the maker of coded pictures."""
    return coded


@pytest.fixture
def as_units():
    """Return what makes access units of coded pictures."""
    return units


class Room:
    """A ring in a folder, and what it reported."""

    def __init__(self, folder, **more):
        self.folder = folder
        self.troubles = []
        self.more = {"max_bytes": 100_000_000, "clock": SystemClock(), **more}
        self.writer = None
        self.open()

    def open(self):
        self.writer = RingWriter(self.folder, report=self.troubles.append, **self.more)

    def send(self, track, sent, began_at, camera_at=0.0):
        for no, unit in enumerate(sent):
            track.write(unit, began_at + no / FPS, camera_at and camera_at + no / FPS)

    def files(self, name="1-sub"):
        return sorted((self.folder / name).glob("*.mkv"))


@pytest.fixture
def room(tmp_path):
    """Run a ring."""
    rooms = []

    def make(folder=None, **more):
        rooms.append(Room(folder or tmp_path / "ring", **more))
        return rooms[-1]

    yield make
    for each in rooms:
        each.writer.close()


@pytest.fixture
def wall_time():
    """Return the present, in Unix seconds."""
    return time.time


@pytest.fixture
def utc():
    """Make a moment of Unix seconds."""
    return lambda seconds: datetime.fromtimestamp(seconds, UTC)


@pytest.fixture
def kept_waiting():
    """Make a segment whose reading waits until it is let go, as on a disk that does not answer."""
    handles = []

    def make(path, ends_at):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(1000))
        os.utime(path, (ends_at, ends_at))
        handle = os.open(path, os.O_RDWR)
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)  # who is told that somebody waits is not interested
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        handles.append(handle)

        def let_go():
            os.close(handle)
            handles.remove(handle)

        return let_go

    yield make
    for handle in handles:
        os.close(handle)
