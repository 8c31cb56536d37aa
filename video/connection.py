"""A TCP connection that never waits, on the worker's poller."""

import errno
import select
import socket
from collections.abc import Callable
from typing import Protocol

_GULP = 256 * 1024
_RECEIVE_BUFFER = 512 * 1024  # bounds memory and how old a picture can get in it


class Poller(Protocol):
    """Where sockets are waited for."""

    def watch(self, fd: int, events: int, ready: Callable[[int, float], None]) -> None:
        """Call `ready(events, now)` when something happens on the descriptor; again with other events replaces."""
        ...

    def forget(self, fd: int) -> None:
        """Stop watching."""
        ...


class Connection:
    """Connects at once; `opened(now)` says that it stands, `arrived(data, now)` what came, nothing at its end.

    OSError where the system refuses to try. `outgoing` belongs to whoever speaks; `flush` sends what is in it.
    """

    def __init__(
        self,
        where: tuple[str, int],
        outgoing: bytearray,
        poller: Poller,
        opened: Callable[[float], None],
        arrived: Callable[[bytes, float], None],
    ) -> None:
        self._outgoing = outgoing
        self._poller = poller
        self._opened = opened
        self._arrived = arrived
        self._stands = False
        self._awaits_out = True
        self.family = socket.AF_INET6 if ":" in where[0] else socket.AF_INET
        self._socket = socket.socket(self.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        result = self._socket.connect_ex(where)
        if result not in {0, errno.EINPROGRESS}:
            self._socket.close()
            raise OSError(result, "the camera can't be reached")
        poller.watch(self._socket.fileno(), select.EPOLLOUT, self._ready)

    @property
    def ends(self) -> tuple[str, str]:
        """Return our address and the camera's; OSError where the connection broke already."""
        return str(self._socket.getsockname()[0]), str(self._socket.getpeername()[0])

    def flush(self) -> None:
        """Send what can be sent now, and the rest when it can be."""
        try:
            del self._outgoing[: self._socket.send(self._outgoing)]
        except BlockingIOError:
            pass
        except OSError:
            return  # reading tells the same, and says so
        wants_out = bool(self._outgoing)
        if wants_out != self._awaits_out:
            self._awaits_out = wants_out
            events = select.EPOLLIN | (select.EPOLLOUT if wants_out else 0)
            self._poller.watch(self._socket.fileno(), events, self._ready)

    def close(self) -> None:
        """Let go of it."""
        self._poller.forget(self._socket.fileno())
        self._socket.close()

    def _ready(self, events: int, now: float) -> None:
        if not self._stands:
            if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
                self._arrived(b"", now)
                return
            self._stands = True
            self._opened(now)
            self.flush()
            return
        if events & select.EPOLLOUT:
            self.flush()
        if events & ~select.EPOLLOUT:
            self._read(now)

    def _read(self, now: float) -> None:
        try:
            data = self._socket.recv(_GULP)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._arrived(data, now)
