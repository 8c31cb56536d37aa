"""What the faults do to pictures and packets, seen on the wire and by FFmpeg."""

import base64
import contextlib
import itertools
import re
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import av
import numpy as np
import pytest

from simulation.cameras import counter, nal

pytestmark = pytest.mark.system

H264, H265, MJPEG, MOVING = 1, 2, 3, 4


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    return [
        {"no": H264, "name": "만안구청 앞", "scene": 7},
        {"no": H265, "name": "안양역 광장", "scene": 4, "codec": "h265"},
        {"no": MJPEG, "name": "중앙공원", "scene": 5, "codec": "mjpeg"},
        {"no": MOVING, "name": "비산대교", "scene": 3, "kind": "ptz"},
    ]


def until(pictures: Iterator[list[bytes]], condition: Callable[[list[bytes]], bool]) -> list[bytes]:
    """Return the first picture of which this is true; AssertionError where none comes in 10 s."""
    end = time.monotonic() + 10
    for payloads in pictures:
        if condition(payloads):
            return payloads
        assert time.monotonic() < end, "it did not come to pass"
    raise EOFError


def h264_kinds(payloads: list[bytes]) -> set[int]:
    return {payload[1] & 31 if payload[0] & 31 == 28 else payload[0] & 31 for payload in payloads}


def h265_kinds(payloads: list[bytes]) -> set[int]:
    kinds = {payload[0] >> 1 & 63 for payload in payloads}
    return {payload[2] & 63 for payload in payloads if payload[0] >> 1 & 63 == 49} | kinds - {49}


def luma(frame: Any) -> np.ndarray:
    return frame.to_ndarray(format="yuv420p")[: frame.height]


def shown(container: Any, count: int) -> list[Any]:
    return list(itertools.islice(_frames(container), count))


def _frames(container: Any) -> Iterator[Any]:
    """Decode on; what FFmpeg's demuxer cut off before the first whole picture is no fault of the camera's."""
    begun = False
    for packet in container.demux(video=0):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            assert not begun, "a picture in mid-stream can't be decoded"
            continue
        begun = begun or bool(frames)
        yield from frames


def sprop(body: str) -> bytes:
    return base64.b64decode(re.search(r"sprop-parameter-sets=([^,\s]+)", body)[1])


@pytest.mark.parametrize("no", [H264, H265, MJPEG, MOVING])
def test_a_frozen_camera_sends_on_and_shows_the_same_picture(cameras, no: int) -> None:
    with cameras.open(no, "sub") as container:
        assert len({counter.read(luma(frame)) for frame in shown(container, 10)}) == 10
        cameras.begin(no, "frozen")
        frames, end = shown(container, 15), time.monotonic() + 15
        while len({counter.read(luma(frame)) for frame in frames}) > 1:
            frames = shown(container, 15)
            assert time.monotonic() < end, "it never froze"
        still = [*frames, *shown(container, 20)]
        assert {counter.read(luma(frame)) for frame in still} == {counter.read(luma(frames[0]))}
        assert max(np.abs(luma(frame).astype(int) - luma(frames[0])).max() for frame in still) <= 2
        assert {round((then.pts - now.pts) * then.time_base * 15) for now, then in itertools.pairwise(still)} == {1}
        keys = [index for index, frame in enumerate(still) if frame.key_frame]
        assert no == MJPEG or {then - now for now, then in itertools.pairwise(keys)} == {15}
        cameras.clear()
        while len({counter.read(luma(frame)) for frame in shown(container, 15)}) < 15:
            assert time.monotonic() < end, "it never went on"


def test_clocks_are_told_while_a_picture_is_frozen(cameras) -> None:
    cameras.begin(H264, "frozen")
    talk = cameras.talk(H264)
    talk.play()
    channels = [talk.packet()[0] for _ in range(150)]
    assert channels.count(1) >= 1


@pytest.mark.parametrize("no", [H264, H265, MJPEG, MOVING])
def test_the_size_changes_in_mid_stream_and_back(cameras, no: int) -> None:
    with cameras.open(no, "sub") as container:
        assert {(frame.width, frame.height) for frame in shown(container, 3)} == {(640, 360)}
        for wanted, change in (
            ((480, 272), lambda: cameras.begin(no, "resolution_change")),
            ((640, 360), cameras.clear),
        ):
            change()
            end = time.monotonic() + 20
            while (frame := next(container.decode(video=0))) and (frame.width, frame.height) != wanted:
                assert time.monotonic() < end, "the size did not change"
            seen = [counter.read(luma(one)) for one in shown(container, 5)]
            assert no == MOVING or {(then - now) % 120 for now, then in itertools.pairwise(seen)} == {1}


def test_the_main_stream_changes_its_size_too_and_the_description_says_so(cameras) -> None:
    before = sprop(cameras.talk(H264, "main").authorised("DESCRIBE").body)
    cameras.begin(H264, "resolution_change")
    assert sprop(cameras.talk(H264, "main").authorised("DESCRIBE").body) != before
    with cameras.open(H264, "main") as container:
        (frame,) = shown(container, 1)
        assert (frame.width, frame.height) == (960, 544)


@pytest.mark.parametrize(
    ("no", "payload_type", "kinds", "told"),
    [
        (H264, 96, lambda payloads: {32, 33, 34} < h265_kinds(payloads), "a=rtpmap:96 H265/90000"),
        (H265, 96, lambda payloads: {7, 8, 5} <= h264_kinds(payloads), "a=rtpmap:96 H264/90000"),
        (MJPEG, 26, lambda payloads: {7, 8, 5} <= h264_kinds(payloads), "a=rtpmap:96 H264/90000"),
        (MOVING, 96, lambda payloads: {32, 33, 34} < h265_kinds(payloads), "a=rtpmap:96 H265/90000"),
    ],
)
def test_the_codec_changes_in_mid_stream_under_the_same_payload_type(
    cameras, no: int, payload_type: int, kinds: Callable[[list[bytes]], bool], told: str
) -> None:
    talk = cameras.talk(no)
    talk.play()
    pictures = talk.units()
    assert not kinds(next(pictures))
    cameras.begin(no, "codec_change")
    until(pictures, kinds)
    assert talk.media()[1] & 0x7F == payload_type
    assert told in cameras.talk(no).authorised("DESCRIBE").body
    with cameras.open(no, "sub") as container:
        assert container.streams.video[0].codec_context.name == ("hevc" if "H265" in told else "h264")
        assert len(shown(container, 3)) == 3
    cameras.clear()
    until(pictures, lambda payloads: not kinds(payloads))


def test_timestamps_jump_an_hour_forward_and_ten_minutes_back_and_reports_follow(cameras) -> None:
    talk = cameras.talk(H264)
    talk.play()
    (last,) = talk.pictures(1)
    cameras.begin(H264, "timestamp_jump")
    jumps, lateness, end = [], None, time.monotonic() + 20
    report = (0.0, 0)
    while len(jumps) < 2 or lateness is None:
        channel, packet = talk.packet()
        if channel == 1:
            ntp, stamp = struct.unpack_from(">QI", packet, 8)
            report = (ntp / 2**32 - 2_208_988_800, stamp)
        elif packet[1] & 0x80:
            stamp = struct.unpack_from(">I", packet, 4)[0]
            step, last = ticks(stamp, last), stamp
            if step != 6000:
                jumps.append(round(step / 90_000))
                report = (0.0, 0)
            elif len(jumps) == 2 and report[0]:
                lateness = time.time() - report[0] - ticks(stamp, report[1]) / 90_000
        assert time.monotonic() < end
    assert jumps == [3600, -600]
    assert -0.01 < lateness < 1
    cameras.clear()
    while (step := ticks((stamp := talk.pictures(1)[0]), last)) == 6000:
        last = stamp
        assert time.monotonic() < end
    assert round(step / 90_000) == -3000


def ticks(then: int, before: int) -> int:
    """Return the way from one RTP timestamp to another."""
    return (then - before + 2**31) % 2**32 - 2**31


def test_parameter_sets_can_come_with_keyframes_only(cameras) -> None:
    cameras.begin(H264, "no_parameter_sets")
    cameras.begin(H265, "no_parameter_sets")
    for no, kinds, sets in ((H264, h264_kinds, {7, 8}), (H265, h265_kinds, {32, 33, 34})):
        talk = cameras.talk(no)
        assert "sprop" not in talk.authorised("DESCRIBE").body
        talk.play()
        assert sets < kinds(next(talk.units()))
        with cameras.open(no, "sub") as container:
            assert len(shown(container, 3)) == 3


def test_parameter_sets_can_be_missing_altogether(cameras) -> None:
    cameras.begin(H264, "never_parameter_sets")
    cameras.begin(H265, "never_parameter_sets")
    for no, kinds, sets in ((H264, h264_kinds, {7, 8}), (H265, h265_kinds, {32, 33, 34})):
        talk = cameras.talk(no)
        assert "sprop" not in talk.authorised("DESCRIBE").body
        talk.play()
        decoder = av.CodecContext.create("h264" if no == H264 else "hevc", "r")
        for payloads in itertools.islice(talk.units(), 31):
            assert not sets & kinds(payloads)
            with contextlib.suppress(av.error.InvalidDataError):
                assert decoder.decode(av.Packet(nal.annex_b(payloads))) == []


def test_packets_come_whose_lengths_make_no_sense_and_the_pictures_come_all_the_same(cameras) -> None:
    cameras.begin(H264, "nonsense_packets")
    talk = cameras.talk(H264)
    talk.play()
    packets = [talk.media() for _ in range(200)]
    wrong = [packet for packet in packets if len(packet) < 12 or packet[0] != 0x80]
    assert any(packet[0] & 0x20 and packet[-1] > len(packet) - 12 for packet in wrong)
    assert any(packet[0] & 0x10 and struct.unpack_from(">H", packet, 14)[0] * 4 > len(packet) for packet in wrong)
    assert any(packet[0] & 0x0F == 15 and len(packet) < 12 + 60 for packet in wrong)
    assert any(len(packet) < 12 for packet in wrong)
    true = [struct.unpack_from(">H", packet, 2)[0] for packet in packets if packet not in wrong]
    assert {(then - now) % 65536 for now, then in itertools.pairwise(true)} == {1}


def test_interleaved_frames_come_whose_lengths_lie(cameras) -> None:
    cameras.begin(H264, "nonsense_frames")
    talk = cameras.talk(H264)
    talk.play()
    heads, end = set(), time.monotonic() + 15
    junk = bytes(range(0x30, 0x58))
    while len(heads) < 4 and time.monotonic() < end:
        octets = talk._file.read(2000)
        for at in (found.start() for found in re.finditer(re.escape(junk[:20]), octets)):
            heads.add(octets[at - 4 : at])
        heads |= {b"$\0\0\0"} if b"$\0\0\0$" in octets else set()
    lengths = {struct.unpack(">BBH", head)[1:] for head in heads if len(head) == 4}
    assert lengths == {(0, 0xFFFF), (0, 4), (0, 0), (0xEE, len(junk))}


def test_all_lengths_can_be_nonsense_at_once(cameras) -> None:
    talk = cameras.talk(H264)
    talk.play()
    cameras.begin(H264, "nonsense_lengths")
    octets = b"".join(talk._file.read(5000) for _ in range(40))
    assert bytes(range(0x30, 0x58)) + b"\xc8" in octets  # padding that is not there
    assert b"$\0\xff\xff0123" in octets or b"$\0\0\x040123" in octets or b"$\xee\0\x280123" in octets
