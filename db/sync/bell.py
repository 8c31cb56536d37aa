"""Waiting for several things at once."""

import selectors
import socket


class Bell:
    """A sleep that any thread can end, and that also ends when a socket has something to read."""

    def __init__(self) -> None:
        self._ear, self._clapper = socket.socketpair()
        self._ear.settimeout(0)
        self._clapper.settimeout(0)

    def ring(self) -> None:
        """End the present wait, or the next one if nobody waits; safe from any thread."""
        try:
            self._clapper.send(b"!")
        except BlockingIOError:
            return  # it rings already
        except OSError:
            return  # closed: nobody will wait any more

    def wait(self, timeout_s: float, also: int | None = None) -> bool:
        """Sleep until rung, until the socket `also` can be read, or for so long; return whether it was rung."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._ear, selectors.EVENT_READ)
            if also is not None:
                selector.register(also, selectors.EVENT_READ)
            ready = {key.fd for key, _ in selector.select(max(0.0, timeout_s))}
        if self._ear.fileno() not in ready:
            return False
        try:
            while self._ear.recv(4096):
                continue
        except BlockingIOError:
            return True
        return True

    def close(self) -> None:
        """Give the sockets back; nobody may wait any more."""
        self._ear.close()
        self._clapper.close()
