"""Live pictures for the console: brings subscriptions to the stream workers, and watches over both.

No player library is loaded here; only the workers decode.
"""

import itertools
import logging
import selectors
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import assert_never

from domain.camera import Camera, Credentials, Profile
from domain.clock import Clock
from domain.news import LinkChanged, LinkName, News
from domain.picture import FrameSource, LossReason, Subscription
from domain.recording import RecordingTrouble, TroubleKind
from domain.sign_in_gate import SignInGate
from video.budget import Limits
from video.crew import Crew
from video.helper import Helper, ProcessBody, ThreadBody
from video.permits import Permits
from video.plan import RingPlan
from video.post import Post
from video.rationing import Rationing
from video.session_news import SessionNews
from video.source import Client, KeptOpen, Source, Told, check
from video.troubles import Troubles
from video.ways import Ways
from video.wire import (
    Adjust,
    Alive,
    Answer,
    Ask,
    Counts,
    Key,
    PictureSaid,
    Ready,
    Ring,
    RingSaid,
    SessionSaid,
    SignedIn,
    Unsubscribe,
)
from video.wishes import Wish, Wishes

_TICK_S = 0.25
_BROKEN_PAUSE_S = 1.0  # after what nobody expected, everything is started again this much later
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
        self._report = report
        self._clock = clock
        self._gate = gate if gate is not None else SignInGate()
        self._ring = ring
        self._numbers = itertools.count(1)
        self._wishes = Wishes()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wishes, selectors.EVENT_READ)
        start = partial(Helper, ThreadBody if in_threads else ProcessBody)
        self._crew = Crew([Post(number, start, self._selector, self) for number in range(workers)])
        self._troubles = [Troubles(f"worker {number + 1}", ring_trouble, clock) for number in range(workers)]
        self._ways = Ways(credentials, self._gate)
        self._permits = Permits(self._gate, self._ways.credentials)
        self._rationing = Rationing(self._crew, limits, self._move)
        self._news = SessionNews(report)
        self._kept: dict[Key, KeptOpen] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="video-engine", daemon=True)

    # What the console asks, from any thread.

    def start(self) -> None:
        """Start the workers."""
        self._thread.start()

    def close(self) -> None:
        """End the workers; every source stands still afterwards."""
        self._stopping.set()
        self._wishes.ring()
        if self._thread.ident is not None:
            self._thread.join()
        else:
            self._end()
        self._selector.close()
        self._wishes.close()

    def subscribe(self, camera: Camera, wish: Subscription) -> FrameSource:
        """Return a source of this camera's pictures; BadInputError for a size, rate or format that can't be."""
        return self.open(camera, wish)

    def open(self, camera: Camera, wish: Subscription) -> Source:
        """Do what `subscribe` does; the source tells its counters besides."""
        check(camera, wish)
        now = time.monotonic()
        told = Told(now) if camera.streams else Told(now, LossReason.NO_STREAM)
        source = Source(next(self._numbers), camera, wish, told, self._clock.speed)
        if not self._wishes.add(partial(self._add, source)):
            source.tell(Told(now, LossReason.WORKER_GONE))
            source.release()
        return source

    def adjust(self, source: FrameSource, *, keyframes_only: bool, rank: int) -> None:
        """Give a source keyframes only or all pictures again, and another rank; nothing is connected anew."""
        if isinstance(source, Source):
            self._wishes.add(partial(self._adjust, source, keyframes_only=keyframes_only, rank=rank))

    def unsubscribe(self, source: FrameSource) -> None:
        """Give a source back; its last picture stays readable."""
        if isinstance(source, Source):
            self._wishes.add(partial(self._remove, source))

    def keep_open(self, sessions: Iterable[tuple[Camera, Profile]]) -> None:
        """Keep exactly these sessions open for the ring, whether anybody looks or not."""
        wanted = {(camera.no, camera.profile(asked).value): camera for camera, asked in sessions if camera.streams}
        self._wishes.add(partial(self._keep_open, wanted))

    def retry(self, camera_no: int) -> None:
        """Try a camera again now, as a person wants, also after its password was refused."""
        self._wishes.add(partial(self._retry, camera_no))

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of every running worker."""
        return self._crew.processes()

    # The engine's thread.

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self._survived(self._turn):
                    for post in self._crew:
                        self._survived(partial(self._start_over, post))
                    self._stopping.wait(_BROKEN_PAUSE_S)
        finally:
            self._end()

    def _survived(self, work: Wish) -> bool:
        """Do it and return whether nothing broke: one thing that nobody expected must not end all pictures."""
        try:
            work()
        except Exception:  # noqa: BLE001 - outermost loop of the thread: said in the log, and by the link
            _log.exception("the video engine broke")
            return False
        return True

    def _start_over(self, post: Post) -> None:
        post.start_over(_BROKEN_PAUSE_S)
        self.gone(post, "the video engine broke and starts again")

    def _turn(self) -> None:
        self._crew.start_when_due()
        for key, events in self._selector.select(_TICK_S):
            if key.data is None:
                self._wishes.heard()
            else:
                key.data.serve(events)
        # After hearing: where this process itself stood still, the worker's words are waiting.
        self._crew.restart_if_hung()
        for wish in self._wishes.waiting():
            self._survived(wish)
        self._permits.answer()
        self._rationing.look_when_due(time.monotonic())

    def _end(self) -> None:
        self._wishes.refuse()
        for wish in self._wishes.waiting():  # so that every source is known and gives its file back
            self._survived(wish)
        self._crew.end()

    # What the posts tell.

    def started(self, post: Post) -> None:
        """Bring everything to a worker that has just been started."""
        if self._ring is not None:
            share = self._ring.max_bytes // len(self._crew)
            post.order(Ring(str(self._ring.folder), self._ring.seconds, share))
        for client in list(post.clients.values()):
            self._bring(post, client)
        self._rationing.begin(post)

    def gone(self, post: Post, why: str) -> None:
        """Say that a worker is gone, and its pictures with it."""
        self._permits.drop(post)
        self._troubles[post.number].relieve(None)
        self._report(LinkChanged(LinkName.VIDEO_WORKER, up=False, since=self._clock.now(), detail=why))
        for key in {client.key for client in post.clients.values()}:
            self._news.lose(post, key)

    def answered(self, post: Post, answer: Answer) -> None:  # noqa: C901 - one case for each kind of answer
        """Take what a worker said."""
        match answer:
            case Ready():
                post.up = True
                if self._crew.all_up:
                    self._report(LinkChanged(LinkName.VIDEO_WORKER, up=True, since=self._clock.now()))
            case SessionSaid(camera, profile, since, reason):
                told = Told(since, None if reason is None else LossReason(reason))
                self._news.tell(post, (camera, profile), told)
            case PictureSaid():
                self._news.note(post, answer)
            case Ask(camera):
                self._permits.ask(post, camera)
            case SignedIn(camera, taken):
                self._permits.tell(camera, taken=taken)
            case RingSaid():
                self._note_ring(self._troubles[post.number], answer)
            case Counts(camera, profile):
                self._rationing.take(answer, time.monotonic())
                for client in post.of((camera, profile)):
                    client.count(answer)
            case Alive(cpu_s, late_s):
                self._rationing.hear(post, cpu_s, late_s, time.monotonic())
            case _:
                assert_never(answer)

    def _note_ring(self, troubles: Troubles, said: RingSaid) -> None:
        kind, where = TroubleKind(said.kind), Path(said.where)
        if said.cleared:
            troubles.recover(kind, where)
        else:
            troubles.suffer(kind, where, said.detail)

    # What is wished.

    def _add(self, client: Client) -> None:
        if not client.camera.streams:
            client.release()
            self._news.refuse(client)
            return
        post = self._crew.for_camera(client.camera.no)
        post.clients[client.number] = client
        self._rationing.place(client)
        if not self._survived(partial(self._join, post, client)):
            self._news.lose(post, client.key)
        self._rationing.settle(post)

    def _join(self, post: Post, client: Client) -> None:
        """Bring a client to its worker; where the register says something new, that holds for all who look."""
        others = post.of_camera(client.camera.no) if self._ways.learn(client.camera) else [client]
        for each in others:
            self._bring(post, each)

    def _bring(self, post: Post, client: Client) -> None:
        """Bring a client to its session; one that breaks on the way is said to be lost, and no other with it."""

        def subscribe() -> None:
            post.order(client.completed(self._ways.to(client.key, client.camera)), client.file)

        if not self._survived(subscribe):
            self._news.lose(post, client.key)

    def _remove(self, client: Client) -> None:
        for post in self._crew:
            if post.clients.pop(client.number, None) is not None:
                post.order(Unsubscribe(client.number))
                self._leave(post, client.key)
                self._rationing.settle(post)
        client.release()

    def _leave(self, post: Post, key: Key) -> None:
        """Forget a session where that was the last one who wanted it."""
        if not post.of(key):
            self._news.forget(key)
            self._rationing.forget(key)

    def _adjust(self, source: Source, *, keyframes_only: bool, rank: int) -> None:
        source.adjust(keyframes_only=keyframes_only, rank=rank)
        for post in self._crew:
            if source.number in post.clients:
                post.order(Adjust(source.number, keyframes_only, source.unseen))

    def _move(self, post: Post, source: Source, to: Key) -> None:
        """Have another of the camera's sessions fill a source's slot."""
        before, source.key = source.key, to
        post.order(Unsubscribe(source.number))
        self._leave(post, before)
        self._bring(post, source)

    def _keep_open(self, wanted: dict[Key, Camera]) -> None:
        for key, kept in list(self._kept.items()):
            if wanted.get(key) != kept.camera:
                self._remove(self._kept.pop(key))
        for key, camera in wanted.items():
            if key not in self._kept:
                self._kept[key] = KeptOpen(next(self._numbers), camera, key[1])
                self._add(self._kept[key])

    def _retry(self, camera_no: int) -> None:
        order = self._ways.retry(camera_no)
        post = self._crew.with_camera(camera_no)
        if order is not None and post is not None:
            post.order(order)
