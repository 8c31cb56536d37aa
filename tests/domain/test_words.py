"""The smaller words of the room: cameras, operators, motion, readings, records, facts, changes, reports."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.camera import Camera, Credentials, Profile, SiteKind
from domain.change import Change, Greeting, PulledChange
from domain.errors import BadInputError, Problem, RefusedError, SettingsError, WatchroomError
from domain.event import PersonalDetails
from domain.fact import SCHEMA_VERSION, Fact, Family
from domain.motion import Velocity
from domain.operator import RIGHTS, Action, Operator, Role, require
from domain.place import Place
from domain.reading import SCALES, WEATHER_PANEL, Quantity, why_impossible
from domain.record import Mode, Workplace, head_of

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AXES = st.floats(allow_nan=False)


def camera(**addresses):
    return Camera(
        no=417, name="Park", site="P1", site_kind=SiteKind.PARK, district="d", place=Place(37, 126), **addresses
    )


def test_a_camera_gives_the_stream_that_is_asked_for_or_the_only_one_it_has():
    both = camera(main_url="rtsp://m", sub_url="rtsp://s")
    assert (both.url(Profile.MAIN), both.url(Profile.SUB)) == ("rtsp://m", "rtsp://s")
    assert camera(main_url="rtsp://m").url(Profile.SUB) == "rtsp://m"
    assert camera(sub_url="rtsp://s").url(Profile.MAIN) == "rtsp://s"


def test_a_camera_without_addresses_neither_streams_nor_moves():
    assert (camera().streams, camera().ptz, camera().url(Profile.MAIN)) == (False, False, "")
    assert camera(sub_url="rtsp://s").streams
    assert camera(onvif_url="http://o").ptz


def test_secrets_are_never_printed():
    assert repr(Credentials("admin", "hunter2")) == "Credentials(user='admin', password=***)"
    person = PersonalDetails(traveller="Kim", guardians=("Lee",), phone="010")
    assert repr(person) == f"{person}" == "PersonalDetails(***)"


def test_a_velocity_is_still_only_when_no_axis_moves():
    assert Velocity().still
    assert not any(axis.still for axis in (Velocity(pan=0.1), Velocity(tilt=-1), Velocity(zoom=1e-9)))


@given(AXES, AXES, AXES)
def test_a_clamped_velocity_is_one_that_cameras_know(pan, tilt, zoom):
    clamped = Velocity(pan, tilt, zoom).clamped()
    assert all(-1 <= axis <= 1 for axis in (clamped.pan, clamped.tilt, clamped.zoom))
    assert clamped.clamped() == clamped
    assert clamped.still == Velocity(pan, tilt, zoom).still


def test_who_has_the_right_may_and_who_has_not_is_told_who_has():
    require(Operator("kim", "Kim", Role.OPERATOR), Action.MOVE_CAMERA)
    with pytest.raises(RefusedError, match=r"kim may not import_cameras \(roles that may: administrator\)"):
        require(Operator("kim", "Kim", Role.OPERATOR), Action.IMPORT_CAMERAS)
    with pytest.raises(RefusedError, match="nobody signed in may not view_camera"):
        require(None, Action.VIEW_CAMERA)


def test_every_role_has_rights_and_every_right_has_a_role():
    assert set(RIGHTS) == set(Role)
    assert frozenset().union(*RIGHTS.values()) == set(Action)
    assert Action.MOVE_CAMERA not in RIGHTS[Role.POLICE_LIAISON]


@given(st.sampled_from(Quantity), st.floats(allow_nan=True))
def test_a_value_is_possible_exactly_within_its_scale(quantity, value):
    scale = SCALES[quantity]
    inside = scale.low <= value <= scale.high
    assert (why_impossible(quantity, value) is None) == inside


def test_an_impossible_value_is_refused_in_words():
    assert why_impossible(Quantity.HUMIDITY, 101) == "humidity 101 % is outside 0..100"
    assert set(SCALES) == set(Quantity)
    assert len(WEATHER_PANEL) == 8


def test_a_new_record_gets_the_head_of_its_workplace():
    workplace = Workplace(UUID(int=1), "anyang", Mode.EXERCISE)
    first, second = workplace.head(), workplace.head("manan", caused_by=UUID(int=9))
    assert first.id != second.id
    assert (second.origin, second.centre, second.district) == (UUID(int=1), "anyang", "manan")
    assert head_of(second) == {
        "id": second.id,
        "origin": UUID(int=1),
        "centre": "anyang",
        "district": "manan",
        "mode": Mode.EXERCISE,
        "caused_by": UUID(int=9),
    }


def test_facts_are_ordered_by_number_and_then_by_origin():
    def fact(hlc, origin):
        head = Workplace(origin, "anyang", Mode.TEST).head()
        return Fact(**head_of(head), family=Family.EVENT, subject=head.id, step="reported", at=NOON, actor="", hlc=hlc)

    facts = [fact(2, UUID(int=1)), fact(1, UUID(int=9)), fact(1, UUID(int=2))]
    assert [one.order for one in sorted(facts, key=lambda one: one.order)] == [
        (1, str(UUID(int=2))),
        (1, str(UUID(int=9))),
        (2, str(UUID(int=1))),
    ]
    assert facts[0].schema_version == SCHEMA_VERSION


def test_changes_and_greetings_compare_by_value():
    change = Change(1, "event", UUID(int=1), 5, {"a": 1}, 1)
    assert change == Change(1, "event", UUID(int=1), 5, {"a": 1}, 1)
    assert PulledChange(UUID(int=2), "event", UUID(int=1), 5, {}, 1).origin == UUID(int=2)
    assert Greeting(UUID(int=1), 7, NOON).acked_seq == 7


def test_a_problem_names_row_and_field():
    problem = Problem(3, "lat", "is not a number")
    assert str(problem) == "row 3, lat: is not a number"
    assert SettingsError("bad", (problem,)).problems == (problem,)
    assert BadInputError("bad").problems == ()
    assert issubclass(SettingsError, WatchroomError)
