"""Live pictures for the console: starts the stream workers, brings subscriptions to them, and watches over both.

No player library is loaded here; only the worker processes decode.
"""

import itertools
import logging
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from domain.camera import Camera, Credentials, Profile
from domain.clock import Clock
from domain.errors import BadInputError, ProtocolError, WatchroomError
from domain.news import LinkChanged, LinkName, News, PictureChanged
from domain.picture import FrameSource, LossReason, Subscription
from video.helper import Helper
from video.slot import PIXEL_FORMATS
from video.source import Source, Told
from video.wire import Alive, Answer, Counts, Ready, Retry, SessionSaid, Subscribe, Unsubscribe

_HANGS_S = 8.0  # a worker speaks every second
_QUICK_S = 5.0  # a worker that dies younger than this is started again with growing pauses
_PAUSES_S = (0.0, 0.25, 0.5, 1.0)
_TICK_S = 0.25
_BROKEN_PAUSE_S = 1.0  # after what nobody expected, everything is started again this much later
_MAX_SIDE = 8192
_log = logging.getLogger(__name__)

Key = tuple[int, str]


@dataclass(slots=True)
class _Seat:
    """Where one worker belongs, whether it runs or not."""

    number: int
    helper: Helper | None = None
    up: bool = False
    started_at: float = 0.0
    heard_at: float = 0.0
    start_at: float = 0.0
    quick_deaths: int = 0
    sources: dict[int, Source] = field(default_factory=dict)


class VideoEngine:
    """Gives FrameSources for cameras.

    `subscribe`, `unsubscribe` and `retry` may be called from any thread and return at once; `credentials` is asked,
    and `report` told, on the engine's own thread.
    """

    def __init__(
        self,
        credentials: Callable[[str], Credentials | None],
        report: Callable[[News], None],
        clock: Clock,
        workers: int = 1,
        *,
        basic_allowed: bool = False,
    ) -> None:
        self._credentials = credentials
        self._report = report
        self._clock = clock
        self._basic_allowed = basic_allowed
        self._seats = [_Seat(number) for number in range(workers)]
        self._numbers = itertools.count(1)
        self._wishes: deque[Callable[[], None]] = deque()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._said: dict[Key, Told] = {}
        self._refused: dict[int, Credentials | None] = {}
        self._stopping = threading.Event()
        self._wishing = threading.Lock()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="video-engine", daemon=True)

    # What the console asks, from any thread.

    def start(self) -> None:
        """Start the workers."""
        self._thread.start()

    def close(self) -> None:
        """End the workers; every source stands still afterwards."""
        self._stopping.set()
        self._wake_up()
        if self._thread.ident is not None:
            self._thread.join()
        else:
            self._end()
        self._selector.close()
        os.close(self._wake)

    def subscribe(self, camera: Camera, wish: Subscription) -> FrameSource:
        """Return a source of this camera's pictures; BadInputError for a size, rate or format that can't be."""
        return self.open(camera, wish)

    def open(self, camera: Camera, wish: Subscription) -> Source:
        """Do what `subscribe` does; the source tells its counters besides."""
        _check(camera, wish)
        now = time.monotonic()
        told = Told(now) if camera.streams else Told(now, LossReason.NO_STREAM)
        source = Source(next(self._numbers), camera, wish, told, self._clock.speed)
        if not self._wish(partial(self._add, source)):
            source.tell(Told(now, LossReason.WORKER_GONE))
            source.release()
        return source

    def unsubscribe(self, source: FrameSource) -> None:
        """Give a source back; its last picture stays readable."""
        if isinstance(source, Source):
            self._wish(partial(self._remove, source))

    def retry(self, camera_no: int) -> None:
        """Try a camera again now, as a person wants, also after its password was refused."""
        self._wish(partial(self._retry, camera_no))

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of every running worker."""
        helpers = [(seat.number, seat.helper) for seat in self._seats]
        return [(f"video worker {number + 1}", helper.pid) for number, helper in helpers if helper is not None]

    def _wish(self, wish: Callable[[], None]) -> bool:
        """Have the engine's thread do it; return False once it has ended and nobody would."""
        with self._wishing:
            if not self._ended:
                self._wishes.append(wish)
                self._wake_up()
            return not self._ended

    def _wake_up(self) -> None:
        os.eventfd_write(self._wake, 1)

    # The engine's thread.

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self._survived(self._turn):
                    for seat in self._seats:
                        self._survived(partial(self._start_over, seat))
                    self._stopping.wait(_BROKEN_PAUSE_S)
        finally:
            self._end()

    def _survived(self, work: Callable[[], None]) -> bool:
        """Do it and return whether nothing broke: one thing that nobody expected must not end all pictures."""
        try:
            work()
        except Exception:  # noqa: BLE001 - outermost loop of the thread: said in the log, and by the link
            _log.exception("the video engine broke")
            return False
        return True

    def _start_over(self, seat: _Seat) -> None:
        if seat.helper is not None:
            self._drop(seat, seat.helper)
        seat.start_at = time.monotonic() + _BROKEN_PAUSE_S
        self._gone(seat, "the video engine broke and starts again")

    def _turn(self) -> None:
        for seat in self._seats:
            if seat.helper is None and (now := time.monotonic()) >= seat.start_at:
                self._start(seat, now)
        for key, events in self._selector.select(_TICK_S):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.eventfd_read(self._wake)
            elif events & selectors.EVENT_WRITE:
                self._send(key.data)
            else:
                self._hear(key.data)
        # After hearing: where this process itself stood still, the worker's words are waiting.
        for seat in self._seats:
            if seat.helper is not None and time.monotonic() - seat.heard_at > _HANGS_S:
                self._restart(seat, "it does not answer")
        while self._wishes:
            self._survived(self._wishes.popleft())

    def _start(self, seat: _Seat, now: float) -> None:
        try:
            helper = Helper()
        except OSError as error:
            seat.start_at = now + _PAUSES_S[-1]
            _log.warning("video worker %d can't be started: %s", seat.number + 1, error)
            return
        seat.helper, seat.started_at, seat.heard_at = helper, now, now
        self._selector.register(helper.answers_fd, selectors.EVENT_READ, seat)
        for source in list(seat.sources.values()):
            self._bring(seat, source)

    def _restart(self, seat: _Seat, why: str) -> None:
        helper, now = seat.helper, time.monotonic()
        if helper is None:
            return
        _log.warning("video worker %d (process %d) is gone: %s", seat.number + 1, helper.pid, why)
        self._drop(seat, helper)
        quick = now - seat.started_at < _QUICK_S
        seat.quick_deaths = min(seat.quick_deaths + 1, len(_PAUSES_S) - 1) if quick else 0
        seat.start_at = now + _PAUSES_S[seat.quick_deaths]
        self._gone(seat, why)

    def _drop(self, seat: _Seat, helper: Helper) -> None:
        seat.helper = None
        for watched in (helper.answers_fd, helper.orders_fd):
            with suppress(KeyError):
                self._selector.unregister(watched)
        helper.end()

    def _gone(self, seat: _Seat, why: str) -> None:
        seat.up = False
        self._report(LinkChanged(LinkName.VIDEO_WORKER, up=False, since=self._clock.now(), detail=why))
        now = time.monotonic()
        for key in {source.key for source in seat.sources.values()}:
            told = self._said.get(key)
            if told is None or told.reason is not LossReason.WRONG_PASSWORD:
                self._tell(seat, key, Told(now, LossReason.WORKER_GONE))

    def _send(self, seat: _Seat) -> None:
        if seat.helper is not None:
            seat.helper.send()
            self._watch_orders(seat, seat.helper)

    def _watch_orders(self, seat: _Seat, helper: Helper) -> None:
        """Wait for the worker to listen exactly as long as orders are left."""
        watched = helper.orders_fd in self._selector.get_map()
        if helper.has_unsent and not watched:
            self._selector.register(helper.orders_fd, selectors.EVENT_WRITE, seat)
        elif watched and not helper.has_unsent:
            self._selector.unregister(helper.orders_fd)

    def _hear(self, seat: _Seat) -> None:
        if seat.helper is None:
            return
        try:
            answers = seat.helper.hear()
        except ProtocolError as error:
            self._restart(seat, str(error))
            return
        if answers is None:
            self._restart(seat, "it ended")
            return
        seat.heard_at = time.monotonic()
        for answer in answers:
            self._take(seat, answer)

    def _take(self, seat: _Seat, answer: Answer) -> None:
        match answer:
            case Ready():
                seat.up = True
                if all(each.up for each in self._seats):
                    self._report(LinkChanged(LinkName.VIDEO_WORKER, up=True, since=self._clock.now()))
            case SessionSaid():
                self._take_session(seat, answer)
            case Counts():
                for source in self._of(seat, (answer.camera, answer.profile)):
                    source.count(answer)
            case Alive():
                pass

    def _take_session(self, seat: _Seat, said: SessionSaid) -> None:
        reason = None if said.reason is None else LossReason(said.reason)
        if reason is LossReason.WRONG_PASSWORD and said.camera not in self._refused:
            self._refused[said.camera] = self._ask_credentials(self._camera(seat, said.camera))
        self._tell(seat, (said.camera, said.profile), Told(said.since, reason))

    def _tell(self, seat: _Seat, key: Key, told: Told) -> None:
        sources = self._of(seat, key)
        if not sources:
            return
        self._said[key] = told
        for source in sources:
            source.tell(told)
        # The one that has had a picture for longest knows when the newest one came.
        self._report(PictureChanged(*key, sources[0].state_for_news()))

    def _of(self, seat: _Seat, key: Key) -> list[Source]:
        return [source for source in seat.sources.values() if source.key == key]

    def _camera(self, seat: _Seat, camera_no: int) -> Camera | None:
        return next((source.camera for source in seat.sources.values() if source.camera.no == camera_no), None)

    def _add(self, source: Source) -> None:
        if not source.camera.streams:
            self._report(PictureChanged(*source.key, source.state_for_news()))
            return
        seat = self._seat_for(source.camera.no)
        seat.sources[source.number] = source
        if seat.helper is not None:
            self._bring(seat, source)

    def _bring(self, seat: _Seat, source: Source) -> None:
        """Bring a source to its worker; one that breaks on the way is said to be lost, and no other with it."""
        if not self._survived(partial(self._order_subscribe, seat, source)):
            self._tell(seat, source.key, Told(time.monotonic(), LossReason.WORKER_GONE))

    def _seat_for(self, camera_no: int) -> _Seat:
        """Return the worker that has this camera already, else the one with the fewest sources."""
        has_it = (seat for seat in self._seats if self._camera(seat, camera_no) is not None)
        return next(has_it, None) or min(self._seats, key=lambda seat: len(seat.sources))

    def _order_subscribe(self, seat: _Seat, source: Source) -> None:
        camera, wish = source.camera, source.wish
        credentials = self._ask_credentials(camera)
        user, password = _said(credentials)
        held = camera.no in self._refused
        if held and self._refused[camera.no] != credentials:
            del self._refused[camera.no]
            held = False
        order = Subscribe(
            source=source.number,
            camera=wish.camera_no,
            profile=wish.profile,
            url=camera.url(Profile(wish.profile)),
            width=wish.width,
            height=wish.height,
            max_fps=wish.max_fps,
            pixel_format=wish.pixel_format,
            user=user,
            password=password,
            basic_allowed=self._basic_allowed,
            held=held,
        )
        self._order(seat, order, source.file)

    def _order(self, seat: _Seat, order: Subscribe | Unsubscribe | Retry, file: int | None = None) -> None:
        helper = seat.helper
        if helper is None:
            return
        try:
            helper.order(order, file)
        except ProtocolError as error:
            self._restart(seat, str(error))
        else:
            self._watch_orders(seat, helper)

    def _ask_credentials(self, camera: Camera | None) -> Credentials | None:
        if camera is None or not camera.credentials:
            return None
        try:
            return self._credentials(camera.credentials)
        except WatchroomError as error:
            _log.warning("camera %d: its credentials can't be read: %s", camera.no, error)
            return None

    def _remove(self, source: Source) -> None:
        for seat in self._seats:
            if seat.sources.pop(source.number, None) is not None:
                self._order(seat, Unsubscribe(source.number))
                if not self._of(seat, source.key):
                    self._said.pop(source.key, None)
        source.release()

    def _retry(self, camera_no: int) -> None:
        self._refused.pop(camera_no, None)
        for seat in self._seats:
            camera = self._camera(seat, camera_no)
            if camera is not None:
                self._order(seat, Retry(camera_no, *_said(self._ask_credentials(camera))))

    def _end(self) -> None:
        with self._wishing:
            self._ended = True
        while self._wishes:  # so that every source is known and gives its file back
            self._survived(self._wishes.popleft())
        helpers = [(seat, seat.helper) for seat in self._seats if seat.helper is not None]
        for _, helper in helpers:
            helper.ask_to_end()
        for seat, helper in helpers:
            seat.helper = None
            helper.end(patience_s=1.0)
        for seat in self._seats:
            for source in seat.sources.values():
                source.release()


def _said(credentials: Credentials | None) -> tuple[str, str] | tuple[None, None]:
    return (None, None) if credentials is None else (credentials.user, credentials.password)


def _check(camera: Camera, wish: Subscription) -> None:
    if wish.camera_no != camera.no:
        raise BadInputError(f"a subscription to camera {wish.camera_no} can't be served by camera {camera.no}")
    if wish.profile not in set(Profile):
        raise BadInputError(f"a camera has no profile {wish.profile!r}")
    if not (1 <= wish.width <= _MAX_SIDE and 1 <= wish.height <= _MAX_SIDE):
        raise BadInputError(f"a picture can't be {wish.width} x {wish.height}")
    if not wish.max_fps > 0:
        raise BadInputError("a subscription needs at least some frames a second")
    if wish.pixel_format not in PIXEL_FORMATS or (wish.pixel_format == "nv12" and (wish.width % 2 or wish.height % 2)):
        raise BadInputError(f"pictures can't be {wish.pixel_format} of {wish.width} x {wish.height}")
