"""What desks do with alarms and incidents: through the door, into the store, on to headquarters."""

from collections.abc import Callable
from uuid import UUID

from console.acting import Door
from db.alarms import AlarmStore
from db.incidents import IncidentStore
from db.numbers import NumberStore
from domain.alarm import Alarm
from domain.clock import Clock
from domain.incident import Disposition, Incident, Status
from domain.news import AlarmChanged, IncidentChanged, News
from domain.operator import Action


class Casework:
    """The deeds of a case. Each waits for its commit, so call it off the UI thread; RefusedError without the right.

    Every change is reported as news, to this console's windows as to the exchange with headquarters.
    """

    def __init__(
        self,
        door: Door,
        alarms: AlarmStore,
        incidents: IncidentStore,
        numbers: NumberStore,
        clock: Clock,
        report: Callable[[News], None],
    ) -> None:
        self._door = door
        self._alarms = alarms
        self._incidents = incidents
        self._numbers = numbers
        self._clock = clock
        self._report = report

    def acknowledge(self, alarm_id: UUID) -> Alarm:
        """Acknowledge an alarm for the whole room; IllegalStepError if somebody has."""
        actor = self._door.act(Action.ACKNOWLEDGE, str(alarm_id))
        alarm = self._alarms.acknowledge(alarm_id, actor, self._clock.now())
        self._report(AlarmChanged(alarm))
        return alarm

    def open_incident(self, alarm_id: UUID) -> Incident:
        """Open an incident from an alarm, acknowledging it if nobody has; return the one it has if there is one."""
        alarm = self._alarms.find(alarm_id)
        if alarm is not None and alarm.waiting:
            self.acknowledge(alarm_id)
        actor = self._door.act(Action.OPEN_INCIDENT, str(alarm_id))
        incident = self._incidents.open_from(alarm_id, actor, self._numbers.take(self._clock.now().year))
        linked = self._alarms.find(alarm_id)
        if linked is not None:
            self._report(AlarmChanged(linked))
        self._report(IncidentChanged(incident))
        return incident

    def note(self, incident_id: UUID, text: str) -> Incident:
        """Add a line to the log."""
        actor = self._door.act(Action.WORK_INCIDENT, str(incident_id))
        return self._changed(self._incidents.note(incident_id, text, actor))

    def dispatch(self, incident_id: UUID, agency: str, text: str) -> Incident:
        """Note that a partner agency was asked to come."""
        actor = self._door.act(Action.DISPATCH, str(incident_id))
        return self._changed(self._incidents.dispatch(incident_id, agency, text, actor))

    def move(self, incident_id: UUID, status: Status, disposition: Disposition | None = None) -> Incident:
        """Move it to its next status; IllegalStepError where the step is not allowed."""
        action = Action.CLOSE_INCIDENT if status is Status.CLOSED else Action.WORK_INCIDENT
        actor = self._door.act(action, str(incident_id))
        return self._changed(self._incidents.move(incident_id, status, disposition, actor))

    def _changed(self, incident: Incident) -> Incident:
        self._report(IncidentChanged(incident))
        return incident
