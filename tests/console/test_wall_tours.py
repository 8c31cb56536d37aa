"""Camera tours in a tile of a wall: from one camera to the next without a moment in which nothing is seen."""

from uuid import UUID

from domain.clock import SystemClock
from domain.wall import CameraTour, TourTile
from tests.console.pictures import Source
from tests.console.surroundings import make_alarm
from tests.console.wall_room import Room

pytest_plugins = ["tests.console.wall_fixtures"]


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


def let_six_come(room: Room, clock: Clock) -> Source:
    """Let camera 6 be about to take over with its next frame, and return its source."""
    room.give()
    clock.ahead = 8.0
    room.wall.tick_tours(hold=False)
    (ahead,) = room.engine.of(6)
    clock.ahead = 10.5
    ahead.told = room.engine.of(5)[0].told  # it has a picture by now
    room.wall.tick_tours(hold=False)
    assert room.view._contents[1] is not None
    assert room.view._contents[1].next_source is ahead
    return ahead


def test_a_camera_that_is_about_to_take_over_is_given_up_when_an_alarm_holds_the_tour(room: Room) -> None:
    clock = make_tour(room)
    ahead = let_six_come(room, clock)
    room.wall.tick_tours(hold=True)
    assert ahead.ended, "its frame would be drawn under the name of camera 5"
    assert room.view._contents[1] is not None
    assert room.view._contents[1].next_source is None
    assert tour_shows(room) == 5
    assert room.view.picture(1) is not None
    room.give(5)
    clock.ahead += 4.0  # as much of its time as a camera has left after a hold
    room.wall.tick_tours(hold=False)
    room.wall.tick_tours(hold=False)
    (again,) = room.engine.of(6)
    again.told = room.engine.of(5)[0].told
    room.wall.tick_tours(hold=False)
    room.give(6)
    assert tour_shows(room) == 6


def test_a_camera_that_is_about_to_take_over_is_given_up_when_its_tour_is_another_one(room: Room) -> None:
    clock = make_tour(room)
    ahead = let_six_come(room, clock)
    room.wall.show_tours([CameraTour(UUID(int=7), "night", (5, 8), 10.0)])
    assert ahead.ended
    assert room.engine.cameras == [1, 5]


def test_a_camera_that_is_about_to_take_over_is_not_opened_a_second_time(room: Room) -> None:
    clock = make_tour(room)
    ahead = let_six_come(room, clock)
    room.wall.show_alarms({1: make_alarm()})
    assert room.engine.of(6) == [ahead]
    room.give(6)
    assert tour_shows(room) == 6
    assert len([source for source in room.engine.made if source.wish.camera_no == 6]) == 1
