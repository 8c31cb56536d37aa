"""Events: what the field reported, and the alarms that follow from it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.codec import event_of, fact_of_event
from db.database import Database
from db.facts import CHUNK, Journal, chunks, to_fact, write
from db.moment import hlc_from
from db.people import remember
from db.projections import project
from db.quarantine import put_aside
from db.tables import AlarmRow, EventRow
from db.writer import Urgency
from domain.alarm import Alarm, AlarmStep, alarm_id, raising_fields
from domain.event import ALWAYS_CRITICAL, Event, FieldReport, Quarantined
from domain.fact import Fact, Family
from domain.hlc import HybridClock
from domain.record import Workplace


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of reports: the events that were new, the alarms they raised, and the ids seen before."""

    events: tuple[Event, ...]
    alarms: tuple[Alarm, ...]
    repeated: tuple[UUID, ...]


class EventStore:
    """The events of this workstation. `alarms_for` says which alarms an event raises; it runs in the writer."""

    def __init__(
        self,
        db: Database,
        workplace: Workplace,
        hybrid_clock: HybridClock,
        alarms_for: Callable[[Event], Sequence[Alarm]],
    ) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)
        self._alarms_for = alarms_for

    def take(self, reports: Sequence[FieldReport]) -> Taken:
        """Commit the reports in one transaction: events, alarms, personal details, and what goes into quarantine.

        An event whose id is known is a repeat and changes nothing, save that an SOS or a bell press whose alarm is
        missing still raises it.
        """
        pressing = any(report.event.kind in ALWAYS_CRITICAL for report in reports)
        return self._db.writer.do(
            Urgency.OPERATOR if pressing else Urgency.FIELD, lambda session: self._take(session, reports)
        )

    def recent(self, limit: int = 200, kinds: Collection[str] = ()) -> tuple[Event, ...]:
        """Return the newest events, newest first, of these kinds or of all."""
        query = select(EventRow).order_by(EventRow.hlc.desc()).limit(limit)
        if kinds:
            query = query.where(EventRow.fields["kind"].as_string().in_([str(kind) for kind in kinds]))
        with self._db.reading() as session:
            return tuple(event_of(to_fact(Family.EVENT, row)) for row in session.scalars(query))

    def since(self, moment: datetime, kinds: Collection[str]) -> tuple[Event, ...]:
        """Return the events of these kinds that were recorded at this moment or later, in the order of their `at`."""
        query = (
            select(EventRow)
            .where(EventRow.hlc >= hlc_from(moment))
            .where(EventRow.fields["kind"].as_string().in_([str(kind) for kind in kinds]))
            .order_by(EventRow.at, EventRow.hlc)
        )
        with self._db.reading() as session:
            return tuple(event_of(to_fact(Family.EVENT, row)) for row in session.scalars(query))

    def find(self, event_id: UUID) -> Event | None:
        """Return the event, or None if this workstation has never seen it."""
        with self._db.reading() as session:
            row = session.get(EventRow, event_id)
            return event_of(to_fact(Family.EVENT, row)) if row else None

    def _take(self, session: Session, reports: Sequence[FieldReport]) -> Taken:
        known = _known(session, [report.event.id for report in reports])
        fresh: dict[UUID, FieldReport] = {}
        repeated: list[FieldReport] = []
        for report in map(_with_subject, reports):
            if report.event.id in known or report.event.id in fresh:
                repeated.append(report)
            else:
                fresh[report.event.id] = report
        facts = [fact_of_event(report.event, self._journal.number()) for report in fresh.values()]
        raising = self._missing_alarms(session, [*fresh.values(), *filter(_critical, repeated)])
        raised = [self._raised(alarm) for alarm in raising]
        write(session, [*facts, *raised])
        for report in fresh.values():
            _keep_apart(session, report, new=True)
        for report in repeated:
            _keep_apart(session, report, new=False)
        alarms = project(session, Family.ALARM, [fact.subject for fact in raised]).alarms
        return Taken(tuple(map(event_of, facts)), alarms, tuple(report.event.id for report in repeated))

    def _missing_alarms(self, session: Session, reports: Sequence[FieldReport]) -> list[Alarm]:
        asked: dict[UUID, Alarm] = {}
        for report in reports:
            for alarm in self._alarms_for(report.event):
                agreed = alarm_id(report.event.id, alarm.rule)
                asked.setdefault(agreed, replace(alarm, id=agreed, event_id=report.event.id))
        for part in chunks(list(asked), CHUNK):
            for standing in session.scalars(select(AlarmRow.id).where(AlarmRow.id.in_(part))):
                del asked[standing]
        return list(asked.values())

    def _raised(self, alarm: Alarm) -> Fact:
        return self._journal.fact(
            Family.ALARM,
            alarm,
            AlarmStep.RAISED,
            at=alarm.raised_at,
            actor=f"rule:{alarm.rule}",
            fields=raising_fields(alarm),
            caused_by=alarm.event_id,
        )


def _known(session: Session, ids: Sequence[UUID]) -> set[UUID]:
    known: set[UUID] = set()
    for part in chunks(ids, CHUNK):
        known.update(session.scalars(select(EventRow.id).where(EventRow.id.in_(part))))
    return known


def _critical(report: FieldReport) -> bool:
    return report.event.kind in ALWAYS_CRITICAL


def _with_subject(report: FieldReport) -> FieldReport:
    """Give personal details that came without a personal key one that follows from the event."""
    if report.personal is None or report.event.subject is not None:
        return report
    return replace(report, event=replace(report.event, subject=uuid5(report.event.id, "person")))


def _keep_apart(session: Session, report: FieldReport, *, new: bool) -> None:
    event = report.event
    if report.personal is not None and event.subject is not None:
        remember(session, event.subject, report.personal, again=new)
    if report.quarantine and new:
        topic = report.answer_topic.removesuffix("/ack") or event.source
        put_aside(
            session,
            [
                Quarantined(
                    topic=topic,
                    body=event.raw.encode("utf-8", "replace"),
                    reason=report.quarantine,
                    received_at=event.received_at,
                )
            ],
        )
