"""One replayed tile in the replay worker: a thread that keeps the right picture in its slot. No Qt, no network."""

import logging
import mmap
import threading
import time
from collections.abc import Callable

from video.decode import Scaler
from video.mask import Cover
from video.packets import masks_from_lists
from video.replay_position import ReplayPosition
from video.replay_reel import Reel, Shot
from video.replay_wire import DAMAGED, Open, Shows, trouble_of
from video.slot import SlotWriter, Stamp, picture_bytes

_EDGE_S = 1.0  # so near to live, live is better; the ring's newest second may not be on the disk yet
_STEP_S = 0.01  # how exactly the pictures of several tiles change together
_SAY_S = 0.4
_AGAIN_S = 1.0  # after what nobody foresaw
_NOTHING = b"\x48\x42\x3a\xff"  # the grey that stands for no picture


_log = logging.getLogger(__name__)


class Screening(threading.Thread):
    """Shows one camera's past in one slot, as the position says, until it is ended."""

    def __init__(self, order: Open, memory: mmap.mmap, reel: Reel, say: Callable[[Shows], None]) -> None:
        super().__init__(name=f"replay {order.source}", daemon=True)
        self._source = order.source
        self._size = order.width * order.height
        self._slot = SlotWriter(memory, picture_bytes(order.width, order.height, "bgrx"))
        self._scaler = Scaler(order.width, order.height, "bgrx")
        self._cover = Cover(masks_from_lists(order.masks), order.width, order.height, "bgrx")
        self._reel = reel
        self._say = say
        self._position = ReplayPosition(order.at, order.since, order.rate)
        self._steered = threading.Event()
        self._ended = False
        self._number = self._slot.sent_before
        self._shown: Shot | None = None
        self._blank = False
        self._said = Shows(order.source, 0.0)
        self._say_at = 0.0

    def steer(self, position: ReplayPosition) -> None:
        """Go to another position at once, whatever is being decoded."""
        self._position = position
        self._steered.set()

    def end(self) -> None:
        """Stop; `join` afterwards."""
        self._ended = True
        self._steered.set()

    def run(self) -> None:
        """Turn until ended."""
        while not self._ended:
            self._steered.clear()
            pause_s = _SAY_S if self._position.rate == 0 else _STEP_S
            try:
                self._turn(self._position)
            except Exception as error:  # noqa: BLE001 - outermost loop of the thread: said in the tile and the log
                self._break(error)
                pause_s = _AGAIN_S
            self._steered.wait(pause_s)

    def _turn(self, position: ReplayPosition) -> None:
        asked, live = position.reached(), time.time()
        shot = self._reel.picture_at(min(asked, live), self._steered.is_set)
        if self._steered.is_set():
            return  # somebody wants something else by now
        if shot is None:
            self._show_nothing()
        elif shot is not self._shown:
            self._show(shot)
        self._tell(shot, asked, edge=position.rate > 0 and asked > live - _EDGE_S)

    def _break(self, error: Exception) -> None:
        """Say that no picture can be had, in the log once; the next turn draws whatever it finds anew."""
        trouble = trouble_of(error)
        if trouble != self._said.trouble:
            _log.error("replay %d broke", self._source, exc_info=error)
        self._shown, self._blank = None, False
        self._said = Shows(self._source, self._position.reached(), trouble=trouble)
        self._say(self._said)

    def _show(self, shot: Shot) -> None:
        buffer = self._slot.begin()
        self._scaler.scale_into(shot.frame, buffer)
        self._cover.paint(buffer)
        self._shown, self._blank = shot, False
        self._publish(shot.arrived_at, shot.camera_at)

    def _show_nothing(self) -> None:
        if self._blank:
            return
        self._slot.begin()[:] = _NOTHING * self._size
        self._shown, self._blank = None, True
        self._publish(time.time(), 0.0)

    def _publish(self, arrived_at: float, camera_at: float) -> None:
        now = time.monotonic()
        self._number += 1
        self._slot.publish(Stamp(self._number, now - (time.time() - arrived_at), now, camera_at))

    def _tell(self, shot: Shot | None, asked: float, *, edge: bool) -> None:
        now = time.monotonic()
        at = None if shot is None else shot.arrived_at
        said, trouble = self._said, DAMAGED if shot is None and self._reel.damaged else ""
        changed = (at is None, edge, trouble) != (said.at is None, said.edge, said.trouble)
        stands = self._position.rate == 0
        if changed or (stands and at != said.at) or now >= self._say_at:
            before, after = self._reel.neighbours() if stands and shot is not None else (None, None)
            self._said, self._say_at = Shows(self._source, asked, at, before, after, edge, trouble), now + _SAY_S
            self._say(self._said)
