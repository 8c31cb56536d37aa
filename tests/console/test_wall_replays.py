"""A replay in a tile of a wall, while the live stream goes on behind it."""

from tests.console.pictures import Source
from tests.console.wall_room import Room
from widgets.tile import ReplayMark

pytest_plugins = ["tests.console.wall_fixtures"]


def test_a_replay_stands_in_for_the_live_picture_whose_stream_goes_on(room: Room) -> None:
    room.wall.fill([1, 2])
    live = room.engine.of(2)
    replay, mark = Source(room.register[1], live[0].wish), ReplayMark(10.0)
    made = len(room.engine.made)
    room.wall.show_replay(1, replay, mark)
    content = room.view._contents[1]
    assert content is not None
    assert (content.source, content.replay, content.next_source) == (replay, mark, None)
    room.wall.show_replay(1, replay, ReplayMark(11.0))
    room.wall.show_replay(1, None, None)
    content = room.view._contents[1]
    assert content is not None
    assert (content.source, content.replay) == (live[0], None)
    assert len(room.engine.made) == made


def test_a_tile_that_gets_another_camera_while_it_replays_goes_back_to_live(room: Room) -> None:
    room.wall.fill([1, 2])
    places: list[object] = []
    room.wall.places_changed.connect(places.append)
    room.wall.show_replay(1, Source(room.register[1], room.wish(2)), ReplayMark(10.0))
    assert places == []
    room.wall.call(5, 2)
    content = room.view._contents[1]
    assert content is not None
    assert content.replay is None
    assert len(places) == 1
    place = room.wall.replay_place(1)
    assert place is not None
    assert (place.camera.no, place.width) == (5, room.view.tile_sizes()[1].width)
    assert room.wall.replay_place(3) is None
    assert room.wall.replay_place(99) is None


def test_a_replay_stays_with_its_tile_while_another_is_maximised(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.show_replay(1, Source(room.register[1], room.wish(2)), ReplayMark(10.0))
    room.wall.toggle_maximised(2)
    assert room.wall.selected_tile == 2
    assert room.wall.replay_place(1) is not None
    room.wall.step_back()
    assert [content and bool(content.replay) for content in room.view._contents] == [False, True, False, False]
