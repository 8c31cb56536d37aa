"""Cameras that begin to code differently in mid-stream, as after somebody changed their settings."""

import time

import pytest

from domain.clock import SystemClock
from domain.picture import LossReason, Subscription
from tests.video.city import WHO, running_city, until
from tests.video.watched import Watched
from video.engine import VideoEngine

pytestmark = [pytest.mark.system, pytest.mark.alone, pytest.mark.timeout(120)]

CODECS = ["h264", "h265", "mjpeg"]
RECONNECT_S = 3.0  # what a camera that was lost costs: finding out, a new session, a keyframe


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    rows = [{"no": no, "codec": codec} for no, codec in enumerate(CODECS, 34)]  # clips that test_faults.py makes too
    with running_city(tmp_path_factory.mktemp("city"), rows) as city:
        yield city


@pytest.fixture(scope="module")
def engine():
    engine = VideoEngine({"practice": WHO}.get, lambda _: None, SystemClock(), 1)
    engine.start()
    yield engine
    engine.close()


@pytest.mark.parametrize("no", range(34, 37), ids=CODECS)
def test_another_coding_in_mid_stream_costs_no_more_than_a_new_connection(city, engine, no):
    wish = Subscription(no, "sub", 320, 180)
    city.fault(no, "codec_change")
    first = engine.open(city.camera(no), wish)  # the first use of a clip is when it is made
    until(lambda: first.newest() is not None, timeout_s=30)
    engine.unsubscribe(first)
    until(lambda: city.state(no)["sessions"] == 0)
    city.clear(no)
    tile = Watched(engine.open(city.camera(no), wish))
    until(lambda: len(tile.shown) > 10, tile.look)

    for change in (lambda: city.fault(no, "codec_change"), lambda: city.clear(no)):
        opened = city.state(no)["sessions_opened"]
        began = change()
        until(lambda opened=opened: city.state(no)["sessions_opened"] == opened + 1, tile.look)
        shown = len(tile.shown)
        until(lambda shown=shown: len(tile.shown) > shown + 10, tile.look)
        assert tile.longest_gap(began, time.monotonic()) <= RECONNECT_S
        assert tile.reasons(began) == {LossReason.NOT_UNDERSTOOD}
