"""A stream worker: `python -m video.worker PARENT_PID`, started by the engine with a socket as its standard input.

One thread waits for many cameras, decodes and scales; pictures go into memory that the engine sent. It ends with its
input, and is killed with its parent.
"""

import contextlib
import mmap
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from domain.camera import Credentials, Transport
from domain.clock import SystemClock
from domain.errors import ProtocolError
from video.audience import Output
from video.leash import die_with_parent
from video.link import Link
from video.sdp import VideoTrack
from video.sign_ins import SignIns
from video.slot import slot_bytes
from video.stream import Keeper
from video.wire import (
    MAX_LINE,
    ORDERS,
    Adjust,
    Alive,
    Answer,
    Hold,
    Order,
    Permit,
    PictureSaid,
    Ready,
    Reduce,
    Retry,
    Ring,
    RingSaid,
    Subscribe,
    Unsubscribe,
    decode,
    encode,
)

if TYPE_CHECKING:
    from domain.recording import RecordingTrouble
    from video.ring import RingWriter

NICE = 10  # the screen goes first: UI lateness p99 39-55 -> 15 ms at 64 tiles
_TICK_S = 0.1
_COUNT_S = 1.0
_LINGER_S = 2.0  # a camera that changes tiles keeps its session
_MAX_UNREAD = 1024 * 1024

_Key = tuple[int, str]
_Way = tuple[str, bool, str]  # address, whether Basic is allowed, transport


class _Orphaned(Exception):  # noqa: N818 - not an error: the ordinary end
    """The engine is gone."""


def _credentials(user: str | None, password: str | None) -> Credentials | None:
    return None if user is None else Credentials(user, password or "")


class _Watch:
    """One link's way to the worker's poller: what breaks when something arrives costs this link alone."""

    def __init__(self, worker: "Worker", key: _Key) -> None:
        self._worker = worker
        self._key = key

    def watch(self, fd: int, events: int, ready: Callable[[int, float], None]) -> None:
        """Call `ready(events, now)` when something happens on the descriptor."""
        self._worker.watch(fd, events, lambda happened, now: self._worker.survive(self._key, now, ready, happened, now))

    def forget(self, fd: int) -> None:
        """Stop watching."""
        self._worker.forget(fd)


class Worker:
    """Serves the engine at the other end of a socket until it is gone; answers go to a descriptor."""

    def __init__(self, orders: socket.socket, answers: int) -> None:
        self._orders = orders
        self._answers = answers
        self._epoll = select.epoll()
        self._watched: dict[int, Callable[[int, float], None]] = {}
        self._links: dict[_Key, Link] = {}
        self._ways: dict[_Key, _Way] = {}
        self._link_of: dict[int, _Key] = {}
        self._idle_since: dict[_Key, float] = {}
        self._pictures: dict[_Key, PictureSaid] = {}
        self._sign_ins = SignIns(self._say)
        self._ring: RingWriter | None = None
        self._troubles: deque[RecordingTrouble] = deque()
        self._files: deque[int] = deque()
        self._unread = bytearray()
        self._unsaid = bytearray()
        self._counted_at = 0.0
        self._due_at = 0.0
        self._late_s = 0.0

    def run(self) -> None:
        """Turn until the engine goes."""
        self._orders.settimeout(0)
        os.set_blocking(self._answers, False)
        try:
            with contextlib.suppress(_Orphaned):
                self.watch(self._orders.fileno(), select.EPOLLIN, self._hear)
                self._say(Ready())
                while True:
                    self._turn()
        finally:
            self._end()

    def watch(self, fd: int, events: int, ready: Callable[[int, float], None]) -> None:
        """Call `ready(events, now)` when something happens on the descriptor."""
        if fd in self._watched:
            self._epoll.modify(fd, events)
        else:
            self._epoll.register(fd, events)
        self._watched[fd] = ready

    def forget(self, fd: int) -> None:
        """Stop watching."""
        if self._watched.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def survive(self, key: _Key, now: float, work: Callable[..., None], *arguments: Any) -> None:
        """Do a link's work; where it breaks as nobody expected, that link begins anew and all others go on."""
        try:
            work(*arguments)
        except _Orphaned:
            raise
        except Exception:  # noqa: BLE001 - the outermost loop of the worker, once for each camera
            traceback.print_exc()
            self._links[key].give_up(now)

    def _turn(self) -> None:
        now = time.monotonic()
        if now >= self._due_at:
            if self._due_at:
                self._late_s = max(self._late_s, now - self._due_at)
            self._due_at = now + _TICK_S
            self._tick(now)
        for fd, events in self._epoll.poll(max(0.0, self._due_at - now)):
            ready = self._watched.get(fd)
            if ready is not None:
                ready(events, time.monotonic())

    def _end(self) -> None:
        for link in self._links.values():
            link.close()
        if self._ring is not None:
            self._ring.close()
        self._epoll.close()
        while self._files:
            os.close(self._files.popleft())

    def _tick(self, now: float) -> None:
        for key, link in self._links.items():
            self.survive(key, now, link.tick, now)
            said = link.picture_said()
            if self._pictures.get(key, _plain(key)) != said:
                self._pictures[key] = said
                self._say(said)
        self._sign_ins.give_back()
        for key, since in list(self._idle_since.items()):
            if now - since > _LINGER_S:
                self._drop(key)
        while self._troubles:
            trouble = self._troubles.popleft()
            self._say(RingSaid(trouble.kind.value, trouble.where, trouble.detail, trouble.cleared))
        if now - self._counted_at >= _COUNT_S:
            self._count(now)
        elif self._unsaid:
            self._flush()

    def _count(self, now: float) -> None:
        self._counted_at = now
        for link in self._links.values():
            self._say(link.counts())
        self._say(Alive(time.process_time(), self._late_s))
        self._late_s = 0.0

    def _drop(self, key: _Key) -> None:
        self._idle_since.pop(key, None)
        self._pictures.pop(key, None)
        self._ways.pop(key, None)
        self._links.pop(key).close()

    # What the engine orders.

    def _hear(self, _events: int, now: float) -> None:
        try:
            data, files, _flags, _peer = socket.recv_fds(self._orders, MAX_LINE, 16, socket.MSG_CMSG_CLOEXEC)
        except BlockingIOError:
            return
        except ConnectionError:
            raise _Orphaned from None
        if not data:
            raise _Orphaned
        self._files += files
        self._unread += data
        *lines, rest = self._unread.split(b"\n")
        self._unread = rest
        for line in lines:
            order = decode(bytes(line))
            if not isinstance(order, ORDERS):
                raise ProtocolError("the engine said what only a worker says")
            self._obey(order, now)

    def _obey(self, order: Order, now: float) -> None:
        match order:
            case Subscribe():
                self._subscribe(order)
            case Unsubscribe(source):
                self._unsubscribe(source, now)
            case Adjust(source, keyframes_only, unseen):
                if source in self._link_of:
                    link = self._links[self._link_of[source]]
                    link.audience.adjust(source, keyframes_only=keyframes_only, unseen=unseen)
            case Reduce(camera, profile, on):
                if (camera, profile) in self._links:
                    self._links[camera, profile].audience.reduced = on
            case Ring(folder, seconds, max_bytes):
                from video.ring import RingWriter  # noqa: PLC0415

                self._ring = RingWriter(
                    Path(folder),
                    seconds=seconds,
                    max_bytes=max_bytes,
                    report=self._troubles.append,
                    clock=SystemClock(),
                )
            case Permit() | Hold() | Retry():
                self._sign_in(order, now)
            case _:
                assert_never(order)

    def _sign_in(self, order: Permit | Hold | Retry, now: float) -> None:
        match order:
            case Permit(camera):
                self._sign_ins.permit(camera)
                self._due_at = 0.0
            case Hold(camera):
                self._sign_ins.hold(camera)
                self._due_at = 0.0
            case Retry(camera, user, password):
                self._sign_ins.forget(camera)
                for link in self._of(camera):
                    link.retry(_credentials(user, password), now)

    def _of(self, camera: int) -> list[Link]:
        return [link for (no, _), link in self._links.items() if no == camera]

    def _subscribe(self, order: Subscribe) -> None:
        output = self._output(order) if order.width else None
        key = (order.camera, order.profile)
        link = self._link(key, order)
        self._idle_since.pop(key, None)
        self._link_of[order.source] = key
        link.add(order.source, output)
        # Who comes later must know as well that the picture stands still, or is reduced.
        said = self._pictures[key] = link.picture_said()
        self._say(said)
        self._due_at = 0.0  # connect now

    def _link(self, key: _Key, order: Subscribe) -> Link:
        """Return the connection that serves this order; where the register says something new, another one for all."""
        credentials, way = _credentials(order.user, order.password), (order.url, order.basic_allowed, order.transport)
        link = self._links.get(key)
        if link is None or self._ways[key] != way or link.credentials != credentials:
            self._sign_ins.forget(order.camera)
            fresh = self._links[key] = self._connect(order, credentials)
            if link is not None:
                fresh.audience = link.audience
                link.close()
            link, self._ways[key] = fresh, way
        if order.held:
            self._sign_ins.hold(order.camera)
        else:
            self._sign_ins.reopen(order.camera)
        return link

    def _output(self, order: Subscribe) -> Output:
        file = self._files.popleft()
        try:
            memory = mmap.mmap(file, slot_bytes(order.width, order.height, order.pixel_format))
        finally:
            os.close(file)
        return Output(order, memory)

    def _connect(self, order: Subscribe, credentials: Credentials | None) -> Link:
        def open_ring(track: VideoTrack) -> Keeper | None:
            if self._ring is None:
                return None
            return self._ring.track(order.camera, order.profile, track.codec, track.parameter_sets, track.clock_rate)

        return Link(
            order.camera,
            order.profile,
            order.url,
            credentials,
            basic_allowed=order.basic_allowed,
            transport=Transport(order.transport),
            poller=_Watch(self, (order.camera, order.profile)),
            say=self._say,
            sign_ins=self._sign_ins,
            open_ring=open_ring,
        )

    def _unsubscribe(self, source: int, now: float) -> None:
        key = self._link_of.pop(source, None)
        if key is None:
            return
        link = self._links[key]
        link.remove(source)
        if link.audience.is_empty:
            self._idle_since[key] = now

    # What the engine is told.

    def _say(self, answer: Answer) -> None:
        self._unsaid += encode(answer)
        if len(self._unsaid) > _MAX_UNREAD:
            raise _Orphaned  # nobody reads: the engine will start another worker
        self._flush()

    def _flush(self) -> None:
        try:
            del self._unsaid[: os.write(self._answers, self._unsaid)]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            raise _Orphaned from None


def _plain(key: _Key) -> PictureSaid:
    return PictureSaid(*key, frozen_since=None, reduced=False)


def main(arguments: list[str]) -> int:
    """Run a worker; 2 where it was not started by an engine."""
    if len(arguments) != 1 or not arguments[0].isdigit():
        sys.stderr.write("a stream worker is started by the console\n")
        return 2
    if not die_with_parent(int(arguments[0])):
        return 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the console's to obey
    os.setpriority(os.PRIO_PROCESS, 0, NICE)
    try:
        orders = socket.socket(fileno=os.dup(0))
    except OSError:
        sys.stderr.write("a stream worker is started by the console\n")
        return 2
    with orders:
        Worker(orders, sys.stdout.fileno()).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
