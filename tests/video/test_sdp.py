"""Reading a camera's stream description."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProtocolError
from video.sdp import parse_sdp, resolve

BASE = "rtsp://10.0.0.9:554/live/"
LINES = [
    "v=0",
    "o=- 1 1 IN IP4 10.0.0.9",
    "s=camera",
    "a=control:*",
    "m=audio 0 RTP/AVP 0",
    "a=control:trackID=9",
    "m=video 0 RTP/AVP 96",
    "a=rtpmap:96 H264/90000",
    "a=fmtp:96 packetization-mode=1; profile-level-id=4D001E; sprop-parameter-sets=Z00AHg==,aO48gA==",
    "a=framerate:15",
    "a=control:trackID=1",
]


def test_the_video_track_is_found_beside_others():
    track = parse_sdp("\r\n".join(LINES), BASE)
    assert track.control == "rtsp://10.0.0.9:554/live/trackID=1"
    assert track.aggregate == BASE
    assert (track.codec, track.payload_type, track.clock_rate, track.frame_rate) == ("h264", 96, 90_000, 15.0)
    assert [unit[0] & 31 for unit in track.parameter_sets] == [7, 8]


def test_h265_brings_its_three_parameter_sets():
    text = "m=video 0 RTP/AVP 98\na=rtpmap:98 H265/90000\na=fmtp:98 sprop-vps=QAE=;sprop-sps=QgE=;sprop-pps=RAE="
    track = parse_sdp(text, BASE)
    assert track.codec == "hevc"
    assert [unit[0] >> 1 & 63 for unit in track.parameter_sets] == [32, 33, 34]
    assert track.control == BASE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=0",
        "m=video 0 RTP/AVP 31",
        "m=video 0 RTP/AVP 97\na=rtpmap:97 VP8/90000",
        "m=video",
        "m=video 0 RTP/AVP 999\na=rtpmap:999 H264/90000",
    ],
)
def test_what_holds_no_picture_is_not_understood(text):
    with pytest.raises(ProtocolError):
        parse_sdp(text, BASE)


@pytest.mark.parametrize("text", ["m=video 0 RTP/AVP 26", "m=video 0 RTP/AVP 26\na=rtpmap:26 JPEG/90000"])
def test_jpeg_needs_no_words(text):
    track = parse_sdp(text, BASE)
    assert (track.codec, track.payload_type, track.clock_rate, track.parameter_sets) == ("mjpeg", 26, 90_000, ())


def test_jpeg_may_have_any_number():
    track = parse_sdp("m=video 0 RTP/AVP 96\na=rtpmap:96 JPEG/90000", BASE)
    assert (track.codec, track.payload_type) == ("mjpeg", 96)


@pytest.mark.parametrize(
    ("sets", "kinds"),
    [
        ("", []),
        ("%%%%", []),
        ("%%%%,aO48gA==", [8]),
        ("Z00AHg,aO48gA", [7, 8]),  # without the padding, as some cameras write it
        (" Z00AHg== , aO48gA== ", [7, 8]),
        ("AAAA,Z00AHg==", [7]),  # what sets no parameters
    ],
)
def test_unreadable_parameter_sets_are_left_out(sets, kinds):
    text = f"m=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=fmtp:96 sprop-parameter-sets={sets}"
    assert [unit[0] & 31 for unit in parse_sdp(text, BASE).parameter_sets] == kinds


def test_an_absolute_control_address_is_taken_as_it_is():
    text = f"m=video 0 RTP/AVP 26\na=control:{BASE}track1"
    assert parse_sdp(text, BASE).control == BASE + "track1"


def test_a_control_address_of_another_machine_keeps_the_connections_own():
    assert resolve(BASE, "rtsp://192.168.1.2/x/trackID=1") == "rtsp://10.0.0.9:554/x/trackID=1"


@pytest.mark.parametrize("control", ["a b", "a\r\nX: y", "http://10.0.0.9/x"])
def test_a_control_address_cannot_split_a_request(control):
    with pytest.raises(ProtocolError):
        resolve(BASE, control)


@given(st.lists(st.sampled_from(LINES) | st.text(max_size=60), max_size=20))
def test_no_description_whatever_crashes_the_reader(lines):
    with contextlib.suppress(ProtocolError):
        parse_sdp("\n".join(lines), BASE)
