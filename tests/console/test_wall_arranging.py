"""Tiles that are swapped, emptied, called into, and made spot tiles; and who is told of it."""

from domain.layout import Layout
from domain.wall import CameraTile, MonitorView, SpotTile
from tests.console.surroundings import make_alarm
from tests.console.wall_room import Room
from widgets.tile_use import TileUseWish

pytest_plugins = ["tests.console.wall_fixtures"]


def test_swapped_tiles_take_their_streams_along(room: Room) -> None:
    room.wall.fill([1, 2, 3])
    before = room.engine.open
    room.wall.swap(0, 3)
    assert room.wall.view.tiles[0] is None
    assert room.wall.cameras == (2, 3, 1)
    room.wall.swap(1, 2)
    assert room.wall.cameras == (3, 2, 1)
    assert room.engine.open == before
    assert room.view.selected == 2


def test_an_emptied_tile_stays_empty_in_another_layout(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.clear(1)
    assert room.engine.of(2) == []
    room.wall.show_layout("1+5")
    assert [use and use.camera_no for use in room.wall.view.tiles] == [1, None, 3, 4, None, None]  # type: ignore[union-attr]
    assert len(room.view.tile_sizes()) == 6


def test_a_camera_that_is_called_goes_to_the_next_free_tile_when_the_selected_one_is_taken(room: Room) -> None:
    room.wall.fill([1, 2])
    room.wall.call(5)
    assert room.wall.cameras == (1, 2, 5)
    assert room.view.selected == 2
    room.wall.call(6)
    room.wall.call(7)
    assert room.wall.cameras == (1, 2, 5, 7)


def test_a_camera_that_is_called_spares_spot_tiles_and_tours(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.put(0, SpotTile())
    room.view.select_tile(0)
    room.wall.call(9)
    assert room.wall.view.tiles[:2] == (SpotTile(), CameraTile(9))


def test_a_view_of_one_s_own_layout_is_shown_and_told(room: Room) -> None:
    told: list[MonitorView] = []
    room.wall.view_changed.connect(told.append)
    view = MonitorView.empty(Layout.of("2+8")).with_tile(9, CameraTile(4))
    room.wall.show_view(view)
    assert told == [view]
    assert room.wall.view == view
    assert room.wall.cameras == (4,)
    assert room.wall.touched


def test_nothing_is_told_while_nobody_arranges_anything(room: Room) -> None:
    told: list[MonitorView] = []
    room.wall.view_changed.connect(told.append)
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(1)
    room.wall.step_back()
    room.wall.show_alarms({1: make_alarm()})
    assert told == []
    room.wall.call(9)
    assert len(told) == 1


def test_a_tile_is_made_a_spot_tile_and_an_ordinary_one_again_with_what_it_shows(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.view.use_asked.connect(lambda wish: room.wall.use_tile(wish.tile, wish.use))
    room.view.use_asked.emit(TileUseWish(1, SpotTile()))
    assert room.wall.spot_seats == (1,)
    assert room.view._uses.of(1) == SpotTile()
    room.wall.show_spots({1: 9}, 0)
    room.view.use_asked.emit(TileUseWish(1, None))
    assert room.wall.view.tiles[1] == CameraTile(9)


def test_a_spot_tile_shows_the_camera_that_it_is_given(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.put(3, SpotTile())
    assert room.wall.spot_seats == (3,)
    assert room.wall.cameras == (1, 2, 3)
    room.wall.show_spots({3: 8}, 7)
    content = room.view._contents[3]
    assert content is not None
    assert (content.camera.no, content.spot, content.waiting) == (8, True, 7)
    assert room.wish(8).width > 0
    room.wall.show_spots({}, 0)
    assert room.engine.of(8) == []
