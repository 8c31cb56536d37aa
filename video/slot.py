"""A place in shared memory for the newest pictures of one subscription, without a lock between two processes.

Three buffers take turns, so the reader has two frame times to draw before its buffer is written again. Each buffer has
a sequence number that is odd while it is written; a reader that finds it changed knows that its pixels are torn.
Numbers are single aligned 8-byte stores, which x86-64 keeps in order.
"""

import mmap
from dataclasses import dataclass

_HEADER = 256  # bytes
_BUFFERS = 3
_PUBLISHED = 0  # cell: how many pictures were published
_FIRST = 4  # cell of the first buffer's header
_CELLS = 8  # cells of each buffer's header
_SEQUENCE, _SENT, _ARRIVED, _DECODED, _CAMERA = range(5)
_BYTES_OF = {"bgrx": (4, 1), "nv12": (3, 2)}
PIXEL_FORMATS = frozenset(_BYTES_OF)


def picture_bytes(width: int, height: int, pixel_format: str) -> int:
    """Return how many bytes one picture takes; nv12 wants even sides."""
    times, divisor = _BYTES_OF[pixel_format]
    return width * height * times // divisor


def slot_bytes(width: int, height: int, pixel_format: str) -> int:
    """Return how much memory a slot needs; each buffer begins on a cache line of its own."""
    return _HEADER + _BUFFERS * _stride(picture_bytes(width, height, pixel_format))


def _stride(size: int) -> int:
    return (size + 63) // 64 * 64


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is known of a picture besides its pixels. Times are CLOCK_MONOTONIC seconds, the same in all processes.

    `camera_at` is the camera's own wall clock in Unix seconds, 0 where it never told.
    """

    sent_no: int
    arrived_at: float
    decoded_at: float
    camera_at: float = 0.0


class SlotWriter:
    """The worker's end: fills the buffers in turn."""

    def __init__(self, memory: mmap.mmap, size: int) -> None:
        view = memoryview(memory)
        self._numbers = view[:_HEADER].cast("Q")
        self._times = view[:_HEADER].cast("d")
        stride = _stride(size)
        self._buffers = [view[_HEADER + k * stride : _HEADER + k * stride + size] for k in range(_BUFFERS)]

    @property
    def sent_before(self) -> int:
        """Return the count of the newest picture, so that a restarted worker goes on from it."""
        return self._numbers[_FIRST + self._numbers[_PUBLISHED] % _BUFFERS * _CELLS + _SENT]

    def begin(self) -> memoryview:
        """Return the buffer whose turn it is, marked as being written."""
        buffer = (self._numbers[_PUBLISHED] + 1) % _BUFFERS
        cell = _FIRST + buffer * _CELLS + _SEQUENCE
        sequence = self._numbers[cell]
        self._numbers[cell] = sequence + (2 if sequence % 2 else 1)  # odd already: the writer before us was killed
        return self._buffers[buffer]

    def publish(self, stamp: Stamp) -> None:
        """Make what was written since `begin` the newest picture."""
        published = self._numbers[_PUBLISHED] + 1
        cell = _FIRST + published % _BUFFERS * _CELLS
        self._numbers[cell + _SENT] = stamp.sent_no
        self._times[cell + _ARRIVED] = stamp.arrived_at
        self._times[cell + _DECODED] = stamp.decoded_at
        self._times[cell + _CAMERA] = stamp.camera_at
        self._numbers[cell + _SEQUENCE] += 1
        self._numbers[_PUBLISHED] = published


class SharedFrame:
    """A picture in a slot, not copied."""

    __slots__ = ("_cell", "_numbers", "_sequence", "height", "pixels", "stamp", "width")

    def __init__(
        self, numbers: memoryview, cell: int, sequence: int, pixels: memoryview, size: tuple[int, int], stamp: Stamp
    ) -> None:
        self._numbers = numbers
        self._cell = cell
        self._sequence = sequence
        self.pixels = pixels
        self.width, self.height = size
        self.stamp = stamp

    @property
    def sent_no(self) -> int:
        """Return how many pictures the camera had sent with this one, those lost on the way included."""
        return self.stamp.sent_no

    @property
    def arrived_at(self) -> float:
        """Return when its last packet arrived, in monotonic seconds."""
        return self.stamp.arrived_at

    def intact(self) -> bool:
        """Return whether nothing was written over it since it was taken."""
        return bool(self._numbers[self._cell] == self._sequence)


class SlotReader:
    """The console's end; it may only read. Used from one thread."""

    def __init__(self, memory: mmap.mmap, width: int, height: int, pixel_format: str = "bgrx") -> None:
        view = memoryview(memory).toreadonly()
        self._numbers = view[:_HEADER].cast("Q")
        self._times = view[:_HEADER].cast("d")
        size = picture_bytes(width, height, pixel_format)
        stride = _stride(size)
        self._buffers = [view[_HEADER + k * stride : _HEADER + k * stride + size] for k in range(_BUFFERS)]
        self._size = (width, height)
        self._seen = 0
        self._stamp: Stamp | None = None

    def newest(self) -> SharedFrame | None:
        """Return the newest picture if it was not returned before; None also while it is just being overwritten."""
        published = self._numbers[_PUBLISHED]
        if published == self._seen:
            return None
        frame = self._peek(published)
        if frame is not None:
            self._seen = published
        return frame

    def newest_stamp(self) -> Stamp | None:
        """Return what is known of the newest picture, seen or not; None before the first."""
        published = self._numbers[_PUBLISHED]
        if published == 0:
            return None
        frame = self._peek(published)
        if frame is not None:
            self._stamp = frame.stamp
        return self._stamp

    def _peek(self, published: int) -> SharedFrame | None:
        buffer = published % _BUFFERS
        cell = _FIRST + buffer * _CELLS
        sequence = self._numbers[cell]
        if sequence % 2:
            return None
        stamp = Stamp(
            self._numbers[cell + _SENT],
            self._times[cell + _ARRIVED],
            self._times[cell + _DECODED],
            self._times[cell + _CAMERA],
        )
        frame = SharedFrame(self._numbers, cell, sequence, self._buffers[buffer], self._size, stamp)
        return frame if frame.intact() else None
