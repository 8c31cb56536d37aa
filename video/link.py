"""One camera profile's connection: a state machine on the worker's one thread, so no camera waits for another."""

import select
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum, auto

from domain.camera import Credentials, Transport
from domain.errors import CredentialsError, ProtocolError, UnreachableError
from domain.picture import LossReason
from video.admission import Admission
from video.audience import Audience, Output
from video.connection import Connection, Poller
from video.lookup import Lookup, is_address
from video.probing import CONNECT_S, next_try
from video.progress import Progress
from video.rtsp import Phase, RtspSession
from video.rtsp_message import Address
from video.sdp import VideoTrack
from video.sign_ins import SignIns
from video.stream import Keeper, Stream
from video.tally import with_session
from video.udp import Datagrams
from video.wire import Answer, Counts, PictureSaid, SessionSaid

_ANSWER_S = 1.5
_SLOW_ANSWER_S, _SLOW_EVERY = 5.0, 8  # now and then a camera that may think for long gets the time
_VERDICT_S = 8.0  # cameras answer a wrong password late on purpose; asking again meanwhile would lock us out
_SET_UP_S = 15.0
_STANDSTILL_S = 1.0  # so long after its last tick the worker itself stood still: what arrived has to be read first


class _State(Enum):
    WAITING = auto()
    LOOKING_UP = auto()
    CONNECTING = auto()
    TALKING = auto()
    HELD = auto()


class Link:
    """Connects, signs in, plays, decodes and delivers; tries again by itself for as long as it is wanted.

    After a refused password it is still until a person wants it again; so are all other profiles of the camera.
    """

    def __init__(
        self,
        camera: int,
        profile: str,
        url: str,
        credentials: Credentials | None,
        *,
        basic_allowed: bool,
        transport: Transport = Transport.TCP,
        poller: Poller,
        say: Callable[[Answer], None],
        sign_ins: SignIns,
        open_ring: Callable[[VideoTrack], Keeper | None] = lambda _: None,
    ) -> None:
        self.audience = Audience()
        self.url = url
        self._admission = Admission(camera, credentials, basic_allowed=basic_allowed, sign_ins=sign_ins)
        self._transport = transport
        self._poller = poller
        self._say = say
        self._open_ring = open_ring
        self._state = _State.WAITING
        self._said = SessionSaid(camera, profile, time.monotonic(), reason=None, live=False)
        self._counts = Counts(camera, profile)
        self._sent = 0
        self._until = 0.0
        self._tried_at = 0.0
        self._ticked_at = 0.0
        self._port = 0
        self._lookup: Lookup | None = None
        self._connection: Connection | None = None
        self._datagrams: Datagrams | None = None
        self._session: RtspSession | None = None
        self._stream: Stream | None = None
        self._progress = Progress(0.0)
        self._plays = False
        self._unanswered = 0
        self._slowest_s = 0.0
        self._heard_at = 0.0
        self._reminded_at = 0.0
        self._asked_at = 0.0

    # What the worker asks.

    @property
    def credentials(self) -> Credentials | None:
        """Return what the next session signs in with."""
        return self._admission.credentials

    def add(self, source: int, output: Output | None) -> None:
        """Serve one more subscription (None: keep the session open for the ring), and tell how the session is."""
        self.audience.add(source, output)
        self._say(self._said)

    def retry(self, credentials: Credentials | None, now: float) -> None:
        """Try now, with these credentials, whatever was refused before; a try with them that is under way goes on."""
        if self._admission.change(credentials) and not self._said.live:
            self._begin(now)

    def give_up(self, now: float) -> None:
        """Begin anew, after a pause, because what nobody expected came of this camera."""
        self._break_off(LossReason.NOT_UNDERSTOOD, now)

    def picture_said(self) -> PictureSaid:
        """Return what is to be known of the picture besides whether it comes."""
        stream = self._stream
        frozen_since = None if stream is None else stream.stillness.frozen_since
        return PictureSaid(self._said.camera, self._said.profile, frozen_since, reduced=self.audience.reduced)

    def counts(self) -> Counts:
        """Return what happened so far."""
        total = replace(self._counts, delivered=self.audience.delivered, sent=self._sent)
        return total if self._stream is None else with_session(total, self._stream)

    def remove(self, source: int) -> None:
        """Serve one subscription less."""
        self.audience.remove(source)

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
            if now - self._tried_at > CONNECT_S:
                self._lose(LossReason.NO_ANSWER, now)
        elif self._state is _State.TALKING and now - self._ticked_at < _STANDSTILL_S:
            self._judge(now)
        elif self._state is _State.HELD and not self._admission.is_refused:
            self._begin(now)
        self._ticked_at = now

    # The connection.

    def _begin(self, now: float) -> None:
        self._disconnect()
        self._admission.drop()
        self._state, self._until = _State.WAITING, now
        self._tell(replace(self._said, since=now, reason=None))

    def _open(self, now: float) -> None:
        if self._admission.is_refused:
            self._hold()
            return
        sign_in = self._admission.begin()
        if sign_in is None:
            return
        self._tried_at = now
        try:
            address = Address.parse(self.url)
        except ProtocolError:
            self._lose(LossReason.NOT_UNDERSTOOD, now)
            return
        self._session = RtspSession(
            address,
            sign_in,
            transport=self._transport,
            client_port=self._open_datagrams,
            may_sign_in=self._admission.enter,
        )
        self._port = address.port
        if is_address(address.host):
            self._connect(address.host, now)
        else:
            self._lookup = Lookup(address.host)
            self._state = _State.LOOKING_UP

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
        session = self._session
        if session is None:
            return
        self._state = _State.CONNECTING
        try:
            self._connection = Connection(
                (host, self._port), session.outgoing, self._poller, self._opened, self._arrived
            )
        except OSError:
            self._lose(LossReason.NO_ANSWER, now)

    def _opened(self, now: float) -> None:
        self._state = _State.TALKING
        self._heard_at = self._reminded_at = self._asked_at = now
        self._counts = replace(self._counts, sessions=self._counts.sessions + 1)

    def _flush(self) -> None:
        if self._connection is not None and self._session is not None and self._session.outgoing:
            self._connection.flush()

    def _open_datagrams(self) -> int:
        """Return the port on which this session's packets may come; UnreachableError where there is none."""
        if self._connection is None:
            raise UnreachableError("the connection is gone")
        try:
            self._datagrams = Datagrams(self._connection.family, *self._connection.ends)
        except OSError as error:
            raise UnreachableError("a camera's datagrams can't be received") from error
        return self._datagrams.port

    # What comes from the camera.

    def _arrived(self, data: bytes, now: float) -> None:
        if not data:
            self._break_off(LossReason.NO_ANSWER, now)
            return
        try:
            self._take(data, now)
        except UnreachableError as error:
            self._fail(error, now)

    def _datagrams_arrived(self, _events: int, now: float) -> None:
        if self._datagrams is None:
            return
        try:
            self._show(self._datagrams.receive(now), now)
        except UnreachableError as error:
            self._fail(error, now)

    def _fail(self, error: UnreachableError, now: float) -> None:
        if isinstance(error, CredentialsError):
            self._refuse()
        elif isinstance(error, ProtocolError):
            self._break_off(LossReason.NOT_UNDERSTOOD, now)
        else:
            self._admission.drop()  # it was answered
            self._lose(LossReason.NO_STREAM, now)

    def _take(self, data: bytes, now: float) -> None:
        session = self._session
        if session is None:
            return
        packets = session.receive(data)
        self._flush()
        self._unanswered = 0
        if not self._plays:
            self._admission.hear()
            self._slowest_s = max(self._slowest_s, now - self._heard_at)
            self._heard_at = now
            if session.phase is Phase.PLAYING:
                self._play(session, now)
        if packets:
            self._show(packets, now)

    def _play(self, session: RtspSession, now: float) -> None:
        """Begin to expect pictures: the camera plays."""
        self._plays = True
        if self._stream is None:
            self._progress = Progress(now)
        if self._datagrams is None:
            return
        if session.carriage.transport is Transport.UDP:
            self._datagrams.begin(session.carriage, session.track.clock_rate)
            for fd in self._datagrams.filenos:
                self._poller.watch(fd, select.EPOLLIN, self._datagrams_arrived)
        else:
            self._datagrams.close()
            self._datagrams = None

    def _show(self, packets: Sequence[tuple[bool, bytes]], now: float) -> None:
        session, stream = self._session, self._stream
        if session is None or not packets:
            return
        if stream is None:
            self._progress = Progress(now)
            sent_before = max(self._sent, self.audience.sent_before)
            stream = self._stream = Stream(session.track, sent_before, self.audience, self._open_ring(session.track))
        if any(not is_rtcp for is_rtcp, _ in packets):
            self._progress.hear(now)
        stream.take(packets, now)
        came = stream.depacketiser
        puzzles = came.misfits + stream.decoder.undecodable
        if self._progress.note(now, understood=stream.understood, keys=came.keys, puzzles=puzzles):
            self._tell(replace(self._said, reason=None, live=True))

    # What becomes of it.

    def _judge(self, now: float) -> None:
        session = self._session
        if session is None:
            return
        if not self._plays:
            self._judge_talk(session, now)
            return
        self._datagrams_arrived(0, now)  # what waits for a packet that does not come, and our reports
        loss = self._progress.loss(now)
        if self._session is None:
            return
        if loss is not None:
            self._lose(loss, now)
        elif self._stream is not None and self._stream.hopeless:
            self._lose(LossReason.NO_SIGNAL, now)
        elif now - self._reminded_at > session.keep_alive_s:
            self._reminded_at = now
            session.keep_alive()
            self._flush()

    def _judge_talk(self, session: RtspSession, now: float) -> None:
        if session.waits:
            self._ask_again(session, now)
            return
        patience = min(max(_ANSWER_S, 2 * self._slowest_s), _SLOW_ANSWER_S)
        if self._unanswered % _SLOW_EVERY == _SLOW_EVERY - 1:
            patience = _SLOW_ANSWER_S
        if self._admission.is_under_way:
            patience = _VERDICT_S
        elif session.phase is Phase.OPTIONS and now - self._asked_at > _ANSWER_S:
            self._asked_at = now  # it hung, and may have lost what it was asked: a long wait must not miss its return
            session.repeat()
            self._flush()
        if now - self._heard_at > patience or now - self._tried_at > _SET_UP_S:
            self._unanswered += 1
            self._break_off(LossReason.NO_ANSWER, now)

    def _ask_again(self, session: RtspSession, now: float) -> None:
        """Send the password that the camera asked for as soon as nobody else tries it, or never if it was refused."""
        self._heard_at = self._tried_at = now
        if self._admission.is_refused:
            self._hold()
            return
        try:
            session.sign_in()
        except UnreachableError as error:
            self._fail(error, now)
        else:
            self._flush()

    def _break_off(self, reason: LossReason, now: float) -> None:
        """Go on after the camera hung up, said nothing or nothing that makes sense: perhaps to the password."""
        if self._state is _State.TALKING and self._session is not None and self._admission.cut_off(self._session):
            self._refuse()
        else:
            self._lose(reason, now)

    def _lose(self, reason: LossReason, now: float) -> None:
        said = self._said
        since = now if said.live else said.since
        self._disconnect()
        self._state = _State.WAITING
        self._until = next_try(now, tried_at=self._tried_at, lost_at=since)
        self._tell(replace(said, since=since, reason=reason.value, live=False))

    def _refuse(self) -> None:
        self._admission.refuse()
        self._hold()

    def _hold(self) -> None:
        self._disconnect()
        self._state = _State.HELD
        self._tell(replace(self._said, reason=LossReason.WRONG_PASSWORD.value, live=False))

    def _tell(self, said: SessionSaid) -> None:
        if said != self._said:
            self._said = said
            self._say(said)

    def _disconnect(self) -> None:
        self._admission.leave()
        self._counts = self.counts()
        self._sent = self._counts.sent
        if self._stream is not None:
            self._stream.close()
        if self._connection is not None:
            self._connection.close()
        if self._datagrams is not None:
            for fd in self._datagrams.filenos:
                self._poller.forget(fd)
            self._datagrams.close()
        self._connection = self._datagrams = self._session = self._stream = self._lookup = None
        self._plays = False
