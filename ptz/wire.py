"""HTTP to one camera: kept-alive, with hard limits on waiting and on what a camera may answer."""

import http.client
import select
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit, urlunsplit

from domain.clock import Clock
from domain.errors import ProtocolError, UnreachableError
from ptz.pins import Mark, check_same, fingerprint
from ptz.sockets import HurriedSocket, HurriedTls, tls_context

CONNECT_S = 1.5
READ_S = 3.0  # the longest silence inside an answer
ANSWER_S = 6.0  # the longest whole answer, for cameras that send a byte at a time
MAX_ANSWER = 2 * 1024 * 1024  # a 200 MB body was accepted by the library as it stands (+382 MB)
SOAP_TYPE = 'application/soap+xml; charset="utf-8"'
RTSP_PORT = 554


Gate = Callable[[], AbstractContextManager[None]]
"""What a request passes just when it is written; entering it may raise WithdrawnError, and then nothing is sent."""


class WithdrawnError(UnreachableError):
    """What was to be sent is not wanted any more, and was not sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a camera answered; `date` is its HTTP Date header, empty where it sent none.

    `challenges` are its WWW-Authenticate headers.
    """

    status: int
    content: bytes
    date: str
    challenges: tuple[str, ...] = ()


class Line:
    """One connection to one host, opened when needed and kept; used by one thread at a time.

    Over HTTPS the certificate must have the fingerprint `pin`, where one is given: OtherDeviceError, before anything
    is sent. `fingerprint` is that of the device that was reached, `date` what its last answer said, `opened` and
    `answered` count.
    """

    def __init__(self, url: str, clock: Clock, answer_s: float = ANSWER_S, *, pin: str = "") -> None:
        self._answer_s = answer_s
        self._parts = checked(url)
        self._clock = clock
        self._pin = pin
        self._connection: http.client.HTTPConnection | None = None
        self.slowest_s = 0.0  # the longest of the latest answers, to know when one is overdue
        self.gate: Gate | None = None
        self.fingerprint = ""
        self.date = ""
        self.opened = 0
        self.answered = 0

    def open(self) -> None:
        """Connect now, if not connected; UnreachableError where nobody answers."""
        self._connected()

    def post(self, url: str, body: bytes, *, repeatable: bool = False, authorization: str = "") -> Answer:
        """Send one request to a path on this host and return the answer.

        Raises UnreachableError or ProtocolError. A `repeatable` request is sent again, once, if a kept connection
        turns out to be dead; others could be done twice by that.
        """
        began = self._clock.monotonic()
        kept = self._connection is not None and not self._hung_up()
        try:
            answer = self._exchange(url, body, authorization)
        except ProtocolError:
            raise
        except UnreachableError:
            if not (repeatable and kept) or self._clock.monotonic() - began > READ_S / 2:
                raise
            answer = self._exchange(url, body, authorization)
        took = self._clock.monotonic() - began
        self.slowest_s = max(took, 0.7 * self.slowest_s)
        return answer

    def close(self) -> None:
        """Hang up; the next request connects again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _exchange(self, url: str, body: bytes, authorization: str) -> Answer:
        connection = self._connected()
        if isinstance(connection.sock, HurriedSocket | HurriedTls):
            connection.sock.hurry(self._clock.monotonic() + self._answer_s)
        headers: dict[str, str | bytes] = {"Content-Type": SOAP_TYPE}
        if authorization:
            headers["Authorization"] = authorization.encode()  # names need not be Latin
        try:
            with self.gate() if self.gate is not None else nullcontext():
                connection.request("POST", target(url), body, headers)
            answer = _read(connection.getresponse())
        except ProtocolError:
            self.close()
            raise
        except OSError as error:  # before HTTPException: RemoteDisconnected is both
            self.close()
            raise UnreachableError(f"{self._parts.netloc} does not answer: {error}") from error
        except (http.client.HTTPException, ValueError) as error:
            self.close()
            raise ProtocolError(f"{self._parts.netloc} does not speak HTTP: {error!r}") from error
        self.answered += 1
        self.date = answer.date
        return answer

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is not None and self._hung_up():
            self.close()
        if self._connection is None:
            connection = _connection(self._parts)
            try:
                connection.connect()
                self._limited(connection)
            except OSError as error:
                connection.close()
                raise UnreachableError(f"{self._parts.netloc} does not answer: {error}") from error
            except UnreachableError:
                connection.close()
                raise
            self._connection = connection
            self.opened += 1
        return self._connection

    def _limited(self, connection: http.client.HTTPConnection) -> None:
        """Give a fresh connection its limits, and look at whom it leads to."""
        if not isinstance(connection.sock, HurriedTls):
            connection.sock = HurriedSocket(connection.sock, self._clock, READ_S)
            return
        connection.sock.limit(self._clock, READ_S)
        self.fingerprint = fingerprint(connection.sock.getpeercert(binary_form=True) or b"")
        check_same(Mark.CERTIFICATE, self._pin, self.fingerprint)

    def _hung_up(self) -> bool:
        """Whether the camera has closed a kept connection (or spoken out of turn)."""
        sock = self._connection.sock if self._connection else None
        if sock is None:
            return True
        looked = select.poll()  # `select` knows no descriptor above 1,023
        looked.register(sock, select.POLLIN)
        if not looked.poll(0):
            return False
        return not isinstance(sock, HurriedTls) or sock.spoke()


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


def dated(date: str) -> datetime | None:
    """Return the moment that a Date header tells, None where it tells none."""
    try:
        told = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
    return told.replace(tzinfo=UTC) if told.tzinfo is None else told


def target(url: str) -> str:
    """Return what is asked of a host: path and query."""
    parts = urlsplit(url)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def reached(url: str, by: str) -> str:
    """Return an address that a camera told, at the host and port by which the camera was reached.

    Cameras behind address translation, or set up elsewhere, tell addresses that lead nowhere or to strangers. One
    that tells none at all is asked where it was reached: cameras tell services apart by what is asked, too.
    """
    way, told = checked(by), _told(url)
    return urlunsplit((way.scheme, way.netloc, told.path or way.path or "/", told.query, ""))


def stream_reached(url: str, by: str) -> str:
    """Return the address of a stream that a camera told, at the host by which the camera was reached.

    Its port is kept: streams have one of their own. ProtocolError where the camera told none.
    """
    way, told = checked(by), _told(url)
    try:
        port = told.port or RTSP_PORT
    except ValueError as error:
        raise ProtocolError(f"the camera told an address that is none: {url!r}") from error
    if told.scheme not in {"rtsp", "rtsps"}:
        raise ProtocolError(f"the camera told no address of a stream: {url!r}")
    host = way.hostname or ""
    at = f"[{host}]" if ":" in host else host
    return urlunsplit((told.scheme, f"{at}:{port}", told.path or "/", told.query, ""))


def _told(url: str) -> SplitResult:
    try:
        return urlsplit(url.strip())
    except ValueError as error:
        raise ProtocolError(f"the camera told an address that is none: {url!r}") from error


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, parts.port, timeout=CONNECT_S, context=tls_context())
    return http.client.HTTPConnection(host, parts.port, timeout=CONNECT_S)


def _read(response: http.client.HTTPResponse) -> Answer:
    content = response.read(MAX_ANSWER + 1)
    if len(content) > MAX_ANSWER:
        raise ProtocolError(f"the camera answers with more than {MAX_ANSWER} bytes")
    if response.length:
        raise ProtocolError("the camera's answer breaks off")
    challenges = tuple(response.headers.get_all("WWW-Authenticate") or ())
    return Answer(response.status, content, response.getheader("Date", ""), challenges)
