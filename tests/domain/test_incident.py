from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarm import Desk, Priority
from domain.errors import IllegalStepError
from domain.fact import Fact, Family
from domain.incident import Disposition, Incident, IncidentStep, Status, fold_incident, opening_fields
from domain.place import Place
from domain.record import Mode, head_of

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)
ALARM, OTHER = UUID(int=70), UUID(int=71)
INCIDENT = Incident(
    id=UUID(int=7),
    origin=HERE,
    centre="anyang",
    district="manan",
    mode=Mode.TEST,
    caused_by=ALARM,
    number="L-1-1",
    kind="sos",
    opened_at=NOON,
    priority=Priority.CRITICAL,
    desk=Desk.CRIME,
    place=Place(37.4, 126.9),
    owner="kim",
    alarms=(ALARM,),
)


def fact(step, hlc, *, origin=HERE, at=NOON, **fields):
    return Fact(
        **{**head_of(INCIDENT), "id": uuid4(), "origin": origin},
        family=Family.INCIDENT,
        subject=INCIDENT.id,
        step=step,
        at=at,
        actor="kim",
        hlc=hlc,
        fields=fields,
    )


OPENED = fact(IncidentStep.OPENED, 1, **opening_fields(INCIDENT))


def test_an_incident_folded_from_its_opening_is_the_one_that_was_opened():
    incident, conflicts = fold_incident([OPENED])
    assert replace(incident, log=()) == INCIDENT
    assert conflicts == ()
    assert [entry.step for entry in incident.log] == ["opened"]


def test_an_incident_without_alarms_place_or_owner_is_one_too():
    fields = {key: value for key, value in OPENED.fields.items() if key not in {"alarms", "owner", "lat"}}
    incident, _ = fold_incident([replace(OPENED, fields=fields)])
    assert (incident.alarms, incident.owner, incident.place) == ((), "", None)
    assert opening_fields(incident)["lat"] is None


def test_steps_before_the_opening_has_arrived_make_nothing_yet():
    assert fold_incident([fact(IncidentStep.NOTED, 2, text="x")]) == (None, ())


@pytest.mark.parametrize(
    ("start", "allowed"),
    [
        (Status.NEW, {Status.IN_PROGRESS, Status.RESOLVED, Status.CLOSED}),
        (Status.IN_PROGRESS, {Status.RESOLVED, Status.CLOSED}),
        (Status.RESOLVED, {Status.IN_PROGRESS, Status.CLOSED}),
        (Status.CLOSED, set()),
    ],
)
def test_an_incident_moves_only_where_it_may(start, allowed):
    incident = replace(INCIDENT, status=start)
    for status in Status:
        if status in allowed:
            assert incident.moved_to(status, Disposition.FOUNDED).status is status
        else:
            with pytest.raises(IllegalStepError):
                incident.moved_to(status, Disposition.FOUNDED)


def test_closing_needs_to_say_what_it_was():
    with pytest.raises(IllegalStepError, match="disposition"):
        INCIDENT.moved_to(Status.CLOSED)
    resolved = INCIDENT.moved_to(Status.RESOLVED, Disposition.TEST)
    assert resolved.moved_to(Status.CLOSED).disposition is Disposition.TEST


def test_a_closed_incident_stays_closed_and_the_step_that_came_too_late_is_kept():
    closed = fact(IncidentStep.MOVED, 2, status="closed", disposition="founded")
    late = fact(IncidentStep.MOVED, 3, origin=THERE, status="in_progress")
    incident, conflicts = fold_incident([late, closed, OPENED])
    assert (incident.status, incident.disposition) == (Status.CLOSED, Disposition.FOUNDED)
    assert [(conflict.fact, conflict.why) for conflict in conflicts] == [(late, "closed -> in_progress")]
    assert [entry.step for entry in incident.log] == ["opened", "moved", "moved"]  # nothing is lost from the log


def test_each_step_changes_only_what_it_is_about():
    incident, conflicts = fold_incident(
        [
            OPENED,
            fact(IncidentStep.NUMBERED, 2, number="2026-anyang-000123"),
            fact(IncidentStep.ASSIGNED, 3, owner="lee"),
            fact(IncidentStep.ALARM_LINKED, 4, alarm=str(OTHER)),
            fact(IncidentStep.ALARM_LINKED, 5, alarm=str(OTHER)),
            fact(IncidentStep.DISPATCHED, 6, at=NOON + timedelta(minutes=1), agency="112", text="go"),
            fact(IncidentStep.DISPATCHED, 7, at=NOON + timedelta(minutes=9), agency="119", text="go"),
            fact(IncidentStep.NOTED, 8, text="she is safe"),
            fact("sung_about", 9),
        ]
    )
    assert (incident.number, incident.owner) == ("2026-anyang-000123", "lee")
    assert incident.alarms == (ALARM, OTHER)
    assert incident.dispatched_at == NOON + timedelta(minutes=1)
    assert dict(incident.log[7].fields) == {"text": "she is safe"}
    assert len(incident.log) == 9
    assert conflicts == ()


STEPS = [
    OPENED,
    fact(IncidentStep.MOVED, 2, status="in_progress"),
    fact(IncidentStep.MOVED, 3, origin=THERE, status="closed", disposition="founded"),
    fact(IncidentStep.MOVED, 4, status="resolved"),
    fact(IncidentStep.ASSIGNED, 4, origin=THERE, owner="lee"),
    fact(IncidentStep.NUMBERED, 5, number="2026-anyang-000123"),
    fact(IncidentStep.NOTED, 6, origin=THERE, text="x"),
]


@given(st.permutations(STEPS))
def test_the_order_in_which_facts_arrive_makes_no_difference(facts):
    assert fold_incident(facts) == fold_incident(STEPS)


@given(
    st.lists(
        st.tuples(st.sampled_from([HERE, THERE]), st.sampled_from(Status), st.none() | st.sampled_from(Disposition)),
        max_size=8,
    )
)
def test_whatever_is_asked_the_incident_only_takes_allowed_steps(moves):
    facts = [
        fact(IncidentStep.MOVED, number, origin=origin, status=status.value, disposition=disposition)
        for number, (origin, status, disposition) in enumerate(moves, 2)
    ]
    incident, conflicts = fold_incident([OPENED, *facts])
    refused = [conflict.fact for conflict in conflicts]
    taken = [Status.NEW, *(Status(str(one.fields["status"])) for one in facts if one not in refused)]
    assert incident.status is taken[-1]
    assert all(before is not after for before, after in pairwise(taken))
    assert Status.CLOSED not in taken[:-1]
    assert len(incident.log) == len(facts) + 1
