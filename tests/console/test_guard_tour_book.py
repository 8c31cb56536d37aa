"""What operators may do with guard tours, and what becomes of it in the camera."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from pytestqt.qtbot import QtBot

from console.guard_tour_book import TourBook
from console.guard_tours import GuardTours
from domain.errors import RefusedError
from domain.guard_tour import GuardTour, TourPhase, TourSpot
from domain.operator import Role
from tests.console.places_room import PlacesRoom
from tests.console.surroundings import operator
from tests.ptz import places_city as kinds

pytest_plugins = ["tests.console.fixtures", "tests.console.places_fixtures"]
pytestmark = [pytest.mark.timeout(120)]


@pytest.fixture
def room(places_room: PlacesRoom) -> PlacesRoom:
    return places_room


@pytest.fixture
def tours(room: PlacesRoom) -> Iterator[GuardTours]:
    tours = GuardTours(
        room.places, room.camera_tours, room.place_store, room.tour_store, room.turns, room.tasks, room.clock,
        parent=room.owner,
    )  # fmt: skip
    yield tours
    tours.close()


@pytest.fixture
def book(room: PlacesRoom, tours: GuardTours) -> TourBook:
    room.door.enter(operator(role=Role.SUPERVISOR))
    return TourBook(room.tour_store, tours, room.camera_tours, room.door, room.tasks, room.owner)


def night() -> GuardTour:
    return GuardTour(uuid4(), kinds.FULL, "야간", (TourSpot(1, 5), TourSpot(2, 5)))


def test_a_tour_is_stored_started_changed_and_deleted_in_the_camera_too(
    qtbot: QtBot, room: PlacesRoom, book: TourBook, tours: GuardTours
) -> None:
    camera, tour = room.city.camera(kinds.FULL), night()
    with qtbot.waitSignal(book.changed, timeout=10_000) as changed:
        book.keep(camera, tour)
    assert changed.args == [(camera.no, (tour,))]

    def runs() -> bool:
        state = tours.state(camera.no)
        return state is not None and state.phase is TourPhase.BY_CAMERA

    book.start(camera, tour)
    qtbot.waitUntil(runs, timeout=15_000)
    qtbot.waitUntil(lambda: bool(room.tour_store.of(camera.no)[0].token), timeout=10_000)
    stored = room.tour_store.of(camera.no)[0]
    longer = replace(stored, spots=(*tour.spots, TourSpot(3, 5)))
    modified = room.asked(camera.no, "ModifyPresetTour")
    book.keep(camera, longer)
    qtbot.waitUntil(lambda: room.asked(camera.no, "ModifyPresetTour") == modified + 1, timeout=15_000)
    qtbot.waitUntil(runs, timeout=15_000)
    book.remove(camera, longer)
    qtbot.waitUntil(lambda: room.tour_store.of(camera.no) == (), timeout=10_000)
    qtbot.waitUntil(lambda: not room.camera_tours.listed(camera), timeout=10_000)
    assert tours.state(camera.no) is None
    deeds = [deed[1:] for deed in room.workstation.audited()]
    assert ("set_preset", f"camera/{camera.no}/tour/{tour.id}") in deeds
    assert ("move_camera", f"camera/{camera.no}") in deeds


def test_who_lacks_the_right_changes_and_starts_nothing(
    qtbot: QtBot, room: PlacesRoom, book: TourBook, tours: GuardTours
) -> None:
    camera, tour = room.city.camera(kinds.FULL), night()
    room.door.enter(operator(role=Role.POLICE_LIAISON))
    for deed in (book.keep, book.remove, book.start):
        with qtbot.waitSignal(book.failed) as failed:
            deed(camera, tour)
        assert isinstance(failed.args[0], RefusedError)
    assert tours.state(camera.no) is None
    book.stop(camera.no)
