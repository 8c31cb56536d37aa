import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from db.people import PersonStore
from db.quarantine import QuarantineStore
from domain.alarm import AlarmState, Priority, alarm_id
from domain.event import EventKind, PersonalDetails


def test_an_event_comes_back_as_it_was_reported(desk):
    report = desk.report(EventKind.DETECTION, subject=uuid4())
    taken = desk.events.take([report])
    assert taken.events == (report.event,)
    assert desk.events.find(report.event.id) == report.event
    assert desk.events.recent() == (report.event,)
    assert desk.events.recent(kinds=[EventKind.SOS]) == ()


def test_an_sos_raises_the_alarm_that_every_console_agrees_on(desk):
    report = desk.report()
    (alarm,) = desk.events.take([report]).alarms
    assert alarm.id == alarm_id(report.event.id, "sos")
    assert (alarm.priority, alarm.state, alarm.place) == (
        Priority.CRITICAL,
        AlarmState.UNACKNOWLEDGED,
        report.event.place,
    )
    assert alarm.caused_by == report.event.id
    assert desk.alarms.find(alarm.id) == alarm
    assert desk.alarms.of_event(report.event.id) == (alarm,)
    assert desk.alarms.open() == (alarm,)


def test_a_repeat_is_no_error_and_changes_nothing(desk):
    report = desk.report()
    first = desk.events.take([report, report])
    again = desk.events.take([report])
    assert (len(first.events), len(first.alarms), first.repeated) == (1, 1, (report.event.id,))
    assert (again.events, again.alarms, again.repeated) == ((), (), (report.event.id,))
    assert desk.feed.last_seq() == 2


def test_an_sos_under_a_used_id_still_raises_its_alarm(desk):
    used = desk.report(EventKind.SESSION_FIX)
    desk.events.take([used])
    taken = desk.events.take([desk.report(EventKind.SOS, event_id=used.event.id)])
    assert [alarm.priority for alarm in taken.alarms] == [Priority.CRITICAL]
    assert taken.repeated == (used.event.id,)


def test_personal_details_stay_out_of_events_and_of_the_change_log(desk):
    subject = uuid4()
    details = PersonalDetails(traveller="홍길동", guardians=("홍판서",), phone="010-1234-5678")
    desk.events.take([desk.report(EventKind.SESSION_START, subject=subject, personal=details)])
    assert PersonStore(desk.db).find(subject) == details
    told = json.dumps([dict(change.payload) for change in desk.feed.changes_after(0, 10)], ensure_ascii=False)
    desk.db.close()
    kept = desk.path.read_bytes()
    for secret in ("홍길동", "홍판서", "010-1234-5678"):
        assert secret not in told
        assert secret.encode() not in kept


def test_a_repeated_start_does_not_bring_an_erased_person_back(desk):
    report = desk.report(EventKind.SESSION_START, subject=uuid4(), personal=PersonalDetails(traveller="K."))
    people = PersonStore(desk.db)
    desk.events.take([report])
    people.erase(report.event.subject)
    desk.events.take([report])
    assert people.find(report.event.subject) is None


def test_details_without_a_personal_key_get_one(desk):
    report = desk.report(EventKind.SESSION_START, personal=PersonalDetails(traveller="K."))
    (event,) = desk.events.take([report]).events
    assert event.subject is not None
    assert PersonStore(desk.db).find(event.subject) == report.personal


def test_an_unreadable_sos_is_event_alarm_and_quarantine_at_once(desk):
    raw = '{"id": nul\0\ud800'
    taken = desk.events.take([desk.report(raw=raw, quarantine="not JSON")])
    (kept,) = QuarantineStore(desk.db).recent()
    assert len(taken.alarms) == 1
    assert taken.events[0].raw == '{"id": nul\ufffd\ufffd'
    assert (kept.topic, kept.reason) == ("watchroom/v1/anyang/guardian/session-7/sos", "not JSON")


def test_what_postgresql_refuses_does_not_reach_the_change_log(desk):
    report = desk.report(EventKind.DETECTION, raw="a\0b")
    object.__setattr__(report.event, "details", {"score": float("nan"), "text": "x\0\udc00"})
    desk.events.take([report])
    (change,) = desk.feed.changes_after(0, 1)
    assert change.payload["fields"]["details"] == {"score": None, "text": "x\ufffd\ufffd"}


def test_events_since_a_moment_come_oldest_first_and_only_of_the_kinds_asked_for(desk, clock):
    desk.events.take([desk.report(EventKind.SESSION_START)])
    clock.advance(60)
    moment = clock.now()
    late, early = desk.report(EventKind.SESSION_FIX), desk.report(EventKind.SESSION_FIX)
    early = replace(early, event=replace(early.event, at=moment - timedelta(seconds=5)))
    desk.events.take([late, early, desk.report(EventKind.DETECTION)])
    kinds = [EventKind.SESSION_START, EventKind.SESSION_FIX]
    assert desk.events.since(moment, kinds) == (early.event, late.event)
    assert len(desk.events.since(moment - timedelta(seconds=60), kinds)) == 3
