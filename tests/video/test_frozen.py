"""Pictures that stand still although the camera sends on, beside nights where nothing moves, and ordinary streets."""

import time

import pytest

from domain.clock import SystemClock
from domain.picture import Face, Subscription
from tests.video.city import WHO, running_city, until
from tests.video.watched import Watched
from video.engine import VideoEngine

pytestmark = [pytest.mark.system, pytest.mark.alone, pytest.mark.timeout(150)]

CODECS = ("h264", "h265", "mjpeg")
FROZEN = dict(zip(CODECS, (1, 2, 3), strict=True))
STREETS = dict(zip(CODECS, (4, 5, 6), strict=True))
NIGHTS = dict(zip(CODECS, (7, 8, 9), strict=True))
WATCHED_S = 30.0  # so long is a night left alone; then what was frozen goes on
FOUND_S = 15.0  # 10 s, a second until the camera freezes, and two until its keyframes prove it
THAWED_S = 3.5


class Street:
    """All cameras at one worker, and how they were watched."""

    def __init__(self, city):
        self._city = city
        self.tiles = {}
        self.frozen_at = self.thawed_at = 0.0
        self.states = {}
        self.frozen_since = {}
        self.engine = VideoEngine({"practice": WHO}.get, lambda _: None, SystemClock(), 1)

    def run(self):
        """Let everything happen."""
        for no in range(1, 10):
            source = self.engine.open(self._city.camera(no), Subscription(no, "sub", 320, 180))
            self.tiles[no] = Watched(source)
        until(lambda: all(tile.face is Face.LIVE for tile in self.tiles.values()), self._look, 30.0)
        for no in FROZEN.values():
            self.frozen_at = self._city.fault(no, "frozen")
        self._watch(WATCHED_S)
        self.states = self._city.states()
        self.frozen_since = {no: tile.source.state().frozen_since for no, tile in self.tiles.items()}
        for no in FROZEN.values():
            self.thawed_at = self._city.clear(no)
        self._watch(THAWED_S + 1.0)

    def _watch(self, seconds):
        end = time.monotonic() + seconds
        until(lambda: time.monotonic() >= end, self._look, seconds + 10)

    def _look(self):
        for tile in self.tiles.values():
            tile.look()


@pytest.fixture(scope="module")
def street(tmp_path_factory):
    rows = [{"no": no, "codec": codec} for of in (FROZEN, STREETS) for codec, no in of.items()]
    rows += [{"no": no, "codec": codec, "scene_kind": "night"} for codec, no in NIGHTS.items()]
    with running_city(tmp_path_factory.mktemp("city"), rows) as city:
        street = Street(city)
        street.engine.start()
        try:
            street.run()
        finally:
            street.engine.close()
        yield street


@pytest.mark.parametrize("codec", CODECS)
def test_a_frozen_picture_is_found_within_fifteen_seconds(street, codec):
    no = FROZEN[codec]
    assert street.states[no]["faults"] == ["frozen"]
    assert 10.0 < street.tiles[no].first(Face.FROZEN, street.frozen_at) < FOUND_S


@pytest.mark.parametrize("codec", CODECS)
def test_a_frozen_picture_stays_found_and_says_since_when(street, codec):
    tile = street.tiles[FROZEN[codec]]
    found = street.frozen_at + tile.first(Face.FROZEN, street.frozen_at)
    assert tile.faces(found, street.thawed_at) == {Face.FROZEN}
    assert abs(street.frozen_since[FROZEN[codec]] - street.frozen_at) < 3.5


@pytest.mark.parametrize("codec", CODECS)
def test_a_frozen_camera_really_sends_the_same_picture(street, codec):
    shown = street.tiles[FROZEN[codec]].pictures(street.frozen_at + 5.0, street.thawed_at)
    assert len(shown) > 15 * 20
    assert len({each.counter for each in shown}) == 1


@pytest.mark.parametrize("codec", CODECS)
def test_a_picture_that_goes_on_is_live_at_once(street, codec):
    tile = street.tiles[FROZEN[codec]]
    assert tile.first(Face.LIVE, street.thawed_at) < THAWED_S
    assert tile.face is Face.LIVE
    assert len({each.counter for each in tile.pictures(street.thawed_at + 2.0)}) > 15


@pytest.mark.parametrize("codec", CODECS)
def test_a_quiet_night_is_left_alone(street, codec):
    tile = street.tiles[NIGHTS[codec]]
    assert tile.faces(street.frozen_at) == {Face.LIVE}
    assert len(tile.pictures(street.frozen_at, street.thawed_at)) > 15 * WATCHED_S * 0.9
    assert max(each.differs_from(tile.shown[0]) for each in tile.shown) < 3.0, "something moves: this is no night"


@pytest.mark.parametrize("codec", CODECS)
def test_a_street_is_not_frozen(street, codec):
    assert street.tiles[STREETS[codec]].faces(street.frozen_at) == {Face.LIVE}
