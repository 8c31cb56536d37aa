"""Alarms as they stand, and their acknowledgement."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.orm import Session

from db.database import Database
from db.facts import Journal, history, write
from db.projections import alarms, alarms_where, project
from db.tables import AlarmRow, IncidentRow
from db.writer import Urgency
from domain.alarm import Alarm, AlarmState, AlarmStep, fold_alarm
from domain.errors import BadInputError, IllegalStepError
from domain.fact import Conflict, Family
from domain.hlc import HybridClock
from domain.incident import Status
from domain.record import Workplace

SHOWN_AFTER_ACKNOWLEDGING = timedelta(hours=24)  # ISA-18.2: an alarm older than a day is stale


class AlarmStore:
    """The alarms that this workstation knows of, its own and those of others."""

    def __init__(self, db: Database, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)

    def open(self) -> tuple[Alarm, ...]:
        """Return the alarms that need somebody: those waiting first, most urgent first, then oldest first.

        An acknowledged one leaves when it returns, when its incident is closed, or a day after it was raised; one that
        waits never leaves.
        """
        finished = exists().where(IncidentRow.id == AlarmRow.incident, IncidentRow.status == Status.CLOSED.value)
        left = (AlarmState.UNACKNOWLEDGED.value, AlarmState.RETURNED.value)
        newer = AlarmRow.raised_at > self._db.clock.now() - SHOWN_AFTER_ACKNOWLEDGING
        with self._db.reading() as session:  # two questions, since SQLite has no index for both at once
            waiting = alarms_where(session, AlarmRow.state == AlarmState.UNACKNOWLEDGED.value)
            worked_on = alarms_where(session, newer, AlarmRow.state.not_in(left), ~finished)
        found = (*waiting, *worked_on)
        return tuple(sorted(found, key=lambda alarm: (not alarm.waiting, alarm.priority.rank)))

    def find(self, alarm_id: UUID) -> Alarm | None:
        """Return the alarm, or None if this workstation has never seen it raised."""
        with self._db.reading() as session:
            return next(iter(alarms(session, [alarm_id])), None)

    def of_event(self, event_id: UUID) -> tuple[Alarm, ...]:
        """Return the alarms that an event raised."""
        with self._db.reading() as session:
            return alarms_where(session, AlarmRow.event_id == event_id)

    def conflicts(self, alarm_id: UUID) -> tuple[Conflict, ...]:
        """Return the steps in an alarm's history that could not take effect."""
        with self._db.reading() as session:
            facts = history(session, Family.ALARM, [alarm_id]).get(alarm_id, [])
        return fold_alarm(facts)[1]

    def acknowledge(self, alarm_id: UUID, actor: str, at: datetime) -> Alarm:
        """Commit that the actor acknowledged the alarm and return it.

        IllegalStepError where somebody did so before; BadInputError where there is no such alarm. While headquarters
        does not know, the acknowledgement is `here_only`.
        """

        def work(session: Session) -> Alarm:
            alarm = standing(session, alarm_id)
            if alarm.acknowledgement is not None:
                raise IllegalStepError(f"already acknowledged by {alarm.acknowledgement.by}")
            step = self._journal.fact(Family.ALARM, alarm, AlarmStep.ACKNOWLEDGED, at=at, actor=actor, fields={})
            write(session, [step])
            return project(session, Family.ALARM, [alarm_id]).alarms[0]

        return self._db.writer.do(Urgency.OPERATOR, work)


def standing(session: Session, alarm_id: UUID) -> Alarm:
    """Return the alarm; BadInputError where there is no such alarm here."""
    found = alarms(session, [alarm_id])
    if not found:
        raise BadInputError(f"there is no alarm {alarm_id} here")
    return found[0]
