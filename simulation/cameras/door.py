"""A camera's own TCP port, which can vanish from the network while the camera runs."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable

from simulation.cameras.config import HOST
from simulation.cameras.rtsp_message import LARGEST_HEAD

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

_FILLING = 2  # a queue of length 0 holds one connection (Linux); the second finds it full
_BACKLOG = 100


class Door:
    """Listens on a free port. Shut, it answers no SYN: a connect hangs, as to an address where nothing is."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self._socket = socket.create_server((HOST, 0), backlog=_BACKLOG)
        self._socket.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._server: asyncio.Server | None = None
        self._filling: list[socket.socket] = []

    @property
    def port(self) -> int:
        """Return the port."""
        return int(self._socket.getsockname()[1])

    @property
    def opened(self) -> bool:
        """Whether it takes connections."""
        return self._server is not None

    async def open(self) -> None:
        """Begin to take connections, or go on with it."""
        if self._server is not None:
            return
        self._empty()
        self._socket.listen(_BACKLOG)
        self._server = await asyncio.start_server(self._serve, sock=self._socket.dup(), limit=LARGEST_HEAD)

    def shut(self) -> None:
        """Answer no connect any more; connections that are there stay.

        The queue of connections that nobody accepts is made as short as it can be, and filled: Linux then ignores
        every SYN, on the loopback too.
        """
        if self._server is None:
            return
        self._server.close()
        self._server = None
        self._socket.listen(0)
        for _ in range(_FILLING):
            filling = socket.socket()
            filling.setblocking(False)  # noqa: FBT003 - the socket's own signature
            with contextlib.suppress(BlockingIOError):
                filling.connect((HOST, self.port))
            self._filling.append(filling)

    def close(self) -> None:
        """Give the port back."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._empty()
        self._socket.close()

    def _empty(self) -> None:
        """Take out of the queue what fills it."""
        for filling in self._filling:
            filling.close()
        with contextlib.suppress(BlockingIOError):
            while self._filling:
                self._socket.accept()[0].close()
        self._filling.clear()
