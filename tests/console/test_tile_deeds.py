"""What is asked of a tile, by its menu and by keys, at a whole desk with practice cameras and real ring files."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor
from pytestqt.qtbot import QtBot

from console.core import Core
from console.start import open_core
from console.wall_presenter import WallPresenter
from domain.camera import Camera, RecordingPlan
from domain.event import FieldReport
from domain.news import RegisterChanged
from domain.operator import Operator, Role
from domain.picture import Face
from domain.recording import ClipReason
from tests.console.started import Started
from tests.console.street import PracticeStreet
from tests.console.surroundings import make_camera, make_event
from tests.video.films import FPS, Ring
from widgets.tile import TileAction, TileContent, TileWish
from widgets.tile_menu import TileMenu

pytest_plugins = ["tests.console.fixtures"]
pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LOWER_HALF = ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))
Open = Callable[..., Started]


@pytest.fixture
def open_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Open a desk with these cameras in its tiles, and somebody at it."""
    opened: list[Started] = []

    def open_desk(*cameras: Camera, role: Role = Role.OPERATOR, filmed: tuple[int, ...] = ()) -> Started:
        started = Started(qtbot, tmp_path / "home")
        opened.append(started)
        for number in filmed:
            Ring(started.home.ring).hold(number, (0, 60 * FPS), width=160, height=90)

        def make_core() -> Core:
            core = open_core(started.home, started.settings)
            core.stores.secrets.keep("practice", PracticeStreet.who)
            core.stores.cameras.replace_many(cameras)
            for camera in cameras:
                if camera.masks:
                    core.stores.cameras.set_masks(camera.no, camera.masks)
            core.bulletin.post(RegisterChanged(core.stores.cameras.all()))
            return core

        started.open(make_core)
        started.sit_down(role)
        started.until(lambda: len(started.desk.wall.cameras) == len(cameras))
        return started

    yield open_desk
    for started in opened:
        started.close()


def content(desk: Started, tile: int = 0) -> TileContent:
    """Return what the desk's own wall was given for a tile."""
    found = desk.window.wall._contents[tile]
    assert found is not None
    return found


def choose(desk: Started, words: str, tile: int = 0) -> None:
    """Choose an entry of a tile's menu, as it is for what is in the tile now."""
    menu = TileMenu(tile, content(desk, tile), desk.window)
    menu.tile_asked.connect(desk.window.wall.tile_asked)
    entry: QAction = next(action for action in menu.actions() if action.text() == words)
    assert entry.isEnabled(), words
    entry.trigger()
    menu.deleteLater()


def ask(wall: WallPresenter, action: TileAction, tile: int = 0) -> None:
    wall.wall.tile_asked.emit(TileWish(tile, action))


def live(desk: Started, number: int) -> bool:
    return desk.desk.walls.faces().get(number) is Face.LIVE


def spread(desk: Started) -> int:
    """Return how much the brightness varies over the lower half of the first tile's picture; -1 for no picture."""
    picture = desk.window.wall.picture(0)
    if picture is None:
        return -1
    row = round(picture.height() * 0.75)
    greys = [QColor(picture.pixel(x, row)).lightness() for x in range(4, picture.width() - 4)]
    return max(greys) - min(greys)


def is_covered(desk: Started) -> bool:
    return 0 <= spread(desk) <= 2


def is_bare(desk: Started) -> bool:
    return spread(desk) > 20


# -- bookmarks and stills


def test_b_marks_the_selected_camera_and_the_menu_its_own_tile(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), make_camera(2), make_camera(3))
    desk.window.wall.select_tile(1)
    desk.press(Qt.Key.Key_B)
    desk.until(lambda: [each.camera_no for each in desk.core.stores.bookmarks.newest(5)] == [2])
    desk.until(desk.window.bookmark_note.isVisible)
    choose(desk, "Bookmark", 2)
    desk.until(lambda: [each.camera_no for each in desk.core.stores.bookmarks.newest(5)] == [3, 2])


def test_the_menu_of_a_maximised_tile_means_the_camera_in_it(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), make_camera(2), make_camera(3))
    desk.desk.wall.toggle_maximised(2)
    assert content(desk).camera.no == 3
    choose(desk, "Bookmark")
    desk.until(lambda: [each.camera_no for each in desk.core.stores.bookmarks.newest(5)] == [3])
    ask(desk.desk.wall, TileAction.RECORD)
    assert desk.core.footage.by_hand() == {3}


def test_a_still_is_kept_with_its_hash(open_desk: Open, street: PracticeStreet) -> None:
    desk = open_desk(street.camera(1))
    desk.until(lambda: live(desk, 1))
    desk.until(lambda: list(desk.home.ring.glob("1-*/*.mkv")))
    begun = time.monotonic()
    desk.until(lambda: time.monotonic() - begun > 1.5)  # the ring has the moment that is asked for
    desk.press(Qt.Key.Key_S, CONTROL)
    desk.until(lambda: desk.core.stores.snapshots.newest(5))
    (still,) = desk.core.stores.snapshots.newest(5)
    kept = desk.home.snapshots / still.file
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == still.sha256
    assert (still.camera_no, still.by, still.masked) == (1, "haneul", False)
    assert abs(still.at.timestamp() - time.time()) < 5
    desk.until(lambda: still.file in desk.said())
    assert ("take_snapshot", "camera/1") in audited(desk)


def test_where_a_replay_has_no_picture_no_still_is_taken_and_a_bookmark_marks_that_moment(open_desk: Open) -> None:
    desk = open_desk(make_camera(1))
    desk.press(Qt.Key.Key_R)
    desk.until(lambda: (mark := content(desk).replay) is not None and mark.missing_at is not None)
    desk.press(Qt.Key.Key_Space, CONTROL)
    asked = desk.desk.tiles.replay.asked(0)
    assert asked is not None
    desk.press(Qt.Key.Key_S, CONTROL)
    assert "No still was taken" in desk.said()
    assert "take_snapshot" not in [action for action, _ in audited(desk)]
    desk.press(Qt.Key.Key_B)
    desk.until(lambda: desk.core.stores.bookmarks.newest(1))
    (bookmark,) = desk.core.stores.bookmarks.newest(1)
    assert bookmark.camera_no == 1
    assert abs(bookmark.at.timestamp() - asked) < 0.01


def audited(desk: Started) -> list[tuple[str, str]]:
    stores = desk.core.stores
    stores.audit.append("test", "look", "", "", desk.core.clock.now())  # everything before it is written
    return [(line.action, line.subject) for line in stores.audit.recent()]


# -- recording


def test_a_recording_by_hand_begins_and_ends_by_key_and_by_menu(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), make_camera(2))
    desk.press(Qt.Key.Key_R, CONTROL)
    assert desk.core.footage.by_hand() == {1}
    assert content(desk).recording
    assert "1" in desk.said()
    choose(desk, "Stop recording")
    assert desk.core.footage.by_hand() == set()
    assert not content(desk).recording
    choose(desk, "Record", 1)
    assert desk.core.footage.by_hand() == {2}
    desk.window.wall.select_tile(1)
    desk.press(Qt.Key.Key_R, CONTROL)
    assert desk.core.footage.by_hand() == set()
    assert [deed for deed in audited(desk) if deed[0] == "record"] == [
        ("record", "camera/2"),
        ("record", "camera/2"),
        ("record", "camera/1"),
        ("record", "camera/1"),
    ]


def test_what_the_plan_or_an_alarm_records_is_marked_and_nobody_is_offered_to_end_it(open_desk: Open) -> None:
    desk = open_desk(make_camera(1, recording=RecordingPlan.CONTINUOUS), make_camera(2))
    desk.core.ingest.take_reports(
        [FieldReport(event=make_event("detection", "2", details={"detection": "fall", "score": 0.9}))], lambda: None
    )
    desk.until(lambda: desk.core.footage.recording() == {1, 2})
    desk.until(lambda: content(desk, 0).recording and content(desk, 1).recording)
    choose(desk, "Record", 1)
    reasons = {clip.reason for clip in desk.core.footage.recorder.clips() if clip.camera_no == 2}
    assert reasons == {ClipReason.EVENT, ClipReason.MANUAL}
    choose(desk, "Stop recording", 1)
    assert content(desk, 1).recording  # for the alarm still waits


def test_who_may_not_record_does_not(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), role=Role.POLICE_LIAISON)
    desk.press(Qt.Key.Key_R, CONTROL)
    assert desk.core.footage.by_hand() == set()
    assert "may not record" in desk.said()
    assert ("refused:record", "camera/1") in audited(desk)


# -- masks


def test_masks_are_lifted_by_right_alone_and_put_back_when_another_person_sits_down(
    open_desk: Open, street: PracticeStreet
) -> None:
    desk = open_desk(street.camera(1, masks=(LOWER_HALF,)))
    desk.until(lambda: live(desk, 1) and is_covered(desk))
    opened = street.state(1)["sessions_opened"]
    choose(desk, "Lift masks…")
    assert "may not lift_masks" in desk.said()
    assert not content(desk).unmasked
    assert ("refused:lift_masks", "camera/1") in audited(desk)

    desk.desk.sign_in(Operator("seo", "서지안", Role.SUPERVISOR, "2"))
    choose(desk, "Lift masks…")
    assert content(desk).unmasked
    desk.until(lambda: is_bare(desk))

    desk.desk.sign_in(Operator("haneul", "김하늘", Role.OPERATOR, "1"))
    assert not content(desk).unmasked
    assert not is_bare(desk)  # from this moment on, before any new picture
    desk.until(lambda: is_covered(desk))
    assert street.state(1)["sessions_opened"] == opened  # nothing was connected anew


def test_masks_that_are_put_back_cover_a_camera_that_has_died_too(open_desk: Open, street: PracticeStreet) -> None:
    desk = open_desk(street.camera(2, masks=(LOWER_HALF,)), role=Role.SUPERVISOR)
    desk.until(lambda: live(desk, 2) and is_covered(desk))
    choose(desk, "Lift masks…")
    desk.until(lambda: is_bare(desk))
    street.fault(2, "stalled")
    try:
        desk.until(lambda: not live(desk, 2))
        assert is_bare(desk)
        choose(desk, "Put masks back")
        assert not is_bare(desk)
        desk.window.wall.grab()
        assert not is_bare(desk)
    finally:
        street.clear(2)


def test_a_replay_follows_the_masks(open_desk: Open) -> None:
    desk = open_desk(make_camera(1, masks=(LOWER_HALF,)), role=Role.SUPERVISOR, filmed=(1,))
    desk.press(Qt.Key.Key_R)
    replay = desk.desk.tiles.replay
    desk.press(Qt.Key.Key_Space, CONTROL)
    desk.until(lambda: replay.moment(0) is not None and desk.window.wall.picture(0) is not None)
    colours = [_colour(desk)]
    choose(desk, "Lift masks…")
    desk.until(lambda: desk.window.wall.picture(0) is not None and _colour(desk) != colours[0])
    desk.desk.sign_in(Operator("haneul", "김하늘", Role.OPERATOR, "1"))
    assert desk.window.wall.picture(0) is None  # what was bare is gone at once
    desk.until(lambda: desk.window.wall.picture(0) is not None)
    assert _colour(desk) == colours[0]
    assert replay.active


def _colour(desk: Started) -> str:
    picture = desk.window.wall.picture(0)
    assert picture is not None
    return QColor(picture.pixel(picture.width() // 2, round(picture.height() * 0.75))).name()


def test_a_still_of_an_uncovered_tile_is_bare_and_of_a_covered_one_is_not(open_desk: Open) -> None:
    desk = open_desk(make_camera(1, masks=(LOWER_HALF,)), role=Role.SUPERVISOR, filmed=(1,))
    desk.press(Qt.Key.Key_R)
    replay = desk.desk.tiles.replay
    desk.until(lambda: replay.moment(0) is not None)
    desk.press(Qt.Key.Key_S, CONTROL)
    desk.until(lambda: [still.masked for still in desk.core.stores.snapshots.newest(5)] == [True])
    choose(desk, "Lift masks…")
    desk.until(lambda: replay.moment(0) is not None)
    desk.press(Qt.Key.Key_S, CONTROL)
    desk.until(lambda: [still.masked for still in desk.core.stores.snapshots.newest(5)] == [False, True])


# -- replay


def test_r_replays_and_escape_comes_back(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), make_camera(2), filmed=(1, 2))
    desk.press(Qt.Key.Key_R)
    assert desk.desk.tiles.replay.tiles == (0,)
    mark = content(desk).replay
    assert mark is not None
    assert abs(mark.behind_s - 10) < 1
    desk.until(desk.window.replay_bar.isVisible)
    desk.press(Qt.Key.Key_Space, CONTROL)
    desk.until(lambda: (mark := content(desk).replay) is not None and mark.paused)
    desk.press(Qt.Key.Key_Escape)
    assert content(desk).replay is None
    assert not desk.window.replay_bar.isVisible()
    desk.press(Qt.Key.Key_R, SHIFT)
    assert desk.desk.tiles.replay.tiles == (0, 1)
    desk.press(Qt.Key.Key_Escape)
    assert not desk.desk.tiles.replay.active


def test_one_wall_replays_at_a_time_and_keys_steer_it_from_anywhere(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), make_camera(2), filmed=(1, 2))
    desk.desk.open_walls(2)
    walls, tiles = desk.desk.walls, desk.desk.tiles
    further: WallPresenter = walls.presenters[2]
    desk.until(lambda: further.replay_place(1) is not None)
    desk.press(Qt.Key.Key_R)
    first = tiles.replay
    assert first.active
    ask(further, TileAction.REPLAY, 1)
    second = tiles._replays[further]
    assert second.tiles == (1,)
    assert not first.active
    assert content(desk).replay is None
    assert desk.window.replay_bar.isVisible()  # it belongs to the new one
    assert tiles.replay is first  # keys go to the desk's wall still
    desk.press(Qt.Key.Key_Space, CONTROL)
    shown = further.wall._contents[1]
    assert shown is not None
    assert shown.replay is not None
    assert shown.replay.paused
    assert tiles.step_back()
    assert not second.active
    assert not tiles.step_back()


def test_who_may_not_replay_does_not(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), role=Role.POLICE_LIAISON)
    choose(desk, "Replay 10 s")
    assert not desk.desk.tiles.replay.active
    assert "may not replay" in desk.said()


def test_an_empty_tile_is_asked_nothing(open_desk: Open) -> None:
    desk = open_desk(make_camera(1), make_camera(2), make_camera(3))
    for action in (TileAction.REPLAY, TileAction.SNAPSHOT, TileAction.RECORD, TileAction.LIFT_MASKS):
        ask(desk.desk.wall, action, 3)
    assert not desk.desk.tiles.replay.active
    assert desk.core.footage.by_hand() == set()
    desk.desk.wall.clear(0)
    desk.window.wall.select_tile(0)
    desk.press(Qt.Key.Key_R, CONTROL)
    desk.press(Qt.Key.Key_S, CONTROL)
    assert desk.core.footage.by_hand() == set()
    assert desk.core.stores.snapshots.newest(1) == ()
