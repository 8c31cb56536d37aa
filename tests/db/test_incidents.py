from datetime import timedelta
from uuid import uuid4

import pytest

from domain.alarm import AlarmState, Desk, Priority
from domain.errors import BadInputError, IllegalStepError
from domain.incident import Disposition, IncidentStep, Status
from domain.place import Place
from domain.record import Mode


def test_an_alarm_is_acknowledged_once(desk, clock):
    alarm = desk.raise_sos()
    acknowledged = desk.alarms.acknowledge(alarm.id, "kim", clock.now())
    assert acknowledged.state is AlarmState.ACKNOWLEDGED
    assert (acknowledged.acknowledgement.by, acknowledged.acknowledgement.at) == ("kim", clock.now())
    with pytest.raises(IllegalStepError, match="already acknowledged by kim"):
        desk.alarms.acknowledge(alarm.id, "lee", clock.now())
    assert desk.feed.last_seq() == 3


def test_an_unknown_alarm_cannot_be_acknowledged(desk, clock):
    with pytest.raises(BadInputError, match="no alarm"):
        desk.alarms.acknowledge(uuid4(), "kim", clock.now())
    assert desk.alarms.find(uuid4()) is None


def test_an_acknowledgement_is_here_only_until_headquarters_knows(desk, clock):
    alarm = desk.raise_sos()
    desk.feed.acknowledge(2)
    assert desk.alarms.acknowledge(alarm.id, "kim", clock.now()).acknowledgement.here_only
    assert desk.alarms.open()[0].acknowledgement.here_only
    desk.feed.acknowledge(3)
    assert not desk.alarms.find(alarm.id).acknowledgement.here_only


def test_waiting_alarms_stay_and_acknowledged_ones_leave_after_a_day(desk, clock):
    waiting, seen = desk.raise_sos(), desk.raise_sos()
    desk.alarms.acknowledge(seen.id, "kim", clock.now())
    assert [alarm.id for alarm in desk.alarms.open()] == [waiting.id, seen.id]
    clock.advance(timedelta(days=30).total_seconds())
    assert [alarm.id for alarm in desk.alarms.open()] == [waiting.id]


def test_an_incident_is_linked_both_ways_and_opened_once(desk, clock):
    alarm = desk.raise_sos()
    incident = desk.incidents.open_from(alarm.id, "kim", "2026-anyang-000001")
    assert (incident.alarms, incident.owner, incident.number) == ((alarm.id,), "kim", "2026-anyang-000001")
    assert (incident.place, incident.mode, incident.caused_by) == (alarm.place, Mode.TEST, alarm.id)
    assert desk.alarms.find(alarm.id).incident == incident.id
    assert desk.incidents.open_from(alarm.id, "lee", "2026-anyang-000002") == incident
    assert desk.incidents.open() == (incident,)


def test_an_incident_is_worked_through_to_its_end(desk, clock):
    alarm = desk.raise_sos()
    desk.alarms.acknowledge(alarm.id, "kim", clock.now())
    incident = desk.incidents.open_from(alarm.id, "kim", "L-000000-1")
    clock.advance(7)
    desk.incidents.dispatch(incident.id, "112", "Songdo Central, a woman followed", "kim")
    desk.incidents.note(incident.id, "called back, no answer\0", "kim")
    desk.incidents.assign(incident.id, "lee", "kim")
    desk.incidents.renumber(incident.id, "2026-anyang-000009", "lee")
    desk.incidents.move(incident.id, Status.IN_PROGRESS, None, "lee")
    with pytest.raises(IllegalStepError, match="disposition"):
        desk.incidents.move(incident.id, Status.CLOSED, None, "lee")
    closed = desk.incidents.move(incident.id, Status.CLOSED, Disposition.FOUNDED, "lee")
    assert (closed.status, closed.disposition, closed.owner) == (Status.CLOSED, Disposition.FOUNDED, "lee")
    assert (closed.number, closed.dispatched_at) == ("2026-anyang-000009", clock.now())
    assert [entry.step for entry in closed.log] == [
        IncidentStep.OPENED,
        IncidentStep.DISPATCHED,
        IncidentStep.NOTED,
        IncidentStep.ASSIGNED,
        IncidentStep.NUMBERED,
        IncidentStep.MOVED,
        IncidentStep.MOVED,
    ]
    assert closed.log[2].fields == (("text", "called back, no answer\ufffd"),)
    assert desk.incidents.find(incident.id) == closed
    assert desk.incidents.open() == ()
    assert desk.alarms.open() == ()
    with pytest.raises(IllegalStepError):
        desk.incidents.move(incident.id, Status.NEW, None, "lee")


def test_an_incident_can_be_opened_by_hand(desk, clock):
    place = Place(37.39, 126.95)
    incident = desk.incidents.open_by_hand("fire", Priority.HIGH, Desk.DISASTER, place, "kim", "2026-anyang-000003")
    assert desk.incidents.find(incident.id) == incident
    assert (incident.place, incident.opened_at, incident.alarms) == (place, clock.now(), ())


def test_a_step_in_an_unknown_incident_is_refused(desk):
    with pytest.raises(BadInputError, match="no incident"):
        desk.incidents.note(uuid4(), "?", "kim")
