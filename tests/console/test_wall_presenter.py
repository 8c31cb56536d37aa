from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from console.wall_presenter import WallPresenter
from domain.alarm import Priority
from domain.camera import Camera
from domain.clock import SystemClock
from domain.errors import BadInputError
from domain.motion import MotionPhase, MotionState, Velocity
from domain.picture import Face, Frame, PictureState, Subscription
from tests.console.surroundings import make_alarm, make_camera
from widgets.tile import TileDrop
from widgets.wall import WallView


@dataclass(eq=False)
class Source:
    """A picture that never comes."""

    wish: Subscription
    ended: int = 0

    def newest(self) -> Frame | None:
        assert not self.ended, "a source was used after it was given back"
        return None

    def state(self) -> PictureState:
        return PictureState(since=0.0)


@dataclass
class Engine:
    """Gives sources, and keeps account of them."""

    made: list[Source] = field(default_factory=list)

    def subscribe(self, camera: Camera, wish: Subscription) -> Source:
        assert camera.no == wish.camera_no
        assert wish.width >= 16
        assert wish.height >= 8
        self.made.append(Source(wish))
        return self.made[-1]

    def unsubscribe(self, source: Source) -> None:
        source.ended += 1
        assert source.ended == 1, "a source was given back twice"

    @property
    def open(self) -> list[Source]:
        return [source for source in self.made if not source.ended]

    @property
    def cameras(self) -> list[int]:
        return sorted(source.wish.camera_no for source in self.open)


class Room:
    """A wall with cameras 1 to 20, of which 19 and 20 don't stream and 3 and 7 turn."""

    def __init__(self, qtbot: QtBot) -> None:
        self.engine = Engine()
        self.view = WallView(SystemClock())
        qtbot.addWidget(self.view)
        self.view.resize(1280, 760)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.wall = WallPresenter(self.view, self.engine)  # type: ignore[arg-type]  # an engine without processes
        self.register = [
            make_camera(number, onvif_url="http://x" if number in (3, 7) else "")
            if number < 19
            else make_camera(number, main_url="", sub_url="")
            for number in range(1, 21)
        ]
        self.wall.show_register(self.register)
        self.selected: list[Camera | None] = []
        self.wall.selection_changed.connect(self.selected.append)

    def shown(self) -> list[int]:
        return [figures.camera_no for figures in self.view.statistics()]


@pytest.fixture
def room(qtbot: QtBot) -> Iterator[Room]:
    room = Room(qtbot)
    yield room
    assert room.engine.cameras == sorted(number for number in room.wall.cameras if number < 19)


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
    room.wall.show_layout(4)
    assert room.wall.cameras == (1, 2, 3, 4)
    room.wall.call(12)  # the selected tile is one that there is
    assert 12 in room.wall.cameras
    room.wall.show_layout(16)
    assert len(room.wall.cameras) == 4
    with pytest.raises(BadInputError):
        room.wall.show_layout(5)


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
    room.view.maximise_asked.emit(2)
    assert room.wall.cameras == (3,)
    assert room.engine.open[0].wish.profile == "main"  # large enough to be worth it
    assert room.wall.step_back()
    assert room.wall.cameras == (1, 2, 3, 4)
    assert room.view.selected == 2
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
    room.wall.show_layout(9)
    assert room.wall.cameras == (1, 2, 3, 4)
    assert not room.wall.step_back()


def test_a_camera_that_left_the_register_leaves_the_wall_even_behind_a_maximised_tile(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.wall.toggle_maximised(0)
    room.wall.show_register([camera for camera in room.register if camera.no != 3])
    room.wall.step_back()
    assert room.wall.cameras == (1, 2, 4)
    room.wall.show_register([])
    assert room.wall.cameras == ()
    assert room.engine.open == []


def test_a_camera_whose_address_changed_is_connected_to_anew(room: Room) -> None:
    room.wall.fill([1, 2])
    before = room.engine.open
    moved = make_camera(1, sub_url="rtsp://127.0.0.1:9/elsewhere")
    room.wall.show_register([moved, *room.register[1:]])
    assert before[0].ended == 1
    assert before[1].ended == 0


def test_subscriptions_follow_the_tiles_size_and_the_old_ones_are_given_back_once(room: Room, qtbot: QtBot) -> None:
    room.wall.fill([1, 2, 3, 4])
    before = room.engine.open
    room.view.resize(700, 420)
    qtbot.waitUntil(lambda: all(source.ended for source in before), timeout=3000)
    size = room.view.tile_sizes()[0]
    assert [(source.wish.width, source.wish.height) for source in room.engine.open] == [(size.width, size.height)] * 4
    assert all(source.wish.profile == "sub" for source in room.engine.open)


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


def test_a_dropped_camera_stands_where_it_was_dropped(room: Room) -> None:
    room.wall.fill([1, 2, 3, 4])
    room.view.camera_dropped.emit(TileDrop(tile=3, camera_no=8))
    assert room.wall.cameras == (1, 2, 3, 8)


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
