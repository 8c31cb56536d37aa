"""How cameras are asked again, and what nobody does to an engine but on a bad day: storms, nonsense, crowds."""

import os
import random
import statistics
import time
from dataclasses import replace
from itertools import pairwise

import psutil
import pytest

from domain.camera import Credentials, Transport
from domain.clock import SystemClock
from domain.news import LinkChanged
from domain.picture import Face, LossReason, Subscription
from tests.video.city import WHO, Patience, running_city, until
from tests.video.watched import Watched
from video.engine import VideoEngine

pytestmark = [pytest.mark.system, pytest.mark.alone, pytest.mark.timeout(120)]

CAMERAS = [1, 4, 7, 8, 11, 13, 14, 15]  # numbers whose clips other files of this folder have made already
HEALTHY, CAMERAS_OF_STORMS = 1, [4, 7, 8, 11]
WRONG = "wrong"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with running_city(tmp_path_factory.mktemp("city"), [{"no": no} for no in CAMERAS]) as city:
        yield city


class Room:
    """An engine with one worker and one tile that has to stay live whatever else happens."""

    def __init__(self, city):
        self._city = city
        self.news = []
        self.engine = VideoEngine(
            {"practice": WHO, WRONG: Credentials(WHO.user, "not the one")}.get, self.news.append, SystemClock(), 1
        )
        self.engine.start()
        self.tile = Watched(self.open(HEALTHY, width=320, height=180))
        self.until(lambda: self.tile.face is Face.LIVE, 30.0)
        self.pid = self.engine.processes()[0][1]
        self._began, self._patience = time.monotonic(), Patience(self.pid)

    def open(self, no, *, width=160, height=90, camera=None, **entry):
        camera = self._city.camera(no, **entry) if camera is None else camera
        return self.engine.open(camera, Subscription(no, "sub", width, height))

    def until(self, condition, timeout_s=15.0):
        return until(condition, self.tile.look, timeout_s)

    def wait(self, seconds):
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= end, seconds + 10)

    def holds(self):
        """Return how many files and threads we and the worker have."""
        return [(process.num_fds(), process.num_threads()) for process in map(psutil.Process, (os.getpid(), self.pid))]

    @property
    def late_s(self):
        return self._patience.late_s

    def assert_well(self):
        """The healthy tile went on all the time, and the worker is the one that it was."""
        self.wait(0.2)
        assert self.engine.processes() == [("video worker 1", self.pid)]
        assert [news.up for news in self.news if isinstance(news, LinkChanged)] == [True]
        gap_s = self._patience.gap_s
        assert self.tile.longest_gap(self._began, time.monotonic()) < gap_s
        assert self.tile.faces(self._began) <= ({Face.LIVE} if gap_s <= 1.0 else {Face.LIVE, Face.STALE})


@pytest.fixture
def room(city):
    room = Room(city)
    yield room
    room.engine.close()
    for no in CAMERAS:
        city.clear(no)


def test_a_dead_camera_is_tried_every_two_seconds_and_not_in_step(city, room):
    city.fault(4, "dead")
    before = city.state(4)["connections"]
    source, tried_at = room.open(4), []

    def came():
        return city.state(4)["connections"] - before

    def look():
        room.tile.look()
        tried_at.extend([time.monotonic()] * (came() - len(tried_at)))

    end = time.monotonic() + 12.0
    until(lambda: time.monotonic() >= end, look, 20.0)
    spacings = [after - before for before, after in pairwise(tried_at)]
    assert source.state().reason is LossReason.NO_ANSWER
    assert 6 <= len(tried_at) <= 25
    assert max(spacings) < 2.2
    assert min(spacings) > 0.3
    assert statistics.stdev(spacings) > 0.05
    room.assert_well()


def test_black_holed_cameras_delay_no_other(city, room):
    gone, sound = [4, 7, 8, 11], [13, 14, 15]
    for no in gone:
        city.fault(no, "black_holed")
    connections = {no: city.state(no)["connections"] for no in gone}
    waiting = [room.open(no) for no in gone]
    began = time.monotonic()
    sources = [room.open(no) for no in sound]
    room.until(lambda: all(source.state().picture_at is not None for source in sources))
    assert time.monotonic() - began < 3.0
    room.until(lambda: all(source.state().reason is LossReason.NO_ANSWER for source in waiting))
    assert {no: city.state(no)["connections"] for no in gone} == connections
    room.assert_well()


def test_one_session_serves_sixty_four_sizes_down_to_one_pixel(city, room):
    opened = city.state(HEALTHY)["sessions_opened"]
    sources = []
    for step in range(64):
        sources.append(room.open(HEALTHY, width=1 + 19 * step, height=1 + 11 * step))
        room.tile.look()
    room.until(lambda: all(source.state().picture_at is not None for source in sources))
    frames = []
    for source in sources:
        frames.append(source.newest())
        room.tile.look()
    assert all(len(frame.pixels) == frame.width * frame.height * 4 for frame in frames)
    assert city.state(HEALTHY)["sessions_opened"] == opened
    room.assert_well()


def test_a_storm_of_tiles_leaves_nothing_behind(city, room):
    room.wait(0.5)
    before, dice, live, opened = room.holds(), random.Random(7), [], 0
    end = time.monotonic() + 5.0
    while time.monotonic() < end:
        live.append(room.open(dice.choice(CAMERAS_OF_STORMS), width=dice.randrange(1, 300)))
        room.engine.adjust(live[-1], keyframes_only=dice.random() < 0.5, rank=dice.randrange(20))
        if len(live) > 20:
            room.engine.unsubscribe(live.pop(dice.randrange(20)))
        opened += 1
        room.tile.look()
        time.sleep(0.005)
    assert opened > 300
    while live:
        room.engine.unsubscribe(live.pop())
    room.until(lambda: all(city.state(no)["sessions"] == 0 for no in CAMERAS_OF_STORMS))
    room.until(lambda: all(now <= then for now, then in zip(room.holds(), before, strict=True)))
    room.assert_well()


def test_retries_without_end_open_no_more_than_ten_connections_a_second(city, room):
    city.fault(4, "dead")
    source = room.open(4)
    room.until(lambda: source.state().reason is LossReason.NO_ANSWER)
    before, end, asked = city.state(4)["connections"], time.monotonic() + 2.0, 0
    while time.monotonic() < end:
        for no in (HEALTHY, 4):
            room.engine.retry(no)
        asked += 1
        room.tile.look()
        time.sleep(0.005)
    assert asked > 100
    assert city.state(4)["connections"] - before < 30
    cleared = city.clear(4)
    room.until(lambda: source.newest() is not None)
    assert time.monotonic() - cleared < 3.0 + room.late_s
    assert city.state(HEALTHY)["sessions"] == 1
    room.assert_well()


def test_a_new_address_in_the_register_holds_for_all_who_look(city, room):
    before = city.camera(4)
    after = replace(before, sub_url=city.camera(7).sub_url)
    first = room.open(4, camera=before)
    room.until(lambda: first.newest() is not None)
    second = room.open(4, camera=after)
    room.until(lambda: second.newest() is not None)
    room.until(lambda: (city.state(4)["sessions"], city.state(7)["sessions"]) == (0, 1))
    while first.newest() is not None:
        pass
    room.until(lambda: first.newest() is not None)
    room.assert_well()


def test_a_new_transport_in_the_register_is_used_at_once(city, room):
    first = room.open(4)
    room.until(lambda: city.state(4)["transports"] == ["tcp"] and first.newest() is not None)
    room.engine.unsubscribe(first)
    second = room.open(4, transport=Transport.UDP)
    room.until(lambda: city.state(4)["transports"] == ["udp"])
    room.until(lambda: second.newest() is not None)
    assert city.state(4)["sessions"] == 1
    room.assert_well()


NAN, INF = float("nan"), float("inf")


# Each with whether it hides everything.
NONSENSE = [
    (((NAN, NAN), (1.0, 1.0), (0.0, 1.0)), True),
    (((INF, 0.0), (1.0, INF), (-INF, 1.0)), True),
    (((1e300, -1e300), (1e300, 1e300), (-1e300, 1e300), (-1e300, -1e300)), True),
    (((0.5, 0.5),), False),
    ((), False),
    (((0.1, 0.1),) * 50, False),
    (((2.0, 2.0), (3.0, 2.0), (3.0, 3.0)), False),
]


def test_masks_that_make_no_sense_end_nothing_and_hide_rather_too_much(room):
    sources = [room.open(4, masks=(mask,)) for mask, _ in NONSENSE]
    room.until(lambda: all(source.state().picture_at is not None for source in sources))
    for source, (_, hides_all) in zip(sources, NONSENSE, strict=True):
        assert (len(set(source.newest().pixels[1::4])) == 1) == hides_all
    room.assert_well()


def test_two_hundred_cameras_that_do_not_exist_trouble_nobody(city, room):
    nowhere = [
        "rtsp://127.0.0.1:1/x",
        "rtsp://192.0.2.7/x",
        "rtsp://[::1]:2/x",
        "rtsp://127.0.0.1:99999/x",
        "no address",
        "rtsp://256.1.1.1/x",
        f"rtsp://{'a' * 300}/x",
        "rtsp://camera.invalid/x",
    ]
    for number in range(200):
        no = 1000 + number
        room.open(no, camera=replace(city.camera(4), no=no, sub_url=nowhere[number % len(nowhere)], main_url=""))
    began, source = time.monotonic(), room.open(7)
    room.until(lambda: source.state().picture_at is not None)
    assert time.monotonic() - began < 3.0
    room.wait(3.0)
    room.assert_well()
