"""Cameras on a wall: filling it, calling them up, stepping through them, and what is said of them."""

import pytest

from domain.alarm import Priority
from domain.errors import BadInputError
from domain.motion import MotionPhase, MotionState, Velocity
from domain.picture import Face
from tests.console.surroundings import make_alarm
from tests.console.wall_room import Room

pytest_plugins = ["tests.console.wall_fixtures"]


@pytest.mark.parametrize(("count", "layout"), [(1, 1), (2, 4), (4, 4), (5, 9), (10, 16), (20, 16)])
def test_cameras_fill_the_smallest_layout_that_holds_them(room: Room, count: int, layout: int) -> None:
    room.wall.fill(range(1, count + 1))
    assert len(room.view.tile_sizes()) == layout
    assert room.wall.cameras == tuple(range(1, min(count, 16) + 1))
    assert room.shown() == list(room.wall.cameras)


def test_unknown_cameras_are_left_out_when_a_wall_is_filled(room: Room) -> None:
    room.wall.fill([99, 2, 98])
    assert room.wall.cameras == (2,)


def test_a_camera_comes_into_the_tile_that_is_named_and_selects_it(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.call(9, 3)
    assert room.wall.cameras == (1, 2, 9, 4)
    assert room.view.selected == 2
    assert room.wall.selected_camera == room.register[8]
    assert room.selected[-1] == room.register[8]


def test_without_a_tile_a_camera_comes_into_the_selected_one(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.view.select_tile(1)
    room.wall.call(5)
    assert room.wall.cameras == (1, 5, 3, 4)


@pytest.mark.parametrize(("number", "tile"), [(99, None), (99, 1), (1, 5), (1, 0), (1, -1)])
def test_what_is_not_there_is_refused_and_the_wall_stays(room: Room, number: int, tile: int | None) -> None:
    room.wall.fill([1, 2, 3, 4])
    with pytest.raises(BadInputError):
        room.wall.call(number, tile)
    assert room.wall.cameras == (1, 2, 3, 4)


def test_a_smaller_layout_keeps_the_first_cameras_and_a_larger_one_all(room: Room) -> None:
    room.wall.fill(range(1, 10))
    room.view.select_tile(8)
    room.wall.show_layout("4")
    assert room.wall.cameras == (1, 2, 3, 4)
    room.wall.call(12)  # the selected tile is one that there is
    assert 12 in room.wall.cameras
    room.wall.show_layout("16")
    assert len(room.wall.cameras) == 4
    with pytest.raises(BadInputError):
        room.wall.show_layout("1+6")


def test_stepping_goes_through_the_cameras_that_stream_and_round_again(room: Room) -> None:
    room.wall.fill([17])
    room.wall.step(1)
    assert room.wall.cameras == (18,)
    room.wall.step(1)
    assert room.wall.cameras == (1,)
    room.wall.step(-1)
    assert room.wall.cameras == (18,)


@pytest.mark.parametrize(("by", "number"), [(1, 1), (-1, 18)])
def test_stepping_from_an_empty_tile_begins_at_an_end(room: Room, by: int, number: int) -> None:
    room.wall.step(by)
    assert room.wall.cameras == (number,)


def test_stepping_where_nothing_streams_does_nothing(room: Room) -> None:
    room.wall.show_register(room.register[18:])
    room.wall.step(1)
    assert room.wall.cameras == ()


def test_an_alarm_gives_its_camera_a_border_and_takes_it_away_again(room: Room) -> None:
    room.wall.fill([1, 2])
    room.wall.show_alarms({2: make_alarm(priority=Priority.HIGH), 99: make_alarm()})
    assert [content and content.alarm for content in room.view._contents] == [None, Priority.HIGH, None, None]
    assert room.view._contents[1] is not None
    assert room.view._contents[1].alarm_waiting
    room.wall.show_alarms({})
    assert all(content is None or content.alarm is None for content in room.view._contents)


def test_a_camera_on_the_wall_can_be_selected_and_one_that_is_not_cannot(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    assert room.wall.select(4)
    assert room.view.selected == 3
    assert not room.wall.select(9)
    assert room.wall.first_ptz() == room.register[2]
    room.wall.fill([1])
    assert room.wall.first_ptz() is None


def test_the_selection_is_told_when_its_tile_gets_another_camera(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.selected.clear()
    room.wall.fill([5, 6])
    assert room.selected == [room.register[4]]
    room.view.select_tile(3)
    assert room.selected[-1] is None


def test_faces_and_movements_are_passed_on(room: Room) -> None:
    room.wall.fill([1, 19])
    assert set(room.wall.faces()) == {1, 19}
    assert room.wall.faces()[19] is Face.LOST
    room.wall.show_motion(MotionState(1, MotionPhase.MOVING, Velocity(pan=1)))
    assert room.wall.knows(1)
    assert not room.wall.knows(99)
