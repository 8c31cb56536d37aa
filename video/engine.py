"""Live pictures for the console: brings subscriptions to the stream workers, and watches over both.

No player library is loaded here; only the workers decode.
"""

import itertools
import logging
import os
import selectors
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import assert_never

from domain.camera import Camera, Credentials, Profile
from domain.clock import Clock
from domain.errors import BadInputError, WatchroomError
from domain.news import LinkChanged, LinkName, News, PictureChanged
from domain.picture import FrameSource, LossReason, Subscription
from domain.recording import RecordingTrouble, TroubleKind
from domain.sign_in_gate import SignInGate
from video.budget import Limits
from video.helper import Helper, ProcessBody, ThreadBody
from video.permits import WHO, Permits
from video.plan import RingPlan
from video.rationing import Rationing
from video.seat import Key, Seat
from video.slot import PIXEL_FORMATS
from video.source import Client, KeptOpen, Source, Told
from video.wire import (
    Adjust,
    Alive,
    Answer,
    Ask,
    Counts,
    PictureSaid,
    Ready,
    Retry,
    Ring,
    RingSaid,
    SessionSaid,
    SignedIn,
    Subscribe,
    Unsubscribe,
)

_TICK_S = 0.25
_BROKEN_PAUSE_S = 1.0  # after what nobody expected, everything is started again this much later
_MAX_SIDE = 8192
_IMPATIENT_S = 2.0  # who presses Retry again so soon means the try under way: three wrong ones lock a camera
_log = logging.getLogger(__name__)


class VideoEngine:
    """Gives FrameSources for cameras.

    What is asked of it may be asked from any thread and returns at once; `credentials` is asked, and `report` and
    `ring_trouble` told, on the engine's own thread.
    `in_threads` runs the workers in threads of this process: for tests and debuggers.
    """

    def __init__(
        self,
        credentials: Callable[[str], Credentials | None],
        report: Callable[[News], None],
        clock: Clock,
        workers: int = 1,
        *,
        gate: SignInGate | None = None,
        ring: RingPlan | None = None,
        ring_trouble: Callable[[RecordingTrouble], None] = lambda _: None,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        in_threads: bool = False,
    ) -> None:
        self._credentials = credentials
        self._report = report
        self._clock = clock
        self._gate = gate if gate is not None else SignInGate()
        self._ring = ring
        self._ring_trouble = ring_trouble
        self._numbers = itertools.count(1)
        self._wishes: deque[Callable[[], None]] = deque()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake, selectors.EVENT_READ)
        start = partial(Helper, ThreadBody if in_threads else ProcessBody)
        self._seats = [Seat(number, start, self._selector, self) for number in range(workers)]
        self._known: dict[int, Credentials | None] = {}
        self._retried_at: dict[int, float] = {}
        self._permits = Permits(self._gate, self._known.get)
        self._rationing = Rationing(self._seats, limits, self._move)
        self._said: dict[Key, Told] = {}
        self._kept: dict[Key, KeptOpen] = {}
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

    def adjust(self, source: FrameSource, *, keyframes_only: bool, rank: int) -> None:
        """Give a source keyframes only or all pictures again, and another rank; nothing is connected anew."""
        if isinstance(source, Source):
            self._wish(partial(self._adjust, source, keyframes_only=keyframes_only, rank=rank))

    def unsubscribe(self, source: FrameSource) -> None:
        """Give a source back; its last picture stays readable."""
        if isinstance(source, Source):
            self._wish(partial(self._remove, source))

    def keep_open(self, sessions: Iterable[tuple[Camera, Profile]]) -> None:
        """Keep exactly these sessions open for the ring, whether anybody looks or not."""
        wanted = {(camera.no, profile.value): camera for camera, profile in sessions if camera.streams}
        self._wish(partial(self._keep_open, wanted))

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

    def _start_over(self, seat: Seat) -> None:
        seat.start_over(_BROKEN_PAUSE_S)
        self.gone(seat, "the video engine broke and starts again")

    def _turn(self) -> None:
        for seat in self._seats:
            seat.start_when_due()
        for key, events in self._selector.select(_TICK_S):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.eventfd_read(self._wake)
            else:
                key.data.serve(events)
        # After hearing: where this process itself stood still, the worker's words are waiting.
        for seat in self._seats:
            seat.restart_if_hung()
        while self._wishes:
            self._survived(self._wishes.popleft())
        self._permits.answer()
        self._rationing.look_when_due(time.monotonic())

    # What the seats tell.

    def started(self, seat: Seat) -> None:
        """Bring everything to a worker that has just been started."""
        if self._ring is not None:
            share = self._ring.max_bytes // len(self._seats)
            seat.order(Ring(str(self._ring.folder), self._ring.seconds, share))
        for client in list(seat.clients.values()):
            self._bring(seat, client)
        self._rationing.remind(seat)

    def gone(self, seat: Seat, why: str) -> None:
        """Say that a worker is gone, and its pictures with it."""
        self._permits.drop(seat)
        self._report(LinkChanged(LinkName.VIDEO_WORKER, up=False, since=self._clock.now(), detail=why))
        now = time.monotonic()
        for key in {client.key for client in seat.clients.values()}:
            told = self._said.get(key)
            if told is None or told.reason is not LossReason.WRONG_PASSWORD:
                self._tell(seat, key, Told(now, LossReason.WORKER_GONE))

    def answered(self, seat: Seat, answer: Answer) -> None:  # noqa: C901 - one case for each kind of answer
        """Take what a worker said."""
        match answer:
            case Ready():
                seat.up = True
                if all(each.up for each in self._seats):
                    self._report(LinkChanged(LinkName.VIDEO_WORKER, up=True, since=self._clock.now()))
            case SessionSaid(camera, profile, since, reason):
                self._tell(seat, (camera, profile), Told(since, None if reason is None else LossReason(reason)))
            case PictureSaid(camera, profile):
                for client in seat.of((camera, profile)):
                    client.note(answer)
                self._announce(seat, (camera, profile))
            case Ask(camera):
                self._permits.ask(seat, camera)
            case SignedIn(camera, taken):
                self._permits.tell(camera, taken=taken)
            case RingSaid(kind, where, detail, cleared):
                trouble = RecordingTrouble(TroubleKind(kind), where, detail, self._clock.now(), cleared)
                self._ring_trouble(trouble)
            case Counts(camera, profile):
                self._rationing.take(answer, time.monotonic())
                for client in seat.of((camera, profile)):
                    client.count(answer)
            case Alive(cpu_s, late_s):
                self._rationing.hear(seat, cpu_s, late_s, time.monotonic())
            case _:
                assert_never(answer)

    def _tell(self, seat: Seat, key: Key, told: Told) -> None:
        clients = seat.of(key)
        if not clients:
            return
        self._said[key] = told
        for client in clients:
            client.tell(told)
        self._announce(seat, key)

    def _announce(self, seat: Seat, key: Key) -> None:
        clients = seat.of(key)
        if clients:
            # The one that has had a picture for longest knows when the newest one came.
            first = next((client for client in clients if isinstance(client, Source)), clients[0])
            self._report(PictureChanged(*key, first.state_for_news()))

    # What is wished.

    def _camera(self, seat: Seat, camera_no: int) -> Camera | None:
        return next((client.camera for client in seat.clients.values() if client.camera.no == camera_no), None)

    def _add(self, client: Client) -> None:
        if not client.camera.streams:
            self._report(PictureChanged(*client.key, client.state_for_news()))
            return
        seat = self._seat_for(client.camera.no)
        seat.clients[client.number] = client
        if seat.helper is not None:
            self._bring(seat, client)

    def _bring(self, seat: Seat, client: Client) -> None:
        """Bring a client to its worker; one that breaks on the way is said to be lost, and no other with it."""
        if not self._survived(partial(self._order_subscribe, seat, client)):
            self._tell(seat, client.key, Told(time.monotonic(), LossReason.WORKER_GONE))

    def _seat_for(self, camera_no: int) -> Seat:
        """Return the worker that has this camera already, else the one with the fewest clients."""
        has_it = (seat for seat in self._seats if self._camera(seat, camera_no) is not None)
        return next(has_it, None) or min(self._seats, key=lambda seat: len(seat.clients))

    def _order_subscribe(self, seat: Seat, client: Client) -> None:
        camera, (camera_no, profile) = client.camera, client.key
        credentials = self._known[camera_no] = self._ask_credentials(camera)
        user, password = _said(credentials)
        order = Subscribe(
            source=client.number,
            camera=camera_no,
            profile=profile,
            url=camera.url(Profile(profile)),
            width=0,
            height=0,
            max_fps=1.0,
            pixel_format="",
            user=user,
            password=password,
            basic_allowed=camera.basic_allowed,
            transport=camera.transport.value,
            held=self._gate.is_refused(camera_no, credentials, WHO),
        )
        if isinstance(client, Source):
            seat.order(client.completed(order), client.file)
        else:
            seat.order(order)

    def _ask_credentials(self, camera: Camera | None) -> Credentials | None:
        if camera is None or not camera.credentials:
            return None
        try:
            return self._credentials(camera.credentials)
        except WatchroomError as error:
            _log.warning("camera %d: its credentials can't be read: %s", camera.no, error)
            return self._known.get(camera.no)  # none at all would end a session that is well

    def _remove(self, client: Client) -> None:
        for seat in self._seats:
            if seat.clients.pop(client.number, None) is not None:
                seat.order(Unsubscribe(client.number))
                if not seat.of(client.key):
                    self._said.pop(client.key, None)
                    self._rationing.forget(client.key)
        client.release()

    def _adjust(self, source: Source, *, keyframes_only: bool, rank: int) -> None:
        source.adjust(keyframes_only=keyframes_only, rank=rank)
        for seat in self._seats:
            if source.number in seat.clients:
                seat.order(Adjust(source.number, keyframes_only, source.unseen))

    def _move(self, seat: Seat, source: Source, profile: str) -> None:
        """Have another of the camera's streams fill a source's slot."""
        seat.order(Unsubscribe(source.number))
        source.served = profile
        self._bring(seat, source)

    def _keep_open(self, wanted: dict[Key, Camera]) -> None:
        for key, kept in list(self._kept.items()):
            if wanted.get(key) != kept.camera:
                self._remove(self._kept.pop(key))
        for key, camera in wanted.items():
            if key not in self._kept:
                self._kept[key] = KeptOpen(next(self._numbers), camera, key[1])
                self._add(self._kept[key])

    def _retry(self, camera_no: int) -> None:
        now, known = time.monotonic(), self._known.get(camera_no)
        for seat in self._seats:
            camera = self._camera(seat, camera_no)
            if camera is None:
                continue
            credentials = self._known[camera_no] = self._ask_credentials(camera)
            if credentials == known and now - self._retried_at.get(camera_no, float("-inf")) < _IMPATIENT_S:
                return
            self._retried_at[camera_no] = now
            self._gate.forget(camera_no)
            seat.order(Retry(camera_no, *_said(credentials)))

    def _end(self) -> None:
        with self._wishing:
            self._ended = True
        while self._wishes:  # so that every source is known and gives its file back
            self._survived(self._wishes.popleft())
        for seat in self._seats:
            if seat.helper is not None:
                seat.helper.ask_to_end()
        for seat in self._seats:
            seat.drop(patience_s=1.0)
            for client in seat.clients.values():
                client.release()


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
