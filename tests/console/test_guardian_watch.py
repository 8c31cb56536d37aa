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
        self.watch = GuardianWatch(Workplace(uuid4(), "anyang", Mode.TEST), self.clock, self.limits)

    def event(self, kind: str, **changes: object) -> Event:
        return make_event(kind, "s1", **{"at": self.clock.now(), "place": None, **changes})

    def start(self, eta: str | None = None, **details: object) -> Event:
        eta = eta or (NOON + timedelta(minutes=20)).isoformat()
        return self.event(EventKind.SESSION_START, details={"route": ROUTE, "eta": eta, **details})

    def states(self, *events: Event) -> Sequence[object]:
        return [report.event.details["state"] for report in self.watch.follow_ups(events)]

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
    (report,) = night.watch.follow_ups([])
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
