"""The exchange of facts with headquarters, kept going by one thread."""

import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from db.sync.bell import Bell
from db.sync.client import PUSH_ROWS, Headquarters
from db.sync.faults import OtherHistoryError
from db.sync.ports import FROM_THE_BEGINNING, WITH_OWN, Feed, NumberStore
from domain.change import PulledChange
from domain.clock import Clock
from domain.errors import CredentialsError, SequenceGapError, UnreachableError, WatchroomError
from domain.news import (
    AlarmChanged,
    EventTaken,
    IncidentChanged,
    LinkChanged,
    LinkName,
    News,
    Notice,
    SyncProgress,
    WallMessageCame,
)
from domain.text import Text

_log = logging.getLogger(__name__)

HORIZON_LIMIT_S = 5.0  # rows held back for longer mean that a transaction is stuck at headquarters

_ROUND_EVERY_S = 1.0  # push and pull at least this often, in case a wake-up or a hint was lost
_PUSH_APART_S = 0.05  # a thousand commits a second make batches, not a thousand pushes
_PULL_APART_S = 0.1  # anybody can send hints
_PUSH_REFUSED_S = 5.0  # until what was refused is tried again
_BACK_OFF_S = (0.2, 5.0)
_REFUSED_BACK_OFF_S = 30.0  # a certificate that is refused is not pressed on headquarters
NUMBERS_BLOCK = 1000
_NUMBERS_LOW = 200
_NEXT_YEAR_FROM = timedelta(days=1)  # the year begins earlier in Korea than in UTC
_LEAVE_WITHIN_S = 2.0
_GAPS_IN_A_ROW = 3


class Exchange:
    """Pushes what was saved here, pulls what others saved, and reports how it stands.

    `report` is called from the exchange's thread (or from the caller of `sync_once`). Between `start` and `close` the
    thread alone talks to headquarters. Pushes begin at `wake`, pulls at headquarters' hint, both at least every second.
    """

    def __init__(
        self,
        feed: Feed,
        headquarters: Headquarters,
        report: Callable[[News], None],
        clock: Clock,
        numbers: NumberStore | None = None,
    ) -> None:
        self._feed = feed
        self._headquarters = headquarters
        self._report = report
        self._clock = clock
        self._numbers = numbers
        self._bell = Bell()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._moved = threading.Condition()
        self._acked = feed.acknowledged()
        self._cursor = feed.cursor() or WITH_OWN  # empty: a new database, or one that lost our own rows
        self._contact_at: datetime | None = None
        self._link: LinkChanged | None = None
        self._told: SyncProgress | None = None
        self._stuck = False
        self._refused = ""
        self._hint = False
        self._more = True
        self._pushed_at = self._pulled_at = self._tended_at = clock.monotonic() - 3600.0

    def start(self) -> None:
        """Begin to exchange."""
        self._thread = threading.Thread(target=self._run, name="headquarters", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, within two seconds whatever headquarters does, and give everything back."""
        self._closing.set()
        self._bell.ring()
        if self._thread is not None:
            self._thread.join(_LEAVE_WITHIN_S)
            while self._thread.is_alive():
                self._headquarters.abort()
                self._thread.join(0.2)
        self._headquarters.close()
        self._bell.close()

    def wake(self) -> None:
        """Say that something was committed here; call it after each commit, from any thread."""
        self._bell.ring()

    def drain(self, timeout_s: float) -> bool:
        """Wait until headquarters has what was saved here before this call; False where it took longer."""
        target = self._feed.last_seq()
        epoch = self._feed.epoch
        self.wake()
        with self._moved:
            return self._moved.wait_for(
                lambda: self._acked >= (target if self._feed.epoch == epoch else self._feed.last_seq()), timeout_s
            )

    def sync_once(self) -> SyncProgress:
        """Push and pull everything there is, in the caller's thread; not while the exchange runs.

        UnreachableError, CredentialsError or ProtocolError where headquarters can't be reached, and the errors of
        `Headquarters.push` where it refuses what we have.
        """
        try:
            self._greet()
            refused = self._try_to_push()
            self._more = True
            while self._more:
                self._pull()
            self._tend()
            if refused is not None:
                raise refused
        except WatchroomError as error:
            self._link_is(up=False, detail=str(error))
            raise
        return self._tell()

    def progress(self) -> SyncProgress:
        """Return how far headquarters knows what was saved here."""
        behind = max(0, self._feed.last_seq() - self._acked)
        oldest_at = self._feed.oldest_unacknowledged() if behind else None
        return SyncProgress(self._acked, behind, oldest_at, self._contact_at)

    # The thread ----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        waits = _back_off()
        pause_s = 0.0
        while not self._closing.is_set():
            try:
                self._pause(pause_s)
                self._greet()
                while not self._closing.is_set():
                    self._round()
                    waits = _back_off()
            except CredentialsError as error:
                pause_s = _REFUSED_BACK_OFF_S
                self._failed(error)
            except WatchroomError as error:
                pause_s = next(waits)
                self._failed(error)
            except Exception:  # noqa: BLE001 - the thread's outermost loop; logged, and shown as a link that is down
                pause_s = _BACK_OFF_S[1]
                _log.exception("the exchange with headquarters stumbled")
                self._link_is(up=False, detail="internal error, see the log")

    def _failed(self, error: WatchroomError) -> None:
        if not self._closing.is_set():
            _log.warning("%s", error)
            self._link_is(up=False, detail=str(error))

    def _pause(self, seconds: float) -> None:
        """Wait before the next attempt, telling meanwhile how much piles up; commits do not shorten it."""
        left_s = seconds
        while left_s > 0 and not self._closing.is_set():
            self._tell()
            self._closing.wait(min(left_s, _ROUND_EVERY_S))
            left_s -= _ROUND_EVERY_S

    def _round(self) -> None:
        """Push, pull, tend, tell; then sleep until there is something to do, a second at most."""
        if not self._refused or self._since(self._pushed_at) >= _PUSH_REFUSED_S:
            refused = self._try_to_push()
            self._refused = str(refused) if refused else ""
        self._pull_if_due()
        if self._since(self._tended_at) >= _ROUND_EVERY_S:
            self._tend()
        self._link_is(up=not self._refused, detail=self._refused)
        self._tell()
        self._sleep()

    def _sleep(self) -> None:
        if not self._refused and self._feed.last_seq() > self._acked:
            self._closing.wait(max(0.0, _PUSH_APART_S - self._since(self._pushed_at)))
            return
        if self._more:
            return
        self._hint |= self._headquarters.hinted()
        if self._hint:
            self._bell.wait(_PULL_APART_S - self._since(self._pulled_at))
        else:
            self._bell.wait(_ROUND_EVERY_S - self._since(self._pulled_at), self._headquarters.fileno())

    def _since(self, then: float) -> float:
        """Return the world's seconds since a moment of the clock."""
        return (self._clock.monotonic() - then) / self._clock.speed

    # One step each ---------------------------------------------------------------------------------------------------

    def _greet(self) -> None:
        """Settle with headquarters from where to go on; see docs of `hq_v1.hello`."""
        feed = self._feed
        greeting = self._headquarters.hello(feed.epoch, feed.last_seq())
        self._in_contact()
        self._link_is(up=not self._refused, detail=self._refused)
        if greeting.acked_seq > feed.last_seq():
            self._begin_new_epoch(f"headquarters has {greeting.acked_seq}, this database only {feed.last_seq()}")
            return
        known = feed.acknowledged()
        if greeting.acked_seq < known:
            _log.warning("headquarters fell back from %d to %d; sending again", known, greeting.acked_seq)
            feed.acknowledge(greeting.acked_seq)
            self._cursor = FROM_THE_BEGINNING
        # Otherwise from what we know, not from what headquarters says: a reply may have been lost, or this database
        # restored and used since, and headquarters sees the difference when the same numbers come again.
        self._set_acked(min(known, greeting.acked_seq))

    def _begin_new_epoch(self, why: str) -> None:
        _log.warning("this database was restored (%s): new epoch, pulling everything", why)
        self._feed.new_epoch()
        self._cursor = WITH_OWN
        self._more = True
        self._headquarters.hello(self._feed.epoch, self._feed.last_seq())  # else it takes the old rows for present ones
        self._set_acked(self._feed.acknowledged())

    def _try_to_push(self) -> WatchroomError | None:
        """Push everything; return what headquarters has against our rows, since pulling goes on even so."""
        try:
            self._push_all()
        except UnreachableError:
            raise
        except WatchroomError as error:
            _log.warning("%s", error)
            return error
        finally:
            self._pushed_at = self._clock.monotonic()
        return None

    def _push_all(self) -> None:
        """Push until headquarters has everything; a gap or another history is settled by a new greeting."""
        gaps = 0
        while not self._closing.is_set() and (changes := self._feed.changes_after(self._acked, PUSH_ROWS)):
            try:
                acked = self._headquarters.push(self._feed.epoch, changes)
            except OtherHistoryError as error:
                self._begin_new_epoch(str(error))
                continue
            except SequenceGapError:
                gaps += 1
                if gaps == _GAPS_IN_A_ROW:
                    raise
                self._greet()
                continue
            gaps = 0
            self._in_contact()
            self._feed.acknowledge(acked)
            self._set_acked(acked)
            self._tell()
            self._pull_if_due()

    def _pull_if_due(self) -> None:
        """Pull at a hint, but not too often, and otherwise each second."""
        self._hint |= self._headquarters.hinted()
        pause_s = self._since(self._pulled_at)
        if self._more or pause_s >= _ROUND_EVERY_S or (self._hint and pause_s >= _PULL_APART_S):
            self._pull()

    def _pull(self) -> None:
        """Take one page."""
        self._hint = False
        page = self._headquarters.pull(self._cursor)
        self._in_contact()
        self._pulled_at = self._clock.monotonic()
        self._more = bool(page.changes)
        if page.changes or self._cursor.startswith(WITH_OWN) != page.cursor.startswith(WITH_OWN):
            self._take(page.changes, page.cursor)
        else:
            self._cursor = page.cursor  # steps over our own rows; not worth a commit here

    def _take(self, changes: Sequence[PulledChange], cursor: str) -> None:
        pulled = self._feed.take_pulled(changes, cursor)
        self._cursor = cursor
        for event in pulled.events:
            self._report(EventTaken(event))
        for alarm in pulled.alarms:
            self._report(AlarmChanged(alarm))
        for incident in pulled.incidents:
            self._report(IncidentChanged(incident))
        for message in pulled.wall_messages:
            self._report(WallMessageCame(message))

    def _tend(self) -> None:
        """Keep incident numbers in stock, and see that nothing is stuck at headquarters."""
        self._tended_at = self._clock.monotonic()
        if self._numbers is not None:
            self._stock(self._numbers)
        age_s = self._headquarters.horizon_age_s()
        if age_s > HORIZON_LIMIT_S and not self._stuck:
            self._report(Notice(Text("headquarters_stuck", {"age_s": f"{age_s:.0f}"}), severe=True))
        self._stuck = age_s > HORIZON_LIMIT_S

    def _stock(self, numbers: NumberStore) -> None:
        now = self._clock.now()
        for year in {now.year, (now + _NEXT_YEAR_FROM).year}:
            if numbers.left(year) < _NUMBERS_LOW:
                numbers.refill(year, self._headquarters.numbers(year, NUMBERS_BLOCK), NUMBERS_BLOCK)

    # What is told ----------------------------------------------------------------------------------------------------

    def _in_contact(self) -> None:
        self._contact_at = self._clock.now()

    def _set_acked(self, acked: int) -> None:
        with self._moved:
            self._acked = acked
            self._moved.notify_all()

    def _link_is(self, *, up: bool, detail: str = "") -> None:
        was = self._link
        if was is not None and (was.up, was.detail) == (up, detail):
            return
        since = was.since if was is not None and was.up == up else self._clock.now()
        self._link = LinkChanged(LinkName.HEADQUARTERS, up, since, detail)
        self._report(self._link)

    def _tell(self) -> SyncProgress:
        progress = self.progress()
        if progress != self._told:
            self._told = progress
            self._report(progress)
        return progress


def _back_off() -> Iterator[float]:
    """Give growing pauses with chance in them, so that a room full of consoles does not come back at once."""
    shortest, longest = _BACK_OFF_S
    pause_s = shortest
    while True:
        yield pause_s * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, keeps no secret
        pause_s = min(pause_s * 2, longest)
