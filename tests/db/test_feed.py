from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from db.numbers import NumberStore
from db.quarantine import QuarantineStore
from domain.alarm import AlarmState
from domain.fact import Family
from domain.incident import Disposition, Status


def test_every_fact_has_its_line_in_order(desk, clock):
    alarm = desk.raise_sos()
    desk.alarms.acknowledge(alarm.id, "kim", clock.now())
    desk.incidents.open_from(alarm.id, "kim", "2026-anyang-000001")
    lines = desk.feed.changes_after(0, 10)
    kinds = [Family.EVENT, Family.ALARM, Family.ALARM, Family.INCIDENT, Family.ALARM]
    assert [line.kind for line in lines] == kinds
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5]
    assert [line.hlc for line in lines] == sorted({line.hlc for line in lines})
    assert desk.feed.changes_after(3, 1) == [lines[3]]
    assert desk.feed.last_seq() == 5


def test_headquarters_acknowledgement_is_kept_and_shows_what_it_lacks(desk, clock):
    assert (desk.feed.acknowledged(), desk.feed.oldest_unacknowledged()) == (0, None)
    began = clock.now()
    desk.raise_sos()
    clock.advance(10)
    desk.raise_sos()
    assert abs(desk.feed.oldest_unacknowledged() - began) < timedelta(milliseconds=1)
    desk.feed.acknowledge(2)
    assert abs(desk.feed.oldest_unacknowledged() - began) >= timedelta(seconds=9)
    desk.feed.acknowledge(4)
    assert (desk.feed.acknowledged(), desk.feed.oldest_unacknowledged()) == (4, None)
    desk.feed.acknowledge(2)
    assert desk.feed.acknowledged() == 2


def test_another_desk_sees_what_was_done_here(desks, clock):
    here, there = desks("here"), desks("there")
    alarm = here.raise_sos()
    here.alarms.acknowledge(alarm.id, "kim", clock.now())
    incident = here.incidents.open_from(alarm.id, "kim", "2026-anyang-000001")
    taken = there.feed.take_pulled(here.pulled(), "17:4")
    here.feed.acknowledge(5)
    assert taken.events == here.events.recent()
    assert taken.alarms == (here.alarms.find(alarm.id),)
    assert taken.incidents == (incident,) == there.incidents.open()
    assert there.alarms.open() == here.alarms.open()
    assert (there.feed.cursor(), there.feed.last_seq()) == ("17:4", 0)


def test_the_same_lines_again_change_nothing(desks):
    here, there = desks("here"), desks("there")
    here.raise_sos()
    lines = here.pulled()
    first, again = (there.feed.take_pulled(lines + lines, cursor) for cursor in ("1", "2"))
    assert (len(first.events), len(first.alarms)) == (1, 1)
    assert (again.events, again.alarms, again.incidents, again.conflicts) == ((), (), (), ())
    assert there.feed.cursor() == "2"


def test_an_alarm_raised_elsewhere_is_not_raised_again(desks):
    here, there = desks("here"), desks("there")
    report = here.report()
    here.events.take([report])
    there.feed.take_pulled(here.pulled(), "1")
    taken = there.events.take([report])
    assert (taken.events, taken.alarms, taken.repeated) == ((), (), (report.event.id,))


def test_a_repeated_event_whose_alarm_is_still_on_its_way_raises_it(desks):
    here, there = desks("here"), desks("there")
    report = here.report()
    here.events.take([report])
    there.feed.take_pulled(here.pulled()[:1], "1")
    (alarm,) = there.events.take([report]).alarms
    there.feed.take_pulled(here.pulled(), "2")
    assert there.alarms.open() == (here.alarms.find(alarm.id),)


def test_two_desks_that_were_cut_off_agree_and_keep_both_acknowledgements(desks, clock):
    here, there = desks("here"), desks("there")
    report = here.report()
    (alarm,) = here.events.take([report]).alarms
    there.events.take([report])
    here.alarms.acknowledge(alarm.id, "kim", clock.now())
    clock.advance(1)
    there.alarms.acknowledge(alarm.id, "lee", clock.now())
    mine = here.incidents.open_from(alarm.id, "kim", "L-aa-1")
    theirs = there.incidents.open_from(alarm.id, "lee", "L-bb-1")
    assert mine.id == theirs.id
    at_mine, at_theirs = here.pulled(), there.pulled()
    first, second = here.feed.take_pulled(at_theirs, "1"), there.feed.take_pulled(at_mine, "1")
    for desk, taken in ((here, first), (there, second)):
        desk.feed.acknowledge(desk.feed.last_seq())
        assert [(conflict.fact.actor, conflict.why) for conflict in taken.conflicts] == [
            ("lee", "already acknowledged by kim")
        ]
        assert desk.alarms.find(alarm.id).acknowledgement.by == "kim"
        assert [conflict.fact.actor for conflict in desk.alarms.conflicts(alarm.id)] == ["lee"]
    assert here.alarms.open() == there.alarms.open()
    assert here.incidents.open() == there.incidents.open()
    assert here.db.rebuild() == there.db.rebuild() == 2


def test_an_illegal_step_stays_in_the_history_as_a_conflict(desks):
    here, there = desks("here"), desks("there")
    incident = here.incidents.open_from(here.raise_sos().id, "kim", "1")
    there.feed.take_pulled(here.pulled(), "1")
    here.incidents.move(incident.id, Status.CLOSED, Disposition.FOUNDED, "kim")
    there.incidents.move(incident.id, Status.RESOLVED, None, "lee")
    taken = here.feed.take_pulled(there.pulled(), "1")
    merged = there.feed.take_pulled(here.pulled(), "2")
    assert here.incidents.find(incident.id) == there.incidents.find(incident.id)
    assert {conflict.fact.step for conflict in (*taken.conflicts, *merged.conflicts)} == {"moved"}
    assert here.incidents.conflicts(incident.id) == there.incidents.conflicts(incident.id) != ()


def test_a_step_before_its_beginning_waits_for_it(desks, clock):
    here, there = desks("here"), desks("there")
    alarm = here.raise_sos()
    here.alarms.acknowledge(alarm.id, "kim", clock.now())
    event, raised, acknowledged = here.pulled()
    assert there.feed.take_pulled([acknowledged], "1").alarms == ()
    assert there.alarms.find(alarm.id) is None
    assert there.feed.take_pulled([event, raised], "2").alarms[0].state is AlarmState.ACKNOWLEDGED


def test_a_number_far_ahead_goes_into_quarantine_and_is_not_folded(desks, clock):
    here, there = desks("here"), desks("there")
    here.raise_sos()
    event, raised = here.pulled()
    ahead = replace(raised, hlc=raised.hlc + (61_000 << 16))
    for cursor in ("1", "2"):
        taken = there.feed.take_pulled([event, ahead], cursor)
    assert (taken.alarms, there.alarms.open(), there.feed.cursor()) == ((), (), "2")
    (kept,) = QuarantineStore(there.db).recent()
    assert "ahead of this clock" in kept.reason
    assert there.db.hybrid_clock.tick() < ahead.hlc


@pytest.mark.parametrize(
    "strange",
    [
        {"kind": "bulletin_event"},
        {"schema_version": 2},
        {"payload": {}},
        {"payload": {"subject": "nobody", "step": 3}},
    ],
)
def test_what_only_a_newer_program_reads_is_kept_as_it_came(desks, clock, strange):
    here, there = desks("here"), desks("there")
    here.raise_sos()
    event, raised = here.pulled()
    odd = replace(raised, **strange)
    for cursor in ("1", "2"):
        there.feed.take_pulled([odd, event], cursor)
    there.db.close()
    there = type(there)(there.path, clock, there.workplace.origin)
    assert there.feed.unknown() == (odd,)
    assert len(there.events.recent()) == 1
    assert there.alarms.open() == ()
    assert there.feed.cursor() == "2"
    there.db.close()


def test_a_known_step_with_content_of_the_future_does_not_stop_the_pull(desks):
    here, there = desks("here"), desks("there")
    incident = here.incidents.open_from(here.raise_sos().id, "kim", "1")
    here.incidents.move(incident.id, Status.IN_PROGRESS, None, "kim")
    lines = here.pulled()
    future = {**lines[-1].payload, "fields": {"status": "paused"}}
    there.feed.take_pulled([*lines[:-1], replace(lines[-1], payload=future)], "1")
    assert there.incidents.find(incident.id).status is Status.NEW
    assert len(there.feed.unknown()) == 1


def test_what_was_kept_is_taken_by_the_program_that_knows_it(desks, clock, monkeypatch):
    here, there = desks("here"), desks("there")
    alarm = here.raise_sos()
    lines = [replace(line, schema_version=2) for line in here.pulled()]
    there.feed.take_pulled(lines, "1")
    there.db.close()
    monkeypatch.setattr("db.codec.SCHEMA_VERSION", 2)
    there = type(there)(there.path, clock, there.workplace.origin)
    assert there.alarms.find(alarm.id) == alarm
    assert there.feed.unknown() == ()
    there.db.close()


def test_a_restored_database_takes_a_new_epoch_and_its_own_lines_back(desks, clock, tmp_path):
    here = desks("here")
    numbers = NumberStore(here.db, here.workplace)
    numbers.refill(2026, 1, 1000)
    kept = here.raise_sos()
    here.feed.acknowledge(1)
    here.db.backup(tmp_path / "backup.db")
    lost = here.raise_sos()
    here.alarms.acknowledge(lost.id, "kim", clock.now())
    at_headquarters = here.pulled()

    restored = type(here)(tmp_path / "backup.db", clock, here.workplace.origin)
    old = restored.feed.epoch
    assert old == here.feed.epoch
    assert restored.feed.new_epoch() == restored.feed.epoch != old
    assert (restored.feed.acknowledged(), restored.feed.cursor(), restored.feed.last_seq()) == (0, "", 1)
    assert NumberStore(restored.db, here.workplace).take(2026).startswith("L-")
    (owed,) = restored.feed.changes_after(0, 10)
    assert (owed.seq, owed.kind) == (1, Family.ALARM)

    taken = restored.feed.take_pulled(at_headquarters, "9")
    assert {alarm.id for alarm in taken.alarms} == {lost.id}
    assert {alarm.id for alarm in restored.alarms.open()} == {kept.id, lost.id}
    assert not restored.alarms.find(lost.id).acknowledgement.here_only
    assert restored.feed.last_seq() == 1
    restored.raise_sos()
    assert [change.seq for change in restored.feed.changes_after(0, 10)] == [1, 2, 3]
    restored.db.close()


def test_lines_of_a_stranger_with_extra_keys_are_read(desks):
    here, there = desks("here"), desks("there")
    here.raise_sos()
    lines = [replace(line, payload={**line.payload, "mood": {"of": ["the", "future"]}}) for line in here.pulled()]
    assert len(there.feed.take_pulled(lines, "1").alarms) == 1


def test_facts_of_an_unknown_step_are_kept(desks):
    here, there = desks("here"), desks("there")
    incident = here.incidents.open_from(here.raise_sos().id, "kim", "1")
    lines = here.pulled()
    opened = next(line for line in lines if line.kind == Family.INCIDENT)
    odd = replace(
        opened,
        pk=UUID(int=99),
        hlc=opened.hlc + 9,
        payload={**opened.payload, "step": "sung", "fields": {"to": "them"}},
    )
    there.feed.take_pulled([*lines, odd], "1")
    assert there.incidents.find(incident.id).log[-1].step == "sung"
    assert there.feed.unknown() == ()
