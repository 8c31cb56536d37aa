"""Replay in the tile while live goes on: one process that decodes what the ring and the recordings hold.

It is started by the first replay and ends a minute after the last. No player library is loaded here.
"""

import itertools
import logging
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path

from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError, ProtocolError, StorageError, UnreachableError, WatchroomError
from domain.picture import FrameSource
from video.packets import PacketProcess, masks_as_lists
from video.replay_position import ReplayPosition
from video.replay_source import ReplaySource
from video.replay_wire import Answer, Close, Order, Shows, Steer, Take, Taken, read_answer
from video.snapshot import Still, read_pixels

_IDLE_S = 60.0  # the next replay of a busy minute must not wait for a process to start
_HANGS_S = 8.0  # a worker with something to show speaks twice a second
_TICK_S = 0.5
_QUICK_S = 2.0  # a worker that dies younger than this is started again after a pause
_PAUSE_S = 1.0
_MOST_SIDE = 8192
_log = logging.getLogger(__name__)


class ReplayEngine:
    """Gives FrameSources of the past. All of its functions may be called from any thread and return at once."""

    def __init__(
        self, ring: Path, archive: Path | None, clock: Clock, *, idle_s: float = _IDLE_S, hangs_s: float = _HANGS_S
    ) -> None:
        self._folders = [str(folder) for folder in (ring, archive) if folder is not None]
        self._clock = clock
        self._idle_s = idle_s
        self._hangs_s = hangs_s
        self._numbers = itertools.count(1)
        self._sources: dict[int, ReplaySource] = {}
        self._stills: dict[int, tuple[Camera, bool, Future[Still]]] = {}
        self._process: PacketProcess[Answer] | None = None
        self._started_at = self._heard_at = self._used_at = self._start_at = 0.0
        self._wishes: deque[Callable[[], None]] = deque()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._stopping = threading.Event()
        self._wishing = threading.Lock()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="replay-engine", daemon=True)

    # What the console asks, from any thread.

    def prepare(self) -> None:
        """Start the worker before it is needed: saves the first replay about a quarter of a second."""
        self._wish(self._use)

    def open(
        self, camera: Camera, width: int, height: int, position: ReplayPosition, *, masked: bool = True
    ) -> ReplaySource:
        """Return a source of this camera's past; BadInputError for a size that can't be."""
        if not (1 <= width <= _MOST_SIDE and 1 <= height <= _MOST_SIDE):
            raise BadInputError(f"a picture can't be {width} x {height}")
        masks = camera.masks if masked else ()
        source = ReplaySource(next(self._numbers), camera, (width, height), position, masks, self._clock.speed)
        if not self._wish(partial(self._add, source)):
            source.lose()
            source.release()
        return source

    def steer(self, sources: Iterable[FrameSource], position: ReplayPosition) -> None:
        """Bring sources to a position, in step."""
        ours = [source for source in sources if isinstance(source, ReplaySource)]
        for source in ours:
            source.position = position
        numbers = [source.number for source in ours]
        self._wish(partial(self._order, Steer(numbers, position.at, position.since, position.rate)))

    def close_source(self, source: FrameSource) -> None:
        """Give a source back; its last picture stays readable."""
        if isinstance(source, ReplaySource):
            self._wish(partial(self._remove, source))

    def still(self, camera: Camera, moment: float, *, masked: bool = True) -> Future[Still]:
        """Promise the picture that a camera showed at a moment (Unix seconds), at its own size.

        It fails with StorageError where nothing was recorded then, with UnreachableError where the worker died.
        """
        promise: Future[Still] = Future()
        if not self._wish(partial(self._take_still, camera, moment, masked, promise)):
            promise.set_exception(UnreachableError("replay has ended"))
        return promise

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of the worker while it runs."""
        process = self._process
        return [] if process is None else [("replay worker", process.pid)]

    def close(self) -> None:
        """End the worker; every source stands still afterwards."""
        with self._wishing:
            self._ended = True
            began = self._thread.ident is not None
        self._stopping.set()
        os.eventfd_write(self._wake, 1)
        if began:
            self._thread.join()
        self._selector.close()
        os.close(self._wake)

    def _wish(self, wish: Callable[[], None]) -> bool:
        """Have the engine's thread do it; return False once it has ended and nobody would."""
        with self._wishing:
            if self._ended:
                return False
            if self._thread.ident is None:
                self._thread.start()
            self._wishes.append(wish)
            os.eventfd_write(self._wake, 1)
            return True

    # The engine's thread.

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - outermost loop of the thread: said in the log, and begun anew
                _log.exception("the replay engine broke")
                self._drop("the replay engine broke")
                self._stopping.wait(_PAUSE_S)
        self._start_at = float("inf")
        while self._wishes:  # so that every source is known and gives its file back
            self._wishes.popleft()()
        process, self._process = self._process, None
        if process is not None:
            process.end(patience_s=1.0)
        for source in self._sources.values():
            source.release()
        self._break_promises("replay has ended")

    def _turn(self) -> None:
        for key, _ in self._selector.select(_TICK_S):
            if key.fileobj is self._process:
                self._hear()
            else:
                with suppress(BlockingIOError):
                    os.eventfd_read(self._wake)
        idle = not (self._sources or self._stills)
        while self._wishes:
            self._wishes.popleft()()
        now = time.monotonic()
        if idle:
            self._heard_at = now  # one without an order had nothing to say
        if self._sources or self._stills:
            self._used_at = now
            if self._process is not None and now - self._heard_at > self._hangs_s:
                self._drop("it does not answer")
            if self._process is None and now >= self._start_at:
                self._start()
        elif self._process is not None and now - self._used_at > self._idle_s:
            self._end()

    def _use(self) -> None:
        self._used_at = time.monotonic()
        if self._process is None and self._used_at >= self._start_at:
            self._start()

    def _start(self) -> None:
        now = time.monotonic()
        try:
            process = PacketProcess("video.replay_worker", self._folders, read_answer)
        except OSError as error:
            self._start_at = now + _PAUSE_S
            _log.warning("the replay worker can't be started: %s", error)
            return
        self._process, self._started_at, self._heard_at = process, now, now
        self._selector.register(process, selectors.EVENT_READ)
        for source in self._sources.values():
            self._order(source.order(), source.file)

    def _end(self) -> PacketProcess[Answer] | None:
        process, self._process = self._process, None
        if process is not None:
            self._selector.unregister(process)
            process.end(patience_s=1.0 if not self._sources else 0.0)
        return process

    def _drop(self, why: str) -> None:
        process = self._end()
        if process is None:
            return
        _log.warning("the replay worker (process %d) is gone: %s", process.pid, why)
        now = time.monotonic()
        self._start_at = now + (_PAUSE_S if now - self._started_at < _QUICK_S else 0.0)
        for source in self._sources.values():
            source.lose()
        self._break_promises("the replay worker is gone")

    def _hear(self) -> None:
        if self._process is None:
            return
        try:
            answers = self._process.hear()
        except ProtocolError as error:
            self._drop(str(error))
            return
        if answers is None:
            self._drop("it ended")
            return
        self._heard_at = time.monotonic()
        for answer, file in answers:
            self._hear_one(answer, file)

    def _hear_one(self, answer: Answer, file: int | None) -> None:
        if isinstance(answer, Shows) and (source := self._sources.get(answer.source)) is not None:
            before = source.shows()
            if answer.trouble and (before is None or before.trouble != answer.trouble):
                _log.error("camera %d can't be replayed: %s", source.camera.no, answer.trouble)
            source.tell(answer)
        elif isinstance(answer, Taken):
            self._keep_promise(answer, file)

    def _take_still(self, camera: Camera, moment: float, masked: bool, promise: "Future[Still]") -> None:  # noqa: FBT001
        self._use()
        number = next(self._numbers)
        self._stills[number] = (camera, masked, promise)
        masks = camera.masks if masked else ()
        self._order(Take(number, camera.no, moment, masks_as_lists(masks)))
        if self._process is None:
            self._break_promises("the replay worker can't be started")

    def _keep_promise(self, taken: Taken, file: int | None) -> None:
        camera, masked, promise = self._stills.pop(taken.still)
        if file is None:
            why = (
                f"the picture can't be taken: {taken.trouble}"
                if taken.trouble
                else "nothing was recorded at that moment"
            )
            promise.set_exception(StorageError(f"camera {camera.no}: {why}"))
            return
        size = (taken.width, taken.height)
        try:
            pixels = read_pixels(file, *size)
        except WatchroomError as error:
            promise.set_exception(error)
            return
        promise.set_result(Still(camera.no, *size, pixels, taken.arrived_at, taken.camera_at, masked))

    def _break_promises(self, why: str) -> None:
        while self._stills:
            _, (_, _, promise) = self._stills.popitem()
            promise.set_exception(UnreachableError(why))

    def _add(self, source: ReplaySource) -> None:
        self._sources[source.number] = source
        if self._process is None:
            self._use()
        else:
            self._order(source.order(), source.file)

    def _remove(self, source: ReplaySource) -> None:
        if self._sources.pop(source.number, None) is not None:
            self._order(Close(source.number))
        source.release()

    def _order(self, order: Order, file: int | None = None) -> None:
        if self._process is None:
            return
        try:
            self._process.order(order, file)
        except UnreachableError as error:
            self._drop(str(error))
