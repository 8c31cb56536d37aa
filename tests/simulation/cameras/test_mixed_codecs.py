"""H.264, H.265 and Motion JPEG over TCP and UDP, shown by FFmpeg's own RTSP reader."""

import itertools
import time
from typing import Any

import pytest

from simulation.cameras import counter
from simulation.cameras.config import Codec

pytestmark = pytest.mark.system

H264, H265, MJPEG, NIGHT, MOVING = 1, 2, 3, 4, 5


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    return [
        {"no": H264, "name": "만안구청 앞", "scene": 7},
        {"no": H265, "name": "안양역 광장", "scene": 4, "codec": "h265"},
        {"no": MJPEG, "name": "중앙공원", "scene": 5, "codec": "mjpeg"},
        {"no": NIGHT, "name": "석수동 골목", "scene": 2, "scene_kind": "night"},
        {"no": MOVING, "name": "비산대교", "scene": 3, "kind": "ptz", "codec": "h265"},
    ]


@pytest.mark.parametrize("transport", ["tcp", "udp"])
@pytest.mark.parametrize(
    ("no", "name", "profile", "size", "fps"),
    [
        (H264, "h264", "sub", (640, 360), 15),
        (H265, "hevc", "sub", (640, 360), 15),
        (H265, "hevc", "main", (1280, 720), 25),
        (MJPEG, "mjpeg", "sub", (640, 360), 15),
        (MJPEG, "mjpeg", "main", (1280, 720), 25),
        (MOVING, "hevc", "sub", (640, 360), 15),
    ],
)
def test_every_codec_shows_the_counter_of_the_moment(
    cameras, no: int, name: str, profile: str, size: tuple[int, int], fps: int, transport: str
) -> None:
    with cameras.open(no, profile, rtsp_transport=transport) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.width, stream.height) == (name, *size)
        assert cameras.state(no)["transports"] == [transport]
        frames = list(itertools.islice(container.decode(video=0), 20))
        now = counter.frame_at(time.time(), fps)
    seen = [counter.read(frame.to_ndarray(format="yuv420p")[: frame.height]) for frame in frames]
    loop = counter.LOOP_S * fps
    assert (now - seen[-1]) % loop <= fps
    assert 19 <= (seen[-1] - seen[0]) % loop <= 22  # a live picture may be late on a busy machine


def test_the_description_names_the_codec(cameras) -> None:
    said = {no: cameras.talk(no).authorised("DESCRIBE").body for no in (H264, H265, MJPEG)}
    assert "a=rtpmap:96 H264/90000" in said[H264]
    assert "a=rtpmap:96 H265/90000" in said[H265]
    assert all(f"sprop-{kind}=" in said[H265] for kind in ("vps", "sps", "pps"))
    assert "m=video 0 RTP/AVP 26" in said[MJPEG]
    assert "a=rtpmap:26 JPEG/90000" in said[MJPEG]
    assert "fmtp" not in said[MJPEG]


def test_packets_bear_the_payload_type_of_the_description(cameras) -> None:
    for no, payload_type in ((H265, 96), (MJPEG, 26)):
        talk = cameras.talk(no)
        talk.play()
        assert {talk.media()[1] & 0x7F for _ in range(20)} == {payload_type}


def test_a_night_street_carries_no_counter_and_hardly_changes(cameras) -> None:
    with cameras.open(NIGHT, "sub") as container:
        frames = list(itertools.islice(container.decode(video=0), 31))
    first, *others = [frame.to_ndarray(format="yuv420p")[:360].astype(int) for frame in frames]
    changes = [abs(luma - first).mean() for luma in others]
    assert first.mean() < 60
    assert 0 < max(changes) < 2


def test_the_state_says_what_each_camera_is(cameras) -> None:
    told = {no: cameras.state(no) for no in (H264, H265, MJPEG, NIGHT)}
    assert [told[no]["codec"] for no in told] == [Codec.H264, Codec.H265, Codec.MJPEG, Codec.H264]
    assert [told[no]["scene_kind"] for no in told] == ["street", "street", "street", "night"]


def test_connections_and_sessions_are_counted(cameras) -> None:
    before = cameras.state(H264)
    talk = cameras.talk(H264)
    assert talk.authorised("DESCRIBE").status == 200
    cameras.talk(H264).play()
    after = cameras.state(H264)
    assert after["connections"] - before["connections"] == 2
    assert after["sessions_opened"] - before["sessions_opened"] == 1
    assert (after["sessions"], after["transports"]) == (1, ["tcp"])
    assert cameras.state(H265)["transports"] == []


def test_a_camera_s_own_port_has_no_other_camera(cameras) -> None:
    talk = cameras.talk(H264)
    assert talk.authorised("DESCRIBE", talk.url.replace("/camera/1/", "/camera/2/")).status == 404
    shared = cameras.talk(H264)
    shared.url = f"rtsp://127.0.0.1:{cameras.ready['rtsp_port']}/camera/{H265}/sub"
    assert shared.authorised("DESCRIBE").status == 404  # still the own port's connection
