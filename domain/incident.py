"""Incidents: what is being handled, from the first alarm to the closed case."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.alarm import Desk, Priority, place_of
from domain.errors import IllegalStepError
from domain.fact import Conflict, Fact, Json, head_of_subject
from domain.place import Place
from domain.record import Record


class Status(StrEnum):
    """Where an incident stands."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Disposition(StrEnum):
    """What it turned out to be."""

    FOUNDED = "founded"
    UNFOUNDED = "unfounded"
    FALSE_ALARM = "false_alarm"
    TEST = "test"
    DUPLICATE = "duplicate"


class IncidentStep(StrEnum):
    """What can happen to an incident."""

    OPENED = "opened"
    MOVED = "moved"
    NUMBERED = "numbered"
    ASSIGNED = "assigned"
    ALARM_LINKED = "alarm_linked"
    DISPATCHED = "dispatched"
    NOTED = "noted"


_NEXT = {
    Status.NEW: frozenset({Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED}),
    Status.IN_PROGRESS: frozenset({Status.RESOLVED, Status.CLOSED}),
    Status.RESOLVED: frozenset({Status.IN_PROGRESS, Status.CLOSED}),
    Status.CLOSED: frozenset[Status](),
}


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of an incident's log: a code with values for the system's, plain words for a person's."""

    at: datetime
    actor: str
    step: str
    fields: tuple[tuple[str, Json], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident(Record):
    """One thing that is being handled, as the desks see it.

    `number` is headquarters' (`2026-anyang-000123`) or `L-<workstation>-n` while there is none. `log` holds every
    step in order.
    """

    number: str
    kind: str
    opened_at: datetime
    priority: Priority
    desk: Desk
    place: Place | None
    owner: str = ""
    status: Status = Status.NEW
    disposition: Disposition | None = None
    alarms: tuple[UUID, ...] = ()
    dispatched_at: datetime | None = None
    log: tuple[LogEntry, ...] = ()

    def moved_to(self, status: Status, disposition: Disposition | None = None) -> "Incident":
        """Return this incident in its next status; IllegalStepError where the step is not allowed.

        Closing needs a disposition.
        """
        if status not in _NEXT[self.status]:
            raise IllegalStepError(f"{self.status} -> {status}")
        if status is Status.CLOSED and disposition is None and self.disposition is None:
            raise IllegalStepError("closing needs a disposition")
        return replace(self, status=status, disposition=disposition or self.disposition)


def opening_fields(incident: Incident) -> dict[str, Json]:
    """Return what the OPENED step of this incident says."""
    place = incident.place
    return {
        "number": incident.number,
        "kind": incident.kind,
        "priority": incident.priority.value,
        "desk": incident.desk.value,
        "owner": incident.owner,
        "alarms": [str(alarm) for alarm in incident.alarms],
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "accuracy_m": place.accuracy_m if place else None,
    }


def fold_incident(facts: Iterable[Fact]) -> tuple[Incident | None, tuple[Conflict, ...]]:
    """Return the incident that these facts of one subject make, in (hlc, origin) order, and what took no effect.

    None while the OPENED step is missing.
    """
    ordered = sorted(facts, key=lambda fact: fact.order)
    openings = [fact for fact in ordered if fact.step == IncidentStep.OPENED]
    if not openings:
        return None, ()
    incident = _opened(openings[0])
    conflicts: list[Conflict] = []
    for fact in ordered:
        try:
            incident = _after(incident, fact)
        except IllegalStepError as error:
            conflicts.append(Conflict(fact, str(error)))
        incident = replace(incident, log=(*incident.log, _entry(fact)))
    return incident, tuple(conflicts)


def _opened(fact: Fact) -> Incident:
    fields = fact.fields
    alarms = fields.get("alarms")
    return Incident(
        **head_of_subject(fact),
        number=str(fields["number"]),
        kind=str(fields["kind"]),
        opened_at=fact.at,
        priority=Priority(str(fields["priority"])),
        desk=Desk(str(fields["desk"])),
        place=place_of(fields),
        owner=str(fields.get("owner", "")),
        alarms=tuple(UUID(str(alarm)) for alarm in alarms) if isinstance(alarms, list) else (),
    )


def _after(incident: Incident, fact: Fact) -> Incident:
    fields = fact.fields
    match fact.step:
        case IncidentStep.MOVED:
            disposition = fields.get("disposition")
            return incident.moved_to(
                Status(str(fields["status"])), Disposition(str(disposition)) if disposition else None
            )
        case IncidentStep.NUMBERED:
            return replace(incident, number=str(fields["number"]))
        case IncidentStep.ASSIGNED:
            return replace(incident, owner=str(fields["owner"]))
        case IncidentStep.DISPATCHED:
            return replace(incident, dispatched_at=incident.dispatched_at or fact.at)
        case IncidentStep.ALARM_LINKED:
            alarm = UUID(str(fields["alarm"]))
            return incident if alarm in incident.alarms else replace(incident, alarms=(*incident.alarms, alarm))
        case _:
            return incident


def _entry(fact: Fact) -> LogEntry:
    return LogEntry(fact.at, fact.actor, fact.step, tuple(fact.fields.items()))
