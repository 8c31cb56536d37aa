"""One stream worker process, seen from the engine's thread; nothing here waits for it."""

import os
import socket
import subprocess
import sys
from collections import deque
from pathlib import Path

from domain.errors import ProtocolError
from video.wire import MAX_LINE, Answer, Order, Retry, Subscribe, Unsubscribe, decode, encode

_MAX_UNSENT = 1024  # orders; more means that it hangs
_ROOT = Path(__file__).resolve().parent.parent


class Helper:
    """A running worker: orders in, answers out, both without blocking."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "video.worker", str(os.getpid())],
                cwd=_ROOT,
                stdin=theirs.fileno(),
                stdout=subprocess.PIPE,
                bufsize=0,
            )
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        ours.settimeout(0)
        self._orders = ours
        self._orders_fd: int = ours.fileno()
        stdout = self._process.stdout
        if stdout is None:
            raise AssertionError("the worker was started with a pipe")
        self._stdout = stdout
        self._answers: int = stdout.fileno()
        os.set_blocking(self._answers, False)
        self._unsent: deque[tuple[bytes, int | None]] = deque()
        self._unread = bytearray()

    @property
    def pid(self) -> int:
        """Return its process number."""
        return self._process.pid

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
            if isinstance(answer, Subscribe | Unsubscribe | Retry):
                raise ProtocolError("a stream worker said what only the engine says")
            answers.append(answer)
        return answers

    def ask_to_end(self) -> None:
        """Close its input, which ends it."""
        self._orders.close()

    def end(self, patience_s: float = 0.0) -> None:
        """Wait so long for it to end, kill it otherwise, and clean up after it."""
        self._orders.close()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stdout.close()
        while self._unsent:
            _, file = self._unsent.popleft()
            if file is not None:
                os.close(file)
