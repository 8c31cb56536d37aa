"""One camera profile's connection: a state machine on the worker's one thread, so no camera waits for another."""

import errno
import ipaddress
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from typing import Protocol

from domain.camera import Credentials
from domain.errors import CredentialsError, ProtocolError
from domain.picture import LossReason
from video.rtsp import Address, NoStreamError, Phase, RtspSession
from video.sign_ins import SignIns
from video.stream import Output, Stream
from video.wire import Answer, Counts, SessionSaid

SILENT_S = 4.0  # without a packet: the session is dead
_CONNECT_S = 1.8
_ANSWER_S = 3.0
_SIGN_IN_S = 10.0
# The first phase of reconnecting: every 2 s at most, not all cameras at once. With a keyframe's distance of a second
# a camera is seen 3 s after its return.
_PROBE_S = (0.8, 1.4)
_SOON_S = (0.05, 0.4)
_NO_PICTURE_S = 15.0  # packets but no picture: longer than any usual distance of keyframes
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


class _State(Enum):
    WAITING = auto()
    LOOKING_UP = auto()
    CONNECTING = auto()
    TALKING = auto()
    HELD = auto()


class _Lookup:
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


class Link:
    """Connects, signs in, plays, decodes and delivers; tries again by itself for as long as it is wanted.

    After a refused password it is still until `retry`; so are all other profiles of the camera.
    """

    def __init__(
        self,
        camera: int,
        profile: str,
        url: str,
        credentials: Credentials | None,
        *,
        basic_allowed: bool,
        poller: Poller,
        say: Callable[[Answer], None],
        sign_ins: SignIns,
    ) -> None:
        self.outputs: dict[int, Output] = {}
        self.url = url
        self.credentials = credentials
        self._basic_allowed = basic_allowed
        self._poller = poller
        self._say = say
        self._sign_ins = sign_ins
        self._state = _State.WAITING
        self._said = SessionSaid(camera, profile, time.monotonic(), reason=None, live=False)
        self._counts = Counts(camera, profile)
        self._sent = 0
        self._until = 0.0
        self._tried_at = 0.0
        self._lookup: _Lookup | None = None
        self._socket: socket.socket | None = None
        self._session: RtspSession | None = None
        self._stream: Stream | None = None
        self._heard_at = 0.0
        self._picture_at = 0.0
        self._reminded_at = 0.0
        self._awaits_out = False
        self._widest = 0

    # What the worker asks.

    def add(self, source: int, output: Output) -> None:
        """Serve one more subscription, and tell how the session is."""
        self._sent = max(self._sent, output.sent_before)
        self.outputs[source] = output
        self._widest = max(output.width for output in self.outputs.values())
        self._say(self._said)

    def retry(self, credentials: Credentials | None, now: float) -> None:
        """Try now, with these credentials, whatever was refused before."""
        self.credentials = credentials
        if not self._said.live:
            self._disconnect()
            self._state, self._until = _State.WAITING, now
            self._tell(replace(self._said, since=now, reason=None))

    def counts(self) -> Counts:
        """Return what happened so far."""
        delivered = self._counts.delivered + sum(output.delivered for output in self.outputs.values())
        total = replace(self._counts, delivered=delivered, sent=self._sent)
        if self._stream is None:
            return total
        packets = self._stream.depacketiser
        return replace(
            total,
            sent=packets.sent,
            decoded=total.decoded + self._stream.decoded,
            dropped=total.dropped + packets.dropped,
            lost_packets=total.lost_packets + packets.lost_packets,
            undecodable=total.undecodable + self._stream.decoder.undecodable,
            late=total.late + self._stream.late,
        )

    def remove(self, source: int) -> None:
        """Serve one subscription less."""
        output = self.outputs.pop(source)
        self._counts = replace(self._counts, delivered=self._counts.delivered + output.delivered)
        self._widest = max((output.width for output in self.outputs.values()), default=self._widest)

    def close(self) -> None:
        """Say goodbye to the camera and let go of it."""
        if self._session is not None and self._state is _State.TALKING:
            self._session.tear_down()
            self._flush()
        self._disconnect()

    def tick(self, now: float) -> None:
        """Do what is due; called several times a second."""
        if self._state is _State.WAITING:
            if now >= self._until:
                self._open(now)
        elif self._state is _State.LOOKING_UP:
            self._look(now)
        elif self._state is _State.CONNECTING:
            if now - self._tried_at > _CONNECT_S:
                self._lose(LossReason.NO_ANSWER, now)
        elif self._state is _State.TALKING:
            self._judge(now)

    # The connection.

    def _open(self, now: float) -> None:
        if self._sign_ins.is_refused(self._said.camera):
            self._hold()
            return
        if not self._sign_ins.enter(self._said.camera, self):
            return
        self._tried_at = now
        try:
            address = Address.parse(self.url)
            self._session = RtspSession(address, self.credentials, basic_allowed=self._basic_allowed)
        except ProtocolError:
            self._lose(LossReason.NOT_UNDERSTOOD, now)
            return
        self._port = address.port
        try:
            ipaddress.ip_address(address.host)
        except ValueError:
            self._lookup = _Lookup(address.host)
            self._state = _State.LOOKING_UP
            return
        self._connect(address.host, now)

    def _look(self, now: float) -> None:
        lookup = self._lookup
        if lookup is None or not lookup.done.is_set():
            return
        self._lookup = None
        self._tried_at = now
        if lookup.address is None:
            self._lose(LossReason.NO_ANSWER, now)
        else:
            self._connect(lookup.address, now)

    def _connect(self, host: str, now: float) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        self._socket = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        self._state = _State.CONNECTING
        result = connection.connect_ex((host, self._port))
        if result not in {0, errno.EINPROGRESS}:
            self._lose(LossReason.NO_ANSWER, now)
            return
        self._poller.watch(connection.fileno(), select.EPOLLOUT, self._ready)

    def _ready(self, events: int, now: float) -> None:
        if self._socket is None:
            return
        if self._state is _State.CONNECTING:
            if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) != 0:
                self._lose(LossReason.NO_ANSWER, now)
                return
            self._state = _State.TALKING
            self._heard_at = self._picture_at = self._reminded_at = now
            self._counts = replace(self._counts, sessions=self._counts.sessions + 1)
            self._awaits_out = True
            self._flush()
            return
        if events & select.EPOLLOUT:
            self._flush()
        if events & ~select.EPOLLOUT:
            self._read(now)

    def _flush(self) -> None:
        connection, session = self._socket, self._session
        if connection is None or session is None:
            return
        try:
            del session.outgoing[: connection.send(session.outgoing)]
        except BlockingIOError:
            pass
        except OSError:
            return  # reading tells the same, and says so
        wants_out = bool(session.outgoing)
        if wants_out != self._awaits_out:
            self._awaits_out = wants_out
            events = select.EPOLLIN | (select.EPOLLOUT if wants_out else 0)
            self._poller.watch(connection.fileno(), events, self._ready)

    def _read(self, now: float) -> None:
        connection, session = self._socket, self._session
        if connection is None or session is None:
            return
        try:
            data = connection.recv(_GULP)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose(LossReason.NO_ANSWER, now)
            return
        try:
            self._take(session, data, now)
        except CredentialsError:
            self._sign_ins.refuse(self._said.camera)
            self._hold()
        except NoStreamError:
            self._lose(LossReason.NO_STREAM, now)
        except ProtocolError:
            self._lose(LossReason.NOT_UNDERSTOOD, now)

    def _take(self, session: RtspSession, data: bytes, now: float) -> None:
        packets = session.receive(data)
        if session.outgoing:
            self._flush()
        if session.phase is not Phase.PLAYING:
            self._heard_at = now
        elif self._stream is None:
            self._sign_ins.accept(self._said.camera)
            self._sign_ins.leave(self._said.camera, self)
        if not packets:
            return
        if any(not is_rtcp for is_rtcp, _ in packets):
            self._heard_at = now
        if self._stream is None:
            self._stream = Stream(session.track, self._sent)
        self._stream.widest = self._widest
        picture = self._stream.take(packets, now)
        if picture is None:
            return
        for output in self.outputs.values():
            output.show(picture)
        self._picture_at = now
        if not self._said.live:
            self._tell(replace(self._said, reason=None, live=True))

    # What becomes of it.

    def _judge(self, now: float) -> None:
        session, stream = self._session, self._stream
        if session is None:
            return
        if session.phase is not Phase.PLAYING:
            if now - self._heard_at > _ANSWER_S or now - self._tried_at > _SIGN_IN_S:
                self._lose(LossReason.NO_ANSWER, now)
            return
        if now - self._heard_at > SILENT_S or (stream is not None and stream.hopeless):
            self._lose(LossReason.NO_SIGNAL, now)
        elif now - self._picture_at > _NO_PICTURE_S:
            self._lose(LossReason.NOT_UNDERSTOOD, now)
        elif now - self._reminded_at > session.keep_alive_s:
            self._reminded_at = now
            session.keep_alive()
            self._flush()

    def _lose(self, reason: LossReason, now: float) -> None:
        was_live = self._said.live
        self._disconnect()
        self._state = _State.WAITING
        if was_live:
            self._until = now + random.uniform(*_SOON_S)  # noqa: S311 - spreads cameras out, guards nothing
        else:
            self._until = max(now + 0.1, self._tried_at + random.uniform(*_PROBE_S))  # noqa: S311 - as above
        self._tell(replace(self._said, since=now if was_live else self._said.since, reason=reason.value, live=False))

    def _hold(self) -> None:
        self._disconnect()
        self._state = _State.HELD
        self._tell(replace(self._said, reason=LossReason.WRONG_PASSWORD.value, live=False))

    def _tell(self, said: SessionSaid) -> None:
        if said != self._said:
            self._said = said
            self._say(said)

    def _disconnect(self) -> None:
        self._sign_ins.leave(self._said.camera, self)
        self._counts = replace(self.counts(), delivered=self._counts.delivered)
        self._sent = self._counts.sent
        if self._socket is not None:
            self._poller.forget(self._socket.fileno())
            self._socket.close()
        self._socket = self._session = self._stream = self._lookup = None
