"""The RTSP server over its own sockets: with PyAV, and by hand."""

import base64
import contextlib
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import psutil
import pytest

from simulation.cameras import counter, h264
from simulation.cameras.clips import ClipWish
from simulation.cameras.config import SUB, CameraSpec, Codec, Form

pytestmark = pytest.mark.system

FIXED, PTZ, OTHER_FIXED = 1, 2, 3
Eventually = Callable[..., Any]


def numbers(container: Any, count: int) -> list[int]:
    """Return the counters of so many pictures."""
    frames = itertools.islice(container.decode(video=0), count)
    return [counter.read(frame.to_ndarray(format="yuv420p")[: frame.height]) for frame in frames]


@pytest.mark.parametrize("no", [FIXED, PTZ])
@pytest.mark.parametrize(("profile", "size", "fps"), [("sub", (640, 360), 15), ("main", (1280, 720), 25)])
def test_a_stream_shows_the_counter_of_the_moment(
    cameras, no: int, profile: str, size: tuple[int, int], fps: int
) -> None:
    loop = counter.LOOP_S * fps
    with cameras.open(no, profile) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == size
        seen = numbers(container, 30)
        now = counter.frame_at(time.time(), fps)
    assert (now - seen[-1]) % loop <= fps  # at most a second old
    left_out = (seen[-1] - seen[0]) % loop - 29
    assert left_out == 0 or (no == PTZ and left_out <= 3)  # a live picture may be late on a busy machine


def test_pictures_leave_at_their_time(cameras) -> None:
    talk = cameras.talk(FIXED)
    talk.play()
    ntp = stamp = None
    late: list[float] = []
    while len(late) < 20:
        channel, packet = talk.packet()
        now = time.time()
        if channel == 1:
            ntp, stamp = struct.unpack_from(">QI", packet, 8)
        elif packet[1] & 0x80:
            assert ntp is not None, "the sender report comes before the first picture"
            ticks = struct.unpack_from(">I", packet, 4)[0] - stamp
            due = ntp / 2**32 - 2_208_988_800 + ((ticks + 2**31) % 2**32 - 2**31) / 90_000
            late.append(now - due)
    assert min(late) > -0.002
    assert sorted(late)[10] < 0.03


def test_the_clock_is_told_again_and_again(cameras) -> None:
    talk = cameras.talk(FIXED)
    talk.play()
    reports = []
    while len(reports) < 2:
        channel, packet = talk.packet()
        if channel == 1:
            assert packet[1] == 200
            assert packet[28 + 1] == 202
            reports.append(struct.unpack_from(">Q", packet, 8)[0] / 2**32)
    assert 2.9 < reports[1] - reports[0] < 4


def test_a_wrong_password_is_refused(cameras) -> None:
    with pytest.raises(av.error.HTTPUnauthorizedError):
        cameras.open(FIXED, "sub", password="wrong")
    talk = cameras.talk(FIXED, password="wrong")
    assert talk.authorised("DESCRIBE").status == 401


def test_nothing_is_told_without_a_proof(cameras) -> None:
    talk = cameras.talk(FIXED)
    assert talk.ask("OPTIONS").status == 200
    for method in ("DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER"):
        answer = talk.ask(method)
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Digest ")
        assert not answer.body


def test_basic_is_refused_even_with_the_right_password(cameras) -> None:
    right = base64.b64encode(b"practice:a secret of the tests").decode()
    assert cameras.talk(FIXED).ask("DESCRIBE", authorization=f"Basic {right}").status == 401


def test_a_proof_is_good_for_its_own_connection_and_method_only(cameras) -> None:
    talk, other = cameras.talk(FIXED), cameras.talk(FIXED)
    assert talk.authorised("DESCRIBE").status == 200
    assert other.authorised("DESCRIBE").status == 200
    stolen = talk._proof("DESCRIBE", talk.url)
    assert talk.ask("DESCRIBE", authorization=stolen).status == 200
    assert other.ask("DESCRIBE", authorization=stolen).status == 401
    assert talk.ask("SETUP", authorization=stolen).status == 401


def test_quality_of_protection_may_be_used(cameras) -> None:
    assert cameras.talk(FIXED, qop=True).authorised("DESCRIBE").status == 200


@pytest.mark.parametrize("path", ["camera/99/sub", "camera/1/other", "elsewhere", ""])
def test_what_is_not_there_is_not_found(cameras, path: str) -> None:
    talk = cameras.talk(FIXED)
    talk.url = f"rtsp://127.0.0.1:{cameras.ready['rtsp_port']}/{path}"
    assert talk.authorised("DESCRIBE").status == 404


def test_a_session_ends_with_teardown(cameras, eventually: Eventually) -> None:
    talk = cameras.talk(FIXED)
    talk.play()
    talk.pictures(3)
    assert talk.ask("GET_PARAMETER").status == 200
    assert talk.ask("TEARDOWN").status == 200
    with pytest.raises(EOFError):
        talk.packet()
    session = next(one for one in cameras.get("/sent") if one["session"] == talk.session)
    assert session["ended_at"] is not None
    assert session["frames"] >= 3


def test_steps_out_of_their_order_are_refused(cameras) -> None:
    talk = cameras.talk(FIXED)
    assert talk.authorised("PLAY").status == 454
    assert talk.ask("SETUP", Transport="RAW/RAW/UDP").status == 461
    assert talk.ask("RECORD").status == 501
    talk.play()
    assert talk.ask("SETUP", Transport="RTP/AVP/TCP;unicast;interleaved=2-3").status == 455
    talk.session = "another"
    assert talk.ask("PLAY").status == 454


def test_words_that_are_no_rtsp_end_the_connection_and_nothing_else(cameras) -> None:
    port = cameras.ready["rtsp_port"]
    for words in (
        b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n",
        b"GET\r\n\r\n",
        b"A" * 100_000,
        b"OPTIONS * RTSP/1.0\r\nContent-Length: -5\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(words)
            connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                assert b"200" not in connection.recv(100)
    assert cameras.talk(FIXED).authorised("DESCRIBE").status == 200


def test_pictures_come_over_udp_too(cameras) -> None:
    while True:  # an even port and the next
        media, reports = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
        media.bind(("127.0.0.1", 0))
        port = media.getsockname()[1]
        try:
            reports.bind(("127.0.0.1", port + 1))
            break
        except OSError:
            media.close()
            reports.close()
    with media, reports:
        media.settimeout(5)
        reports.settimeout(5)
        talk = cameras.talk(FIXED)
        setup = talk.play(f"RTP/AVP;unicast;client_port={port}-{port + 1}")
        assert "server_port=" in setup.headers["transport"]
        assert reports.recv(2000)[1] == 200
        assert media.recv(2000)[0] == 0x80
        talk.close()


def test_what_was_sent_is_counted(cameras) -> None:
    talk = cameras.talk(FIXED)
    talk.play()
    talk.pictures(10)
    session = next(one for one in cameras.get("/sent") if one["session"] == talk.session)
    assert session["frames"] >= 10
    assert (session["camera"], session["profile"], session["transport"]) == (FIXED, "sub", "tcp")
    assert session["last_no"] - session["first_no"] == session["frames"] - 1
    assert session["first_no"] % 15 == 0  # a keyframe
    assert session["reports"] == 1


def test_a_dead_camera_closes_everything_and_the_others_go_on(cameras) -> None:
    talk, other = cameras.talk(FIXED), cameras.talk(OTHER_FIXED)
    talk.play()
    other.play()
    talk.pictures(2)
    cameras.begin(FIXED, "dead")
    with pytest.raises((EOFError, ConnectionError)):
        talk.pictures(100)
    with pytest.raises((EOFError, ConnectionError)):
        cameras.talk(FIXED).ask("DESCRIBE")
    assert other.pictures(30)
    cameras.clear()
    cameras.talk(FIXED).play()


def test_a_stalled_camera_keeps_its_session_and_comes_back(cameras) -> None:
    talk = cameras.talk(FIXED)
    talk.play()
    talk.pictures(2)
    cameras.begin(FIXED, "stalled")
    talk.within(0.5)
    with pytest.raises(TimeoutError):
        talk.pictures(100)
    sent = [one["frames"] for one in cameras.get("/sent") if one["session"] == talk.session]
    threading.Event().wait(0.3)
    assert [one["frames"] for one in cameras.get("/sent") if one["session"] == talk.session] == sent
    cameras.clear()
    fresh = cameras.talk(FIXED)
    fresh.play()
    assert fresh.pictures(1)


def test_a_stall_ends_after_its_time_and_goes_on_with_a_keyframe(cameras) -> None:
    with cameras.open(FIXED, "sub") as container:
        before = numbers(container, 5)
        cameras.begin(FIXED, "stalled", for_s=0.5)
        seen = numbers(container, 60)
    jumps = [(then - now) % 120 for now, then in itertools.pairwise([*before, *seen])]
    (gap,) = [index for index, jump in enumerate(jumps) if jump != 1]
    assert 6 <= jumps[gap] <= 30
    assert seen[gap - 4] % 15 == 0


def test_a_silent_camera_takes_connections_and_says_nothing(cameras) -> None:
    cameras.begin(FIXED, "silent")
    talk = cameras.talk(FIXED)
    talk.within(0.4)
    with pytest.raises(TimeoutError):
        talk.ask("DESCRIBE")


def test_a_camera_can_forget_its_password(cameras) -> None:
    cameras.begin(FIXED, "wrong_password")
    assert cameras.talk(FIXED).authorised("DESCRIBE").status == 401
    cameras.clear()
    assert cameras.talk(FIXED).authorised("DESCRIBE").status == 200


def test_garbled_pictures_have_wrong_bits(cameras, clips_folder: Path) -> None:
    spec = CameraSpec(FIXED, "만안구청 앞", ptz=False, scene=7)
    clip = (clips_folder / ClipWish.of(spec, Form(Codec.H264, SUB)).file_name()).read_bytes()
    right = {payload for picture in h264.pictures(clip) for payload in picture.payloads}

    def payloads() -> list[bytes]:
        talk = cameras.talk(FIXED)
        talk.play()
        packets = [talk.packet() for _ in range(30)]
        return [packet[12:] for channel, packet in packets if channel == 0 and len(packet) > 60]

    assert all(payload in right for payload in payloads())
    cameras.begin(FIXED, "garbled")
    assert not any(payload in right for payload in payloads())


@pytest.mark.parametrize(
    "wish",
    [
        {"target": "camera/99", "fault": "dead"},
        {"target": "camera/1", "fault": "none such"},
        {"target": "camera/1", "fault": "slow"},
        {"target": "camera/1", "fault": "dead", "for_s": -1},
        {"target": "camera/1", "fault": "dead", "for_s": "soon"},
        {},
        [],
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_and_changes_nothing(cameras, wish: object) -> None:
    status, said = cameras.post("/fault", wish)
    assert status == 400
    assert said["error"]
    assert cameras.faults(FIXED) == []


def test_an_unknown_question_is_answered_with_the_known_ones(cameras) -> None:
    status, said = cameras.post("/elsewhere", {})
    assert status == 404
    assert "/state" in said["error"]


def test_many_viewers_cost_little_and_get_every_picture(cameras) -> None:
    talks = [cameras.talk((FIXED, OTHER_FIXED)[index % 2]) for index in range(36)]
    with ThreadPoolExecutor(len(talks)) as threads:
        list(threads.map(lambda talk: talk.play(), talks))
    for profile in ("main", "sub"):  # what the PTZ camera sees has been drawn when it is described
        assert cameras.talk(PTZ, profile).authorised("DESCRIBE").status == 200
    process = psutil.Process(cameras.process.pid)
    before, began = sum(process.cpu_times()[:2]), time.monotonic()
    with ThreadPoolExecutor(len(talks)) as threads:
        stamps = list(threads.map(lambda talk: talk.pictures(45), talks))
    cores = (sum(process.cpu_times()[:2]) - before) / (time.monotonic() - began)
    assert cores < 0.1
    for got in stamps:
        assert {(then - now) % 2**32 for now, then in itertools.pairwise(got)} == {6000}
