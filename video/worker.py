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
from collections import deque
from collections.abc import Callable

from domain.camera import Credentials
from domain.errors import ProtocolError
from video.leash import die_with_parent
from video.link import Link
from video.sign_ins import SignIns
from video.slot import slot_bytes
from video.stream import Output
from video.wire import MAX_LINE, Alive, Answer, Ready, Retry, Subscribe, Unsubscribe, decode, encode

NICE = 10  # the screen goes first: UI lateness p99 39-55 -> 15 ms at 64 tiles
_TICK_S = 0.1
_COUNT_S = 1.0
_LINGER_S = 2.0  # a camera that changes tiles keeps its session
_MAX_UNREAD = 1024 * 1024
_ANSWERS = 1


class _Orphaned(Exception):  # noqa: N818 - not an error: the ordinary end
    """The engine is gone."""


def _credentials(user: str | None, password: str | None) -> Credentials | None:
    return None if user is None else Credentials(user, password or "")


class Worker:
    """Serves the engine at the other end of a socket until it is gone."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._epoll = select.epoll()
        self._watched: dict[int, Callable[[int, float], None]] = {}
        self._links: dict[tuple[int, str], Link] = {}
        self._link_of: dict[int, tuple[int, str]] = {}
        self._idle_since: dict[tuple[int, str], float] = {}
        self._sign_ins = SignIns()
        self._files: deque[int] = deque()
        self._unread = bytearray()
        self._unsaid = bytearray()
        self._counted_at = 0.0
        self._due_at = 0.0

    def run(self) -> None:
        """Turn until the engine goes."""
        self._orders.settimeout(0)
        os.set_blocking(_ANSWERS, False)
        self.watch(self._orders.fileno(), select.EPOLLIN, self._hear)
        self._say(Ready())
        with contextlib.suppress(_Orphaned):
            while True:
                now = time.monotonic()
                if now >= self._due_at:
                    self._due_at = now + _TICK_S
                    self._tick(now)
                for fd, events in self._epoll.poll(max(0.0, self._due_at - now)):
                    ready = self._watched.get(fd)
                    if ready is not None:
                        ready(events, time.monotonic())
        for link in self._links.values():
            link.close()

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

    def _tick(self, now: float) -> None:
        for link in self._links.values():
            link.tick(now)
        for key, since in list(self._idle_since.items()):
            if now - since > _LINGER_S:
                del self._idle_since[key]
                self._links.pop(key).close()
        if now - self._counted_at >= _COUNT_S:
            self._counted_at = now
            for link in self._links.values():
                self._say(link.counts())
            self._say(Alive())
        elif self._unsaid:
            self._flush()

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
            self._obey(bytes(line), now)

    def _obey(self, line: bytes, now: float) -> None:
        order = decode(line)
        if isinstance(order, Subscribe):
            self._subscribe(order)
        elif isinstance(order, Unsubscribe):
            self._unsubscribe(order.source, now)
        elif isinstance(order, Retry):
            self._sign_ins.forget(order.camera)
            for (camera, _), link in self._links.items():
                if camera == order.camera:
                    link.retry(_credentials(order.user, order.password), now)
        else:
            raise ProtocolError("the engine said what only a worker says")

    def _subscribe(self, order: Subscribe) -> None:
        file = self._files.popleft()
        memory = mmap.mmap(file, slot_bytes(order.width, order.height, order.pixel_format))
        os.close(file)
        key = (order.camera, order.profile)
        credentials = _credentials(order.user, order.password)
        if order.held:
            self._sign_ins.refuse(order.camera)
        link = self._links.get(key)
        if link is not None and (link.url, link.credentials) != (order.url, credentials) and not link.outputs:
            link.close()
            link = None
        if link is None:
            link = Link(
                order.camera,
                order.profile,
                order.url,
                credentials,
                basic_allowed=order.basic_allowed,
                poller=self,
                say=self._say,
                sign_ins=self._sign_ins,
            )
            self._links[key] = link
        self._idle_since.pop(key, None)
        self._link_of[order.source] = key
        link.add(order.source, Output(order, memory))
        self._due_at = 0.0  # connect now

    def _unsubscribe(self, source: int, now: float) -> None:
        key = self._link_of.pop(source, None)
        if key is None:
            return
        link = self._links[key]
        link.remove(source)
        if not link.outputs:
            self._idle_since[key] = now

    def _say(self, answer: Answer) -> None:
        self._unsaid += encode(answer)
        if len(self._unsaid) > _MAX_UNREAD:
            raise _Orphaned  # nobody reads: the engine will start another worker
        self._flush()

    def _flush(self) -> None:
        try:
            del self._unsaid[: os.write(_ANSWERS, self._unsaid)]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            raise _Orphaned from None


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
        Worker(orders).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
