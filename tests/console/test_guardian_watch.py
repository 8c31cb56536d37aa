from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from console.guardian_watch import GuardianWatch
from console.resources import RESOURCES
from domain.clock import FixedClock
from domain.event import Event, EventKind
from domain.guardian import GuardianLimits
from domain.place import Place
from domain.record import Mode, Workplace
from tests.console.surroundings import make_event

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUTE = [[37.39, 126.64], [37.40, 126.64]]
FAR = Place(37.39, 126.66, 5.0)
NEAR = Place(37.391, 126.64, 5.0)


class Night:
    """A clock that is moved by hand, and a watch."""

    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self.limits = GuardianLimits.load(RESOURCES / "guardian.toml")
        self.workplace = Workplace(uuid4(), "anyang", Mode.TEST)
        self.watch = GuardianWatch(self.workplace, self.clock, self.limits)

    def restart(self, *events: Event) -> None:
        """Go on with a new watch that has to know from what is stored."""
        self.watch = GuardianWatch(self.workplace, self.clock, self.limits)
        assert self.watch.restore(events) == []

    def event(self, kind: str, **changes: object) -> Event:
        return make_event(kind, "s1", **{"at": self.clock.now(), "place": None, **changes})

    def start(self, eta: str | None = None, **details: object) -> Event:
        eta = eta or (NOON + timedelta(minutes=20)).isoformat()
        return self.event(EventKind.SESSION_START, details={"route": ROUTE, "eta": eta, **details})

    def states(self, *events: Event) -> Sequence[object]:
        return [report.event.details["state"] for report in self.watch.follow_ups(events).reports]

    def fixes(self, place: Place, count: int = 5, every_s: float = 20) -> list[object]:
        said: list[object] = []
        for _ in range(count):
            self.clock.advance(every_s)
            said += self.states(self.event(EventKind.SESSION_FIX, place=place))
        return said


@pytest.fixture
def night() -> Night:
    return Night()


def test_a_traveller_far_from_the_route_is_worried_about_once(night: Night) -> None:
    start = night.start()
    assert night.states(start) == []
    assert night.fixes(FAR) == ["off_route"]
    assert night.fixes(FAR) == []


def test_the_worry_names_the_start_the_place_and_the_person_by_key_alone(night: Night) -> None:
    start = replace(night.start(), subject=uuid4())
    night.watch.follow_ups([start])
    night.clock.advance(night.limits.signal_lost_s + 1)
    (report,) = night.watch.follow_ups([]).reports
    assert report.event.kind == EventKind.OFF_ROUTE
    assert report.event.caused_by == start.id
    assert report.event.subject == start.subject
    assert report.event.source == "s1"


def test_on_the_way_nobody_is_worried_about(night: Night) -> None:
    night.states(night.start())
    assert night.fixes(NEAR) == []


def test_silence_is_a_worry_and_a_new_silence_another(night: Night) -> None:
    night.states(night.start())
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]
    assert night.fixes(NEAR) == []
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]


def test_who_is_long_overdue_is_delayed(night: Night) -> None:
    night.states(night.start())
    assert "delayed" in night.fixes(NEAR, count=100)


def test_who_has_arrived_is_watched_no_longer(night: Night) -> None:
    night.states(night.start())
    night.states(night.event(EventKind.SESSION_ARRIVE))
    night.clock.advance(7200)
    assert night.states() == []


def test_a_cancel_without_a_checked_proof_ends_nothing(night: Night) -> None:
    night.states(night.start())
    night.states(night.event(EventKind.SESSION_CANCEL, details={"proof": "0000"}))
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]


def test_a_call_for_help_is_no_further_worry_for_its_alarm_is_raised_already(night: Night) -> None:
    night.states(night.start())
    night.states(night.event(EventKind.SOS))
    night.clock.advance(7200)
    assert night.states() == []


def test_a_session_that_was_never_started_is_not_watched(night: Night) -> None:
    assert night.fixes(FAR) == []


@pytest.mark.parametrize("details", [{"route": "no list"}, {"route": [[1], "x", [91.0, 0.0], [True]]}, {"eta": 5}])
def test_a_start_that_says_nonsense_is_watched_as_far_as_it_goes(night: Night, details: dict[str, object]) -> None:
    event = night.start()
    night.states(replace(event, details={**event.details, **details}))  # type: ignore[dict-item]
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states()


@pytest.mark.parametrize(
    "eta", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "tomorrow", "2026-03-01T12:20:00"]
)
def test_an_arrival_outside_the_calendar_or_without_a_zone_does_not_stop_the_watch(night: Night, eta: str) -> None:
    assert night.states(night.start(eta)) == []
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]


def test_a_watch_that_begins_again_takes_up_the_journeys_and_raises_no_worry_twice(night: Night) -> None:
    start = night.start()
    night.watch.follow_ups([start])
    night.clock.advance(night.limits.signal_lost_s + 1)
    (worry,) = night.watch.follow_ups([]).reports

    night.watch = GuardianWatch(night.workplace, night.clock, night.limits)
    assert night.watch.restore([start, worry.event]) == []
    assert night.states() == []
    assert night.fixes(FAR) == ["off_route"]


def test_who_went_silent_while_nobody_watched_is_worried_about_at_once(night: Night) -> None:
    assert night.watch.restore([night.start()]) == []
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]
    assert night.watch.memory_start < NOON - timedelta(days=1)


def test_a_journey_is_watched_over_a_restart(night: Night) -> None:
    start = night.start()
    night.states(start)
    night.restart(start)
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]


def test_fixes_from_before_the_restart_count(night: Night) -> None:
    start, fixes = night.start(), []
    for _ in range(5):
        night.clock.advance(20)
        fixes.append(night.event(EventKind.SESSION_FIX, place=FAR))
    night.restart(start, *fixes)
    assert night.states() == ["off_route"]


def test_a_worry_that_was_raised_before_the_restart_is_not_raised_again(night: Night) -> None:
    start = night.start()
    night.watch.follow_ups([start])
    night.clock.advance(night.limits.signal_lost_s + 1)
    (worry,) = night.watch.follow_ups([]).reports
    night.restart(start, worry.event)
    assert night.states() == []
    assert night.fixes(NEAR) == []
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]


@pytest.mark.parametrize("end", [EventKind.SESSION_ARRIVE, EventKind.SOS])
def test_who_had_arrived_or_called_before_the_restart_is_no_new_worry(night: Night, end: str) -> None:
    start = night.start()
    night.clock.advance(30)
    night.restart(start, night.event(end))
    night.clock.advance(7200)
    assert night.states() == []


def test_a_second_journey_of_the_same_session_is_watched_after_the_first_has_ended(night: Night) -> None:
    first = night.start()
    night.clock.advance(30)
    arrived = night.event(EventKind.SESSION_ARRIVE)
    night.clock.advance(30)
    night.restart(first, arrived, night.start())
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]


def test_journeys_of_another_centre_are_not_taken_up(night: Night) -> None:
    night.restart(replace(night.start(), centre="ifez"))
    night.clock.advance(7200)
    assert night.states() == []


def test_a_journey_ends_a_day_after_it_was_due(night: Night) -> None:
    night.states(night.start())
    night.clock.advance(3600)
    assert night.states() == ["delayed"]
    night.clock.advance(86_400)
    night.states()
    assert night.fixes(FAR) == []


def test_the_watch_looks_back_as_far_as_the_longest_journey_is_watched(night: Night) -> None:
    start = night.start((NOON + timedelta(days=9)).isoformat())
    night.states(start)
    journey = night.watch._journeys["s1"]
    end = journey.session.due_at + timedelta(days=1)
    night.clock.advance((end - NOON).total_seconds())
    assert night.watch.memory_start <= NOON
    assert journey.over(end + timedelta(seconds=1))
    assert not journey.over(end)


def broken_start(night: Night) -> Event:
    """Return a start whose moment has no offset: it can't be compared with the clock."""
    return replace(night.start("never"), source="broken", at=night.clock.now().replace(tzinfo=None))


def test_a_broken_journey_is_said_once_and_blinds_the_watch_over_no_other(night: Night) -> None:
    found = night.watch.follow_ups([broken_start(night), night.start()])
    assert [type(failure) for failure in found.failures] == [TypeError]
    night.clock.advance(night.limits.signal_lost_s + 1)
    found = night.watch.follow_ups([])
    assert [report.event.details["state"] for report in found.reports] == ["signal_lost"]
    assert found.failures == ()


def test_a_worry_that_could_not_be_put_into_words_is_tried_again(night: Night) -> None:
    night.states(night.start())
    journey = night.watch._journeys["s1"]
    start, journey.start = journey.start, None  # type: ignore[assignment]
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert len(night.watch.follow_ups([]).failures) == 1
    journey.start = start
    assert night.states() == ["signal_lost"]


def test_a_stored_event_that_breaks_the_restoring_costs_only_itself(night: Night) -> None:
    early = replace(night.start(), source="early", at=datetime.max.replace(tzinfo=UTC))
    assert len(night.watch.restore([early, night.start()])) == 1
    night.clock.advance(night.limits.signal_lost_s + 1)
    assert night.states() == ["signal_lost"]
