"""Streams of every coding and transport from the practice city, and what its cameras can do wrong on the wire."""

import json
import mmap
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from domain.camera import Transport
from domain.picture import LossReason
from tests.video.link_desk import WHO, Desk
from video.audience import Output
from video.slot import SlotReader, slot_bytes
from video.wire import Subscribe

pytestmark = pytest.mark.system

ROOT = Path(__file__).resolve().parents[2]
CODECS = {1: "h264", 2: "h265", 3: "mjpeg"}
FPS = 15


class City:
    """Three practice cameras, one of each coding."""

    def __init__(self, ready):
        self._control = f"http://127.0.0.1:{ready['control_port']}"
        self._urls = {camera["no"]: camera["sub_url"] for camera in ready["cameras"]}

    def url(self, no):
        return self._urls[no]

    def fault(self, no, name):
        self._ask("/fault", {"target": f"camera/{no}", "fault": name})

    def clear(self, no):
        self._ask("/clear", {"target": f"camera/{no}"})

    def state(self, no):
        return next(camera for camera in self._ask("/state")["cameras"] if camera["no"] == no)

    def _ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._control + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    cameras = [
        {"no": no, "name": f"camera {no}", "kind": "fixed", "scene": no, "codec": codec} for no, codec in CODECS.items()
    ]
    config = tmp_path_factory.mktemp("city") / "cameras.json"
    config.write_text(json.dumps({"cameras": cameras, "credentials": {"user": WHO.user, "password": WHO.password}}))
    command = [sys.executable, "-m", "simulation.cameras", str(config)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield City(json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.terminate()


@pytest.fixture
def city(running):
    for no in CODECS:
        running.clear(no)
    yield running
    for no in CODECS:
        running.clear(no)


class Tile(Desk):
    """A link with one who looks at its pictures."""

    def __init__(self):
        super().__init__()
        order = Subscribe(1, 1, "sub", "", 320, 180, 30.0, "bgrx")
        memory = mmap.mmap(-1, slot_bytes(320, 180, "bgrx"))
        self._output = Output(order, memory)
        self._reader = SlotReader(memory, 320, 180, "bgrx")

    def show(self, url, **more):
        self.connect(url, output=self._output, **more)

    def newest_picture(self):
        return self._reader.newest()

    def shows(self):
        """Return whether a new picture came."""
        return self.newest.live and self._reader.newest() is not None

    @property
    def counts(self):
        return self.link.counts()


@pytest.fixture
def tile():
    tile = Tile()
    yield tile
    tile.close()
    assert tile.watched == 0


@pytest.mark.parametrize("transport", Transport)
@pytest.mark.parametrize("no", CODECS)
def test_every_coding_comes_by_every_transport(city, tile, no, transport):
    tile.show(city.url(no), transport=transport)
    tile.live_until(tile.shows)
    assert city.state(no)["transports"] == [transport]
    before = tile.counts.decoded
    took = tile.live_until(lambda: tile.counts.decoded >= before + 3 * FPS)
    assert took < 4.5
    counts = tile.counts
    assert (counts.undecodable, counts.dropped, counts.lost_packets, counts.late) == (0, 0, 0, 0)
    pixels = tile.newest_picture().pixels
    assert len(set(pixels[1::4])) > 50  # a picture and no grey field


@pytest.mark.parametrize("no", [1, 3])
def test_a_camera_that_refuses_a_transport_is_shown_by_the_other(city, tile, no):
    city.fault(no, "udp_only" if no == 1 else "tcp_only")
    tile.show(city.url(no), transport=Transport.TCP if no == 1 else Transport.UDP)
    tile.live_until(tile.shows)
    assert city.state(no)["transports"] == ["udp" if no == 1 else "tcp"]


@pytest.mark.parametrize("no", CODECS)
def test_another_coding_in_mid_stream_is_shown_within_five_seconds(city, tile, no):
    tile.show(city.url(no))
    tile.live_until(tile.shows)
    tile.live(2.5)
    city.fault(no, "codec_change")
    tile.live_until(lambda: not tile.newest.live, timeout_s=20.0)  # the clip may have to be made
    assert tile.reason == LossReason.NOT_UNDERSTOOD
    picture_at = tile.link._progress._picture_at
    tile.live_until(tile.shows)
    assert tile.link._progress._picture_at - picture_at < 6.0
    assert tile.counts.sessions == 2


@pytest.mark.parametrize("no", [1, 2])
def test_another_size_in_mid_stream_costs_no_session(city, tile, no):
    tile.show(city.url(no))
    tile.live_until(tile.shows)
    city.fault(no, "resolution_change")
    tile.live_until(lambda: tile.link._stream._width == 480)
    tile.live_until(tile.shows)
    assert tile.counts.sessions == 1


@pytest.mark.parametrize("transport", Transport)
def test_timestamps_that_leap_cost_no_picture(city, tile, transport):
    tile.show(city.url(1), transport=transport)
    tile.live_until(tile.shows)
    tile.live(1.0)
    city.fault(1, "timestamp_jump")
    before = tile.counts.decoded
    took = tile.live_until(lambda: tile.counts.decoded >= before + 7 * FPS)
    assert took < 8.5
    assert tile.link._stream._punctuality.leaps >= 2
    assert (tile.counts.late, tile.counts.sessions, tile.counts.dropped) == (0, 1, 0)


@pytest.mark.parametrize("no", [1, 2])
def test_parameter_sets_in_the_stream_are_enough(city, tile, no):
    city.fault(no, "no_parameter_sets")
    tile.show(city.url(no))
    tile.live_until(tile.shows)
    tile.live(1.5)
    assert tile.link._session.track.parameter_sets == ()
    assert tile.counts.sessions == 1


@pytest.mark.parametrize("no", [1, 2])
def test_a_stream_without_parameter_sets_is_not_understood_and_shown_when_they_come(city, tile, no):
    city.fault(no, "never_parameter_sets")
    tile.show(city.url(no))
    tile.live_until(lambda: tile.reason == LossReason.NOT_UNDERSTOOD, timeout_s=20.0)
    assert tile.counts.decoded == 0
    city.clear(no)
    tile.live_until(tile.shows, timeout_s=20.0)


@pytest.mark.parametrize(("no", "transport"), [(1, Transport.TCP), (2, Transport.UDP), (3, Transport.UDP)])
def test_packets_whose_lengths_lie_cost_nothing(city, tile, no, transport):
    city.fault(no, "nonsense_packets")
    tile.show(city.url(no), transport=transport)
    tile.live_until(tile.shows)
    before = tile.counts.decoded
    took = tile.live_until(lambda: tile.counts.decoded >= before + 2 * FPS)
    assert took < 3.0
    assert tile.link._stream.depacketiser.bad_packets > FPS
    assert (tile.counts.sessions, tile.counts.undecodable) == (1, 0)


def test_frames_whose_lengths_lie_are_got_over(city, tile):
    tile.show(city.url(1))
    tile.live_until(tile.shows)
    city.fault(1, "nonsense_frames")
    tile.live_until(lambda: tile.link._session is not None and tile.link._session.resyncs > 2)
    city.clear(1)
    tile.live_until(tile.shows)
    assert len(tile.link._session._incoming) < 70_000


@pytest.mark.parametrize("fault", ["nonsense_answers", "nonsense_lengths"])
def test_answers_whose_lengths_lie_end_with_the_fault(city, tile, fault):
    city.fault(1, fault)
    tile.show(city.url(1))
    tile.live_until(lambda: tile.reason is not None, timeout_s=25.0)
    city.clear(1)
    tile.live_until(tile.shows)


def test_a_web_server_on_the_port_is_not_understood_at_once(city, tile):
    city.fault(1, "http_server")
    tile.show(city.url(1))
    assert tile.live_until(lambda: tile.reason is not None) < 1.0
    assert tile.reason == LossReason.NOT_UNDERSTOOD
    city.clear(1)
    assert tile.live_until(tile.shows) < 3.0


@pytest.mark.parametrize("transport", Transport)
def test_a_camera_that_vanishes_from_the_network_is_back_within_three_seconds(city, tile, transport):
    tile.show(city.url(1), transport=transport)
    tile.live_until(tile.shows)
    city.fault(1, "black_holed")
    tile.live_until(lambda: tile.reason == LossReason.NO_SIGNAL)
    tile.live_until(lambda: tile.reason == LossReason.NO_ANSWER)
    tile.live(4.0)
    while tile.newest_picture() is not None:
        pass
    city.clear(1)
    assert tile.live_until(tile.shows) < 3.2


def test_a_camera_that_locks_out_hears_a_wrong_password_once(city, tile):
    city.fault(1, "locks_out")
    before = city.state(1)["wrong_sign_ins"]
    tile.show(city.url(1), credentials=type(WHO)(WHO.user, "not the one"))
    tile.live_until(lambda: tile.reason == LossReason.WRONG_PASSWORD)
    tile.live(3.0)
    assert city.state(1)["wrong_sign_ins"] == before + 1
    assert not city.state(1)["locked"]
    tile.sign_ins.forget(1)
    tile.link.retry(WHO, tile.now)
    tile.live_until(tile.shows)


def test_the_password_does_not_go_unencrypted(city, tile):
    city.fault(1, "basic_only")
    before = city.state(1)["wrong_sign_ins"]
    tile.show(city.url(1))
    tile.live_until(lambda: tile.reason == LossReason.WRONG_PASSWORD)
    assert city.state(1)["wrong_sign_ins"] == before


def test_the_password_goes_unencrypted_where_a_person_allowed_it(city, tile):
    city.fault(1, "basic_only")
    tile.show(city.url(1), basic_allowed=True)
    tile.live_until(tile.shows)
