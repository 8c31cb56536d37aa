"""Every coding by every transport through the whole engine: no picture is lost, and each says when it was taken."""

import time
from dataclasses import dataclass, field

import pytest

from domain.camera import Transport
from domain.clock import SystemClock
from domain.picture import Face, Subscription
from tests.video.city import WHO, running_city, until
from tests.video.watched import EPOCH, LOOP_S, Watched, counter_of
from video.engine import VideoEngine

pytestmark = [pytest.mark.system, pytest.mark.alone, pytest.mark.timeout(120)]

FPS = 15
WATCHED_S = 6.0
COVER = (0x48, 0x42, 0x3A)  # blue, green, red
MASK = ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6))
WAYS = [(codec, transport) for transport in Transport for codec in ("h264", "h265", "mjpeg")]
NUMBERS = {way: number for number, way in enumerate(WAYS, 1)}


@dataclass(slots=True)
class Way:
    """One camera by one transport: three who look at it, and what was seen."""

    tile: Watched
    unmasked: Watched
    keyframes: Watched
    clocks: list = field(default_factory=list)
    in_mask: set = field(default_factory=set)
    state: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)

    def look(self):
        """Take the newest pictures of all three."""
        frame = self.tile.source.newest()
        if frame is not None:
            pixel = (90 * frame.width + 160) * 4
            seen = counter_of(frame), frame.stamp.camera_at, bytes(frame.pixels[pixel : pixel + 3])
            if frame.intact():
                self.tile.take(frame)
                self.clocks += [seen[:2]] if seen[1] else []
                self.in_mask.add(tuple(seen[2]))
        for each in (self.tile, self.unmasked, self.keyframes):
            each.look()


@pytest.fixture(scope="module")
def ways(tmp_path_factory):
    """Watch all cameras for a while."""
    rows = [{"no": no, "codec": codec} for (codec, _), no in NUMBERS.items()]
    with running_city(tmp_path_factory.mktemp("city"), rows) as city:
        engine = VideoEngine({"practice": WHO}.get, lambda _: None, SystemClock(), 1)
        engine.start()
        try:
            yield _watched(city, engine)
        finally:
            engine.close()


def _watched(city, engine):
    ways = {}
    for way, no in NUMBERS.items():
        camera = city.camera(no, transport=way[1], masks=(MASK,))
        wishes = {"tile": {}, "unmasked": {"masked": False}, "keyframes": {"keyframes_only": True}}
        tiles = {
            name: Watched(engine.open(camera, Subscription(no, "sub", 320, 180, **wish)))
            for name, wish in wishes.items()
        }
        ways[way] = Way(**tiles)

    def look():
        for each in ways.values():
            each.look()

    until(lambda: all(each.tile.face is Face.LIVE for each in ways.values()), look, 30.0)
    end = time.monotonic() + WATCHED_S
    until(lambda: time.monotonic() >= end, look, WATCHED_S + 10)
    for way, no in NUMBERS.items():
        ways[way].state, ways[way].sent = city.state(no), city.sent(no)
    counted = {way: each.tile.source.counts().sent for way, each in ways.items()}
    until(lambda: all(each.tile.source.counts().sent > counted[way] for way, each in ways.items()), look)
    return ways


@pytest.fixture(params=WAYS, ids=["-".join(way) for way in WAYS])
def way(request, ways):
    assert ways[request.param].state["transports"] == [request.param[1]]
    assert ways[request.param].state["codec"] == request.param[0]
    return ways[request.param]


def test_every_picture_comes_and_none_is_lost(way):
    counts = way.tile.source.counts()
    assert (counts.dropped, counts.lost_packets, counts.undecodable, counts.late) == (0, 0, 0, 0)
    assert counts.sessions == 1
    assert counts.decoded == counts.sent
    assert way.tile.faces(way.tile.shown[0].at + 0.1) == {Face.LIVE}
    assert way.tile.longest_gap(way.tile.shown[0].at, way.tile.shown[-1].at) < 0.5


def test_what_we_count_is_what_the_camera_sent(way):
    (session,) = way.sent
    assert 0 <= way.tile.source.counts().sent - session["frames"] <= 3 * FPS  # counted up to two seconds later
    assert session["dropped"] == 0


def test_the_counter_in_the_picture_goes_on_as_the_pictures_count(way):
    shown = way.tile.shown
    assert len(shown) > 0.9 * WATCHED_S * FPS
    first = shown[0]
    for each in shown:
        assert (each.counter - first.counter) % (LOOP_S * FPS) == (each.sent_no - first.sent_no) % (LOOP_S * FPS)
        assert 0.0 <= each.age_s < 0.5


def test_the_cameras_clock_says_when_each_picture_was_taken(way):
    assert len(way.clocks) > WATCHED_S * FPS / 3  # from the first report on, at most 3 s later
    for counter, camera_at in way.clocks:
        off_s = ((camera_at - EPOCH) - counter / FPS) % LOOP_S
        assert min(off_s, LOOP_S - off_s) < 0.1


def test_masks_are_in_every_picture_but_of_who_may_see_all(way):
    assert way.in_mask == {COVER}
    unmasked, masked = way.unmasked.shown[-1], way.tile.shown[-1]
    assert sum(a != b for a, b in zip(unmasked.sample, masked.sample, strict=True)) > 0.02 * len(masked.sample)


def test_one_who_wants_keyframes_gets_one_a_second_beside_one_who_wants_all(request, way):
    shown = way.keyframes.shown
    if request.node.callspec.params["way"][0] == "mjpeg":  # each picture is one
        assert len(shown) > 0.9 * WATCHED_S * FPS
    else:
        assert WATCHED_S - 2 <= len(shown) <= WATCHED_S + 5
        assert {each.counter % FPS for each in shown} == {0}
