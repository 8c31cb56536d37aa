"""Taking one picture at its own size, in the replay worker: a thread of its own, gone when it is taken."""

import logging
import mmap
import os
import threading
import time
from collections.abc import Callable

from av.video.frame import VideoFrame

from domain.errors import ProtocolError
from video.decode import Scaler
from video.mask import Cover
from video.packets import masks_from_lists
from video.replay_reel import Reel, Shot
from video.replay_wire import DAMAGED, Take, Taken, trouble_of

_PATIENCE_S = 1.5  # what is seen live is on the disk about half a second later
_PAUSE_S = 0.05

Say = Callable[[Taken, int | None], None]

_log = logging.getLogger(__name__)


class StillTaker(threading.Thread):
    """Waits until the ring holds the moment, and answers with the picture."""

    def __init__(self, order: Take, reel: Reel, say: Say) -> None:
        super().__init__(name=f"still {order.still}", daemon=True)
        self._order = order
        self._reel = reel
        self._say = say

    def run(self) -> None:
        """Take it and end; whatever happens, the one who waits is answered."""
        try:
            self._take()
        except (ProtocolError, OSError) as error:
            self._say(Taken(self._order.still, trouble=str(error)), None)
        except Exception as error:  # noqa: BLE001 - outermost of the thread: said in the log and to the one who waits
            _log.exception("still %d broke", self._order.still)
            self._say(Taken(self._order.still, trouble=trouble_of(error)), None)

    def _take(self) -> None:
        shot = self._shot()
        if shot is None:
            self._say(Taken(self._order.still, trouble=DAMAGED if self._reel.damaged else ""), None)
            return
        frame = shot.frame
        file = self._written(frame)
        try:
            self._say(Taken(self._order.still, frame.width, frame.height, shot.arrived_at, shot.camera_at), file)
        finally:
            os.close(file)

    def _shot(self) -> Shot | None:
        moment, end = self._order.moment, time.monotonic() + _PATIENCE_S
        while True:
            shot = self._reel.picture_at(moment, lambda: False)
            if time.monotonic() >= end or (shot is not None and self._is_final(shot, moment)):
                return shot
            threading.Event().wait(_PAUSE_S)

    def _is_final(self, shot: Shot, moment: float) -> bool:
        """Whether nothing newer can still come for the moment."""
        return shot.arrived_at >= moment or time.time() - moment > _PATIENCE_S or self._reel.neighbours()[1] is not None

    def _written(self, frame: VideoFrame) -> int:
        """Return a file with the masked pixels; the caller closes it."""
        width, height = frame.width, frame.height
        file = os.memfd_create("watchroom-still")
        try:
            os.ftruncate(file, width * height * 4)
            memory = mmap.mmap(file, width * height * 4)
            picture = memoryview(memory)
            Scaler(width, height, "bgrx").scale_into(frame, picture)
            Cover(masks_from_lists(self._order.masks), width, height, "bgrx").paint(picture)
        except BaseException:
            os.close(file)
            raise
        return file
