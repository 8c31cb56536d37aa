"""Alarms and incidents as they now stand: folded from their facts, in the transaction that brought these."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from db import state
from db.facts import CHUNK, all_histories, chunks, history
from db.states import alarm_from, alarm_state, incident_from, incident_state
from db.tables import AlarmRow, ChangeRow, IncidentRow
from domain.alarm import Alarm, AlarmStep, fold_alarm
from domain.fact import Conflict, Fact, Family
from domain.incident import Incident, fold_incident


@dataclass(frozen=True, slots=True)
class Projected:
    """What came out of folding: the subjects that now stand, and the conflicts that were not there before."""

    alarms: tuple[Alarm, ...] = ()
    incidents: tuple[Incident, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def project(session: Session, family: Family, subjects: Collection[UUID]) -> Projected:
    """Fold the subjects again from all their facts. One whose beginning is still missing does not stand yet."""
    found: list[Conflict] = []
    histories = history(session, family, subjects)
    for subject in subjects:
        facts = histories.get(subject, [])
        if family is Family.ALARM:
            found += _keep_alarm(session, facts)
        elif family is Family.INCIDENT:
            found += _keep_incident(session, facts)
    session.flush()
    if family is Family.ALARM:
        return Projected(alarms=alarms(session, subjects), conflicts=tuple(found))
    return Projected(incidents=incidents(session, subjects), conflicts=tuple(found))


def rebuild(session: Session) -> int:
    """Throw all projections away, fold them again from the facts and return how many stand."""
    session.execute(delete(AlarmRow))
    session.execute(delete(IncidentRow))
    for facts in all_histories(session, Family.ALARM):
        _keep_alarm(session, facts)
    for facts in all_histories(session, Family.INCIDENT):
        _keep_incident(session, facts)
    session.flush()
    counts = (session.scalar(select(func.count()).select_from(table)) for table in (AlarmRow, IncidentRow))
    return sum(count or 0 for count in counts)


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
    found: list[Incident] = []
    for part in chunks(list(ids), CHUNK):
        bodies = session.scalars(select(IncidentRow.body).where(IncidentRow.id.in_(part)).order_by(IncidentRow.id))
        found += map(incident_from, bodies)
    return tuple(found)


def _keep_alarm(session: Session, facts: list[Fact]) -> list[Conflict]:
    ordered = _ordered(facts)
    alarm, conflicts = fold_alarm(ordered)
    if alarm is None:
        return []
    first = next((fact for fact in ordered if fact.step == AlarmStep.ACKNOWLEDGED), None)
    before = session.get(AlarmRow, alarm.id)
    known = set(before.conflicts) if before else set()
    session.merge(
        AlarmRow(
            id=alarm.id,
            event_id=alarm.event_id,
            state=alarm.state.value,
            raised_at=alarm.raised_at,
            incident=alarm.incident,
            acknowledged_by_fact=first.id if first else None,
            body=alarm_state(alarm),
            conflicts=_ids(conflicts),
        )
    )
    return [conflict for conflict in conflicts if str(conflict.fact.id) not in known]


def _keep_incident(session: Session, facts: list[Fact]) -> list[Conflict]:
    incident, conflicts = fold_incident(_ordered(facts))
    if incident is None:
        return []
    before = session.get(IncidentRow, incident.id)
    known = set(before.conflicts) if before else set()
    session.merge(
        IncidentRow(
            id=incident.id,
            number=incident.number,
            status=incident.status.value,
            opened_at=incident.opened_at,
            body=incident_state(incident),
            conflicts=_ids(conflicts),
        )
    )
    return [conflict for conflict in conflicts if str(conflict.fact.id) not in known]


def _ids(conflicts: Collection[Conflict]) -> list[str]:
    return sorted(str(conflict.fact.id) for conflict in conflicts)


def _ordered(facts: list[Fact]) -> list[Fact]:
    """Sort as all workstations do; the id decides between numbers that should never be equal."""
    return sorted(facts, key=lambda fact: (fact.order, str(fact.id)))
