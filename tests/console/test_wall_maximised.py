"""One tile of a wall shown alone, and all of them again."""

from domain.wall import SpotTile
from tests.console.wall_room import Room

pytest_plugins = ["tests.console.wall_fixtures"]


def test_a_tile_is_shown_alone_and_all_come_back_with_it_selected(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.selected.clear()
    room.wall.toggle_maximised(2)
    assert room.wall.cameras == (3,)
    assert room.wall.step_back()
    assert room.wall.cameras == (1, 2, 3, 4)
    assert room.view.selected == 2
    assert [camera and camera.no for camera in room.selected] == [3]
    assert not room.wall.step_back()


def test_an_empty_tile_and_a_wall_of_one_are_not_maximised(room: Room) -> None:
    room.wall.fill([1, 2])
    room.wall.toggle_maximised(3)
    assert room.wall.cameras == (1, 2)
    room.wall.fill([1])
    room.wall.toggle_maximised(0)
    assert not room.wall.step_back()


def test_a_camera_called_into_a_maximised_tile_leaves_the_others_as_they_were(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(1)
    room.wall.call(9)
    assert room.wall.cameras == (9,)
    room.wall.step_back()
    assert room.wall.cameras == (1, 2, 3, 4)


def test_a_layout_chosen_while_one_tile_is_maximised_brings_the_others_back(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(1)
    room.wall.show_layout("9")
    assert room.wall.cameras == (1, 2, 3, 4)
    assert not room.wall.step_back()


def test_a_camera_that_left_the_register_leaves_its_tile_empty_until_it_is_back(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(0)
    room.wall.show_register([camera for camera in room.register if camera.no != 3])
    room.wall.step_back()
    assert room.wall.cameras == (1, 2, 4)
    assert room.engine.of(3) == []
    room.wall.show_register([])
    assert room.wall.cameras == ()
    assert room.engine.open == []
    room.wall.show_register(room.register)
    assert room.wall.cameras == (1, 2, 3, 4)


def test_an_enlarged_tile_that_is_made_a_spot_tile_comes_back_among_the_others(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(2)
    room.wall.use_tile(0, SpotTile())
    assert room.wall.spot_seats == (2,)
    assert len(room.view.tile_sizes()) == 4
    room.wall.use_tile(2, None)
    assert room.wall.view.tiles[2] is None, "nothing was in it"
