"""Where the review worker's pictures go: shared memory that the console reads. Only that worker imports this file."""

import ctypes
import mmap
import os
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import vlc
from av.video.frame import VideoFrame

from domain.camera import Mask
from video.decode import Scaler
from video.mask import Cover
from video.slot import SlotWriter, Stamp, picture_bytes, slot_bytes

_Lock = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.POINTER(ctypes.c_void_p))
_Display = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class Screen:
    """Takes pictures of one size from libVLC, whose threads call it back, or one by one, and publishes them."""

    def __init__(self, width: int, height: int, masks: Sequence[Mask], sized: Callable[[int], None]) -> None:
        self._width, self._height = width, height
        length = slot_bytes(width, height, "bgrx")
        file = os.memfd_create("watchroom-review")
        try:
            os.ftruncate(file, length)
            self._slot = SlotWriter(mmap.mmap(file, length), picture_bytes(width, height, "bgrx"))
            sized(file)
        finally:
            os.close(file)
        self._cover = Cover(masks, width, height, "bgrx")
        self._scaler = Scaler(width, height, "bgrx")
        self._buffer = ctypes.create_string_buffer(width * height * 4)
        self._pixels = memoryview(self._buffer).cast("B")
        self._writing = threading.Lock()
        self._number = 0
        self._callbacks = (_Lock(self._lock), _Display(self._display))  # libVLC keeps addresses, not objects

    def join(self, player: Any) -> None:
        """Have this player show its pictures here, scaled by libVLC where a file changes its size."""
        lock, display = self._callbacks
        kinds = vlc.CallbackDecorators
        player.video_set_callbacks(
            ctypes.cast(lock, kinds.VideoLockCb), None, ctypes.cast(display, kinds.VideoDisplayCb), None
        )
        # Not by its format callback: that is told the coded size (368 rows for 360), and pictures come out stretched.
        player.video_set_format("RV32", self._width, self._height, self._width * 4)

    def show(self, frame: VideoFrame) -> None:
        """Show one picture; ProtocolError where FFmpeg can't scale it."""
        with self._writing:
            target = self._slot.begin()
            self._scaler.scale_into(frame, target)
            self._publish(target)

    def _lock(self, _opaque: Any, planes: Any) -> None:
        planes[0] = ctypes.addressof(self._buffer)

    def _display(self, _opaque: Any, _picture: Any) -> None:
        with self._writing:
            target = self._slot.begin()
            target[:] = self._pixels
            self._publish(target)

    def _publish(self, target: memoryview) -> None:
        self._cover.paint(target)
        now = time.monotonic()
        self._number += 1
        self._slot.publish(Stamp(self._number, now, now))
