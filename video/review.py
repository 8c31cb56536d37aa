"""The review player: recorded files of any system, played by libVLC in a process of its own.

What a broken file does to a player library hits that process alone; the console goes on and says so. No player library
is loaded here, and nothing here waits.
"""

import logging
import mmap
import os
import selectors
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from domain.camera import Mask
from domain.errors import BadInputError, ProtocolError, UnreachableError
from domain.picture import Frame
from video.packets import PacketProcess, masks_as_lists
from video.review_span import Joined, ReviewSpan
from video.review_wire import (
    Answer,
    Failed,
    Join,
    Load,
    Order,
    Run,
    Save,
    Saved,
    Seek,
    Sized,
    Stands,
    Step,
    Together,
    read_answer,
)
from video.slot import SlotReader, slot_bytes

_log = logging.getLogger(__name__)


class Failure(StrEnum):
    """Why nothing is played."""

    NO_PLAYER = "no_player"  # libVLC is not installed, or does not start
    NOT_PLAYABLE = "not_playable"
    PLAYER_GONE = "player_gone"
    NOTHING_RECORDED = "nothing_recorded"  # nothing of the span lies here
    NO_ROOM = "no_room"  # the disk refuses to take what is put together


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of a wish to save: the SHA-256 of the file, or empty and `detail` says why it is not there."""

    path: Path
    sha256: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where the player stands, in seconds from the beginning; `rate` 0 stands still; `length_s` 0 is unknown.

    `joined` says what a span was put together from; `copied` is what became of the newest wish to save it.
    """

    at_s: float = 0.0
    length_s: float = 0.0
    rate: float = 0.0
    fps: float = 0.0
    ended: bool = False
    failure: Failure | None = None
    detail: str = ""
    joined: Joined | None = None
    copied: Copy | None = None


class ReviewPlayer:
    """Plays one file or one span at a time.

    `open` to `close` belong to one thread; `changed` is called on the player's own.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._process: PacketProcess[Answer] | None = None
        self._thread: threading.Thread | None = None
        self._slot: SlotReader | None = None
        self._state = ReviewState()
        self._ending = threading.Event()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._closing = threading.Lock()
        self._loaded: Load | Join | None = None

    def open(self, path: str | Path, masks: Sequence[Mask] = ()) -> None:
        """Open a file and stand at its first picture; BadInputError for a network address.

        What else is wrong with it is said by `state`.
        """
        if "://" in str(path):
            raise BadInputError("the review player plays files only; an address is opened as a camera")
        self._state, self._slot = ReviewState(), None
        self._loaded = Load(str(path), masks_as_lists(masks))
        self._order(self._loaded)

    def open_span(self, span: ReviewSpan, masks: Sequence[Mask] = ()) -> None:
        """Open all segments of a span as one recording, an hour of it at most; `state` says what came of it."""
        self._state, self._slot = ReviewState(), None
        self._loaded = Join(
            span.camera_no,
            span.begins,
            span.ends,
            [str(root) for root in span.roots],
            [str(shelf) for shelf in span.shelves],
            str(span.workspace),
            masks_as_lists(masks),
        )
        self._order(self._loaded)

    def save(self, path: Path) -> None:
        """Write the span that is open to a file, as it was recorded, without masks; `state().copied` follows."""
        self._order(Save(str(path)))

    def run(self, rate: float = 1.0) -> None:
        """Go on at 0.25 to 4 times the speed; from the beginning where it stands behind the end."""
        self._order(Run(rate))

    def pause(self) -> None:
        """Stand still at the picture that is seen."""
        self._order(Run(0.0))

    def step(self, *, later: bool) -> None:
        """Stand, and go one picture on or back."""
        self._order(Step(later))

    def seek(self, at_s: float) -> None:
        """Go to a place; standing, to the very picture that is seen then."""
        self._order(Seek(at_s))

    def newest(self) -> Frame | None:
        """Return the newest picture if it has not been returned before, else None."""
        slot = self._slot
        return None if slot is None else slot.newest()

    def state(self) -> ReviewState:
        """Return what the player last said, at most a fifth of a second old."""
        return self._state

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of the player while it runs."""
        process = self._process
        return [] if process is None else [("review player", process.pid)]

    def end(self) -> None:
        """Have the process end, within 2 s even where libVLC hangs; does not wait for that."""
        with self._closing:
            self._ending.set()
            if self._wake >= 0:
                os.eventfd_write(self._wake, 1)
            if self._thread is None or not self._thread.is_alive():
                self._close_wake()

    def close(self) -> None:
        """End the process and wait until it has ended."""
        self.end()
        if self._thread is not None:
            self._thread.join()

    def _close_wake(self) -> None:
        wake, self._wake = self._wake, -1
        if wake >= 0:
            os.close(wake)

    def _order(self, order: Order) -> None:
        if self._ending.is_set():
            return
        if self._process is None:
            self._start()
            if self._loaded is not None and order is not self._loaded:  # it died: where it stood, it goes on
                self._send(self._loaded)
                self._send(Seek(self._state.at_s))
        self._send(order)

    def _send(self, order: Order) -> None:
        if self._process is None:
            return
        try:
            self._process.order(order)
        except UnreachableError:
            self._fail(Failure.PLAYER_GONE)

    def _start(self) -> None:
        if self._thread is not None:
            self._thread.join()  # the one of a process that died: it has nothing left to do
        try:
            self._process = PacketProcess("video.review_worker", [], read_answer)
        except OSError as error:
            self._fail(Failure.NO_PLAYER, str(error))
            return
        self._thread = threading.Thread(target=self._listen, args=(self._process,), name="review-player", daemon=True)
        self._thread.start()

    # The player's thread.

    def _listen(self, process: PacketProcess[Answer]) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(process, selectors.EVENT_READ)
            selector.register(self._wake, selectors.EVENT_READ)
            while not self._ending.is_set() and self._hear(process):
                selector.select()
        self._process = None
        process.end(patience_s=1.0)
        with self._closing:
            if self._ending.is_set():
                self._close_wake()
                return
        self._fail(Failure.PLAYER_GONE)

    def _hear(self, process: PacketProcess[Answer]) -> bool:
        """Take what it said; return whether it lives."""
        try:
            heard = process.hear()
        except ProtocolError as error:
            _log.warning("the review player: %s", error)
            return False
        for answer, file in heard or ():
            self._take(answer, file)
        if heard:
            self._changed()
        return heard is not None

    def _take(self, answer: Answer, file: int | None) -> None:
        match answer:
            case Sized(width, height) if file is not None:
                with suppress(OSError, ValueError):
                    memory = mmap.mmap(file, slot_bytes(width, height, "bgrx"), prot=mmap.PROT_READ)
                    self._slot = SlotReader(memory, width, height)
                os.close(file)
            case Stands(at_s, length_s, rate, fps, ended):
                known = self._state
                self._state = ReviewState(at_s, length_s, rate, fps, ended, joined=known.joined, copied=known.copied)
            case Failed(why, detail):
                self._state = ReviewState(failure=Failure(why), detail=detail, joined=self._state.joined)
            case Together(begins, ends, profile, gaps, left_out):
                holes = tuple((first, last) for first, last in gaps)
                self._state = replace(self._state, joined=Joined(begins, ends, profile, holes, tuple(left_out)))
            case Saved(path, sha256, detail):
                self._state = replace(self._state, copied=Copy(Path(path), sha256, detail))
            case _:
                _log.warning("the review player sent a size without a picture")

    def _fail(self, failure: Failure, detail: str = "") -> None:
        state = self._state
        self._state = replace(state, rate=0.0, ended=False, failure=failure, detail=detail)
        self._changed()
