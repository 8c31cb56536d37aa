"""Alarms, incidents and bookmarks as they now stand: folded from their facts, in the transaction that brought these."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from db import state
from db.facts import CHUNK, all_histories, chunks, history
from db.states import alarm_from, alarm_state, bookmark_from, bookmark_state, incident_from, incident_state
from db.tables import AlarmRow, BookmarkRow, ChangeRow, IncidentRow
from domain.alarm import Alarm, AlarmStep, fold_alarm
from domain.bookmark import Bookmark, fold_bookmark
from domain.fact import Conflict, Fact, Family, Json
from domain.incident import Incident, fold_incident

T = TypeVar("T")
Folded = TypeVar("Folded", AlarmRow, IncidentRow, BookmarkRow)


@dataclass(frozen=True, slots=True)
class Projected:
    """What came out of folding: the subjects that now stand, and the conflicts that were not there before."""

    alarms: tuple[Alarm, ...] = ()
    incidents: tuple[Incident, ...] = ()
    bookmarks: tuple[Bookmark, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def project(session: Session, family: Family, subjects: Collection[UUID]) -> Projected:
    """Fold the subjects again from all their facts. One whose beginning is still missing does not stand yet.

    Only alarms, incidents and bookmarks are folded; the other families' facts stand for themselves.
    """
    keep = _KEEPERS[family]
    found: list[Conflict] = []
    histories = history(session, family, subjects)
    for subject in subjects:
        found += keep(session, histories.get(subject, []))
    session.flush()
    return Projected(
        alarms=alarms(session, subjects) if family is Family.ALARM else (),
        incidents=incidents(session, subjects) if family is Family.INCIDENT else (),
        bookmarks=bookmarks(session, subjects) if family is Family.BOOKMARK else (),
        conflicts=tuple(found),
    )


def rebuild(session: Session) -> int:
    """Throw all projections away, fold them again from the facts and return how many stand."""
    tables = (AlarmRow, IncidentRow, BookmarkRow)
    for table in tables:
        session.execute(delete(table))
    for family, keep in _KEEPERS.items():
        for facts in all_histories(session, family):
            keep(session, facts)
    session.flush()
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def alarms_where(session: Session, *conditions: ColumnElement[bool]) -> tuple[Alarm, ...]:
    """Return the alarms that meet the conditions, oldest first.

    Their acknowledgement is `here_only` while its line in the change log is above what headquarters acknowledged.
    """
    owed = and_(
        ChangeRow.pk == AlarmRow.acknowledged_by_fact,
        ChangeRow.epoch == state.epoch(session),
        ChangeRow.seq > state.acknowledged(session),
    )
    query = select(AlarmRow.body, ChangeRow.seq).outerjoin(ChangeRow, owed).where(*conditions)
    rows = session.execute(query.order_by(AlarmRow.raised_at, AlarmRow.id))
    return tuple(alarm_from(body, here_only=seq is not None) for body, seq in rows)


def alarms(session: Session, ids: Collection[UUID]) -> tuple[Alarm, ...]:
    """Return the alarms with these ids that stand."""
    found: list[Alarm] = []
    for part in chunks(list(ids), CHUNK):
        found += alarms_where(session, AlarmRow.id.in_(part))
    return tuple(found)


def incidents(session: Session, ids: Collection[UUID]) -> tuple[Incident, ...]:
    """Return the incidents with these ids that stand."""
    return _standing(session, IncidentRow, ids, incident_from)


def bookmarks(session: Session, ids: Collection[UUID]) -> tuple[Bookmark, ...]:
    """Return the bookmarks with these ids that stand."""
    return _standing(session, BookmarkRow, ids, bookmark_from)


def _standing(
    session: Session, table: type[Folded], ids: Collection[UUID], read: Callable[[dict[str, Json]], T]
) -> tuple[T, ...]:
    found: list[T] = []
    for part in chunks(list(ids), CHUNK):
        found += map(read, session.scalars(select(table.body).where(table.id.in_(part)).order_by(table.id)))
    return tuple(found)


def _keep_alarm(session: Session, facts: list[Fact]) -> list[Conflict]:
    ordered = _ordered(facts)
    alarm, conflicts = fold_alarm(ordered)
    if alarm is None:
        return []
    first = next((fact for fact in ordered if fact.step == AlarmStep.ACKNOWLEDGED), None)
    row = AlarmRow(
        id=alarm.id,
        event_id=alarm.event_id,
        state=alarm.state.value,
        raised_at=alarm.raised_at,
        incident=alarm.incident,
        acknowledged_by_fact=first.id if first else None,
        body=alarm_state(alarm),
    )
    return _kept(session, row, conflicts)


def _keep_incident(session: Session, facts: list[Fact]) -> list[Conflict]:
    incident, conflicts = fold_incident(_ordered(facts))
    if incident is None:
        return []
    row = IncidentRow(
        id=incident.id,
        number=incident.number,
        status=incident.status.value,
        opened_at=incident.opened_at,
        body=incident_state(incident),
    )
    return _kept(session, row, conflicts)


def _keep_bookmark(session: Session, facts: list[Fact]) -> list[Conflict]:
    bookmark, conflicts = fold_bookmark(_ordered(facts))
    if bookmark is None:
        return []
    row = BookmarkRow(id=bookmark.id, at=bookmark.at, camera_no=bookmark.camera_no, body=bookmark_state(bookmark))
    return _kept(session, row, conflicts)


def _kept(session: Session, row: Folded, conflicts: Collection[Conflict]) -> list[Conflict]:
    """Keep what was folded in place of what stood before, and return the conflicts that are new."""
    before = session.get(type(row), row.id)
    known = set(before.conflicts) if before else set()
    row.conflicts = sorted(str(conflict.fact.id) for conflict in conflicts)
    session.merge(row)
    return [conflict for conflict in conflicts if str(conflict.fact.id) not in known]


def _ordered(facts: list[Fact]) -> list[Fact]:
    """Sort as all workstations do; the id decides between numbers that should never be equal."""
    return sorted(facts, key=lambda fact: (fact.order, str(fact.id)))


_KEEPERS: dict[Family, Callable[[Session, list[Fact]], list[Conflict]]] = {
    Family.ALARM: _keep_alarm,
    Family.INCIDENT: _keep_incident,
    Family.BOOKMARK: _keep_bookmark,
}
