"""Replay from the key to the picture: a wall that notes what it is shown, on the real engine and real ring files."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from console.acting import Deed, Door
from console.replay_presenter import DEPTHS_S, ReplayPresenter
from domain.camera import Camera
from domain.clock import SystemClock
from domain.operator import Role
from domain.picture import FrameSource, LossReason
from simulation.cameras.counter import read
from tests.console.surroundings import make_camera, operator
from tests.video.films import FPS, Ring
from video.replay import ReplayEngine
from video.replay_source import ReplaySource
from widgets.review_bar import ReviewBar
from widgets.review_controls import ReviewControl
from widgets.tile import ReplayMark

pytest_plugins = ["tests.console.fixtures"]


@dataclass(frozen=True)
class Spot:
    camera: Camera
    width: int = 320
    height: int = 180


class Wall(QObject):
    """Six tiles: cameras 1 to 5 and an empty one."""

    places_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.selected_tile = 0
        self.tile_count = 6
        self.places: list[Spot | None] = [*(Spot(make_camera(no)) for no in range(1, 6)), None]
        self.shown: dict[int, tuple[FrameSource, ReplayMark]] = {}

    def replay_place(self, tile: int) -> Spot | None:
        return self.places[tile]

    def show_replay(self, tile: int, source: FrameSource | None, mark: ReplayMark | None) -> None:
        if source is None or mark is None:
            self.shown.pop(tile, None)
        else:
            self.shown[tile] = (source, mark)

    def source(self, tile: int) -> ReplaySource:
        source = self.shown[tile][0]
        assert isinstance(source, ReplaySource)
        return source


class Seat:
    """A presenter over a wall and a ring, with an operator."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.ring = Ring(folder)
        self.engine = ReplayEngine(folder, None, SystemClock())
        self.deeds: list[Deed] = []
        self.door = Door(self.deeds.append, SystemClock())
        self.wall, self.bar = Wall(), ReviewBar()
        qtbot.addWidget(self.bar)
        self.presenter = ReplayPresenter(self.wall, self.bar, self.engine, self.door)

    def number(self, tile: int) -> int | None:
        """Return the number in the picture that a tile got last."""
        frame = self.wall.source(tile).newest()
        if frame is None:
            return None
        pixels = np.frombuffer(bytes(frame.pixels), np.uint8).reshape(frame.height, frame.width, 4)
        return read(pixels[:, :, 1])


@pytest.fixture
def seat(qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    seat = Seat(qtbot, tmp_path / "ring")
    seat.door.enter(operator())
    yield seat
    seat.presenter.to_live()
    seat.engine.close()


def test_r_replays_10_then_30_then_120_seconds_back_and_esc_is_live(qtbot: QtBot, seat: Seat) -> None:
    seat.ring.hold(1, (0, 150 * FPS), width=320, height=184)
    for depth_s in (*DEPTHS_S, DEPTHS_S[-1]):
        pressed = time.monotonic()
        seat.presenter.replay()
        due = (time.time() - depth_s - seat.ring.began) * FPS
        qtbot.waitUntil(lambda due=due: abs((seat.number(0) or 0) - due) < FPS)  # type: ignore[misc]
        assert time.monotonic() - pressed < 1.0
        mark = seat.wall.shown[0][1]
        assert abs(mark.behind_s - depth_s) < 1.0
        assert not mark.paused
        assert mark.missing_at is None
    assert not seat.bar.isHidden()
    with qtbot.waitSignal(seat.presenter.ended):
        assert seat.presenter.step_back()
    assert seat.wall.shown == {}
    assert seat.bar.isHidden()
    assert not seat.presenter.step_back()
    assert ("replay", "camera/1") in [(deed.action, deed.subject) for deed in seat.deeds]


def test_four_tiles_are_replayed_in_step_and_go_on_together(qtbot: QtBot, seat: Seat) -> None:
    for no in (1, 2, 3, 4, 5):
        seat.ring.hold(no, (0, 40 * FPS), width=320, height=184)
    seat.wall.selected_tile = 4
    seat.presenter.replay_together()
    assert seat.presenter.tiles == (4, 0, 1, 2)
    qtbot.waitUntil(lambda: all(seat.presenter.moment(tile) is not None for tile in seat.presenter.tiles))
    seat.presenter.control(ReviewControl.PAUSE)
    position = {seat.wall.source(tile).position for tile in seat.presenter.tiles}
    assert len(position) == 1
    expected = round((position.pop().at - seat.ring.began) * FPS - 0.5)
    for tile in seat.presenter.tiles:
        qtbot.waitUntil(lambda tile=tile: abs((seat.number(tile) or 0) - expected) <= 1)  # type: ignore[misc]
    sources = [seat.wall.source(tile) for tile in seat.presenter.tiles]
    # Neighbours are told by what stands still alone.
    qtbot.waitUntil(lambda: all((shows := source.shows()) is not None and shows.before for source in sources))
    arrivals = [shows.at for source in sources if (shows := source.shows()) is not None and shows.at is not None]
    assert len(arrivals) == 4
    assert max(arrivals) - min(arrivals) < 0.1
    qtbot.waitUntil(lambda: all(mark.paused for _, mark in seat.wall.shown.values()))


def test_single_pictures_rate_and_seeking(qtbot: QtBot, seat: Seat) -> None:
    seat.ring.hold(1, (0, 40 * FPS), width=320, height=184)
    seat.presenter.replay()
    qtbot.waitUntil(lambda: seat.number(0) is not None)
    seat.presenter.control(ReviewControl.STEP_BACK)  # the first press stands still
    source = seat.wall.source(0)
    assert source.position.rate == 0
    before = []
    qtbot.waitUntil(
        lambda: (shows := source.shows()) is not None and shows.before is not None and not before.append(shows)
    )
    seat.presenter.control(ReviewControl.STEP_BACK)
    qtbot.waitUntil(lambda: (shows := source.shows()) is not None and shows.at == before[-1].before)
    seat.presenter.control(ReviewControl.SLOWER)
    assert source.position.rate == 0.5
    for _ in range(5):
        seat.presenter.control(ReviewControl.FASTER)
    assert source.position.rate == 4.0
    seat.presenter.go_to(datetime.fromtimestamp(seat.ring.moment(5 * FPS), UTC))
    assert source.position.reached() == pytest.approx(seat.ring.moment(5 * FPS), abs=0.5)


def test_where_nothing_was_recorded_the_mark_says_so(qtbot: QtBot, seat: Seat) -> None:
    seat.ring.hold(2, (0, 5 * FPS), (20 * FPS, 5 * FPS), width=320, height=184)
    seat.wall.selected_tile = 1
    seat.presenter.replay()
    qtbot.waitUntil(lambda: seat.wall.shown[1][1].missing_at is not None)
    missing_at = seat.wall.shown[1][1].missing_at
    assert missing_at is not None
    assert abs(missing_at.timestamp() - (time.time() - 10)) < 1.5
    asked = seat.presenter.asked(1)
    assert asked is not None
    assert abs(asked - missing_at.timestamp()) < 1.5
    assert seat.presenter.moment(1) is None
    assert seat.presenter.asked(0) is None, "a live tile is asked no moment"


def test_what_is_recorded_and_damaged_is_not_said_to_be_missing(qtbot: QtBot, seat: Seat) -> None:
    seat.ring.hold(1, (0, 40 * FPS), broken=range(40 * FPS), width=320, height=184)
    seat.presenter.replay()
    source = seat.wall.source(0)
    qtbot.waitUntil(lambda: (shows := source.shows()) is not None and shows.trouble != "")
    qtbot.waitUntil(lambda: source.state().reason is LossReason.NOT_UNDERSTOOD)
    seat.presenter.show_marks(())
    assert seat.wall.shown[0][1].missing_at is None
    assert source.state().picture_at is None


def test_reaching_the_present_goes_back_to_live(qtbot: QtBot, seat: Seat) -> None:
    seat.ring.hold(1, (0, 20 * FPS), width=320, height=184)
    seat.presenter.replay()
    with qtbot.waitSignal(seat.presenter.ended, timeout=10_000):
        seat.presenter.go_to(datetime.fromtimestamp(time.time() - 0.3, UTC))
    assert seat.wall.shown == {}


def test_a_tile_that_shows_another_camera_is_let_go_and_one_of_another_size_opened_anew(
    qtbot: QtBot, seat: Seat
) -> None:
    seat.ring.hold(1, (0, 20 * FPS), width=320, height=184)
    seat.presenter.replay()
    small = seat.wall.source(0)
    place = seat.wall.places[0]
    assert place is not None
    seat.wall.places[0] = replace(place, width=640, height=360)
    seat.wall.places_changed.emit(None)
    large = seat.wall.source(0)
    assert large is not small
    assert large.size == (640, 360)
    assert large.position == small.position
    seat.wall.places[0] = Spot(make_camera(5))
    with qtbot.waitSignal(seat.presenter.ended):
        seat.wall.places_changed.emit(None)
    assert seat.wall.shown == {}
    assert not seat.presenter.active


def test_an_empty_tile_has_nothing_to_replay(seat: Seat) -> None:
    seat.wall.selected_tile = 5
    seat.presenter.replay()
    assert not seat.presenter.active


def test_without_the_right_nothing_is_replayed_and_it_is_said(qtbot: QtBot, seat: Seat) -> None:
    seat.door.enter(operator(role=Role.POLICE_LIAISON))
    with qtbot.waitSignal(seat.presenter.refused):
        seat.presenter.replay()
    assert seat.wall.shown == {}


def test_bookmarks_and_snapshots_of_a_replay_are_of_its_moment(qtbot: QtBot, seat: Seat) -> None:
    seat.ring.hold(1, (0, 20 * FPS), width=320, height=184)
    seat.presenter.replay()
    qtbot.waitUntil(lambda: seat.presenter.moment(0) is not None)
    moment = seat.presenter.moment(0)
    assert moment is not None
    assert abs(time.time() - 10 - moment) < 1.0
    assert seat.presenter.moment(3) is None
    with qtbot.waitSignal(seat.presenter.bookmark_asked) as asked:
        seat.presenter.control(ReviewControl.BOOKMARK)
    assert asked.args == [0]
    with qtbot.waitSignal(seat.presenter.snapshot_asked):
        seat.presenter.control(ReviewControl.SNAPSHOT)
