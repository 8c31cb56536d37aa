import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from console.guardian_watch import FollowUps, GuardianWatch
from console.ingest import Ingest
from console.resources import RESOURCES
from db.alarms import AlarmStore
from db.events import EventStore, Taken
from db.quarantine import QuarantineStore
from db.readings import ReadingStore
from domain.alarm import Priority
from domain.clock import Clock, FixedClock, SystemClock
from domain.errors import IllegalStepError, StorageError
from domain.event import Event, EventKind, FieldReport, PersonalDetails, Quarantined
from domain.guardian import GuardianLimits
from domain.news import AlarmChanged, EventTaken, News, Notice, ReadingsTaken
from domain.reading import Quantity, Reading
from domain.rules import RuleBook
from tests.console.by_hand import until
from tests.console.surroundings import Workstation, make_event

pytest_plugins = ["tests.console.fixtures"]


class TroubledEvents:
    """The real event store, which raises what a test puts into it first."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.trouble: Callable[[Sequence[FieldReport]], Exception | None] = lambda _reports: None
        self.unread: Exception | None = None
        self.tried = 0

    def take(self, reports: Sequence[FieldReport]) -> Taken:
        self.tried += 1
        error = self.trouble(reports)
        if error is not None:
            raise error
        return self._store.take(reports)

    def since(self, moment: datetime, kinds: Collection[str]) -> Iterable[Event]:
        if self.unread is not None:
            raise self.unread
        return self._store.since(moment, kinds)


class TroubledWatch:
    """The real watch over journeys, which does what a test puts in its place first."""

    def __init__(self, watch: GuardianWatch) -> None:
        self._watch = watch
        self.memory_start = watch.memory_start
        self.notice: Callable[[Sequence[Event]], FollowUps] = watch.follow_ups

    def restore(self, events: Iterable[Event]) -> Sequence[Exception]:
        return self._watch.restore(events)

    def follow_ups(self, events: Sequence[Event]) -> FollowUps:
        return self.notice(events)


class Intake:
    """An ingest on a workstation's database whose parts can be made to fail."""

    def __init__(self, workstation: Workstation, clock: Clock | None = None, unread: Exception | None = None) -> None:
        core = workstation.core
        database = core.stores.database
        rules = RuleBook.load(RESOURCES / "alarm_rules.toml")
        self.news: list[News] = []
        self.events = TroubledEvents(
            EventStore(database, core.workplace, database.hybrid_clock, rules.alarms_for),
        )
        self.events.unread = unread
        self.alarms: AlarmStore = core.stores.alarms
        self.readings: ReadingStore = core.stores.readings
        self.quarantine = QuarantineStore(database)
        limits = GuardianLimits.load(RESOURCES / "guardian.toml")
        self.watch = TroubledWatch(GuardianWatch(core.workplace, clock or SystemClock(), limits))
        self.ingest = Ingest(
            self.events,  # type: ignore[arg-type]  # a store that can misbehave
            self.alarms,
            self.readings,
            self.quarantine,
            self.news.append,
            self.watch,  # type: ignore[arg-type]  # a watch that can misbehave
        )
        self.ingest.start()

    def take(self, *reports: FieldReport) -> threading.Event:
        committed = threading.Event()
        self.ingest.take_reports(reports, committed.set)
        return committed

    def notices(self) -> list[str]:
        return [news.text.code for news in list(self.news) if isinstance(news, Notice)]

    def raised(self) -> list[AlarmChanged]:
        return [news for news in list(self.news) if isinstance(news, AlarmChanged)]


@pytest.fixture
def intake(workstation: Workstation) -> Iterator[Intake]:
    intake = Intake(workstation)
    yield intake
    intake.ingest.close()


def report(event: Event | None = None, **more: object) -> FieldReport:
    return FieldReport(event=event or make_event(), **more)  # type: ignore[arg-type]


def reading(value: float = 3.0) -> Reading:
    return Reading(str(uuid4()), "wind-1", datetime.now(UTC), Quantity.WIND_SPEED, value)


def test_an_sos_is_committed_before_it_is_acknowledged_and_told(intake: Intake) -> None:
    sos = make_event()
    assert intake.take(report(sos, answer_topic="t/ack")).wait(10)
    (alarm,) = intake.alarms.of_event(sos.id)
    assert alarm.priority is Priority.CRITICAL
    assert intake.raised() == [AlarmChanged(alarm, ("t/ack",))]
    assert [news.event.id for news in intake.news if isinstance(news, EventTaken)] == [sos.id]


def test_the_callback_of_several_reports_follows_once_after_the_last(intake: Intake) -> None:
    called: list[int] = []
    intake.ingest.take_reports([report() for _ in range(5)], lambda: called.append(len(intake.raised())))
    until("the callback", lambda: called, 10)
    assert called == [5]


def test_a_repeated_sos_asks_again_for_shown_and_raises_nothing_new(intake: Intake) -> None:
    sos = make_event()
    assert intake.take(report(sos, answer_topic="t/ack")).wait(10)
    assert intake.take(report(sos, answer_topic="t/ack")).wait(10)
    first, again = intake.raised()
    assert first.alarm.id == again.alarm.id
    assert again.owed == ("t/ack",)
    assert len(intake.alarms.of_event(sos.id)) == 1


def test_a_report_that_repeats_and_is_no_call_for_help_is_not_told_again(intake: Intake) -> None:
    fix = make_event(EventKind.SESSION_FIX)
    assert intake.take(report(fix)).wait(10)
    assert intake.take(report(fix)).wait(10)
    assert [type(news) for news in intake.news] == [EventTaken]


def test_readings_are_committed_counted_and_told(intake: Intake) -> None:
    committed = threading.Event()
    intake.ingest.take_readings([reading(), reading()], committed.set)
    assert committed.wait(10)
    assert intake.ingest.readings_taken == 2
    (told,) = intake.news
    assert isinstance(told, ReadingsTaken)
    assert len(told.readings) == 2


def test_what_cannot_be_taken_lies_in_quarantine_before_it_is_acknowledged(intake: Intake) -> None:
    committed = threading.Event()
    item = Quarantined(topic="t", body=b"\xff\x00", reason="not JSON", received_at=datetime.now(UTC))
    intake.ingest.quarantine(item, committed.set)
    assert committed.wait(10)
    assert intake.quarantine.recent()[0].body == b"\xff\x00"


@pytest.mark.parametrize("error", [ZeroDivisionError("poison"), IllegalStepError("poison")])
def test_a_poisonous_report_stops_nobody_behind_it_and_lies_in_quarantine(intake: Intake, error: Exception) -> None:
    poison, sos = make_event("detection", "12"), make_event()
    gate = threading.Event()

    def trouble(reports: Sequence[FieldReport]) -> Exception | None:
        gate.wait(10)
        return error if any(one.event == poison for one in reports) else None

    intake.events.trouble = trouble
    intake.take(report())  # holds the thread, so that the next two come in one batch
    done = [intake.take(report(poison)), intake.take(report(sos))]
    gate.set()
    assert all(each.wait(10) for each in done)
    assert intake.alarms.of_event(sos.id)
    assert "poison" in intake.quarantine.recent()[0].reason
    assert "quarantine_one" in intake.notices()


def test_what_breaks_even_quarantine_stays_unacknowledged_and_stops_nobody(intake: Intake) -> None:
    committed = threading.Event()
    item = Quarantined(topic="t", body="no bytes", reason="x", received_at="no moment")  # type: ignore[arg-type]
    intake.ingest.quarantine(item, committed.set)
    sos = make_event()
    assert intake.take(report(sos)).wait(10)
    assert intake.alarms.of_event(sos.id)
    assert not committed.is_set()


def test_personal_details_never_reach_quarantine(intake: Intake) -> None:
    intake.events.trouble = lambda _reports: ValueError("poison")
    personal = PersonalDetails(traveller="홍길동", phone="010-1234-5678")
    assert intake.take(report(make_event("start"), personal=personal)).wait(10)
    kept = intake.quarantine.recent()[0]
    assert "홍길동".encode() not in kept.body
    assert b"1234" not in kept.body


def test_readings_that_break_the_intake_lie_in_quarantine_too(intake: Intake) -> None:
    committed = threading.Event()
    broken = Reading("x", "wind-1", datetime.now(UTC), Quantity.WIND_SPEED, {})  # type: ignore[arg-type]
    intake.ingest.take_readings([broken], committed.set)
    assert committed.wait(10)
    assert b"wind-1" in intake.quarantine.recent()[0].body


def test_a_full_disk_is_tried_again_told_once_and_loses_nothing(intake: Intake) -> None:
    intake.events.trouble = lambda _reports: StorageError("disk full")
    sos = make_event()
    committed = intake.take(report(sos))
    until("a second try", lambda: intake.events.tried >= 2, 10)
    assert not committed.is_set()
    assert intake.notices() == ["ingest_cannot_store"]
    intake.events.trouble = lambda _reports: None
    assert committed.wait(10)
    assert intake.alarms.of_event(sos.id)


def test_a_disk_that_fills_while_a_poisonous_report_is_set_aside_loses_nothing(intake: Intake) -> None:
    poison, sos = make_event("detection", "12"), make_event()
    troubles = iter([ZeroDivisionError("poison"), StorageError("disk full")])
    intake.events.trouble = lambda _reports: next(troubles, None)
    done = [intake.take(report(poison)), intake.take(report(sos))]
    assert all(each.wait(10) for each in done)
    assert intake.alarms.of_event(sos.id)


def test_closing_while_nothing_can_be_stored_acknowledges_nothing(workstation: Workstation) -> None:
    intake = Intake(workstation)
    intake.events.trouble = lambda _reports: StorageError("disk full")
    committed = intake.take(report())
    until("a try", lambda: intake.events.tried, 10)
    intake.ingest.close()
    assert not committed.is_set()


def test_closing_commits_what_was_handed_over(workstation: Workstation) -> None:
    intake = Intake(workstation)
    sos = [make_event() for _ in range(300)]  # more than go into one transaction
    committed = intake.take(*map(report, sos))
    intake.ingest.close()
    intake.ingest.close()
    assert committed.is_set()
    assert len(intake.raised()) == 300


def test_a_broken_watch_over_journeys_never_holds_a_call_for_help_back(intake: Intake) -> None:
    intake.watch.notice = lambda _events: 1 // 0  # type: ignore[return-value]
    first, second = make_event(), make_event()
    assert intake.take(report(first)).wait(10)
    until("the watch was asked while nothing came", lambda: len(intake.notices()) >= 1, 10)
    threading.Event().wait(1.2)  # the intake looks for silence every second
    assert intake.take(report(second)).wait(10)
    assert intake.alarms.of_event(first.id)
    assert intake.alarms.of_event(second.id)
    assert intake.quarantine.count() == 0
    assert len(intake.notices()) == 1


def test_a_journey_that_is_to_end_when_the_calendar_does_stops_nothing(intake: Intake) -> None:
    endless = make_event("start", "far", details={"route": [], "eta": "9999-12-31T23:59:59+00:00"})
    assert intake.take(report(endless)).wait(10)
    threading.Event().wait(1.2)
    sos = make_event()
    assert intake.take(report(sos)).wait(10)
    assert intake.alarms.of_event(sos.id)
    assert intake.notices() == []


def test_a_worry_that_cannot_be_stored_at_once_is_stored_later(intake: Intake) -> None:
    worry = make_event(EventKind.OFF_ROUTE, details={"state": "off_route"})
    asked: list[int] = []

    def notice(_events: Sequence[Event]) -> FollowUps:
        asked.append(1)
        return FollowUps((report(worry),) if len(asked) == 1 else ())

    troubles = iter([None, StorageError("disk full"), StorageError("disk full")])
    intake.events.trouble = lambda _reports: next(troubles, None)
    intake.watch.notice = notice
    assert intake.take(report(make_event("fix"))).wait(10)
    until("the worry's alarm", lambda: intake.alarms.of_event(worry.id), 10)
    (alarm,) = intake.alarms.of_event(worry.id)
    assert alarm.kind == "off_route"


def journey_start(workstation: Workstation) -> Event:
    eta = (datetime.now(UTC) + timedelta(minutes=20)).isoformat()
    return make_event("start", "s1", centre=workstation.core.workplace.centre, details={"route": [], "eta": eta})


def worries(workstation: Workstation) -> list[str]:
    stored = workstation.core.stores.alarms.open()
    return [alarm.kind for alarm in stored]


def test_a_journey_that_began_before_the_restart_still_raises_its_alarm_and_only_once(workstation: Workstation) -> None:
    before = Intake(workstation)
    assert before.take(report(journey_start(workstation))).wait(10)
    before.ingest.close()
    clock = FixedClock(datetime.now(UTC) + timedelta(minutes=5))
    for _ in range(2):
        after = Intake(workstation, clock)
        try:
            until("the alarm of the silence", lambda: worries(workstation), 10)
        finally:
            after.ingest.close()
    assert len(worries(workstation)) == 1
    assert after.events.tried == 0
    assert after.notices() == []


@pytest.mark.parametrize("error", [StorageError("disk gone"), ZeroDivisionError("broken")])
def test_journeys_that_cannot_be_taken_up_again_are_said_and_a_call_for_help_goes_through(
    workstation: Workstation, error: Exception
) -> None:
    intake = Intake(workstation, unread=error)
    sos = make_event()
    assert intake.take(report(sos)).wait(10)
    intake.ingest.close()
    assert intake.notices() == ["work_failed"]
    assert intake.alarms.of_event(sos.id)


def test_a_journey_that_cannot_be_watched_is_said(intake: Intake) -> None:
    intake.watch._watch._take = lambda _event: 1 // 0  # type: ignore[method-assign, assignment, return-value]
    assert intake.take(report(make_event("start", "s1"))).wait(10)
    until("it is said", lambda: intake.notices() == ["work_failed"], 10)
