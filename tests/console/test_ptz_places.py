"""Places as operators have them: recalled by number, stored by those who may, named as they say."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from console.place_thumbnail import Thumbnails, thumbnail
from console.ptz_optics import OpticsBook
from console.ptz_places import PlaceBook
from domain.camera import Camera
from domain.clock import FixedClock, SystemClock
from domain.errors import BadInputError, RefusedError, StorageError
from domain.operator import Role
from domain.optics import OpticsWish
from domain.ptz_place import LARGEST_THUMBNAIL, PtzPlace
from domain.text import Text
from ptz.imaging import Imaging
from tests.console.places_room import PlacesRoom
from tests.console.surroundings import make_camera, operator
from tests.ptz import places_city as kinds
from tests.video.films import FPS, Ring
from video.replay import ReplayEngine
from video.snapshot import Still

pytest_plugins = ["tests.console.fixtures", "tests.console.places_fixtures"]
pytestmark = [pytest.mark.timeout(120)]


@pytest.fixture
def room(places_room: PlacesRoom) -> PlacesRoom:
    return places_room


class Gate:
    """What a person needs before a camera moves."""

    def __init__(self) -> None:
        self.open = True
        self.error: RefusedError | None = None
        self.waiting: list[Callable[[], None]] = []

    def __call__(self, camera: Camera, go: Callable[[], None]) -> bool:
        if self.error is not None:
            raise self.error
        if not self.open:
            self.waiting.append(go)
        return self.open


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def book(room: PlacesRoom, gate: Gate) -> PlaceBook:
    room.door.enter(operator(role=Role.SUPERVISOR))
    return PlaceBook(room.places, room.place_store, lambda _: b"\xff\xd8", room.door, gate, room.tasks, room.owner)


def shown(book: PlaceBook, camera: Camera, qtbot: QtBot) -> tuple[PtzPlace, ...]:
    book.show(camera)
    qtbot.waitUntil(lambda: bool(book.of(camera.no)), timeout=10_000)
    return book.of(camera.no)


def test_a_cameras_places_are_shown_and_keep_their_numbers_for_good(
    qtbot: QtBot, room: PlacesRoom, book: PlaceBook
) -> None:
    camera = room.city.camera(kinds.PLAIN)
    assert [place.no for place in shown(book, camera, qtbot)][:3] == [1, 2, 3]
    qtbot.waitUntil(lambda: len(room.place_store.of(camera.no)) == len(book.of(camera.no)), timeout=10_000)
    with qtbot.waitSignal(book.changed):
        book.show(camera)
    book.show(make_camera(5))
    assert book.of(5) == ()


def test_what_is_kept_here_is_shown_although_the_camera_is_away(
    qtbot: QtBot, room: PlacesRoom, book: PlaceBook
) -> None:
    camera = room.city.camera(kinds.ODD)
    room.place_store.keep([PtzPlace(camera_no=camera.no, no=9, name="다리 밑", token="3")])
    room.city.fault(camera.no, "dead")
    try:
        with qtbot.waitSignals([book.failed, book.changed], timeout=10_000) as _:
            book.show(camera)
        assert [place.shown_name for place in book.of(camera.no)] == ["다리 밑"]
    finally:
        room.city.clear(camera.no)


def test_digits_recall_a_place(qtbot: QtBot, room: PlacesRoom, book: PlaceBook, gate: Gate) -> None:
    camera = room.city.camera(kinds.PLAIN)
    shown(book, camera, qtbot)
    before = room.asked(camera.no, "GotoPreset")
    with qtbot.waitSignal(book.moved) as moved:
        book.recall(camera, 2)
    assert moved.args == [camera.no]
    qtbot.waitUntil(lambda: room.asked(camera.no, "GotoPreset") == before + 1, timeout=10_000)
    assert room.city.journal(camera.no, "GotoPreset")[-1]["asked"]["PresetToken"] == "2"
    with qtbot.waitSignal(book.told) as told:
        book.recall(camera, 200)
    assert told.args[0].code == "ptz_no_such_place"


def test_nothing_is_turned_before_the_gate_opens(qtbot: QtBot, room: PlacesRoom, book: PlaceBook, gate: Gate) -> None:
    camera = room.city.camera(kinds.FULL)
    gate.open = False
    before = room.asked(camera.no, "GotoHomePosition")
    book.go_home(camera)
    assert room.asked(camera.no, "GotoHomePosition") == before
    with qtbot.waitSignal(book.came_home, timeout=10_000):
        gate.waiting[0]()
    qtbot.waitUntil(lambda: room.asked(camera.no, "GotoHomePosition") == before + 1, timeout=10_000)
    gate.error = RefusedError("not yours")
    with qtbot.waitSignal(book.failed):
        book.go_home(camera)


def test_a_place_is_stored_with_its_name_and_picture_and_renamed_and_forgotten(
    qtbot: QtBot, room: PlacesRoom, book: PlaceBook
) -> None:
    camera = room.city.camera(kinds.REFUSED_NAMES)
    shown(book, camera, qtbot)
    with qtbot.waitSignal(book.told, timeout=10_000) as told:
        book.keep(camera, 12, "  다리 밑 ")
    assert told.args[0] == Text(
        "ptz_place_named_here",
        {"camera": str(camera.no), "no": "12", "name": "다리 밑", "told": "preset 12"},
    )
    qtbot.waitUntil(lambda: any(place.no == 12 for place in room.place_store.of(camera.no)), timeout=10_000)
    kept = next(place for place in room.place_store.of(camera.no) if place.no == 12)
    assert (kept.name, kept.thumbnail) == ("다리 밑", b"\xff\xd8")
    assert ("set_preset", f"camera/{camera.no}/place/12") in [deed[1:] for deed in room.workstation.audited()]
    book.rename(camera, 12, "교각")
    qtbot.waitUntil(lambda: "교각" in [place.name for place in room.place_store.of(camera.no)], timeout=10_000)
    with qtbot.waitSignal(book.told, timeout=10_000):
        book.forget(camera, 12)
    qtbot.waitUntil(lambda: 12 not in [place.no for place in room.place_store.of(camera.no)], timeout=10_000)
    assert 12 not in [place.no for place in book.of(camera.no)]
    assert kept.token not in [place.token for place in room.places.listed(camera)]


def test_storing_needs_its_own_right(qtbot: QtBot, room: PlacesRoom, book: PlaceBook) -> None:
    camera = room.city.camera(kinds.PLAIN)
    places = shown(book, camera, qtbot)
    before = room.asked(camera.no, "SetPreset") + room.asked(camera.no, "RemovePreset")
    room.door.enter(operator(role=Role.OPERATOR))
    first = places[0].no or 0
    for deed in (
        lambda: book.keep(camera, 5, "x"),
        lambda: book.rename(camera, first, "x"),
        lambda: book.forget(camera, first),
        lambda: book.set_home(camera),
    ):
        with qtbot.waitSignal(book.failed) as failed:
            deed()
        assert isinstance(failed.args[0], RefusedError)
    assert room.asked(camera.no, "SetPreset") + room.asked(camera.no, "RemovePreset") == before


@pytest.mark.parametrize(("no", "name"), [(0, "x"), (256, "x"), (1, "x" * 81)])
def test_wrong_numbers_and_names_are_said_and_not_stored(
    qtbot: QtBot, room: PlacesRoom, book: PlaceBook, no: int, name: str
) -> None:
    with qtbot.waitSignal(book.failed) as failed:
        book.keep(room.city.camera(kinds.PLAIN), no, name)
    assert isinstance(failed.args[0], BadInputError)


def test_a_place_is_stored_without_a_picture_where_there_is_none(qtbot: QtBot, room: PlacesRoom, gate: Gate) -> None:
    def no_picture(_: Camera) -> bytes:
        raise StorageError("nothing was recorded")

    room.door.enter(operator(role=Role.SUPERVISOR))
    book = PlaceBook(room.places, room.place_store, no_picture, room.door, gate, room.tasks, room.owner)
    camera = room.city.camera(kinds.SPOILED_NAMES)
    with qtbot.waitSignal(book.told, timeout=10_000):
        book.keep(camera, 33)
    place = next(place for place in book.of(camera.no) if place.no == 33)
    assert (place.thumbnail, place.shown_name) == (b"", "preset 33")


def test_the_home_view_is_set(qtbot: QtBot, room: PlacesRoom, book: PlaceBook) -> None:
    with qtbot.waitSignal(book.told, timeout=10_000) as told:
        book.set_home(room.city.camera(kinds.PLAIN))
    assert told.args[0].code == "ptz_home_set"


# -- pictures


@pytest.mark.parametrize("size", [(1920, 1080), (64, 48)])
def test_a_thumbnail_is_a_small_jpeg_whatever_the_camera_shows(size: tuple[int, int]) -> None:
    width, height = size
    noise = bytes((number * 7919 >> 3) & 255 for number in range(width * height * 4))
    data = thumbnail(Still(7, width, height, memoryview(noise), 0.0, 0.0, masked=True))
    assert len(data) <= LARGEST_THUMBNAIL
    image = QImage.fromData(data)
    assert image.width() <= 240
    assert image.height() <= 135
    assert not image.isNull()


@pytest.fixture
def ring(tmp_path: Path) -> Iterator[tuple[Ring, ReplayEngine]]:
    ring = Ring(tmp_path / "ring")
    ring.hold(1, (0, 10 * FPS))
    engine = ReplayEngine(ring.folder, None, SystemClock())
    yield ring, engine
    engine.close()


def test_a_places_picture_is_what_the_camera_shows_now(qapp: object, ring: tuple[Ring, ReplayEngine]) -> None:
    films, engine = ring
    now = FixedClock(datetime.fromtimestamp(films.moment(70), UTC))
    data = Thumbnails(engine, now).take(make_camera(1))
    assert 500 < len(data) <= LARGEST_THUMBNAIL
    with pytest.raises(StorageError):
        Thumbnails(engine, now).take(make_camera(9))


# -- lens and switches


def test_a_lens_is_asked_for_one_step_at_a_time_and_the_register_has_it_once(qtbot: QtBot, room: PlacesRoom) -> None:
    room.door.enter(operator())
    optics = OpticsBook(Imaging(room.steering.contacts), room.door, room.tasks, room.owner)
    camera = room.city.camera(kinds.FULL)
    with qtbot.waitSignal(optics.changed, timeout=10_000) as changed:
        optics.show(camera)
    assert changed.args[0][0] == camera.no
    before = room.asked(camera.no, "Move")
    optics.ask(camera, OpticsWish.FOCUS_NEAR)
    optics.ask(camera, OpticsWish.FOCUS_NEAR)  # still busy
    qtbot.waitUntil(lambda: room.asked(camera.no, "Move") == before + 1, timeout=10_000)

    def asked_again() -> bool:
        optics.ask(camera, OpticsWish.FOCUS_NEAR)
        return room.asked(camera.no, "Move") >= before + 2

    qtbot.waitUntil(asked_again, timeout=10_000)
    deeds = [deed for deed in room.workstation.audited() if deed[2] == f"camera/{camera.no}/focus_near"]
    assert len(deeds) == 1
    room.door.enter(operator(role=Role.POLICE_LIAISON))
    failures: list[Exception] = []
    optics.failed.connect(failures.append)

    def refused() -> bool:
        optics.ask(camera, OpticsWish.WIPER_ON)
        return bool(failures)

    qtbot.waitUntil(refused, timeout=10_000)
    assert isinstance(failures[0], RefusedError)
    assert room.asked(camera.no, "SendAuxiliaryCommand") == 0
