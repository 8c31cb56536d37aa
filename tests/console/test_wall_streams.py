"""What a wall subscribes to: each tile's stream by its size and worth; no picture goes before the next is there."""

from domain.picture import Face
from domain.wall import CameraTile, Quality
from tests.console.surroundings import make_alarm, make_camera
from tests.console.wall_room import Room
from widgets.tile import TileZoom

pytest_plugins = ["tests.console.wall_fixtures"]


def test_a_maximised_tile_takes_the_main_stream_and_keeps_its_picture_until_that_has_a_frame(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.give()
    (sub,) = room.engine.of(3)
    room.wall.toggle_maximised(2)
    assert [source.wish.profile for source in room.engine.of(3)] == ["sub", "main"]
    room.give(3)
    assert sub.ended
    assert room.wish(3).profile == "main"
    assert room.wish(3).width > 960


def test_tiles_behind_a_maximised_one_stay_connected_with_keyframes_only(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.give()
    before = {number: room.engine.of(number) for number in (1, 2, 4)}
    room.wall.toggle_maximised(2)
    room.give(3)
    assert {number: room.engine.of(number) for number in (1, 2, 4)} == before
    assert all(room.wish(number).keyframes_only and room.wish(number).rank == 0 for number in (1, 2, 4))
    room.wall.step_back()
    assert {number: room.engine.of(number) for number in (1, 2, 4)} == before
    assert not any(room.wish(number).keyframes_only for number in (1, 2, 4))
    room.settle()
    assert room.wish(3).profile == "sub"


def test_a_camera_whose_address_changed_is_connected_to_anew(room: Room) -> None:
    room.wall.fill([1, 2])
    before = room.engine.open
    moved = make_camera(1, sub_url="rtsp://127.0.0.1:9/elsewhere")
    room.give()
    room.wall.show_register([moved, *room.register[1:]])
    assert before[0].ended == 1
    assert before[1].ended == 0
    assert room.view.picture(0) is None, "what the old device sent is still seen"
    assert room.view.picture(1) is not None
    assert room.wall.faces()[1] is Face.WAITING


def test_a_camera_that_is_only_called_otherwise_stays_connected(room: Room) -> None:
    room.wall.fill([1])
    before = room.engine.open
    room.wall.show_register([make_camera(1, name="north gate"), *room.register[1:]])
    assert room.engine.open == before
    assert room.view._contents[0] is not None
    assert room.view._contents[0].camera.name == "north gate"


def test_a_camera_with_new_masks_is_subscribed_to_anew_at_once(room: Room) -> None:
    room.wall.fill([1])
    room.give()
    before = room.engine.open[0]
    masked = make_camera(1, masks=(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)),))
    room.wall.show_register([masked, *room.register[1:]])
    assert before.ended == 1
    assert room.engine.open[0].camera == masked


def test_subscriptions_follow_the_tiles_size_and_old_ones_end_with_the_first_new_frame(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.give()
    before = room.engine.open
    room.view.resize(700, 420)
    room.qtbot.waitUntil(lambda: len(room.engine.open) == 8, timeout=3000)
    assert not any(source.ended for source in before)
    for source in set(room.engine.open) - set(before):
        source.give(room.clock.monotonic())
    room.qtbot.waitUntil(lambda: all(source.ended for source in before), timeout=3000)
    size = room.view.tile_sizes()[0]
    assert [(source.wish.width, source.wish.height) for source in room.engine.open] == [(size.width, size.height)] * 4
    assert all(source.wish.profile == "sub" for source in room.engine.open)


def test_a_source_that_never_had_a_picture_is_not_kept_for_one(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.show_layout("9")
    assert room.engine.cameras == [1, 2, 3, 4]


def test_a_stream_that_never_delivers_leaves_the_picture_that_there_is(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.give()
    (sub,) = room.engine.of(2)
    room.wall.toggle_maximised(1)
    assert room.view._contents[0] is not None
    assert room.view._contents[0].source is sub
    room.wall.step_back()
    assert room.engine.of(2) == [sub]


def test_nothing_is_asked_for_anew_where_nothing_changed(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    made = len(room.engine.made)
    room.wall.fill([1, 2, 3, 4])
    room.wall.show_alarms({})
    room.wall.call(2, 2)
    assert len(room.engine.made) == made


def test_a_camera_without_a_stream_has_a_tile_and_no_subscription(room: Room) -> None:
    room.wall.fill([19, 1])
    assert room.wall.cameras == (19, 1)
    assert room.engine.cameras == [1]


def test_the_same_camera_may_stand_in_two_tiles(room: Room) -> None:
    room.wall.fill([1, 2])
    room.wall.call(1, 2)
    assert room.engine.cameras == [1, 1]


def test_the_selected_tile_and_those_with_alarms_matter_most(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.view.select_tile(1)
    room.wall.show_alarms({4: make_alarm()})
    assert [room.wish(number).rank for number in (1, 2, 3, 4)] == [10, 30, 10, 30]
    made = len(room.engine.made)
    room.view.select_tile(0)
    room.wall.show_alarms({})
    assert [room.wish(number).rank for number in (1, 2, 3, 4)] == [30, 10, 10, 10]
    assert len(room.engine.made) == made


def test_a_hidden_wall_keeps_its_connections_with_keyframes_only(room: Room) -> None:
    room.wall.fill([1, 2])
    before = room.engine.open
    room.view.hide()
    assert room.engine.open == before
    assert all(source.wish.keyframes_only and source.wish.rank == 0 for source in before)
    room.wall.call(5, 3)
    assert room.engine.of(5) == []
    room.view.show()
    assert not any(source.wish.keyframes_only for source in room.engine.open)
    assert room.wish(5).rank == 30


def test_an_operator_chooses_another_stream_for_a_tile(room: Room) -> None:
    room.wall.fill([1, 2])
    room.give()
    room.wall.set_quality(1, Quality.MAIN)
    assert [source.wish.profile for source in room.engine.of(2)] == ["sub", "main"]
    room.settle()
    room.wall.set_quality(1, Quality.KEYFRAMES)
    room.settle()
    assert (room.wish(2).profile, room.wish(2).keyframes_only) == ("sub", True)
    assert room.wall.view.tiles[1] == CameraTile(2, Quality.KEYFRAMES)
    assert room.view._contents[1] is not None
    assert room.view._contents[1].quality is Quality.KEYFRAMES


def test_a_zoomed_tile_takes_more_of_the_main_stream_and_gives_it_back(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.give()
    small = room.wish(2)
    room.view.zoom_changed.emit(TileZoom(1, 2.0))
    zoomed = room.engine.of(2)[-1].wish
    assert (zoomed.profile, zoomed.width) == ("main", 2 * small.width)
    room.give(2)
    room.view.zoom_changed.emit(TileZoom(1, 8.0))
    assert room.engine.of(2)[-1].wish.width <= 1920
    assert room.engine.of(2)[-1].wish.height <= 1080
    room.give(2)
    room.view.zoom_changed.emit(TileZoom(1, 1.0))
    room.settle()
    assert room.wish(2).profile == "sub"


def test_a_camera_with_one_stream_is_never_connected_to_twice(room: Room) -> None:
    room.wall.show_register([make_camera(1, main_url=""), make_camera(2, sub_url="")])
    room.wall.fill([1, 2])
    assert [room.wish(1).profile, room.wish(2).profile] == ["sub", "main"]
    room.view.zoom_changed.emit(TileZoom(0, 4.0))
    assert room.wish(1).profile == "sub"
