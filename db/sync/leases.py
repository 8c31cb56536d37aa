"""The line on which headquarters is asked for cameras: with a connection of its own, since a hand waits on it."""

import logging
import random
import threading
from collections.abc import Callable
from uuid import UUID

from db.sync.bell import Bell
from db.sync.client import Headquarters, Lease
from domain.clock import Clock
from domain.errors import CredentialsError, ProtocolError, WatchroomError
from domain.lease import Ask, GivenBack, Granted, LeaseAnswer, Party, Rank, Refused, Unanswered

_log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 1.5  # then headquarters counts as away: a lease is 5 s

_LOOK_EVERY_S = 0.5  # for a connection that ended while nothing was asked
_BACK_OFF_S = (0.2, 5.0)
_REFUSED_BACK_OFF_S = 30.0  # a certificate that is refused is not pressed on headquarters
_LEAVE_WITHIN_S = 1.0


class LeaseLine:
    """Asks headquarters, one question at a time, the highest rank first; of a camera's questions the newest counts.

    `headquarters` is this line's alone. `heard` and `linked` (up, and why not) are called from its thread. While
    headquarters is away nothing is kept to be asked later: whoever wants something asks again when `linked` says so.
    """

    def __init__(self, headquarters: Headquarters, origin: UUID, clock: Clock) -> None:
        self._headquarters = headquarters
        self._origin = origin
        self._clock = clock
        self._bell = Bell()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._queue: dict[int, Ask] = {}
        self._up = False
        self._heard: Callable[[LeaseAnswer], None] = _nobody
        self._linked: Callable[[bool, str], None] = _nobody
        self._thread: threading.Thread | None = None

    def start(self, heard: Callable[[LeaseAnswer], None], linked: Callable[[bool, str], None]) -> None:
        """Connect, and ask from now on."""
        self._heard, self._linked = heard, linked
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
        self._thread.start()

    def ask(self, asked: Ask) -> None:
        """Have headquarters asked; never waits, safe from any thread."""
        with self._lock:
            self._queue[asked.camera_no] = asked
        self._bell.ring()

    def close(self) -> None:
        """Ask what is still to be asked, for a second at most, and end."""
        self._closing.set()
        self._bell.ring()
        if self._thread is not None:
            self._thread.join(_LEAVE_WITHIN_S)
            while self._thread.is_alive():
                self._headquarters.abort()
                self._thread.join(0.2)
        self._headquarters.close()
        self._bell.close()

    # -- the thread

    def _run(self) -> None:
        pause_s = shortest = _BACK_OFF_S[0]
        while not self._closing.is_set():
            try:
                self._headquarters.hinted()  # connects
                self._tell(up=True)
                pause_s = shortest
                self._serve()
            except CredentialsError as error:
                self._away(str(error))
                self._closing.wait(_REFUSED_BACK_OFF_S)
            except WatchroomError as error:
                self._away(str(error))
                self._closing.wait(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load, keeps no secret
                pause_s = min(pause_s * 2, _BACK_OFF_S[1])
            except Exception:  # noqa: BLE001 - the thread's outermost loop; logged, and told as headquarters being away
                _log.exception("asking headquarters for cameras stumbled")
                self._headquarters.close()
                self._away("internal error, see the log")
                self._closing.wait(_BACK_OFF_S[1])

    def _serve(self) -> None:
        """Ask whatever comes, until the connection ends or the line is closed and nothing is left to ask."""
        while True:
            asked = self._next()
            if asked is not None:
                self._answer(asked)
            elif self._closing.is_set():
                return
            else:
                self._headquarters.hinted()
                self._bell.wait(_LOOK_EVERY_S)

    def _next(self) -> Ask | None:
        with self._lock:
            if not self._queue:
                return None
            return self._queue.pop(max(self._queue.values(), key=lambda asked: asked.rank).camera_no)

    def _answer(self, asked: Ask) -> None:
        try:
            answer = self._asked(asked)
        except WatchroomError:
            self._heard(Unanswered(asked.camera_no))
            raise
        self._heard(answer)

    def _asked(self, asked: Ask) -> LeaseAnswer:
        at = self._clock.monotonic()  # before it leaves: the time that headquarters gives ends later than ours
        lease = self._headquarters.lease(asked.camera_no, asked.rank, asked.ttl_s)
        if asked.ttl_s == 0:
            return GivenBack(asked.camera_no)
        if lease.granted:
            return Granted(asked.camera_no, at, min(lease.ttl_s, asked.ttl_s))
        ours = lease.holder == self._origin
        return Refused(asked.camera_no, ours, self._party(asked.camera_no, lease, ours=ours), lease.ttl_s)

    def _party(self, camera_no: int, lease: Lease, *, ours: bool) -> Party | None:
        """Return who goes before us."""
        try:
            holder, rival = self._headquarters.lease_parties(camera_no)
        except ProtocolError:  # a headquarters of the second version can't say: then there is no more than the id
            return None if ours or lease.holder is None else Party(lease.holder)
        if ours or lease.holder is None:
            return None if rival is None else Party(rival[0], rank=_rank(rival[1]))
        return Party(lease.holder, rank=_rank(holder[1]) if holder is not None and holder[0] == lease.holder else None)

    def _away(self, why: str) -> None:
        with self._lock:
            self._queue.clear()
        if not self._closing.is_set():
            self._tell(up=False, why=why)

    def _tell(self, *, up: bool, why: str = "") -> None:
        if up != self._up:
            self._up = up
            if not up:
                _log.warning("leases: %s", why)
            self._linked(up, why)


def _rank(said: int) -> Rank | None:
    try:
        return Rank(said)
    except ValueError:  # of a newer program
        return None


def _nobody(*_: object) -> None:
    """Take what is told before the line was started."""
