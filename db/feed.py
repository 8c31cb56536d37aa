"""The change feed: what headquarters is owed, and what it hands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from db import state
from db.codec import UnreadableChangeError, dump, event_of, fact_of
from db.database import Database
from db.facts import last_seq, receive
from db.moment import hlc_moment
from db.projections import project
from db.quarantine import put_aside
from db.tables import ChangeRow, NumberBlockRow, QuarantineRow
from db.unknown import keep_unknown, unknown_changes
from db.wall_orders import messages_for
from db.workstation import WorkstationStore
from db.writer import Urgency
from domain.alarm import Alarm
from domain.change import Change, PulledChange
from domain.event import Event, Quarantined
from domain.fact import Conflict, Fact, Family
from domain.hlc import ClockAheadError, HybridClock
from domain.incident import Incident
from domain.wall_order import WallMessage


@dataclass(frozen=True, slots=True)
class Pulled:
    """What is new or different after a pull, the steps that could not take effect, and messages for the walls here."""

    events: tuple[Event, ...]
    alarms: tuple[Alarm, ...]
    incidents: tuple[Incident, ...]
    wall_messages: tuple[WallMessage, ...]
    conflicts: tuple[Conflict, ...]


class ChangeFeed:
    """This workstation's side of the exchange with headquarters; `here` is its UUID where it is not the database's."""

    def __init__(self, db: Database, hybrid_clock: HybridClock, here: UUID | None = None) -> None:
        self._db = db
        self._hybrid_clock = hybrid_clock
        self._here = here or WorkstationStore(db).origin()

    @property
    def epoch(self) -> UUID:
        """The epoch that our lines are numbered in."""
        with self._db.reading() as session:
            return state.epoch(session)

    def last_seq(self) -> int:
        """Return the number of the newest line, or 0."""
        with self._db.reading() as session:
            return last_seq(session)

    def changes_after(self, seq: int, limit: int) -> list[Change]:
        """Return up to `limit` lines above a number, in order."""
        with self._db.reading() as session:
            query = select(ChangeRow).where(ChangeRow.epoch == state.epoch(session), ChangeRow.seq > seq)
            rows = session.scalars(query.order_by(ChangeRow.seq).limit(limit))
            return [Change(row.seq, row.kind, row.pk, row.hlc, row.payload, row.schema_version) for row in rows]

    def acknowledged(self) -> int:
        """Return the number up to which headquarters has our lines."""
        with self._db.reading() as session:
            return state.acknowledged(session)

    def acknowledge(self, seq: int) -> None:
        """Commit up to where headquarters has our lines, as it says; lower than before where it lost some."""

        def work(session: Session) -> None:
            state.keep(session, state.ACKNOWLEDGED, str(max(0, min(seq, last_seq(session)))))

        self._db.writer.do(Urgency.FIELD, work)

    def oldest_unacknowledged(self) -> datetime | None:
        """Return when the oldest line was written that headquarters lacks, or None where it has all."""
        with self._db.reading() as session:
            query = select(ChangeRow.hlc).where(
                ChangeRow.epoch == state.epoch(session), ChangeRow.seq > state.acknowledged(session)
            )
            hlc = session.scalar(query.order_by(ChangeRow.seq).limit(1))
            return hlc_moment(hlc) if hlc is not None else None

    def cursor(self) -> str:
        """Return up to where headquarters' lines were pulled, in its own words; empty before the first pull."""
        with self._db.reading() as session:
            return state.recall(session, state.CURSOR) or ""

    def take_pulled(self, changes: Sequence[PulledChange], cursor: str) -> Pulled:
        """Commit pulled lines together with the cursor and return what they changed.

        Lines known already change nothing. Lines that only a newer program understands are kept as they came. A line
        whose number is over 60 s ahead of our clock goes into quarantine and is not folded.
        """
        return self._db.writer.do(Urgency.FIELD, lambda session: self._take(session, changes, cursor))

    def unknown(self) -> tuple[PulledChange, ...]:
        """Return the lines that are kept without being understood."""
        with self._db.reading() as session:
            return unknown_changes(session)

    def new_epoch(self) -> UUID:
        """Begin a new epoch, as a restored database must, and return it.

        Lines that headquarters has not acknowledged are numbered anew from 1; the pull starts over and brings
        our own lost lines back; blocks of incident numbers are thrown away.
        """

        def work(session: Session) -> UUID:
            old, new, have = state.epoch(session), uuid4(), state.acknowledged(session)
            session.execute(
                update(ChangeRow)
                .where(ChangeRow.epoch == old, ChangeRow.seq > have)
                .values(epoch=new, seq=ChangeRow.seq - have)
            )
            session.execute(delete(NumberBlockRow))
            state.keep(session, state.EPOCH, str(new))
            state.keep(session, state.ACKNOWLEDGED, "0")
            state.keep(session, state.CURSOR, "")
            return new

        return self._db.writer.do(Urgency.FIELD, work)

    def _take(self, session: Session, changes: Sequence[PulledChange], cursor: str) -> Pulled:
        read = (self._read(session, change) for change in changes)
        facts = receive(session, [fact for fact in read if fact is not None])
        alarms = project(session, Family.ALARM, _subjects(facts, Family.ALARM))
        incidents = project(session, Family.INCIDENT, _subjects(facts, Family.INCIDENT))
        bookmarks = project(session, Family.BOOKMARK, _subjects(facts, Family.BOOKMARK))
        state.keep(session, state.CURSOR, cursor)
        return Pulled(
            events=tuple(event_of(fact) for fact in facts if fact.family is Family.EVENT),
            alarms=alarms.alarms,
            incidents=incidents.incidents,
            wall_messages=messages_for(session, facts, self._here, self._db.clock.now()),
            conflicts=(*alarms.conflicts, *incidents.conflicts, *bookmarks.conflicts),
        )

    def _read(self, session: Session, change: PulledChange) -> Fact | None:
        try:
            self._hybrid_clock.observe(change.hlc)
        except ClockAheadError as error:
            _quarantine(session, change, str(error), self._db.clock.now())
            return None
        try:
            return fact_of(change)
        except UnreadableChangeError as error:
            keep_unknown(session, change, str(error), self._db.clock.now())
            return None


def _subjects(facts: Sequence[Fact], family: Family) -> list[UUID]:
    return list(dict.fromkeys(fact.subject for fact in facts if fact.family is family))


def _quarantine(session: Session, change: PulledChange, reason: str, at: datetime) -> None:
    topic = f"headquarters/{change.origin}/{change.kind}/{change.pk}"
    if session.scalar(select(func.count()).where(QuarantineRow.topic == topic)):
        return
    body = dump({"hlc": change.hlc, "schema_version": change.schema_version, "payload": dict(change.payload)})
    put_aside(session, [Quarantined(topic=topic, body=body.encode(), reason=reason, received_at=at)])
