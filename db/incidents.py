"""Incidents as they stand, and every step that people take in them."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.alarms import standing
from db.database import Database
from db.facts import Journal, history, write
from db.projections import incidents, project
from db.states import incident_from
from db.tables import IncidentRow
from db.writer import Urgency
from domain.alarm import Alarm, AlarmStep, Desk, Priority
from domain.errors import BadInputError
from domain.fact import Conflict, Fact, Family, Json
from domain.hlc import HybridClock
from domain.incident import Disposition, Incident, IncidentStep, Status, fold_incident, opening_fields
from domain.place import Place
from domain.record import Record, RecordHead, Workplace, head_of


class IncidentStore:
    """The incidents that this workstation knows of, its own and those of others."""

    def __init__(self, db: Database, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)

    def open_from(self, alarm_id: UUID, actor: str, number: str) -> Incident:
        """Commit an incident for an alarm, linked both ways, and return it, or the one that the alarm has already.

        Its id follows from the alarm, so two desks that were cut off from each other open the same one. BadInputError
        where there is no such alarm.
        """

        def work(session: Session) -> Incident:
            alarm = standing(session, alarm_id)
            incident_id = alarm.incident or uuid5(alarm_id, "incident")
            existing = incidents(session, [incident_id])
            return existing[0] if existing else self._opened(session, incident_id, alarm, actor, number)

        return self._db.writer.do(Urgency.OPERATOR, work)

    def open_by_hand(
        self, kind: str, priority: Priority, desk: Desk, place: Place | None, actor: str, number: str
    ) -> Incident:
        """Commit an incident that no alarm told of (a call, something seen) and return it."""

        def work(session: Session) -> Incident:
            head = self._journal.workplace.head()
            incident = self._new(head, number, kind, priority, desk, place, actor)
            return self._written(session, [self._opening(incident, actor)])

        return self._db.writer.do(Urgency.OPERATOR, work)

    def move(self, incident_id: UUID, status: Status, disposition: Disposition | None, actor: str) -> Incident:
        """Commit the next status and return the incident; IllegalStepError where the step is not allowed."""

        def work(session: Session) -> Incident:
            incident = _standing(session, incident_id)
            incident.moved_to(status, disposition)
            fields: dict[str, Json] = {"status": status.value}
            if disposition is not None:
                fields["disposition"] = disposition.value
            return self._written(session, [self._step(incident, IncidentStep.MOVED, actor, fields)])

        return self._db.writer.do(Urgency.OPERATOR, work)

    def note(self, incident_id: UUID, text: str, actor: str) -> Incident:
        """Commit a line of the log; a correction is another line."""
        return self._add(incident_id, IncidentStep.NOTED, actor, {"text": text})

    def dispatch(self, incident_id: UUID, agency: str, text: str, actor: str) -> Incident:
        """Commit that an agency was asked to come, in which words."""
        return self._add(incident_id, IncidentStep.DISPATCHED, actor, {"agency": agency, "text": text})

    def assign(self, incident_id: UUID, owner: str, actor: str) -> Incident:
        """Commit who handles it."""
        return self._add(incident_id, IncidentStep.ASSIGNED, actor, {"owner": owner})

    def renumber(self, incident_id: UUID, number: str, actor: str) -> Incident:
        """Commit headquarters' number; the earlier one stays in the log."""
        return self._add(incident_id, IncidentStep.NUMBERED, actor, {"number": number})

    def open(self) -> tuple[Incident, ...]:
        """Return the incidents that are not closed, oldest first."""
        going_on = [status.value for status in Status if status is not Status.CLOSED]
        query = select(IncidentRow.body).where(IncidentRow.status.in_(going_on))
        with self._db.reading() as session:
            bodies = session.scalars(query.order_by(IncidentRow.opened_at, IncidentRow.id))
            return tuple(map(incident_from, bodies))

    def find(self, incident_id: UUID) -> Incident | None:
        """Return the incident, or None if this workstation has never seen it opened."""
        with self._db.reading() as session:
            return next(iter(incidents(session, [incident_id])), None)

    def conflicts(self, incident_id: UUID) -> tuple[Conflict, ...]:
        """Return the steps in an incident's history that could not take effect."""
        with self._db.reading() as session:
            facts = history(session, Family.INCIDENT, [incident_id]).get(incident_id, [])
        return fold_incident(facts)[1]

    def _opened(self, session: Session, incident_id: UUID, alarm: Alarm, actor: str, number: str) -> Incident:
        head = RecordHead(
            id=incident_id,
            origin=self._journal.workplace.origin,
            centre=alarm.centre,
            district=alarm.district,
            mode=alarm.mode,
            caused_by=alarm.id,
        )
        new = self._new(head, number, alarm.kind, alarm.priority, alarm.desk, alarm.place, actor)
        incident = replace(new, alarms=(alarm.id,))
        opening = self._opening(incident, actor)
        linked = self._journal.fact(
            Family.ALARM,
            alarm,
            AlarmStep.LINKED,
            at=incident.opened_at,
            actor=actor,
            fields={"incident": str(incident_id)},
        )
        opened = self._written(session, [opening, linked])
        project(session, Family.ALARM, [alarm.id])
        return opened

    def _new(
        self, head: Record, number: str, kind: str, priority: Priority, desk: Desk, place: Place | None, owner: str
    ) -> Incident:
        return Incident(
            **head_of(head),
            number=number,
            kind=kind,
            opened_at=self._db.clock.now(),
            priority=priority,
            desk=desk,
            place=place,
            owner=owner,
        )

    def _add(self, incident_id: UUID, step: IncidentStep, actor: str, fields: Mapping[str, Json]) -> Incident:
        def work(session: Session) -> Incident:
            incident = _standing(session, incident_id)
            return self._written(session, [self._step(incident, step, actor, fields)])

        return self._db.writer.do(Urgency.OPERATOR, work)

    def _opening(self, incident: Incident, actor: str) -> Fact:
        return self._journal.fact(
            Family.INCIDENT,
            incident,
            IncidentStep.OPENED,
            at=incident.opened_at,
            actor=actor,
            fields=opening_fields(incident),
        )

    def _step(self, incident: Incident, step: IncidentStep, actor: str, fields: Mapping[str, Json]) -> Fact:
        now = self._db.clock.now()
        return self._journal.fact(Family.INCIDENT, incident, step, at=now, actor=actor, fields=fields)

    def _written(self, session: Session, facts: list[Fact]) -> Incident:
        write(session, facts)
        return project(session, Family.INCIDENT, [facts[0].subject]).incidents[0]


def _standing(session: Session, incident_id: UUID) -> Incident:
    found = incidents(session, [incident_id])
    if not found:
        raise BadInputError(f"there is no incident {incident_id} here")
    return found[0]
