"""One stream worker, seen from the engine's thread; nothing here waits for it."""

import os
import socket
import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from domain.errors import ProtocolError
from video.spawn import end, spawn
from video.wire import MAX_LINE, ORDERS, Answer, Order, decode, encode

_MAX_UNSENT = 1024  # orders; more means that it hangs


class Body(Protocol):
    """What a worker runs in."""

    @property
    def pid(self) -> int:
        """Return the number of the process that it runs in."""
        ...

    def end(self, patience_s: float) -> None:
        """Wait so long for it to end, and make it end otherwise."""
        ...


class ProcessBody:
    """A process of its own, which a crash or a hang leaves the console alone with."""

    def __init__(self, orders: socket.socket, answers: int) -> None:
        self._process = spawn("video.worker", (), orders=orders.fileno(), answers=answers)
        orders.close()
        os.close(answers)

    @property
    def pid(self) -> int:
        """Return its process number."""
        return self._process.pid

    def end(self, patience_s: float) -> None:
        """Wait so long for it to end, kill it otherwise."""
        end(self._process, patience_s)


class ThreadBody:
    """A thread of this process, for tests and debuggers: what breaks in it is seen there, and can't be killed."""

    def __init__(self, orders: socket.socket, answers: int) -> None:
        self._orders, self._answers = orders, answers
        self._thread = threading.Thread(target=self._run, name="video-worker", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """Return our own process number."""
        return os.getpid()

    def end(self, patience_s: float) -> None:  # noqa: ARG002 - a thread can't be killed: it ends with its input
        """Wait for it to end."""
        self._thread.join()

    def _run(self) -> None:
        from video.worker import Worker  # noqa: PLC0415 - the console loads no player library unless asked to

        try:
            with self._orders:
                Worker(self._orders, self._answers).run()
        finally:
            os.close(self._answers)


class Helper:
    """A running worker: orders in, answers out, both without blocking. OSError where it can't be started."""

    def __init__(self, body: Callable[[socket.socket, int], Body]) -> None:
        ours, theirs = socket.socketpair()
        self._answers, said = os.pipe()
        try:
            self._body = body(theirs, said)
        except OSError:
            for each in (ours, theirs):
                each.close()
            os.close(self._answers)
            os.close(said)
            raise
        ours.settimeout(0)
        self._orders = ours
        self._orders_fd: int = ours.fileno()
        os.set_blocking(self._answers, False)
        self._unsent: deque[tuple[bytes, int | None]] = deque()
        self._unread = bytearray()

    @property
    def pid(self) -> int:
        """Return its process number."""
        return self._body.pid

    @property
    def answers_fd(self) -> int:
        """Return what becomes readable when it says something or dies."""
        return self._answers

    @property
    def orders_fd(self) -> int:
        """Return what becomes writable when it listens again."""
        return self._orders_fd

    @property
    def has_unsent(self) -> bool:
        """Whether orders wait for it to listen."""
        return bool(self._unsent)

    def order(self, order: Order, file: int | None = None) -> None:
        """Send an order, with the file that belongs to a Subscribe; ProtocolError where it takes none any more."""
        if len(self._unsent) >= _MAX_UNSENT:
            raise ProtocolError("a stream worker takes no orders")
        self._unsent.append((encode(order), None if file is None else os.dup(file)))
        self.send()

    def send(self) -> None:
        """Send what it takes now."""
        while self._unsent:
            line, file = self._unsent[0]
            try:
                sent = self._orders.send(line) if file is None else socket.send_fds(self._orders, [line], [file])
            except BlockingIOError:
                return
            except OSError:
                return  # it is gone; its standard output says so
            if file is not None:
                os.close(file)
            self._unsent.popleft()
            if sent < len(line):
                self._unsent.appendleft((line[sent:], None))

    def hear(self) -> list[Answer] | None:
        """Return what it said, or None when it is gone; ProtocolError for what no worker says."""
        try:
            data = os.read(self._answers, MAX_LINE)
        except BlockingIOError:
            return []
        if not data:
            return None
        *lines, rest = (bytes(self._unread) + data).split(b"\n")
        self._unread = bytearray(rest)
        if len(rest) > MAX_LINE:
            raise ProtocolError("a stream worker says a line without an end")
        answers: list[Answer] = []
        for line in lines:
            answer = decode(line)
            if isinstance(answer, ORDERS):
                raise ProtocolError("a stream worker said what only the engine says")
            answers.append(answer)
        return answers

    def ask_to_end(self) -> None:
        """Close its input, which ends it."""
        self._orders.close()

    def end(self, patience_s: float = 0.0) -> None:
        """Wait so long for it to end, kill it otherwise, and clean up after it."""
        self._orders.close()
        self._body.end(patience_s)
        os.close(self._answers)
        while self._unsent:
            _, file = self._unsent.popleft()
            if file is not None:
                os.close(file)
