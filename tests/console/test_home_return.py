"""Cameras go home by themselves, when nobody needs them any more; alarms turn cameras that nobody has."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from console.alarm_presets import AlarmPresets
from console.home_return import HomePlan, HomeReturn, watched_cameras
from console.whereabouts import Whereabouts
from domain.alarm import AlarmState
from domain.alarm_preset import AlarmPreset
from domain.camera import SiteKind
from domain.errors import BadInputError
from domain.incident import Status
from domain.lease import Standing
from domain.place import Place
from domain.purpose import HOMEWARD, of_alarm
from domain.text import Wording
from tests.console.places_room import PlacesRoom
from tests.console.surroundings import make_alarm, make_camera, make_incident
from tests.ptz import places_city as kinds

pytest_plugins = ["tests.console.fixtures", "tests.console.places_fixtures"]
pytestmark = [pytest.mark.timeout(120)]


@pytest.fixture
def room(places_room: PlacesRoom) -> PlacesRoom:
    return places_room


class Needed:
    """The cameras that must stay as they are."""

    def __init__(self) -> None:
        self.cameras: frozenset[int] = frozenset()

    def __call__(self) -> frozenset[int]:
        return self.cameras


@pytest.fixture
def needed() -> Needed:
    return Needed()


@pytest.fixture
def returning(room: PlacesRoom, needed: Needed) -> HomeReturn:
    return HomeReturn(room.places, room.turns, HomePlan(), room.camera, needed, room.tasks, room.owner)


def test_the_plan_goes_by_camera_then_by_kind_of_site_then_for_all() -> None:
    plan = HomePlan(120, {SiteKind.CRIME_PREVENTION: 60, SiteKind.SHORE: 0}, {7: 10, 8: 0})
    crime, shore = SiteKind.CRIME_PREVENTION, SiteKind.SHORE
    assert plan.after(make_camera(1)) == 120
    assert plan.after(make_camera(1, site_kind=crime)) == 60
    assert plan.after(make_camera(1, site_kind=shore)) is None
    assert plan.after(make_camera(7, site_kind=shore)) == 10
    assert plan.after(make_camera(8, site_kind=crime)) is None


def test_a_camera_goes_home_once_when_its_time_is_over(qtbot: QtBot, room: PlacesRoom, returning: HomeReturn) -> None:
    before = room.asked(kinds.PLAIN, "GotoHomePosition")
    room.turns.person_moved(kinds.PLAIN)
    room.clock.advance(119)
    returning.look()
    assert room.written == []
    room.clock.advance(2)
    with qtbot.waitSignal(returning.told, timeout=10_000) as told:
        returning.look()
        returning.look()
    assert told.args[0].code == "ptz_came_home"
    assert room.asked(kinds.PLAIN, "GotoHomePosition") == before + 1
    assert room.written == [(kinds.PLAIN, HOMEWARD)]
    assert room.turns.away() == {}
    assert room.leasing.released == [], "a camera that is given back is stopped"


def test_a_camera_that_is_held_needed_or_elsewhere_in_use_stays(
    room: PlacesRoom, returning: HomeReturn, needed: Needed
) -> None:
    room.turns.person_moved(kinds.PLAIN)
    room.clock.advance(500)
    room.held.add(kinds.PLAIN)
    returning.look()
    room.held.clear()
    needed.cameras = frozenset({kinds.PLAIN})
    returning.look()
    needed.cameras = frozenset()
    room.leasing.standing = Standing.WAITING
    returning.look()
    assert room.written == []
    assert kinds.PLAIN in room.turns.away()


def test_a_camera_without_home_is_given_up_and_one_that_is_away_tried_again(
    qtbot: QtBot, room: PlacesRoom, returning: HomeReturn
) -> None:
    room.turns.person_moved(kinds.NO_HOME)
    room.clock.advance(200)
    with qtbot.waitSignal(returning.failed, timeout=10_000) as failed:
        returning.look()
    assert isinstance(failed.args[0], BadInputError)
    assert room.turns.away() == {}
    room.city.fault(kinds.FIXED_HOME, "dead")
    try:
        room.turns.person_moved(kinds.FIXED_HOME)
        room.clock.advance(200)
        returning.look()
        qtbot.waitUntil(lambda: (kinds.FIXED_HOME, "home") in room.leasing.released, timeout=15_000)
    finally:
        room.city.clear(kinds.FIXED_HOME)
    room.clock.advance(31)
    with qtbot.waitSignal(returning.told, timeout=10_000):
        returning.look()
    returning.stop()


def test_a_camera_that_left_the_register_is_forgotten(room: PlacesRoom, returning: HomeReturn) -> None:
    room.turns.person_moved(999)
    returning.look()
    assert room.turns.away() == {}


def test_cameras_near_open_incidents_and_those_of_their_alarms_are_watched() -> None:
    whereabouts = Whereabouts(Wording({}, "en"))
    near, far, seeing = make_camera(1), make_camera(2, place=Place(37.9, 126.1)), make_camera(3, place=Place(36, 127))
    whereabouts.learn([near, far, seeing])
    alarm = make_alarm(kind="detection", source="3", place=None)
    incident = make_incident(place=near.place, alarms=(alarm.id,))
    assert watched_cameras([incident], [alarm], whereabouts) == {1, 3}
    assert watched_cameras([replace(incident, status=Status.CLOSED)], [alarm], whereabouts) == frozenset()
    assert watched_cameras([replace(incident, place=None, alarms=())], [alarm], whereabouts) == frozenset()


# -- alarms


@pytest.fixture
def presets(room: PlacesRoom) -> AlarmPresets:
    rules = [AlarmPreset("bell_press", kinds.PLAIN, 2), AlarmPreset("smoke", kinds.PLAIN, 200)]
    return AlarmPresets(
        rules, room.places, room.place_store, room.turns, room.camera, room.tasks, room.clock, room.owner
    )


def bell(**said: object):
    return make_alarm(id=uuid4(), kind="bell_press", rule="bell_press", **said)


def test_an_alarm_turns_its_camera_once(qtbot: QtBot, room: PlacesRoom, presets: AlarmPresets) -> None:
    before, alarm = room.asked(kinds.PLAIN, "GotoPreset"), bell()
    with qtbot.waitSignal(presets.told, timeout=10_000) as told:
        presets.take(alarm)
        presets.take(alarm)
    assert told.args[0].code == "ptz_alarm_turned"
    assert room.written == [(kinds.PLAIN, of_alarm(alarm.id))]
    assert room.asked(kinds.PLAIN, "GotoPreset") == before + 1
    assert room.city.journal(kinds.PLAIN, "GotoPreset")[-1]["asked"]["PresetToken"] == "2"
    presets.take(bell(state=AlarmState.ACKNOWLEDGED))
    assert len(room.written) == 1


def test_an_alarm_never_takes_a_camera_from_a_person_and_says_so(
    qtbot: QtBot, room: PlacesRoom, presets: AlarmPresets
) -> None:
    before = room.asked(kinds.PLAIN, "GotoPreset")
    room.turns.person_moved(kinds.PLAIN)
    with qtbot.waitSignal(presets.told) as told:
        presets.take(bell())
    assert told.args[0].code == "ptz_alarm_held"
    room.clock.advance(100)
    room.leasing.standing = Standing.WAITING
    presets.take(bell())
    room.clock.advance(6)
    with qtbot.waitSignal(presets.told, timeout=10_000) as told:
        pass
    assert told.args[0].code == "ptz_alarm_held"
    assert room.written == []
    assert room.asked(kinds.PLAIN, "GotoPreset") == before


def test_a_camera_that_is_granted_a_moment_later_is_turned_then(
    qtbot: QtBot, room: PlacesRoom, presets: AlarmPresets
) -> None:
    room.leasing.standing = Standing.ASKED
    presets.take(bell())
    room.leasing.standing = Standing.HELD
    with qtbot.waitSignal(presets.told, timeout=10_000) as told:
        pass
    assert told.args[0].code == "ptz_alarm_turned"


def test_a_place_that_is_not_there_is_said(qtbot: QtBot, room: PlacesRoom, presets: AlarmPresets) -> None:
    with qtbot.waitSignal(presets.failed, timeout=10_000) as failed:
        presets.take(make_alarm(id=uuid4(), kind="smoke", raised_at=datetime.now(UTC)))
    assert "200" in str(failed.args[0])
