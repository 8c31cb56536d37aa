from collections.abc import Callable

import pytest

from domain.errors import BadInputError, IllegalStepError, RefusedError
from domain.event import EventKind
from domain.incident import Disposition, Status
from domain.news import AlarmChanged, IncidentChanged
from domain.operator import Action, Role
from tests.console.surroundings import Workstation, make_alarm, make_event, operator

pytest_plugins = ["tests.console.fixtures"]


@pytest.fixture
def desk(workstation: Workstation) -> Workstation:
    """A workstation with an operator at it."""
    workstation.core.door.operator = operator()
    return workstation


def test_an_acknowledgement_is_kept_audited_and_told(desk: Workstation) -> None:
    alarm = desk.raise_alarm()
    acknowledged = desk.core.casework.acknowledge(alarm.id)
    assert acknowledged.acknowledgement is not None
    assert acknowledged.acknowledgement.by == "haneul"
    assert desk.core.stores.alarms.find(alarm.id) == acknowledged
    assert desk.heard(AlarmChanged)[-1].alarm == acknowledged
    assert desk.audited() == [("haneul", "acknowledge", str(alarm.id))]


def test_an_alarm_is_acknowledged_once(desk: Workstation) -> None:
    alarm = desk.raise_alarm()
    desk.core.casework.acknowledge(alarm.id)
    with pytest.raises(IllegalStepError, match="already acknowledged by haneul"):
        desk.core.casework.acknowledge(alarm.id)


def test_opening_an_incident_acknowledges_the_alarm_and_links_both(desk: Workstation) -> None:
    alarm = desk.raise_alarm()
    incident = desk.core.casework.open_incident(alarm.id)
    linked = desk.core.stores.alarms.find(alarm.id)
    assert linked is not None
    assert linked.incident == incident.id
    assert linked.acknowledgement is not None
    assert incident.alarms == (alarm.id,)
    assert incident.number.startswith("L-")  # headquarters has given no numbers
    assert desk.heard(IncidentChanged)[-1].incident == incident
    assert [action for _, action, _ in desk.audited()] == ["acknowledge", "open_incident"]


def test_an_alarm_gets_one_incident_however_often_it_is_opened(desk: Workstation) -> None:
    alarm = desk.raise_alarm()
    first = desk.core.casework.open_incident(alarm.id)
    assert desk.core.casework.open_incident(alarm.id).id == first.id
    assert len(desk.core.stores.incidents.open()) == 1


def test_a_case_is_worked_to_its_end(desk: Workstation) -> None:
    incident = desk.core.casework.open_incident(desk.raise_alarm().id)
    work = desk.core.casework
    work.move(incident.id, Status.IN_PROGRESS)
    work.note(incident.id, "회신 전화 응답 없음")
    work.dispatch(incident.id, "112", "동문")
    work.move(incident.id, Status.RESOLVED)
    with pytest.raises(IllegalStepError, match="needs a disposition"):
        work.move(incident.id, Status.CLOSED)
    closed = work.move(incident.id, Status.CLOSED, Disposition.FOUNDED)
    assert closed.disposition is Disposition.FOUNDED
    assert closed.dispatched_at is not None
    assert [entry.step for entry in closed.log] == ["opened", "moved", "noted", "dispatched", "moved", "moved"]
    assert desk.core.stores.incidents.open() == ()
    assert desk.core.stores.alarms.open() == ()
    with pytest.raises(IllegalStepError):
        work.move(incident.id, Status.IN_PROGRESS)


@pytest.mark.parametrize(
    ("action", "deed"),
    [
        (Action.ACKNOWLEDGE, lambda core, alarm, _: core.casework.acknowledge(alarm)),
        (Action.ACKNOWLEDGE, lambda core, alarm, _: core.casework.open_incident(alarm)),
        (Action.WORK_INCIDENT, lambda core, _, incident: core.casework.note(incident, "x")),
        (Action.DISPATCH, lambda core, _, incident: core.casework.dispatch(incident, "112", "")),
        (Action.WORK_INCIDENT, lambda core, _, incident: core.casework.move(incident, Status.IN_PROGRESS)),
        (
            Action.CLOSE_INCIDENT,
            lambda core, _, incident: core.casework.move(incident, Status.CLOSED, Disposition.TEST),
        ),
    ],
)
@pytest.mark.parametrize("who", [operator(Role.POLICE_LIAISON, "liaison"), None])
def test_without_the_right_nothing_is_done_and_the_attempt_is_audited(
    desk: Workstation, action: Action, deed: Callable[..., object], who: object
) -> None:
    incident = desk.core.casework.open_incident(desk.raise_alarm().id)
    waiting = desk.raise_alarm(make_event(EventKind.BELL_PRESS, "b1"))
    before = (desk.core.stores.alarms.open(), desk.core.stores.incidents.open())
    desk.core.door.operator = who  # type: ignore[assignment]
    with pytest.raises(RefusedError, match=f"may not {action}"):
        deed(desk.core, waiting.id, incident.id)
    assert (desk.core.stores.alarms.open(), desk.core.stores.incidents.open()) == before
    actor, refused, _ = desk.audited()[-1]
    assert (actor, refused) == ("liaison" if who else "nobody", f"refused:{action}")


def test_an_alarm_that_nobody_knows_is_refused_in_plain_words(desk: Workstation) -> None:
    with pytest.raises(BadInputError, match="there is no alarm"):
        desk.core.casework.acknowledge(make_alarm().id)
    with pytest.raises(BadInputError, match="there is no alarm"):
        desk.core.casework.open_incident(make_alarm().id)
