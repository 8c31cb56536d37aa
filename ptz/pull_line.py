"""A connection on which an answer may be long in coming: what waits for it holds no thread.

A camera answers PullMessages when it has something to tell, or after many seconds. So a request is sent, and its
answer taken when the connection has something to read.
"""

import http.client
import io
import select
import socket
import ssl
from contextlib import suppress
from typing import Any

from domain.clock import Clock
from domain.errors import ProtocolError, UnreachableError
from ptz.sockets import HurriedSocket, HurriedTls
from ptz.wire import ANSWER_S, MAX_ANSWER, READ_S, SOAP_TYPE, Answer, Line, target

_PIECE = 65_536


class PullLine(Line):
    """One connection to one host whose requests and answers are apart; used by one thread at a time, save `break_off`.

    Everything raises UnreachableError or ProtocolError, and hangs up before.
    """

    def __init__(self, url: str, clock: Clock, *, pin: str = "") -> None:
        super().__init__(url, clock, pin=pin)
        self._awaited: HurriedSocket | HurriedTls | None = None

    @property
    def waiting_on(self) -> socket.socket | None:
        """Return the socket on which an answer is awaited, None where none is."""
        return self._awaited

    def send(self, url: str, body: bytes, authorization: str = "") -> None:
        """Send one request to a path on this host."""
        path = target(url)
        if not all("!" <= letter <= "~" for letter in path):
            raise ProtocolError("the camera told an address that is none")
        said = {"Host": self._parts.netloc, "Content-Type": SOAP_TYPE, "Content-Length": str(len(body))}
        if authorization:
            said["Authorization"] = authorization
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        sock: Any = self._connected().sock
        try:
            sock.settimeout(READ_S)
            sock.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        except OSError as error:
            self.close()
            raise UnreachableError(f"{self._parts.netloc} does not answer: {error}") from error
        self._awaited = sock

    def take(self, wait_s: float = 0.0) -> Answer | None:
        """Return the answer to what was sent; None where it has not begun within this time."""
        sock, self._awaited = self._awaited, None
        if sock is None:
            return None
        try:
            first = _begun(sock, wait_s)
            if first is None:
                self._awaited = sock
                return None
            sock.hurry(self._clock.monotonic() + ANSWER_S)
            return self._read(_Begun(first, sock))
        except UnreachableError:
            self.close()
            raise
        except (OSError, http.client.IncompleteRead) as error:
            self.close()
            raise UnreachableError(f"{self._parts.netloc} does not answer: {error}") from error
        except (http.client.HTTPException, ValueError) as error:
            self.close()
            raise ProtocolError(f"{self._parts.netloc} does not speak HTTP: {error!r}") from error

    def break_off(self) -> None:
        """Have whatever waits on this connection fail at once; from any thread."""
        connection = self._connection
        sock = connection.sock if connection is not None else None
        if sock is not None:
            with suppress(OSError):  # it has ended already
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # TLS would end its own state first, under the reader

    def close(self) -> None:
        """Hang up; the next request connects again."""
        self._awaited = None
        super().close()

    def _read(self, begun: Any) -> Answer:
        response = http.client.HTTPResponse(begun, method="POST")
        try:
            response.begin()
            content = response.read(MAX_ANSWER + 1)
            if len(content) > MAX_ANSWER:
                raise ProtocolError(f"the camera answers with more than {MAX_ANSWER} bytes")
            if response.length:
                raise UnreachableError("the camera's answer breaks off")
            challenges = tuple(response.headers.get_all("WWW-Authenticate") or ())
            answer = Answer(response.status, content, response.getheader("Date", ""), challenges)
        finally:
            response.close()
        if response.will_close:
            self.close()
        return answer

    def _hung_up(self) -> bool:
        """Whether the camera has closed a kept connection; by poll, as hundreds of connections have high numbers."""
        sock = self._connection.sock if self._connection else None
        if sock is None:
            return True
        waiting = select.poll()
        waiting.register(sock, select.POLLIN)
        return bool(waiting.poll(0)) and (not isinstance(sock, HurriedTls) or sock.spoke())


class _Begun(io.RawIOBase):
    """An answer of which a piece has been read: gives that, then what follows on the connection."""

    def __init__(self, first: bytes, sock: socket.socket) -> None:
        super().__init__()
        self._first = first
        self._sock = sock

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 - what http.client asks of a socket
        """Return it as http.client reads it."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes."""
        if not self._first:
            return self._sock.recv_into(buffer)
        piece, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _begun(sock: Any, wait_s: float) -> bytes | None:
    """Return the first piece of an answer, None where none has come within this time; OSError where it hung up.

    Bytes on the wire are not yet an answer: TLS sends tickets of its own between.
    """
    sock.settimeout(wait_s)
    try:
        first = bytes(sock.recv(_PIECE))
    except (BlockingIOError, TimeoutError, ssl.SSLWantReadError):
        return None
    if not first:
        raise ConnectionResetError("it hung up")
    return first
