from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import SettingsError
from domain.event import Event, EventKind
from domain.guardian import GuardianLimits, GuardianSession, GuardianState, worry_event
from domain.place import Place
from domain.record import Mode, Workplace

SHIPPED = Path(__file__).parents[2] / "resources" / "guardian.toml"
LIMITS = GuardianLimits.load(SHIPPED)
BEGAN = datetime(2026, 3, 1, 13, 0, tzinfo=UTC)
ROUTE = (Place(37.4, 126.90), Place(37.4, 126.92), Place(37.42, 126.92))
METRE = 1 / 111_195


def journey(route=ROUTE, minutes=30):
    return GuardianSession(limits=LIMITS, route=route, started_at=BEGAN, eta=BEGAN + timedelta(minutes=minutes))


def at(seconds):
    return BEGAN + timedelta(seconds=seconds)


def beside(metres, accuracy_m=5.0):
    """Return a place so far north of the first leg."""
    return Place(37.4 + metres * METRE, 126.91, accuracy_m)


def after(session, *fixes):
    for seconds, place in fixes:
        session = session.with_fix(place, at(seconds))
    return session


def test_the_shipped_limits_are_the_numbers_of_the_catalogue():
    assert (LIMITS.off_route_m, LIMITS.off_route_s, LIMITS.off_route_fixes) == (60, 45, 3)
    assert (LIMITS.delay_s, LIMITS.delay_share, LIMITS.signal_lost_s) == (300, 0.2, 90)
    assert isinstance(LIMITS.dated, date)


def test_a_traveller_on_the_route_is_under_way():
    session = after(journey(), (0, beside(0)), (30, beside(40)), (60, beside(0)))
    assert session.state_at(at(61)) is GuardianState.ACTIVE


def test_a_journey_that_has_not_begun_is_planned():
    assert journey().state_at(at(-1)) is GuardianState.PLANNED


def test_off_route_needs_distance_duration_and_three_fixes():
    away = beside(200)
    assert after(journey(), (0, away), (20, away), (45, away)).state_at(at(46)) is GuardianState.OFF_ROUTE
    assert after(journey(), (0, away), (60, away)).state_at(at(61)) is GuardianState.ACTIVE  # two fixes
    assert after(journey(), (0, away), (20, away), (44, away)).state_at(at(45)) is GuardianState.ACTIVE  # 44 s
    near = beside(64)  # 59 m beyond its accuracy
    assert after(journey(), (0, near), (20, near), (45, near)).state_at(at(46)) is GuardianState.ACTIVE


def test_the_accuracy_of_a_fix_is_on_the_travellers_side():
    rough = beside(200, accuracy_m=150)
    assert after(journey(), (0, rough), (20, rough), (60, rough)).state_at(at(61)) is GuardianState.ACTIVE
    unsaid = beside(105, accuracy_m=None)  # counts as 50 m
    assert after(journey(), (0, unsaid), (20, unsaid), (60, unsaid)).state_at(at(61)) is GuardianState.ACTIVE
    further = beside(115, accuracy_m=None)
    assert after(journey(), (0, further), (20, further), (60, further)).state_at(at(61)) is GuardianState.OFF_ROUTE


def test_a_fix_back_on_the_route_begins_the_count_anew():
    away, back = beside(200), beside(0)
    session = after(journey(), (0, away), (20, away), (30, back), (40, away), (60, away))
    assert session.state_at(at(61)) is GuardianState.ACTIVE


def test_a_fix_too_vague_to_tell_neither_counts_nor_clears():
    away, vague = beside(200), beside(0, accuracy_m=500)
    session = after(journey(), (0, away), (20, away), (30, vague), (45, away))
    assert session.state_at(at(46)) is GuardianState.OFF_ROUTE


def test_a_fix_that_comes_late_changes_nothing():
    session = after(journey(), (0, beside(0)), (30, beside(0)))
    assert session.with_fix(beside(900), at(10)) is session
    assert session.with_fix(beside(900), at(30)) is session


def test_the_traveller_comes_back_by_coming_back():
    away = beside(200)
    session = after(journey(), (0, away), (20, away), (45, away), (60, beside(0)))
    assert session.state_at(at(61)) is GuardianState.ACTIVE


def test_the_distance_is_from_the_nearest_point_of_the_route_and_not_of_its_corners():
    middle_of_second_leg = Place(37.41, 126.92, 5)
    session = after(journey(), *((20 * n, middle_of_second_leg) for n in range(5)))
    assert not session.off_route
    beyond_the_end = Place(37.425, 126.92, 5)  # 550 m past it
    assert after(journey(), *((20 * n, beyond_the_end) for n in range(5))).off_route


def test_a_route_of_one_point_or_of_one_point_twice_is_that_point():
    for route in ((ROUTE[0],), (ROUTE[0], ROUTE[0])):
        assert after(journey(route), *((20 * n, Place(37.41, 126.9, 5)) for n in range(5))).off_route
        assert not after(journey(route), *((20 * n, Place(37.4, 126.9, 5)) for n in range(5))).off_route


def test_without_a_route_nothing_is_off_it():
    assert not after(journey(()), *((20 * n, Place(35.0, 129.0, 5)) for n in range(5))).off_route


def test_a_route_across_the_date_line_is_not_longer_for_it():
    route = (Place(-16.8, 179.99), Place(-16.8, -179.99))
    assert not after(journey(route), *((20 * n, Place(-16.8, 179.999, 5)) for n in range(5))).off_route


@pytest.mark.parametrize(("minutes", "grace_s"), [(10, 300), (60, 720)])
def test_delay_is_five_minutes_or_a_fifth_of_the_journey(minutes, grace_s):
    due = minutes * 60 + grace_s
    session = after(journey(minutes=minutes), (due, beside(0)))
    assert session.state_at(at(due)) is GuardianState.ACTIVE
    assert session.state_at(at(due + 1)) is GuardianState.DELAYED


def test_silence_of_more_than_90_seconds_is_a_lost_signal():
    session = after(journey(), (30, beside(0)))
    assert session.state_at(at(120)) is GuardianState.ACTIVE
    assert session.state_at(at(121)) is GuardianState.SIGNAL_LOST
    assert journey().state_at(at(91)) is GuardianState.SIGNAL_LOST  # no fix at all


def test_a_call_for_help_outranks_all_and_an_arrival_does_not_end_it():
    session = after(journey(), (0, beside(0))).with_sos(at(10))
    assert session.with_arrival(at(20)).state_at(at(21)) is GuardianState.SOS
    assert session.with_sos(at(30)).sos_at == at(10)
    assert session.with_cancel(at(40)).state_at(at(41)) is GuardianState.CANCELLED


def test_an_arrival_ends_worries():
    session = journey().with_arrival(at(10)).with_arrival(at(20))
    assert session.arrived_at == at(10)
    assert session.state_at(at(99_999)) is GuardianState.ARRIVED


def test_a_cancel_ends_a_journey():
    assert journey().with_cancel(at(5)).with_cancel(at(9)).cancelled_at == at(5)


@given(st.lists(st.tuples(st.integers(1, 60), st.floats(-30, 30)), max_size=40))
def test_noise_within_the_limits_never_fires(steps):
    session, seconds = journey(), 0
    for gap, metres in steps:
        seconds += gap
        session = session.with_fix(beside(metres, accuracy_m=20), at(seconds))
        assert session.state_at(at(seconds)) is GuardianState.ACTIVE


START = Event(
    id=UUID(int=1),
    origin=UUID(int=2),
    centre="anyang",
    district="manan",
    mode=Mode.ACTUAL,
    kind=EventKind.SESSION_START,
    source="s1",
    at=BEGAN,
    received_at=BEGAN,
    subject=UUID(int=3),
)


@pytest.mark.parametrize(
    ("state", "since"),
    [
        (GuardianState.OFF_ROUTE, at(5)),
        (GuardianState.DELAYED, at(30 * 60 + 360)),
        (GuardianState.SIGNAL_LOST, at(60 + 90)),
    ],
)
def test_a_worry_is_an_event_that_all_consoles_number_alike(state, since):
    away = beside(200)
    session = after(journey(), (5, away), (25, away), (60, away))
    here = worry_event(session, state, START, Workplace(UUID(int=8), "anyang", Mode.TEST), at(70))
    there = worry_event(session, state, START, Workplace(UUID(int=9), "anyang", Mode.TEST), at(75))
    assert here.id == there.id
    assert (here.kind, here.source, here.details) == (EventKind.OFF_ROUTE, "s1", {"state": state})
    assert (here.at, here.received_at, here.place) == (since, at(70), away)
    assert (here.subject, here.caused_by, here.district) == (START.subject, START.id, "manan")
    assert (here.origin, here.mode) == (UUID(int=8), Mode.TEST)


def test_a_second_departure_from_the_route_is_a_worry_of_its_own():
    away, back = beside(200), beside(0)
    place = Workplace(UUID(int=8), "anyang", Mode.TEST)
    first = after(journey(), (0, away), (20, away), (45, away))
    second = after(first, (60, back), (80, away), (100, away), (130, away))
    ids = {worry_event(s, GuardianState.OFF_ROUTE, START, place, at(140)).id for s in (first, second)}
    assert len(ids) == 2


def test_a_session_that_is_not_off_its_route_can_still_say_since_when_it_is_silent():
    assert journey().worry_since(GuardianState.OFF_ROUTE) == at(90)
    assert not replace(journey(), off_since=at(1)).off_route


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("off_route_m = 60", "", "off_route_m: is missing"),
        ("off_route_m = 60", "off_route_m = 60\nmood = 1", "mood: is not known here"),
        ("off_route_m = 60", "off_route_m = 0", "off_route_m: must be a number above 0"),
        ("off_route_m = 60", "off_route_m = true", "off_route_m: must be a number above 0"),
        ("off_route_m = 60", "off_route_m = inf", "off_route_m: must be a number above 0"),
        ("off_route_m = 60", "off_route_m = 'far'", "off_route_m: must be a number above 0"),
        ("dated = 2026-01-15", "dated = 1", "dated: must be the day"),
        ("dated = 2026-01-15", "dated", "guardian.toml: "),
    ],
)
def test_a_mistake_in_the_limits_names_file_and_key(tmp_path, old, new, message):
    file = tmp_path / "guardian.toml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as mistake:
        GuardianLimits.load(file)
    assert message in str(mistake.value)
