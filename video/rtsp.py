"""One RTSP conversation with a camera (RFC 2326), without sockets: bytes in, bytes out.

Whoever owns the connection sends what `outgoing` holds and gives what arrives to `receive`.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from urllib.parse import urlsplit

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from video.digest import Authorizer, Challenge, Mode, choose
from video.sdp import VideoTrack, parse_sdp, resolve

MAX_HEADER = 16 * 1024
MAX_BODY = 64 * 1024
_AGENT = "Watchroom"
_KEEP_ALIVE_S = (5.0, 30.0)


class NoStreamError(UnreachableError):
    """The camera answers that it has no such stream, or won't give it now."""


class Phase(Enum):
    """How far the conversation has come."""

    OPTIONS = auto()
    DESCRIBE = auto()
    SETUP = auto()
    PLAY = auto()
    PLAYING = auto()


@dataclass(frozen=True, slots=True)
class Address:
    """Where a camera's stream is; without credentials."""

    host: str
    port: int
    url: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Read an rtsp:// address; ProtocolError for anything else. Credentials inside it are left out."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or 554
        except ValueError as error:
            raise ProtocolError("the stream address can't be read") from error
        if parts.scheme != "rtsp" or not host or any(ord(char) <= 0x20 or ord(char) == 0x7F for char in url):
            raise ProtocolError("the stream address is no rtsp:// address")
        return cls(host, port, parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())


@dataclass(frozen=True, slots=True)
class _Message:
    """A response, or a request that the camera makes; header names in lower case."""

    first_line: str
    headers: dict[str, list[str]] = field(default_factory=dict)
    body: str = ""

    def header(self, name: str) -> str:
        return self.headers.get(name, [""])[0]

    @property
    def status(self) -> int:
        words = self.first_line.split(" ", 2)
        if len(words) < 2 or len(words[1]) != 3 or not (words[1].isascii() and words[1].isdigit()):
            raise ProtocolError("the camera's answer has no status")
        return int(words[1])


def parse_message(text: bytes) -> _Message:
    """Read the head of one RTSP message; ProtocolError where it is none."""
    lines = text.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if not (lines[0].startswith("RTSP/1.") or words[-1].startswith("RTSP/1.")):
        raise ProtocolError("the camera answers with something that is not RTSP")
    headers: dict[str, list[str]] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), []).append(value.strip())
    return _Message(lines[0], headers)


def _body_length(message: _Message) -> int:
    text = message.header("content-length") or "0"
    if not (len(text) < 10 and text.isascii() and text.isdigit()) or int(text) > MAX_BODY:
        raise ProtocolError("the camera's answer is too long")
    return int(text)


class RtspSession:
    """Signs in, sets up the first video track over the same connection, plays it and keeps it alive.

    `packets` come out of `receive` as (is RTCP, bytes). Each way of signing in is tried once: CredentialsError
    afterwards. NoStreamError where the camera refuses the stream, ProtocolError for what can't be understood.
    """

    def __init__(self, address: Address, credentials: Credentials | None, *, basic_allowed: bool = False) -> None:
        self.phase = Phase.OPTIONS
        self.outgoing = bytearray()
        self.keep_alive_s = _KEEP_ALIVE_S[1]
        self.attempts = 0
        self._url = address.url
        self._credentials = credentials
        self._basic_allowed = basic_allowed
        self._authorizer: Authorizer | None = None
        self._accepted = False
        self._renewed = False
        self._tried: frozenset[Mode] = frozenset()
        self._incoming = bytearray()
        self._sequence = 0
        self._request: tuple[str, str, dict[str, str]] = ("", "", {})
        self._session_id = ""
        self._track: VideoTrack | None = None
        self._channels = (0, 1)
        self._keep_alive_method = "OPTIONS"
        self._ask("OPTIONS", self._url)

    @property
    def track(self) -> VideoTrack:
        """Return the track that was set up; ProtocolError before the camera has described it."""
        if self._track is None:
            raise ProtocolError("the camera has not described its stream")
        return self._track

    def keep_alive(self) -> None:
        """Remind the camera that someone is looking."""
        self._ask(self._keep_alive_method, self.track.aggregate)

    def tear_down(self) -> None:
        """Say goodbye; no answer is waited for."""
        if self._session_id:
            self._ask("TEARDOWN", self.track.aggregate)

    def _ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> None:
        self._request = (method, url, headers or {})
        self._renewed = False
        self._send()

    def _send(self) -> None:
        method, url, headers = self._request
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", f"User-Agent: {_AGENT}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self._session_id:
            lines.append(f"Session: {self._session_id}")
        if self._authorizer is not None:
            lines.append(f"Authorization: {self._authorizer.header(method, url)}")
        self.outgoing += ("\r\n".join(lines) + "\r\n\r\n").encode()

    def receive(self, data: bytes) -> Sequence[tuple[bool, bytes]]:
        """Take what arrived, answer the camera through `outgoing`, and return the media packets in it."""
        incoming = self._incoming
        incoming += data
        packets: deque[tuple[bool, bytes]] = deque()
        start, end = 0, len(incoming)
        rtp, rtcp = self._channels
        with memoryview(incoming) as view:
            while end - start >= 4:
                if incoming[start] == 0x24:  # "$": a packet between the messages (RFC 2326, 10.12)
                    after = start + 4 + (incoming[start + 2] << 8 | incoming[start + 3])
                    if after > end:
                        break
                    channel = incoming[start + 1]
                    if channel in {rtp, rtcp}:
                        packets.append((channel == rtcp, bytes(view[start + 4 : after])))
                elif incoming[start] in b"\r\n":
                    after = start + 1
                else:
                    after = self._take_message(start)
                    if after == start:
                        break
                    rtp, rtcp = self._channels
                start = after
        del incoming[:start]
        return packets

    def _take_message(self, start: int) -> int:
        """Take the message that begins here and return where it ends, or `start` while it is not complete."""
        incoming = self._incoming
        end = incoming.find(b"\r\n\r\n", start, start + MAX_HEADER)
        if end < 0:
            if len(incoming) - start >= MAX_HEADER:
                raise ProtocolError("the camera's answer has no end")
            if not bytes(incoming[start : start + 4]).replace(b"_", b"A").isalpha():
                raise ProtocolError("the camera answers with something that is not RTSP")
            return start
        message = parse_message(bytes(incoming[start:end]))
        after = end + 4 + _body_length(message)
        if after > len(incoming):
            return start
        if message.first_line.startswith("RTSP/"):
            body = bytes(incoming[end + 4 : after]).decode("utf-8", "replace")
            self._take_response(_Message(message.first_line, message.headers, body))
        else:
            self._refuse(message)
        return after

    def _refuse(self, request: _Message) -> None:
        number = request.header("cseq")[:20]
        self.outgoing += f"RTSP/1.0 501 Not Implemented\r\nCSeq: {number}\r\n\r\n".encode()

    def _take_response(self, response: _Message) -> None:
        number = response.header("cseq")
        if number and number != str(self._sequence):
            return  # an answer to an older request
        status = response.status
        if status == 401:
            self._sign_in(response.headers.get("www-authenticate", []))
            return
        if 200 <= status < 300:
            self._accepted = self._authorizer is not None
        if self.phase is Phase.OPTIONS:  # whatever it answers: some cameras know no OPTIONS before signing in
            self._after_options(response)
            return
        if status == 403:
            raise CredentialsError("the camera does not let this user see the stream")
        if self.phase is Phase.PLAYING:
            return  # cameras that do not know GET_PARAMETER answer 501 and are reminded all the same
        if not 200 <= status < 300:
            raise NoStreamError(f"the camera answers {status} to {self._request[0]}")
        self._advance(response)

    def _sign_in(self, offers: list[str]) -> None:
        if self._credentials is None:
            raise CredentialsError("the camera asks for a user and a password")
        current = self._authorizer
        if current is not None and not self._renewed:
            fresh = choose(offers, basic_allowed=False, tried=frozenset())
            if fresh is not None and _renews(fresh, current.challenge, accepted=self._accepted):
                self._renewed = True
                self._authorizer = Authorizer(fresh, self._credentials)
                self._send()
                return
        challenge = choose(offers, basic_allowed=self._basic_allowed, tried=self._tried)
        if challenge is None:
            raise CredentialsError("the camera refuses this user and password")
        self.attempts += 1
        self._tried |= {challenge.mode}
        self._authorizer = Authorizer(challenge, self._credentials)
        self._send()

    def _after_options(self, response: _Message) -> None:
        if "GET_PARAMETER" in response.header("public").upper():
            self._keep_alive_method = "GET_PARAMETER"
        self.phase = Phase.DESCRIBE
        self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"})

    def _advance(self, response: _Message) -> None:
        if self.phase is Phase.DESCRIBE:
            base = response.header("content-base") or response.header("content-location")
            self._track = parse_sdp(response.body, resolve(self._url, base) if "://" in base else self._url)
            self.phase = Phase.SETUP
            self._ask("SETUP", self.track.control, {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"})
        elif self.phase is Phase.SETUP:
            self._after_setup(response)
            self.phase = Phase.PLAY
            self._ask("PLAY", self.track.aggregate, {"Range": "npt=0.000-"})
        else:
            self.phase = Phase.PLAYING

    def _after_setup(self, response: _Message) -> None:
        name, *parameters = (part.strip() for part in response.header("session").split(";"))
        if not name:
            raise ProtocolError("the camera set up a session without a name")
        self._session_id = name
        for each in parameters:
            key, _, value = each.partition("=")
            if key.lower() == "timeout" and len(value) < 6 and value.isascii() and value.isdigit():
                self.keep_alive_s = min(max(int(value) / 2, _KEEP_ALIVE_S[0]), _KEEP_ALIVE_S[1])
        self._channels = _channels(response.header("transport"))


def _renews(fresh: Challenge, current: Challenge, *, accepted: bool) -> bool:
    """Whether a new 401 only renews the nonce: the camera says so, or has already taken the password once."""
    return fresh.mode is Mode.DIGEST and fresh.nonce != current.nonce and (accepted or fresh.stale)


def _channels(transport: str) -> tuple[int, int]:
    """Return the channels of RTP and RTCP that a Transport header names; (0, 1), which we asked for, by default."""
    for part in transport.split(";"):
        name, _, value = part.strip().partition("=")
        if name.lower() == "interleaved":
            first, _, second = value.partition("-")
            if len(first) < 4 and first.isascii() and first.isdigit() and int(first) < 256:
                known = len(second) < 4 and second.isascii() and second.isdigit() and int(second) < 256
                return int(first), int(second) if known else int(first) + 1
    return 0, 1
