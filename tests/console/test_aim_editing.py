from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.acting import Deed, Door
from console.aim_editing import AimEditing, View, Viewing
from console.aiming import Calibrations
from console.tasks import Lane, Tasks
from domain.camera import Camera
from domain.clock import SystemClock
from domain.errors import RefusedError, StorageError, UnreachableError
from domain.geometry import Spot, moved
from domain.landmark import Landmark
from domain.lens import Detail
from domain.motion import Position
from domain.operator import Role
from domain.place import Place
from tests.console.aim_room import FULL, POLE, Heads, Kept, aim, dome
from tests.console.surroundings import operator
from video.snapshot import Still
from widgets.aim_editor import AimClicks

DOME = replace(dome(4), height_m=8.0)
HERE = Position(0.25, -0.1, 0.0)


class Stills:
    """Gives grey pictures, or none; `during` is done while one is taken."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, bool]] = []
        self.during = lambda: None
        self.none = False

    def still(self, camera: Camera, moment: float, *, masked: bool = True) -> "Future[Still]":
        self.asked.append((moment, masked))
        self.during()
        promise: Future[Still] = Future()
        if self.none:
            promise.set_exception(StorageError("nothing was recorded then"))
        else:
            promise.set_result(Still(camera.no, 64, 36, memoryview(bytes(64 * 36 * 4)), moment, 0.0, masked))
        return promise


class Map(QObject):
    """A map that notes whether clicks are places."""

    place_picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.picking: list[bool] = []

    def pick_place(self, wanted: bool) -> None:
        self.picking.append(wanted)


class Room:
    """Somebody who calibrates a camera."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.tasks = Tasks(self.window)
        self.failures: list[Exception] = []
        self.tasks.failed.connect(self.failures.append)
        self.heads, self.stills, self.map, self.store = Heads(), Stills(), Map(), Kept()
        self.heads.at[4] = HERE
        self.audited: list[Deed] = []
        self.door = Door(self.audited.append, SystemClock())
        self.door.operator = operator(Role.SUPERVISOR)
        self.calibrations = Calibrations(self.store, self.tasks, self.window)
        self.viewing = Viewing(self.heads, self.stills, SystemClock())
        self.editing = AimEditing(
            self.calibrations,
            self.viewing,
            self.door,
            self.tasks,
            lambda: self.map,  # type: ignore[arg-type, return-value]  # a map without a web engine
            self.window,
        )


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    if room.editing._editor is not None:
        room.editing._editor.reject()
    room.tasks.close()


def landmarks(*ways: tuple[float, float]) -> tuple[Landmark, ...]:
    """Return clicks on the ground around the pole, as a camera that hangs as `aim` says would see them."""
    found = []
    for number, (east, north) in enumerate(ways, 1):
        spot = moved(Spot(POLE), east, north, 0.0)
        position = aim().pose_for(spot, Detail.MONITOR)
        assert position is not None
        found.append(Landmark(f"mark {number}", replace(position, zoom=0.0), spot))
    return tuple(found)


AROUND: Sequence[tuple[float, float]] = ((20, 30), (-60, 10), (15, -90), (40, 5))


def test_a_view_has_the_position_that_the_picture_was_taken_at(room: Room, qtbot: QtBot) -> None:
    views: list[View] = []
    room.tasks.run(Lane.NETWORK, lambda: room.viewing.view(DOME), room.window, views.append)
    qtbot.waitUntil(lambda: len(views) == 1)
    assert views[0].position == HERE
    assert views[0].abilities == FULL
    assert views[0].still is not None
    assert views[0].still.width() == 64
    assert [masked for _, masked in room.stills.asked] == [True]


def test_a_camera_that_moved_while_its_picture_was_taken_has_no_position(room: Room, qtbot: QtBot) -> None:
    room.stills.during = lambda: room.heads.at.__setitem__(4, Position(0.3, -0.1, 0.0))
    views: list[View] = []
    room.tasks.run(Lane.NETWORK, lambda: room.viewing.view(DOME), room.window, views.append)
    qtbot.waitUntil(lambda: len(views) == 1)
    assert views[0].position is None


def test_without_a_picture_there_is_still_a_position(room: Room, qtbot: QtBot) -> None:
    room.stills.none = True
    room.editing.edit(DOME)
    editor = room.editing._editor
    assert editor is not None
    qtbot.waitUntil(lambda: editor._position == HERE)
    assert editor._picture._still is None


def test_who_may_not_store_views_may_not_calibrate(room: Room) -> None:
    room.door.operator = operator(Role.OPERATOR)
    room.editing.edit(DOME)
    assert room.editing._editor is None
    assert isinstance(room.failures[0], RefusedError)
    assert room.audited[0].action == "refused:set_preset"


def test_landmarks_that_fit_are_kept_under_the_operators_name(room: Room, qtbot: QtBot) -> None:
    room.editing.edit(DOME)
    editor = room.editing._editor
    assert editor is not None
    marks = landmarks(*AROUND)
    editor._draft = type(editor._draft)(marks)
    editor._changed()
    qtbot.waitUntil(editor._save.isEnabled, timeout=15000)
    editor._save.click()
    qtbot.waitUntil(lambda: room.calibrations.of(DOME) is not None)
    kept = room.store.aims[4]
    assert kept.changed_by == "haneul"
    assert kept.landmarks == marks
    assert kept.aim.pan_deg == pytest.approx(180, abs=8)
    assert room.editing._editor is None
    room.editing.edit(DOME)
    again = room.editing._editor
    assert again is not None
    assert again._draft.landmarks == marks, "one more click can better it"


def test_landmarks_that_do_not_fit_are_refused_and_named(room: Room, qtbot: QtBot) -> None:
    room.editing.edit(DOME)
    editor = room.editing._editor
    assert editor is not None
    marks = [*landmarks(*AROUND, (-30, 70), (-20, -50))]
    marks[2] = replace(marks[2], spot=moved(marks[2].spot, 60.0, 0.0, 0.0))
    editor._draft = type(editor._draft)(marks)
    editor._changed()
    qtbot.waitUntil(lambda: editor._model._blamed == 2, timeout=20000)
    assert "mark 3" in editor._verdict.text()
    assert not editor._save.isEnabled()


def test_a_fit_for_older_clicks_is_dropped(room: Room, qtbot: QtBot) -> None:
    room.editing.edit(DOME)
    editor = room.editing._editor
    assert editor is not None
    editor._draft = type(editor._draft)(landmarks(*AROUND))
    editor._changed()
    with qtbot.assertNotEmitted(editor.aim_saved):
        room.editing._fit(AimClicks(landmarks(*AROUND), 8.0))
        editor._draft.remove()
        editor._draft.remove()
        editor._changed()
        room.editing._fits += 1
        room.tasks.close()
    assert not editor._save.isEnabled()


def test_the_map_gives_a_place_only_while_it_is_wanted(room: Room, qtbot: QtBot) -> None:
    room.editing.edit(DOME)
    editor = room.editing._editor
    assert editor is not None
    editor._pick.click()
    assert room.map.picking == [True]
    room.map.place_picked.emit(Place(37.395, 126.957))
    assert editor._draft.mark.place == Place(37.395, 126.957)
    assert room.map.picking == [True, False]
    editor._pick.click()
    editor.reject()
    assert room.map.picking == [True, False, True, False]
    qtbot.waitUntil(lambda: room.editing._editor is None)


def test_a_camera_that_does_not_answer_is_told(room: Room, qtbot: QtBot) -> None:
    room.heads.dead.add(4)
    room.editing.edit(DOME)
    qtbot.waitUntil(lambda: len(room.failures) == 1)
    assert isinstance(room.failures[0], UnreachableError)
    assert room.editing._editor is not None


@pytest.mark.qt_log_ignore("does not support raise")  # the offscreen platform, of windows
def test_there_is_one_editor_at_a_time(room: Room) -> None:
    room.editing.edit(DOME)
    first = room.editing._editor
    room.editing.edit(dome(5))
    assert room.editing._editor is first
