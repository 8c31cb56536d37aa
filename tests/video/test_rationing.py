"""What rationing orders as sessions come and go, with numbers instead of cameras."""

import itertools
import selectors
from collections import Counter
from dataclasses import dataclass, field

import pytest

from video.budget import Limits
from video.crew import Crew
from video.post import Post
from video.rationing import Rationing
from video.source import KeptOpen, Source, Told
from video.wire import Counts, Reduce

OCTETS = 500_000  # that every session sends in a second: 4 megabits
MAIN_1, SUB_1 = (1, "main"), (1, "sub")


@dataclass
class Listening:
    """A worker that takes every order."""

    orders: list = field(default_factory=list)
    has_unsent: bool = False
    orders_fd: int = 0

    def order(self, order, file=None):
        self.orders.append(order)


class Room:
    """One worker's post with its rationing, and seconds that pass when they are told to."""

    def __init__(self, selector, **limits):
        self.post = Post(0, lambda: None, selector, None, Listening())
        self.rationing = Rationing(Crew([self.post]), Limits(**limits), self._move)
        self._numbers = itertools.count(1)
        self._now = self.rationing._looked_at
        self._cpu_s = 0.0
        self._sent, self._decoded_s = Counter(), Counter()

    def open(self, camera, wish):
        source = Source(next(self._numbers), camera, wish, Told(0.0), 1.0)
        self.rationing.place(source)
        return self._add(source)

    def keep(self, camera, profile="main"):
        return self._add(KeptOpen(next(self._numbers), camera, profile))

    def let_go(self, client):
        del self.post.clients[client.number]
        self.rationing.settle(self.post)
        client.release()

    def pass_s(self, seconds, *, cores=0.1):
        for _ in range(seconds):
            self._now += 1.0
            self._cpu_s += cores
            self.rationing.hear(self.post, self._cpu_s, 0.0, self._now)
            sessions = {client.key for client in self.post.clients.values()}
            for key in sessions:
                self._sent[key] += OCTETS
                self._decoded_s[key] += cores / len(sessions)
                counts = Counts(*key, octets=self._sent[key], cpu_s=self._decoded_s[key])
                self.rationing.take(counts, self._now)
            self.rationing.look_when_due(self._now)

    def keyframes_only(self):
        """Return what the worker was told to decode keyframes only of."""
        orders = [order for order in self.post.helper.orders if isinstance(order, Reduce)]
        last = {(order.camera, order.profile): order.on for order in orders}
        return {key for key, on in last.items() if on}

    def _add(self, client):
        self.post.clients[client.number] = client
        self.rationing.settle(self.post)
        return client

    def _move(self, post, source, to):
        source.key = to


@pytest.fixture
def room_with():
    """Make rooms, and give back what is open in them."""
    rooms = []
    with selectors.DefaultSelector() as selector:

        def make(**limits):
            rooms.append(Room(selector, **limits))
            return rooms[-1]

        yield make
        for room in rooms:
            for client in room.post.clients.values():
                client.release()


@pytest.fixture
def camera(camera_at):
    return lambda no: camera_at(no, f"rtsp://{no}/sub", f"rtsp://{no}/main")


def test_who_wants_a_session_that_has_given_way_is_served_by_the_smaller_one_from_the_beginning(
    room_with, camera, wish
):
    room = room_with(megabits=5.0)
    first = room.open(camera(1), wish(1, "main", rank=0))
    room.open(camera(2), wish(2, "main", rank=30))
    room.pass_s(8)
    assert first.key == SUB_1
    later = room.open(camera(1), wish(1, "main", width=320, height=180))
    assert later.key == SUB_1
    assert later.state().reduced


def test_a_session_that_comes_again_while_it_has_to_give_way_is_reduced_again(room_with, camera, wish):
    room = room_with(cpu_cores=0.5)
    room.open(camera(1), wish(1, rank=30))
    ordinary = room.open(camera(2), wish(2, rank=10))
    room.pass_s(8, cores=0.6)
    assert room.keyframes_only() == {(2, "sub")}
    room.let_go(ordinary)
    assert room.keyframes_only() == set()
    room.open(camera(2), wish(2, rank=10))
    assert room.keyframes_only() == {(2, "sub")}


def test_a_session_is_reduced_once_those_have_gone_that_wanted_it_whole(room_with, camera, wish):
    room = room_with(megabits=5.0, cpu_cores=0.5)
    room.open(camera(2), wish(2, rank=30))
    room.open(camera(1), wish(1, rank=0))
    large = room.open(camera(1), wish(1, "main", rank=10))
    room.pass_s(5)  # 12 megabits: the large stream gives way
    assert large.key == SUB_1
    room.pass_s(1, cores=0.6)
    assert room.keyframes_only() == set()  # one of the two that look at it has not given way
    room.let_go(large)
    assert room.keyframes_only() == {SUB_1}


def test_what_is_recorded_counts_and_who_looks_gives_way(room_with, camera, wish):
    room = room_with(megabits=9.0)
    tile = room.open(camera(1), wish(1, "main"))
    room.keep(camera(2))
    room.pass_s(8)
    assert tile.key == MAIN_1
    room.keep(camera(3))
    room.pass_s(8)
    assert tile.key == SUB_1


def test_a_stream_that_is_recorded_stays_so_nothing_is_won_with_a_smaller_one_beside_it(room_with, camera, wish):
    room = room_with(megabits=7.0)
    recorded = room.open(camera(1), wish(1, "main", rank=0))
    other = room.open(camera(2), wish(2, "main", rank=10))
    room.keep(camera(1))
    room.pass_s(8)
    assert recorded.key == MAIN_1
    assert other.key == (2, "sub")


def test_a_camera_with_one_stream_has_no_smaller_one(room_with, camera_at, wish):
    room = room_with(megabits=1.0)
    source = room.open(camera_at(1, "rtsp://1/sub"), wish(1, "main"))
    room.pass_s(8)
    assert source.key == SUB_1
    assert not source.state().reduced


def test_sessions_that_come_and_go_all_the_time_do_not_keep_the_budget_from_being_looked_at(room_with, camera, wish):
    room = room_with(megabits=5.0)
    tile = room.open(camera(1), wish(1, "main", rank=0))
    for no in itertools.islice(itertools.cycle([2, 3]), 8):  # a tour with a dwell of 3 s
        passing = room.open(camera(no), wish(no, rank=10))
        room.pass_s(3)
        room.let_go(passing)
    assert tile.key == SUB_1


def test_a_new_worker_is_told_what_is_reduced(room_with, camera, wish):
    room = room_with(cpu_cores=0.5)
    room.open(camera(1), wish(1, rank=30))
    room.open(camera(2), wish(2, rank=10))
    room.pass_s(8, cores=0.6)
    room.post.helper = Listening()
    room.rationing.begin(room.post)
    assert room.keyframes_only() == {(2, "sub")}
