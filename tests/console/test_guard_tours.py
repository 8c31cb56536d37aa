"""Guard tours on the practice city: by the camera, by the console, and out of a person's way."""

from dataclasses import replace
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from console.guard_tours import GuardTours
from domain.errors import BadInputError, CredentialsError
from domain.guard_tour import GuardTour, TourPhase, TourSpot, TourState
from domain.lease import Standing
from domain.purpose import of_tour
from tests.console.places_room import PlacesRoom
from tests.ptz import places_city as kinds

pytest_plugins = ["tests.console.fixtures", "tests.console.places_fixtures"]
pytestmark = [pytest.mark.timeout(120)]


@pytest.fixture
def room(places_room: PlacesRoom) -> PlacesRoom:
    return places_room


@pytest.fixture
def tours(room: PlacesRoom) -> GuardTours:
    return GuardTours(
        room.places,
        room.camera_tours,
        room.place_store,
        room.tour_store,
        room.turns,
        room.tasks,
        room.clock,
        60.0,
        room.owner,
    )


def tour_of(no: int, *spots: TourSpot) -> GuardTour:
    return GuardTour(uuid4(), no, "야간", spots or (TourSpot(1, 5), TourSpot(2, 5, 0.5), TourSpot(None, 5)))


def phase(tours: GuardTours, no: int) -> TourPhase | None:
    state = tours.state(no)
    return None if state is None else state.phase


def reaches(qtbot: QtBot, tours: GuardTours, no: int, wanted: TourPhase) -> TourState:
    qtbot.waitUntil(lambda: phase(tours, no) is wanted, timeout=15_000)
    state = tours.state(no)
    assert state is not None
    return state


def touring(room: PlacesRoom, no: int) -> bool:
    return any(tour["state"] == "Touring" for tour in room.city.state(no)["tours"])


def test_a_camera_that_can_runs_the_tour_itself_and_stops_with_the_program(
    qtbot: QtBot, room: PlacesRoom, tours: GuardTours
) -> None:
    camera = room.city.camera(kinds.FULL)
    tour = room.tour_store.save(tour_of(camera.no))
    tours.start(camera, tour)
    reaches(qtbot, tours, camera.no, TourPhase.BY_CAMERA)
    assert touring(room, camera.no)
    assert room.written == [(camera.no, of_tour(str(tour.id)))]
    qtbot.waitUntil(lambda: bool(room.tour_store.of(camera.no)[0].token), timeout=10_000)
    assert tours.cameras == {camera.no}
    before = room.asked(camera.no, "GotoPreset")
    tours.close()
    assert not touring(room, camera.no)
    assert room.asked(camera.no, "GotoPreset") == before, "the console sends it nowhere"
    assert tours.cameras == frozenset()


def test_a_camera_without_tours_is_sent_round_by_the_console(qtbot: QtBot, room: PlacesRoom, tours: GuardTours) -> None:
    camera = room.city.camera(kinds.PLAIN)
    presets, homes = room.asked(camera.no, "GotoPreset"), room.asked(camera.no, "GotoHomePosition")
    tours.start(camera, tour_of(camera.no))

    def gone_on(preset: int, home: int) -> bool:
        room.clock.advance(1.0)
        return (
            room.asked(camera.no, "GotoPreset") == presets + preset
            and room.asked(camera.no, "GotoHomePosition") == homes + home
        )

    for preset, home in ((1, 0), (2, 0), (2, 1), (3, 1)):
        qtbot.waitUntil(lambda preset=preset, home=home: gone_on(preset, home), timeout=25_000)  # type: ignore[misc]
    assert phase(tours, camera.no) is TourPhase.BY_CONSOLE
    asked = room.city.journal(camera.no, "GotoPreset")[presets:]
    assert [one["asked"]["PresetToken"] for one in asked] == ["1", "2", "1"]
    assert [one["asked"].get("PanTilt", {}).get("x") for one in asked] == [None, "0.5", None]
    tours.stop(camera.no)
    assert tours.state(camera.no) is None
    assert room.leasing.released == [(camera.no, "tour")]


def test_a_tour_that_the_camera_only_says_to_run_is_run_by_the_console(
    qtbot: QtBot, room: PlacesRoom, tours: GuardTours
) -> None:
    camera = room.city.camera(kinds.SPEEDY)
    room.city.fault(camera.no, "empty_success", operations="OperatePresetTour")
    try:
        tours.start(camera, tour_of(camera.no))
        reaches(qtbot, tours, camera.no, TourPhase.BY_CONSOLE)
        qtbot.waitUntil(lambda: room.asked(camera.no, "GotoPreset") > 0, timeout=10_000)
        assert room.city.state(camera.no)["fired"]["empty_success"] > 0
    finally:
        tours.stop(camera.no)
        room.city.clear(camera.no)


@pytest.mark.parametrize("kind", [kinds.FULL, kinds.PLAIN])
def test_a_person_has_the_camera_at_once_and_the_tour_goes_on_a_minute_after_them(
    qtbot: QtBot, room: PlacesRoom, tours: GuardTours, kind: int
) -> None:
    camera = room.city.camera(kind)
    runs = TourPhase.BY_CAMERA if kind == kinds.FULL else TourPhase.BY_CONSOLE
    tours.start(camera, tour_of(camera.no))
    reaches(qtbot, tours, camera.no, runs)
    room.turns.person_moved(camera.no)
    assert phase(tours, camera.no) is TourPhase.PAUSED
    qtbot.waitUntil(lambda: not touring(room, camera.no), timeout=10_000)
    before = room.asked(camera.no, "GotoPreset") + room.asked(camera.no, "GotoHomePosition")
    for _ in range(10):
        room.clock.advance(5)
        tours.look()
    assert phase(tours, camera.no) is TourPhase.PAUSED
    assert room.asked(camera.no, "GotoPreset") + room.asked(camera.no, "GotoHomePosition") == before
    room.clock.advance(11)
    reaches(qtbot, tours, camera.no, runs)
    tours.stop(camera.no)
    qtbot.waitUntil(lambda: not touring(room, camera.no), timeout=10_000)


def test_a_tour_that_others_ended_in_the_camera_waits_and_starts_again(
    qtbot: QtBot, room: PlacesRoom, tours: GuardTours
) -> None:
    camera = room.city.camera(kinds.FULL)
    tours.start(camera, tour_of(camera.no))
    reaches(qtbot, tours, camera.no, TourPhase.BY_CAMERA)
    room.camera_tours.stop(camera, room.camera_tours.listed(camera)[-1].token)
    assert not touring(room, camera.no)
    room.clock.advance(31)
    reaches(qtbot, tours, camera.no, TourPhase.PAUSED)
    room.clock.advance(61)
    reaches(qtbot, tours, camera.no, TourPhase.BY_CAMERA)
    tours.close()


def test_a_camera_that_others_have_is_waited_for(qtbot: QtBot, room: PlacesRoom, tours: GuardTours) -> None:
    camera = room.city.camera(kinds.FULL)
    room.leasing.standing = Standing.WAITING
    tours.start(camera, tour_of(camera.no))
    assert phase(tours, camera.no) is TourPhase.PAUSED
    assert room.written == []
    room.leasing.standing = Standing.HELD
    reaches(qtbot, tours, camera.no, TourPhase.BY_CAMERA)
    tours.close()


def test_a_dead_camera_is_tried_again_until_it_is_back(qtbot: QtBot, room: PlacesRoom, tours: GuardTours) -> None:
    camera = room.city.camera(kinds.PLAIN)
    room.city.fault(camera.no, "dead")
    try:
        tours.start(camera, tour_of(camera.no))
        assert reaches(qtbot, tours, camera.no, TourPhase.FAILING).detail
    finally:
        room.city.clear(camera.no)
    before = room.asked(camera.no, "GotoPreset")

    def back() -> bool:
        room.clock.advance(5)
        return room.asked(camera.no, "GotoPreset") > before

    qtbot.waitUntil(back, timeout=20_000)
    reaches(qtbot, tours, camera.no, TourPhase.BY_CONSOLE)
    tours.stop(camera.no)


def test_a_place_that_is_gone_is_said_and_passed_over(qtbot: QtBot, room: PlacesRoom, tours: GuardTours) -> None:
    camera = room.city.camera(kinds.TINY)
    tours.start(camera, tour_of(camera.no, TourSpot(99, 5), TourSpot(1, 5)))
    assert "99" in reaches(qtbot, tours, camera.no, TourPhase.FAILING).detail

    def went() -> bool:
        room.clock.advance(1)
        return room.asked(camera.no, "GotoPreset") > 0

    qtbot.waitUntil(went, timeout=15_000)
    tours.stop(camera.no)


def test_a_refused_password_ends_the_tour_and_nothing_more_is_sent(
    qtbot: QtBot, room: PlacesRoom, tours: GuardTours
) -> None:
    camera = room.city.camera(kinds.NO_HOME)
    room.city.fault(camera.no, "wrong_password")
    try:
        with qtbot.waitSignal(tours.failed, timeout=15_000) as failed:
            tours.start(camera, tour_of(camera.no))
        assert isinstance(failed.args[0], CredentialsError)
        assert tours.state(camera.no) is None
    finally:
        room.city.clear(camera.no)


def test_another_tour_takes_the_place_of_the_first_and_a_wrong_one_is_refused(
    qtbot: QtBot, room: PlacesRoom, tours: GuardTours
) -> None:
    camera = room.city.camera(kinds.FULL)
    first = tour_of(camera.no)
    tours.start(camera, first)
    reaches(qtbot, tours, camera.no, TourPhase.BY_CAMERA)
    second = replace(first, id=uuid4(), name="day")
    tours.start(camera, second)
    assert reaches(qtbot, tours, camera.no, TourPhase.BY_CAMERA).tour.name == "day"
    with pytest.raises(BadInputError):
        tours.start(room.city.camera(kinds.PLAIN), first)
    tours.close()
    assert not touring(room, camera.no)
