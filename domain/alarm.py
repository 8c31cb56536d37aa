"""Alarms: events that need an answer (life-cycle after ISA-18.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from domain.errors import IllegalStepError
from domain.fact import Conflict, Fact, Json, head_of_subject
from domain.place import Place
from domain.record import Record
from domain.text import Text


class Priority(StrEnum):
    """How urgent, in falling order; shape and word go with the colour on every screen."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent."""
        return list(Priority).index(self)


class Desk(StrEnum):
    """Who handles it."""

    CRIME = "crime"
    TRAFFIC = "traffic"
    DISASTER = "disaster"
    FACILITY = "facility"


class AlarmState(StrEnum):
    """Where an alarm stands."""

    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    SHELVED = "shelved"
    OUT_OF_SERVICE = "out_of_service"


class AlarmStep(StrEnum):
    """What can happen to an alarm."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Who acknowledged, when, and whether headquarters knows yet."""

    by: str
    at: datetime
    here_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Record):
    """One alarm as it now stands; its id follows from event and rule, so all consoles agree on it."""

    event_id: UUID
    rule: str
    kind: str
    title: Text
    priority: Priority
    desk: Desk
    raised_at: datetime
    source: str
    place: Place | None
    state: AlarmState = AlarmState.UNACKNOWLEDGED
    acknowledgement: Acknowledgement | None = None
    incident: UUID | None = None

    @property
    def waiting(self) -> bool:
        """Whether somebody still has to acknowledge it."""
        return self.state is AlarmState.UNACKNOWLEDGED


def alarm_id(event_id: UUID, rule: str) -> UUID:
    """Return the id that every console gives to the alarm of this rule for this event."""
    return uuid5(event_id, rule)


def raising_fields(alarm: Alarm) -> dict[str, Json]:
    """Return what the RAISED step of this alarm says."""
    place = alarm.place
    return {
        "event_id": str(alarm.event_id),
        "rule": alarm.rule,
        "kind": alarm.kind,
        "title": alarm.title.code,
        "title_params": dict(alarm.title.params),
        "priority": alarm.priority.value,
        "desk": alarm.desk.value,
        "source": alarm.source,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "accuracy_m": place.accuracy_m if place else None,
    }


def fold_alarm(facts: Iterable[Fact]) -> tuple[Alarm | None, tuple[Conflict, ...]]:
    """Return the alarm that these facts of one subject make, in (hlc, origin) order, and what took no effect.

    None while the RAISED step is missing (it may still be on its way from headquarters). Two consoles that
    raised the same alarm agree, so the earliest stands. Of several acknowledgements the earliest stands and the
    others are kept as conflicts.
    """
    alarm: Alarm | None = None
    conflicts: list[Conflict] = []
    ordered = sorted(facts, key=lambda fact: fact.order)
    raisings = [fact for fact in ordered if fact.step == AlarmStep.RAISED]
    if not raisings:
        return None, ()
    alarm = _raised(raisings[0])
    for fact in ordered:
        try:
            alarm = _after(alarm, fact)
        except IllegalStepError as error:
            conflicts.append(Conflict(fact, str(error)))
    return alarm, tuple(conflicts)


def _raised(fact: Fact) -> Alarm:
    fields = fact.fields
    return Alarm(
        **head_of_subject(fact),
        event_id=UUID(str(fields["event_id"])),
        rule=str(fields["rule"]),
        kind=str(fields["kind"]),
        title=Text(str(fields["title"]), _words(fields.get("title_params"))),
        priority=Priority(str(fields["priority"])),
        desk=Desk(str(fields["desk"])),
        raised_at=fact.at,
        source=str(fields["source"]),
        place=place_of(fields),
    )


def _after(alarm: Alarm, fact: Fact) -> Alarm:
    match fact.step:
        case AlarmStep.ACKNOWLEDGED:
            if alarm.acknowledgement is not None:
                raise IllegalStepError(f"already acknowledged by {alarm.acknowledgement.by}")
            state = AlarmState.ACKNOWLEDGED if alarm.waiting else alarm.state
            return replace(alarm, state=state, acknowledgement=Acknowledgement(fact.actor, fact.at))
        case AlarmStep.RETURNED:
            return replace(alarm, state=AlarmState.RETURNED if alarm.acknowledgement else alarm.state)
        case AlarmStep.LINKED:
            return replace(alarm, incident=UUID(str(fact.fields["incident"])))
        case _:
            return alarm


def place_of(fields: Mapping[str, Json]) -> Place | None:
    """Return the place that `lat`, `lon` and `accuracy_m` of a fact name, if they do."""
    lat, lon, accuracy = fields.get("lat"), fields.get("lon"), fields.get("accuracy_m")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return None
    return Place.checked(lat, lon, float(accuracy) if isinstance(accuracy, int | float) else None)


def _words(value: Json) -> dict[str, str]:
    return {key: str(word) for key, word in value.items()} if isinstance(value, dict) else {}
