from collections.abc import Iterator
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from console.wall_presenter import WallPresenter
from domain.alarm import Priority
from domain.camera import Camera
from domain.clock import SystemClock
from domain.errors import BadInputError
from domain.layout import Layout
from domain.motion import MotionPhase, MotionState, Velocity
from domain.picture import Face, Subscription
from domain.wall import CameraTile, CameraTour, MonitorView, Quality, SpotTile, TourTile
from tests.console.pictures import Engine, Source
from tests.console.surroundings import make_alarm, make_camera
from widgets.tile import ReplayMark, TileZoom
from widgets.tile_use import TileUseWish
from widgets.wall import WallView


class Room:
    """A wall with cameras 1 to 20, of which 19 and 20 don't stream and 3 and 7 turn."""

    def __init__(self, qtbot: QtBot) -> None:
        self.engine = Engine()
        self.view = WallView(SystemClock())
        qtbot.addWidget(self.view)
        self.view.resize(1280, 760)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.clock = SystemClock()
        self.wall = WallPresenter(self.view, self.engine, self.clock)
        self.qtbot = qtbot
        self.register = [
            make_camera(number, onvif_url="http://x" if number in (3, 7) else "")
            if number < 19
            else make_camera(number, main_url="", sub_url="")
            for number in range(1, 21)
        ]
        self.wall.show_register(self.register)
        self.selected: list[Camera | None] = []
        self.wall.selection_changed.connect(self.selected.append)

    def give(self, *cameras: int) -> None:
        """Have a frame come from every source of these cameras, or of all, and wait until the wall has drawn it."""
        sources = [source for source in self.engine.open if not cameras or source.wish.camera_no in cameras]
        for source in sources:
            source.give(self.clock.monotonic())
        self.qtbot.waitUntil(lambda: all(source.waiting is None for source in sources), timeout=3000)

    def settle(self) -> None:
        """Have every source deliver; then each tile has one source and nothing else is open."""
        self.give()
        wanted = sorted(camera.no for camera in self.wall._scene.cameras().values() if camera.streams)
        assert self.engine.cameras == wanted

    def wish(self, camera_no: int) -> Subscription:
        """Return the only subscription to a camera."""
        (source,) = self.engine.of(camera_no)
        return source.wish

    def shown(self) -> list[int]:
        return [figures.camera_no for figures in self.view.statistics()]


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    wanted = {camera.no for camera in room.wall._scene.cameras().values() if camera.streams}
    assert set(room.engine.cameras) == wanted, "a camera on the wall has no source, or one that left it still has"


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


def test_a_camera_whose_address_changed_is_connected_to_anew(room: Room) -> None:
    room.wall.fill([1, 2])
    before = room.engine.open
    moved = make_camera(1, sub_url="rtsp://127.0.0.1:9/elsewhere")
    room.wall.show_register([moved, *room.register[1:]])
    assert before[0].ended == 1
    assert before[1].ended == 0


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


# -- what each tile is worth


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


# -- arranging


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


# -- what a tile is made


def test_a_tile_is_made_a_spot_tile_and_an_ordinary_one_again_with_what_it_shows(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.view.use_asked.connect(lambda wish: room.wall.use_tile(wish.tile, wish.use))
    room.view.use_asked.emit(TileUseWish(1, SpotTile()))
    assert room.wall.spot_seats == (1,)
    assert room.view._uses.of(1) == SpotTile()
    room.wall.show_spots({1: 9}, 0)
    room.view.use_asked.emit(TileUseWish(1, None))
    assert room.wall.view.tiles[1] == CameraTile(9)


def test_an_enlarged_tile_that_is_made_a_spot_tile_comes_back_among_the_others(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(2)
    room.wall.use_tile(0, SpotTile())
    assert room.wall.spot_seats == (2,)
    assert len(room.view.tile_sizes()) == 4
    room.wall.use_tile(2, None)
    assert room.wall.view.tiles[2] is None, "nothing was in it"


# -- replays


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


# -- camera tours


class Clock(SystemClock):
    """A clock that a test puts forward."""

    ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


def make_tour(room: Room) -> Clock:
    """Let a tour of cameras 5 and 6, ten seconds each, run in the second tile."""
    clock = Clock()
    room.wall._clock = clock
    tour = CameraTour(UUID(int=7), "night", (5, 6), 10.0)
    room.wall.show_tours([tour])
    room.wall.fill([1, 2])
    room.wall.put(1, TourTile(tour.id))
    return clock


def tour_shows(room: Room) -> int:
    assert room.view._contents[1] is not None
    assert room.view._contents[1].tour is not None
    return room.view._contents[1].camera.no


def test_a_tour_opens_the_next_camera_ahead_and_shows_it_from_its_first_frame_on(room: Room) -> None:
    clock = make_tour(room)
    room.give()
    assert tour_shows(room) == 5
    assert room.engine.of(6) == []
    clock.ahead = 8.0
    room.wall.tick_tours(hold=False)
    (ahead,) = room.engine.of(6)
    clock.ahead = 10.5
    ahead.told = room.engine.of(5)[0].told  # it has a picture by now
    room.wall.tick_tours(hold=False)
    assert tour_shows(room) == 5
    ahead.give(room.clock.monotonic())
    room.qtbot.waitUntil(lambda: tour_shows(room) == 6, timeout=3000)
    assert room.engine.of(6) == [ahead]
    assert room.engine.of(5) == []
    assert room.view.picture(1) is not None, "the picture went black between two cameras"
    assert room.wall.cameras == (1, 6)


def test_a_tour_waits_while_an_alarm_does(room: Room) -> None:
    clock = make_tour(room)
    clock.ahead = 30.0
    room.wall.tick_tours(hold=True)
    assert room.engine.of(6) == []
    assert room.view._contents[1] is not None
    assert room.view._contents[1].tour is not None
    assert room.view._contents[1].tour.paused


def test_a_tour_that_gives_way_to_a_camera_gives_its_streams_back(room: Room) -> None:
    clock = make_tour(room)
    clock.ahead = 8.0
    room.wall.tick_tours(hold=False)
    assert room.engine.cameras == [1, 5, 6]
    room.wall.call(3, 2)
    assert room.engine.cameras == [1, 3]


def test_a_tour_that_nobody_sees_stays_where_it_is(room: Room) -> None:
    clock = make_tour(room)
    room.wall.toggle_maximised(0)
    clock.ahead = 30.0
    room.wall.tick_tours(hold=False)
    assert room.engine.of(6) == []


# -- spot tiles


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
