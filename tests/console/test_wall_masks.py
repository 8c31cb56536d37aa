"""Masks that are lifted, put back and added: which pictures a wall asks for, and which it gives up at once."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from console.wall_presenter import WallPresenter
from domain.camera import Camera
from domain.clock import SystemClock
from domain.wall import CameraTour
from tests.console.pictures import Engine, Source
from tests.console.surroundings import make_camera
from widgets.tile import ReplayMark
from widgets.wall import WallView

DOOR = ((0.1, 0.1), (0.4, 0.1), (0.4, 0.4))
WINDOW = ((0.6, 0.6), (0.9, 0.6), (0.9, 0.9))
TOUR = CameraTour(UUID(int=1), "gates", (2, 3), 5.0)


class Room:
    """A wall of four cameras, of which 2 has a mask."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot, self.engine, self.clock = qtbot, Engine(), SystemClock()
        self.view = WallView(self.clock)
        qtbot.addWidget(self.view)
        self.view.resize(1280, 760)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.wall = WallPresenter(self.view, self.engine, self.clock)
        self.register = {no: make_camera(no, masks=(DOOR,) if no == 2 else ()) for no in range(1, 6)}
        self.show_register()
        self.wall.fill([1, 2, 3, 4])
        self.give()

    def show_register(self, *changed: Camera) -> None:
        self.register |= {camera.no: camera for camera in changed}
        self.wall.show_register(self.register.values())

    def lift(self, *cameras: int) -> None:
        self.wall.show_marks(recording=frozenset(), by_hand=frozenset(), unmasked=frozenset(cameras))

    def give(self) -> None:
        """Have a frame come from every source, and wait until the wall has drawn it."""
        sources = self.engine.open
        for source in sources:
            source.give(self.clock.monotonic())
        self.qtbot.waitUntil(lambda: all(source.waiting is None or source.ended for source in sources), timeout=3000)

    def masked(self, camera_no: int = 2) -> list[tuple[bool, tuple[object, ...]]]:
        """Return of each source of a camera whether it is masked, and with what."""
        return [(source.wish.masked, source.camera.masks) for source in self.engine.of(camera_no)]

    def drawn(self, tile: int = 1) -> bool:
        return self.view.picture(tile) is not None


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    return Room(qtbot)


@pytest.fixture
def lifted(room: Room) -> Iterator[Room]:
    room.lift(2)
    room.give()
    assert room.masked() == [(False, (DOOR,))]
    return room


def test_lifted_masks_come_with_the_first_unmasked_frame_and_never_black_the_tile(room: Room) -> None:
    assert room.masked() == [(True, (DOOR,))]
    room.lift(2)
    assert room.masked() == [(True, (DOOR,)), (False, (DOOR,))], "the old one goes on until the new one has a picture"
    assert room.drawn()
    room.give()
    assert room.masked() == [(False, (DOOR,))]
    assert room.view._contents[1].unmasked
    assert [source.wish.masked for no in (1, 3, 4) for source in room.engine.of(no)] == [True, True, True]


def test_masks_that_are_put_back_leave_no_uncovered_source_and_no_picture(lifted: Room) -> None:
    lifted.lift()
    assert lifted.masked() == [(True, (DOOR,))], "the unmasked source is given up before another frame of it is drawn"
    assert not lifted.drawn()
    lifted.give()
    assert lifted.drawn()


def test_putting_back_before_the_unmasked_picture_came_goes_on_with_the_masked_one(room: Room) -> None:
    (first,) = room.engine.of(2)
    room.lift(2)
    room.lift()
    assert room.engine.of(2) == [first]
    room.give()
    assert room.drawn()


def test_a_mask_that_is_added_gives_up_the_pictures_without_it(room: Room) -> None:
    room.show_register(replace(room.register[2], masks=(DOOR, WINDOW)))
    assert room.masked() == [(True, (DOOR, WINDOW))]
    assert not room.drawn()
    assert room.drawn(0)


def test_a_mask_that_is_taken_away_is_taken_away_with_the_next_picture(room: Room) -> None:
    room.show_register(replace(room.register[2], masks=()))
    assert room.drawn()
    assert room.masked() == [(True, (DOOR,)), (True, ())]
    room.give()
    assert room.masked() == [(True, ())]


def test_a_camera_behind_an_enlarged_tile_is_covered_too(lifted: Room) -> None:
    lifted.wall.toggle_maximised(0)
    lifted.lift()
    assert all(masked for masked, _ in lifted.masked()), "nobody sees it now, and it comes back covered"
    lifted.wall.toggle_maximised(0)
    assert not lifted.drawn()
    lifted.give()
    assert lifted.drawn()


def test_a_camera_that_was_lifted_while_its_tile_was_hidden_stays_covered_until_it_is_seen(room: Room) -> None:
    room.wall.toggle_maximised(0)
    room.lift(2)
    assert room.masked() == [(True, (DOOR,))]
    room.wall.toggle_maximised(0)
    assert (False, (DOOR,)) in room.masked()


def test_a_tour_s_next_camera_that_was_opened_uncovered_is_given_up(room: Room) -> None:
    room.show_register(replace(room.register[3], masks=(DOOR,)))
    room.lift(2, 3)
    room.wall.show_tours([TOUR])
    room.view.select_tile(3)
    room.wall.run_tour(TOUR.id)
    room.give()
    held = room.wall._streams._sources
    run = room.wall._scene.tours._runs[3]
    run.tick(room.clock.monotonic() + 4.0, room.wall._streams.sight(3, room.clock.monotonic()), hold=False)
    room.wall._draw()
    ahead = held.ahead(3)
    assert ahead is not None
    assert (ahead.camera.no, ahead.wish.masked) == (3, False)
    room.lift()
    again = held.ahead(3)
    assert again is not None
    assert again.wish.masked
    assert all(source.wish.masked for source in room.engine.open)


def test_a_replay_that_was_opened_uncovered_is_not_shown_once_masks_are_back(lifted: Room) -> None:
    replay, mark = Source(lifted.register[2], lifted.engine.of(2)[0].wish), ReplayMark(10.0, paused=True)
    lifted.wall.show_replay(1, replay, mark)
    assert lifted.view._contents[1].source is replay
    lifted.lift()
    lifted.wall.show_replay(1, replay, ReplayMark(11.0, paused=True))
    content = lifted.view._contents[1]
    assert content is not None
    assert (content.source, content.replay) == (None, ReplayMark(11.0, paused=True))
    covered = Source(lifted.register[2], lifted.engine.of(2)[0].wish)
    lifted.wall.show_replay(1, covered, mark)
    assert lifted.view._contents[1].source is covered


def test_a_camera_without_masks_is_not_opened_anew_when_they_are_lifted(room: Room) -> None:
    before = room.engine.of(1)
    room.lift(1)
    assert room.engine.of(1) == before
    assert not room.view._contents[0].unmasked
