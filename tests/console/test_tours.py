from uuid import UUID

from console.tours import AHEAD_S, FIRST_PICTURE_S, TourRun, TourSight
from domain.wall import CameraTour

TOUR = CameraTour(UUID(int=1), "night", (1, 2, 3, 4), 10.0)
GOOD = TourSight(alive=True, next_ready=True)
NOT_YET = TourSight(alive=True, next_ready=False)
DEAD = TourSight(alive=False, next_ready=False)
DEAD_NEXT_READY = TourSight(alive=False, next_ready=True)


class Room:
    """A tour's tile, and cameras of which some are missing."""

    def __init__(self, tour: CameraTour = TOUR, missing: tuple[int, ...] = ()) -> None:
        self.missing = set(missing)
        self.now = 100.0
        self.run = TourRun(tour, lambda number: number not in self.missing, self.now)

    def wait(self, seconds: float, sight: TourSight = GOOD, *, hold: bool = False) -> None:
        """Let time pass as the desk does, four times a second, and draw what is due."""
        for _ in range(round(seconds * 4)):
            self.now += 0.25
            self.run.tick(self.now, sight, hold=hold)
            if self.run.due:
                self.run.took(self.now)


def test_each_camera_stays_for_its_time_and_the_first_follows_the_last() -> None:
    room, seen = Room(), []
    for _ in range(9):
        seen.append(room.run.shown)
        room.wait(10.0)
    assert seen == [1, 2, 3, 4, 1, 2, 3, 4, 1]


def test_the_next_stream_is_opened_three_seconds_ahead() -> None:
    room = Room()
    room.wait(10.0 - AHEAD_S - 0.25)
    assert room.run.coming is None
    room.wait(0.25)
    assert room.run.coming == 2
    assert room.run.shown == 1
    assert not room.run.due


def test_nothing_is_swapped_before_the_next_camera_has_a_picture() -> None:
    room = Room()
    room.wait(11.0, NOT_YET)
    assert room.run.shown == 1
    assert not room.run.due
    room.wait(0.25)
    assert room.run.shown == 2


def test_a_camera_that_brings_no_picture_is_passed_over_and_left_alone_for_a_minute() -> None:
    room = Room()
    room.wait(10.0 - AHEAD_S + FIRST_PICTURE_S + 0.5, NOT_YET)
    assert room.run.coming == 3
    room.wait(0.25)
    assert room.run.shown == 3
    room.wait(20.0)
    assert room.run.shown == 1
    room.wait(10.0)
    assert room.run.shown == 3  # camera 2 failed half a minute ago
    room.wait(30.0)
    assert room.run.shown == 3
    room.wait(20.0)
    assert room.run.shown == 1
    room.wait(10.0)
    assert room.run.shown == 2


def test_a_camera_that_dies_while_it_is_shown_gives_way_as_soon_as_the_next_one_lives() -> None:
    room = Room()
    room.wait(1.0)
    room.wait(0.25, DEAD)
    assert room.run.coming == 2
    assert room.run.shown == 1
    room.wait(0.25, DEAD_NEXT_READY)
    assert room.run.shown == 2


def test_cameras_without_a_stream_are_skipped() -> None:
    room = Room(missing=(1, 3))
    assert room.run.shown == 2
    assert room.run.place == (2, 4)
    room.wait(10.0)
    assert room.run.shown == 4


def test_a_tour_without_any_usable_camera_begins_when_one_comes() -> None:
    room = Room(missing=(1, 2, 3, 4))
    assert room.run.shown is None
    assert room.run.place == (0, 4)
    room.wait(20.0)
    room.missing = {1, 2, 4}
    room.wait(0.25)
    assert room.run.shown == 3


def test_the_only_usable_camera_stays() -> None:
    room = Room(missing=(2, 3, 4))
    room.wait(60.0)
    assert room.run.shown == 1
    assert room.run.coming is None


def test_a_held_tour_stays_and_goes_on_where_it_was() -> None:
    room = Room()
    room.wait(6.0)
    room.wait(500.0, hold=True)
    assert room.run.paused
    assert room.run.shown == 1
    room.wait(3.5)
    assert not room.run.paused
    assert room.run.shown == 1
    room.wait(1.0)
    assert room.run.shown == 2


def test_a_tour_that_is_held_gives_up_the_stream_that_it_opened_ahead() -> None:
    room = Room()
    room.wait(9.0)
    assert room.run.coming == 2
    room.wait(0.25, hold=True)
    assert room.run.coming is None
    room.wait(AHEAD_S - 0.25)
    assert room.run.shown == 1  # it is given the time to open it again


def test_even_the_shortest_time_leaves_each_camera_its_own() -> None:
    room = Room(CameraTour(UUID(int=2), "fast", (1, 2), 3.0))
    assert [room.run.shown, room.wait(3.0), room.run.shown, room.wait(3.0), room.run.shown] == [1, None, 2, None, 1]


def test_a_camera_that_stands_twice_in_a_tour_is_not_swapped_for_itself() -> None:
    room = Room(CameraTour(UUID(int=3), "twice", (1, 1, 2), 5.0))
    room.wait(5.0)
    assert room.run.shown == 2


def test_a_swap_that_nobody_waited_for_changes_nothing() -> None:
    room = Room()
    room.run.took(room.now)
    assert room.run.shown == 1
