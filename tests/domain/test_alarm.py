from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alarm import (
    Acknowledgement,
    Alarm,
    AlarmState,
    AlarmStep,
    Desk,
    Priority,
    alarm_id,
    fold_alarm,
    place_of,
    raising_fields,
)
from domain.fact import Fact, Family
from domain.place import Place
from domain.record import Mode, head_of
from domain.text import Text

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HERE, THERE = UUID(int=1), UUID(int=2)
EVENT = UUID(int=77)
ALARM = Alarm(
    id=alarm_id(EVENT, "fall"),
    origin=HERE,
    centre="anyang",
    district="manan",
    mode=Mode.TEST,
    caused_by=EVENT,
    event_id=EVENT,
    rule="fall",
    kind="fall",
    title=Text("alarm_fall", {"camera": "417"}),
    priority=Priority.HIGH,
    desk=Desk.CRIME,
    raised_at=NOON,
    source="417",
    place=Place(37.4, 126.9, 12.0),
)


def fact(step, hlc, *, origin=HERE, actor="kim", at=NOON, **fields):
    return Fact(
        **{**head_of(ALARM), "id": uuid4(), "origin": origin},
        family=Family.ALARM,
        subject=ALARM.id,
        step=step,
        at=at,
        actor=actor,
        hlc=hlc,
        fields=fields,
    )


RAISED = fact(AlarmStep.RAISED, 1, actor="rule", **raising_fields(ALARM))


def test_an_alarm_folded_from_its_raising_is_the_alarm_that_was_raised():
    assert fold_alarm([RAISED]) == (ALARM, ())


def test_an_alarm_without_a_place_stays_without():
    alarm, _ = fold_alarm([replace(RAISED, fields=raising_fields(replace(ALARM, place=None)))])
    assert alarm == replace(ALARM, place=None)


def test_all_consoles_give_the_same_alarm_the_same_id():
    assert alarm_id(EVENT, "fall") == alarm_id(EVENT, "fall")
    assert alarm_id(EVENT, "fall") != alarm_id(EVENT, "smoke")


def test_priorities_are_ranked_from_critical_to_low():
    assert [priority.rank for priority in Priority] == [0, 1, 2, 3]
    assert Priority.CRITICAL.rank == 0


def test_an_alarm_waits_until_somebody_acknowledges_it():
    assert ALARM.waiting
    alarm, conflicts = fold_alarm([RAISED, fact(AlarmStep.ACKNOWLEDGED, 2)])
    assert not alarm.waiting
    assert alarm.acknowledgement == Acknowledgement("kim", NOON)
    assert conflicts == ()


def test_of_two_acknowledgements_the_earlier_stands_and_the_other_is_kept():
    first = fact(AlarmStep.ACKNOWLEDGED, 2, origin=THERE, actor="lee")
    second = fact(AlarmStep.ACKNOWLEDGED, 3, actor="kim")
    alarm, conflicts = fold_alarm([RAISED, second, first])
    assert alarm.acknowledgement.by == "lee"
    assert [(conflict.fact, conflict.why) for conflict in conflicts] == [(second, "already acknowledged by lee")]


def test_of_two_acknowledgements_at_the_same_number_the_lower_origin_stands():
    mine, theirs = fact(AlarmStep.ACKNOWLEDGED, 2, actor="kim"), fact(AlarmStep.ACKNOWLEDGED, 2, origin=THERE)
    alarm, _ = fold_alarm([RAISED, theirs, mine])
    assert alarm.acknowledgement.by == mine.actor


def test_steps_of_an_alarm_whose_raising_is_still_on_its_way_make_nothing_yet():
    assert fold_alarm([fact(AlarmStep.ACKNOWLEDGED, 2)]) == (None, ())
    assert fold_alarm([]) == (None, ())


def test_two_consoles_that_raised_the_same_alarm_make_one():
    later = replace(RAISED, origin=THERE, hlc=9, at=NOON + timedelta(seconds=3))
    alarm, conflicts = fold_alarm([later, RAISED])
    assert (alarm.origin, alarm.raised_at, conflicts) == (HERE, NOON, ())


def test_an_alarm_whose_cause_went_away_still_waits_for_its_acknowledgement():
    returned = fact(AlarmStep.RETURNED, 2)
    alarm, _ = fold_alarm([RAISED, returned])
    assert alarm.state is AlarmState.UNACKNOWLEDGED
    alarm, _ = fold_alarm([RAISED, fact(AlarmStep.ACKNOWLEDGED, 2), fact(AlarmStep.RETURNED, 3)])
    assert alarm.state is AlarmState.RETURNED


def test_an_alarm_names_the_incident_that_it_belongs_to():
    incident = uuid4()
    alarm, _ = fold_alarm([RAISED, fact(AlarmStep.LINKED, 2, incident=str(incident))])
    assert alarm.incident == incident


def test_a_step_of_a_newer_program_changes_nothing_and_is_no_conflict():
    assert fold_alarm([RAISED, fact("admired", 2)]) == (ALARM, ())


STEPS = [
    RAISED,
    fact(AlarmStep.ACKNOWLEDGED, 2, origin=THERE, actor="lee"),
    fact(AlarmStep.ACKNOWLEDGED, 2, actor="kim"),
    fact(AlarmStep.LINKED, 4, incident=str(UUID(int=5))),
    fact(AlarmStep.LINKED, 5, origin=THERE, incident=str(UUID(int=6))),
    fact(AlarmStep.RETURNED, 6),
    fact("admired", 7),
    replace(RAISED, id=UUID(int=10), origin=THERE, hlc=8),
]


@given(st.permutations(STEPS))
def test_the_order_in_which_facts_arrive_makes_no_difference(facts):
    assert fold_alarm(facts) == fold_alarm(STEPS)


@given(st.lists(st.tuples(st.integers(2, 5), st.sampled_from([HERE, THERE]), st.sampled_from("abc")), min_size=1))
def test_the_acknowledgement_that_stands_is_the_one_of_lowest_number_and_origin(acknowledgements):
    facts = [fact(AlarmStep.ACKNOWLEDGED, hlc, origin=origin, actor=actor) for hlc, origin, actor in acknowledgements]
    alarm, conflicts = fold_alarm([RAISED, *facts])
    lowest = min((hlc, origin.int) for hlc, origin, _ in acknowledgements)
    winners = {actor for hlc, origin, actor in acknowledgements if (hlc, origin.int) == lowest}
    assert alarm.acknowledgement.by in winners
    assert len(conflicts) == len(facts) - 1


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"lat": 37.4, "lon": 126.9}, Place(37.4, 126.9)),
        ({"lat": 37, "lon": 126, "accuracy_m": 5}, Place(37, 126, 5.0)),
        ({"lat": "37", "lon": 126}, None),
        ({"lat": 37.4}, None),
        ({"lat": 200, "lon": 0}, None),
    ],
)
def test_the_place_of_a_fact_is_where_it_says_if_that_is_on_earth(fields, place):
    assert place_of(fields) == place


def test_a_title_without_values_is_read_too():
    alarm, _ = fold_alarm([replace(RAISED, fields=raising_fields(ALARM) | {"title_params": None})])
    assert alarm.title == Text("alarm_fall")
