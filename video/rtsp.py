"""One RTSP conversation with a camera (RFC 2326), without sockets: bytes in, bytes out.

Whoever owns the connection sends what `outgoing` holds and gives what arrives to `receive`.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto
from urllib.parse import urlsplit

from domain.camera import Transport
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from video.carriage import Carriage, agreed, wish
from video.digest import SignIn
from video.rtsp_message import MAX_HEADER, Address, Message, could_begin, is_small_number, parse_head
from video.sdp import VideoTrack, parse_sdp, resolve

_AGENT = "Watchroom"
_KEEP_ALIVE_S = (1.0, 30.0)
_MAX_OUTGOING = 64 * 1024  # a camera that asks and asks and never reads


class NoStreamError(UnreachableError):
    """The camera answers that it has no such stream, or won't give it now."""


class Phase(Enum):
    """How far the conversation has come."""

    OPTIONS = auto()
    DESCRIBE = auto()
    SETUP = auto()
    PLAY = auto()
    PLAYING = auto()


class RtspSession:
    """Signs in, sets up the first video track, plays it and keeps it alive.

    `packets` that come over the same connection come out of `receive` as (is RTCP, bytes). For datagrams `client_port`
    is called, once, for the even one of our two ports; without it there are none. A camera that does not do
    the asked transport (461) is asked for the other one, once.
    CredentialsError where it refuses to be signed in to, NoStreamError where it refuses the stream, ProtocolError for
    what can't be understood. `may_sign_in` is asked before the password is sent first: where it says no, the session
    `waits`, until `sign_in` finds that it says yes.
    """

    def __init__(
        self,
        address: Address,
        sign_in: SignIn,
        *,
        transport: Transport = Transport.TCP,
        client_port: Callable[[], int] | None = None,
        may_sign_in: Callable[[], bool] = lambda: True,
    ) -> None:
        self.outgoing = bytearray()
        self.keep_alive_s = _KEEP_ALIVE_S[1]
        self.resyncs = 0
        self.carriage = Carriage()
        self._url = address.url
        self._sign_in = sign_in
        self._transport = transport
        self._client_port = client_port
        self._may_sign_in = may_sign_in
        self._offers: Sequence[str] | None = None
        self._silent = False  # about the password: it was refused to a reminder
        self._fell_back = False
        self._incoming = bytearray()
        self._sequence = 0
        self._request: tuple[str, str, dict[str, str]] = ("", "", {})
        self._session_id = ""
        self._track: VideoTrack | None = None
        self._channels = (0, 1)
        self._keep_alive_method = "OPTIONS"
        if sign_in.begun:  # it hung up after asking for the password: this time it gets it with the first word
            self.phase = Phase.DESCRIBE
            self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"})
        else:
            self.phase = Phase.OPTIONS
            self._ask("OPTIONS", self._url)

    @property
    def track(self) -> VideoTrack:
        """Return the track that was set up; ProtocolError before the camera has described it."""
        if self._track is None:
            raise ProtocolError("the camera has not described its stream")
        return self._track

    @property
    def waits(self) -> bool:
        """Whether the camera asked for the password, and it must not be sent yet."""
        return self._offers is not None

    def sign_in(self) -> None:
        """Send the password that the camera asked for, if that is allowed now; CredentialsError where none is left."""
        if self._offers is None or not self._may_sign_in():
            return
        offers, self._offers = self._offers, None
        self._sign_in.try_next(offers)
        self._send()

    def end(self) -> None:
        """Have the next session begin with the password, where the camera hung up while this one waited.

        CredentialsError where none is left.
        """
        if self._offers is not None:
            self._sign_in.try_next(self._offers)

    def repeat(self) -> None:
        """Ask the same again, as the same request (RFC 2326, 12.17): its first answer counts, whichever it is to."""
        self._sequence -= 1
        self._send()

    def keep_alive(self) -> None:
        """Remind the camera that someone is looking."""
        self._ask(self._keep_alive_method, self.track.aggregate)

    def tear_down(self) -> None:
        """Say goodbye; no answer is waited for."""
        if self._session_id:
            self._ask("TEARDOWN", self.track.aggregate)

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

    # What arrives.

    def _take_message(self, start: int) -> int:
        """Take the message that begins here and return where it ends, or `start` while it is not complete."""
        incoming = self._incoming
        end = incoming.find(b"\r\n\r\n", start, start + MAX_HEADER)
        begins = could_begin(bytes(incoming[start : start + 256]))
        if not begins or (end < 0 and len(incoming) - start >= MAX_HEADER):
            return self._resync(start)
        if end < 0:
            return start
        message = parse_head(bytes(incoming[start:end]))
        after = end + 4 + message.body_length
        if after > len(incoming):
            return start
        if message.is_response:
            body = bytes(incoming[end + 4 : after]).decode("utf-8", "replace")
            self._take_response(replace(message, body=body))
        else:
            self._refuse(message)
        return after

    def _resync(self, start: int) -> int:
        """Return where the next packet seems to begin, after one whose length was a lie.

        ProtocolError before the camera plays: then this is not RTSP.
        """
        if self.phase is not Phase.PLAYING:
            raise ProtocolError("the camera answers with something that is not RTSP")
        self.resyncs += 1
        incoming, at = self._incoming, start
        while (at := incoming.find(b"$", at + 1)) >= 0:
            if at + 6 > len(incoming) or self._looks_like_packet(at):
                return at
        return len(incoming)

    def _looks_like_packet(self, at: int) -> bool:
        channel, version, kind = self._incoming[at + 1], self._incoming[at + 4] >> 6, self._incoming[at + 5]
        if channel not in self._channels or version != 2:
            return False
        return 192 <= kind <= 223 if channel == self._channels[1] else kind & 0x7F == self.track.payload_type

    def _refuse(self, request: Message) -> None:
        number = request.header("cseq")[:20]
        self.outgoing += f"RTSP/1.0 501 Not Implemented\r\nCSeq: {number}\r\n\r\n".encode()
        if len(self.outgoing) > _MAX_OUTGOING:
            raise ProtocolError("the camera asks and does not listen")

    def _take_response(self, response: Message) -> None:
        number = response.header("cseq")
        status = response.status
        if (number and number != str(self._sequence)) or status < 200:
            return  # an answer to an older request, or one that announces the real one
        done = status < 300
        if status == 401:
            self._challenged(response.headers.get("www-authenticate", []))
        elif self.phase is Phase.OPTIONS:  # whatever it answers: some cameras know no OPTIONS before signing in
            if done:
                self._sign_in.accept()
            self._after_options(response)
        elif self.phase is Phase.PLAYING:
            if not done:  # one that does not know GET_PARAMETER is reminded in the other way
                self._keep_alive_method = "OPTIONS"
        elif done:
            self._sign_in.accept()
            self._advance(response)
        else:
            self._refused(status)

    def _challenged(self, offers: list[str]) -> None:
        if not self._silent and self._sign_in.renew(offers):
            self._send()
        elif self.phase is Phase.PLAYING:
            # It proves nothing, but may mean that the password was changed: each further one could count as wrong.
            self._silent = True
        else:
            self._offers = offers
            self.sign_in()

    def _refused(self, status: int) -> None:
        if status == 403 and self._sign_in.begun:
            raise CredentialsError("the camera does not let this user see the stream")
        if status == 461 and self.phase is Phase.SETUP and not self._fell_back:
            self._fell_back = True
            self._transport = Transport.TCP if self._transport is Transport.UDP else Transport.UDP
            self._set_up()
            return
        raise NoStreamError(f"the camera answers {status} to {self._request[0]}")

    # What is asked.

    def _ask(self, method: str, url: str, headers: dict[str, str] | None = None) -> None:
        self._request = (method, url, headers or {})
        self._sign_in.begin_request()
        self._send()

    def _send(self) -> None:
        method, url, headers = self._request
        self._sequence += 1
        lines = [f"{method} {url} RTSP/1.0", f"CSeq: {self._sequence}", f"User-Agent: {_AGENT}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self._session_id:
            lines.append(f"Session: {self._session_id}")
        if not self._silent and (proof := self._sign_in.header(method, url)):
            lines.append(f"Authorization: {proof}")
        self.outgoing += ("\r\n".join(lines) + "\r\n\r\n").encode()

    def _after_options(self, response: Message) -> None:
        if "GET_PARAMETER" in response.header("public").upper():
            self._keep_alive_method = "GET_PARAMETER"
        self.phase = Phase.DESCRIBE
        self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"})

    def _advance(self, response: Message) -> None:
        if self.phase is Phase.DESCRIBE:
            self._track = parse_sdp(response.body, self._base(response))
            self.phase = Phase.SETUP
            self._set_up()
        elif self.phase is Phase.SETUP:
            self._after_setup(response)
            self.phase = Phase.PLAY
            self._ask("PLAY", self.track.aggregate, {"Range": "npt=0.000-"})
        else:
            self.phase = Phase.PLAYING

    def _base(self, response: Message) -> str:
        """Return what the description's addresses are relative to; some cameras give only a path, or nothing."""
        base = response.header("content-base") or response.header("content-location")
        if "://" in base:
            return resolve(self._url, base)
        if base.startswith("/"):
            return resolve(self._url, urlsplit(self._url)._replace(path=base, query="").geturl())
        return self._url

    def _set_up(self) -> None:
        port = 0
        if self._transport is Transport.UDP:
            if self._client_port is None:
                raise NoStreamError("the camera sends datagrams only")
            port = self._client_port()
        self._ask("SETUP", self.track.control, {"Transport": wish(self._transport, port)})

    def _after_setup(self, response: Message) -> None:
        name, *parameters = (part.strip() for part in response.header("session").split(";"))
        if not name:
            raise ProtocolError("the camera set up a session without a name")
        self._session_id = name
        for each in parameters:
            key, _, value = each.partition("=")
            if key.strip().lower() == "timeout" and is_small_number(value.strip()):
                self.keep_alive_s = min(max(int(value) / 2, _KEEP_ALIVE_S[0]), _KEEP_ALIVE_S[1])
        self.carriage = agreed(response.header("transport"), self._transport)
        self._channels = self.carriage.channels or (256, 256)  # no byte is that: packets inside are passed over
