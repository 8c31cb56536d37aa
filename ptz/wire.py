"""HTTP to one camera: kept-alive, with hard limits on waiting and on what a camera may answer."""

import http.client
import select
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

from domain.clock import Clock
from domain.errors import ProtocolError, UnreachableError

CONNECT_S = 1.5
READ_S = 3.0  # the longest silence inside an answer
ANSWER_S = 6.0  # the longest whole answer, for cameras that send a byte at a time
MAX_ANSWER = 2 * 1024 * 1024  # a 200 MB body was accepted by the library as it stands (+382 MB)
SOAP_TYPE = 'application/soap+xml; charset="utf-8"'


@dataclass(frozen=True, slots=True)
class Answer:
    """What a camera answered; `date` is its HTTP Date header, empty where it sent none."""

    status: int
    content: bytes
    date: str


class Line:
    """One connection to one host, opened when needed and kept; used by one thread at a time."""

    def __init__(self, url: str, clock: Clock, answer_s: float = ANSWER_S) -> None:
        self._answer_s = answer_s
        self._parts = checked(url)
        self._clock = clock
        self._connection: http.client.HTTPConnection | None = None
        self.slowest_s = 0.0  # the longest of the latest answers, to know when one is overdue

    def open(self) -> None:
        """Connect now, if not connected; UnreachableError where nobody answers."""
        self._connected()

    def post(self, url: str, body: bytes, *, repeatable: bool = False) -> Answer:
        """Send one request to a path on this host and return the answer.

        Raises UnreachableError or ProtocolError. A `repeatable` request is sent again, once, if a kept connection
        turns out to be dead; others could be done twice by that.
        """
        began = self._clock.monotonic()
        kept = self._connection is not None and not self._hung_up()
        try:
            answer = self._exchange(url, body)
        except UnreachableError:
            if not (repeatable and kept) or self._clock.monotonic() - began > READ_S / 2:
                raise
            answer = self._exchange(url, body)
        took = self._clock.monotonic() - began
        self.slowest_s = max(took, 0.7 * self.slowest_s)
        return answer

    def close(self) -> None:
        """Hang up; the next request connects again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, url: str, body: bytes) -> Answer:
        target = urlsplit(url)
        path = urlunsplit(("", "", target.path or "/", target.query, ""))
        connection = self._connected()
        if isinstance(connection.sock, _HurriedSocket):
            connection.sock.hurry(self._clock.monotonic() + self._answer_s)
        try:
            connection.request("POST", path, body, {"Content-Type": SOAP_TYPE})
            return _read(connection.getresponse())
        except ProtocolError:
            self.close()
            raise
        except OSError as error:  # before HTTPException: RemoteDisconnected is both
            self.close()
            raise UnreachableError(f"{self._parts.netloc} does not answer: {error}") from error
        except (http.client.HTTPException, ValueError) as error:
            self.close()
            raise ProtocolError(f"{self._parts.netloc} does not speak HTTP: {error!r}") from error

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is not None and self._hung_up():
            self.close()
        if self._connection is None:
            connection = _connection(self._parts)
            try:
                connection.connect()
            except OSError as error:
                connection.close()
                raise UnreachableError(f"{self._parts.netloc} does not answer: {error}") from error
            if not isinstance(connection, http.client.HTTPSConnection):
                connection.sock = _HurriedSocket(connection.sock, self._clock)
            else:
                connection.sock.settimeout(READ_S)
            self._connection = connection
        return self._connection

    def _hung_up(self) -> bool:
        """Whether the camera has closed a kept connection (or spoken out of turn)."""
        sock = self._connection.sock if self._connection else None
        return sock is None or bool(select.select([sock], [], [], 0)[0])


class _HurriedSocket(socket.socket):
    """A socket whose whole answer has an end, not only each of its pieces."""

    def __init__(self, taken: socket.socket, clock: Clock) -> None:
        super().__init__(taken.family, taken.type, taken.proto, fileno=taken.detach())
        self._clock = clock
        self._ends_at = float("inf")
        self.settimeout(READ_S)

    def hurry(self, ends_at: float) -> None:
        """Give up reading at this monotonic moment."""
        self._ends_at = ends_at
        self.settimeout(READ_S)

    def recv_into(self, *args: object, **kwargs: object) -> int:
        """Receive as a socket does, but never past the end."""
        left = self._ends_at - self._clock.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self.settimeout(min(left, READ_S))
        return super().recv_into(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given


def checked(url: str) -> SplitResult:
    """Return the parts of a camera's address; ProtocolError where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ProtocolError(f"not an address: {url!r}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise ProtocolError(f"not an http(s) address: {url!r}")
    return parts


def reached(url: str, by: str) -> str:
    """Return an address that a camera told, at the host and port by which the camera was reached.

    Cameras behind address translation, or set up elsewhere, tell addresses that lead nowhere or to strangers.
    """
    way = checked(by)
    try:
        told = urlsplit(url.strip())
    except ValueError as error:
        raise ProtocolError(f"the camera told an address that is none: {url!r}") from error
    return urlunsplit((way.scheme, way.netloc, told.path or "/", told.query, ""))


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=CONNECT_S, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, parts.port, timeout=CONNECT_S)


def _read(response: http.client.HTTPResponse) -> Answer:
    content = response.read(MAX_ANSWER + 1)
    if len(content) > MAX_ANSWER:
        raise ProtocolError(f"the camera answers with more than {MAX_ANSWER} bytes")
    if response.length:
        raise ProtocolError("the camera's answer breaks off")
    return Answer(response.status, content, response.getheader("Date", ""))
