"""Finding the address of a camera that is known by a name."""

import ipaddress
import socket
import threading


def is_address(host: str) -> bool:
    """Whether a host is given by its address, so that nothing needs to be found."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Lookup:
    """A name's address, found in a thread of its own because the resolver may block for long."""

    def __init__(self, host: str) -> None:
        self.done = threading.Event()
        self.address: str | None = None
        threading.Thread(target=self._run, args=(host,), name="lookup", daemon=True).start()

    def _run(self, host: str) -> None:
        try:
            self.address = str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
        except (OSError, UnicodeError):
            self.address = None
        self.done.set()
