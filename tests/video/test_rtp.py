"""From RTP packets to access units."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProtocolError
from video.rtp import MAX_ACCESS_UNIT, Depacketiser, Punctuality, SenderReport, parse_sender_report

START = b"\0\0\0\1"
SPS, IDR, SLICE = b"\x67sps", b"\x65idr", b"\x41slice"


def rtp(sequence, timestamp, payload, *, marker=True, kind=96, first=0x80):
    return struct.pack(">BBHII", first, kind | (0x80 if marker else 0), sequence & 0xFFFF, timestamp, 5) + payload


def feed(depacketiser, *packets):
    return [unit for packet in packets for unit in depacketiser.push(packet)]


@pytest.fixture
def h264():
    return Depacketiser("h264", 96)


def test_the_marker_ends_a_picture(h264):
    assert feed(h264, rtp(1, 6000, SPS, marker=False)) == []
    (unit,) = feed(h264, rtp(2, 6000, IDR))
    assert unit.data == START + SPS + START + IDR
    assert unit.key
    assert (unit.timestamp, unit.sent_no) == (6000, 1)


def test_a_forgotten_marker_ends_with_the_next_timestamp(h264):
    (unit,) = feed(h264, rtp(1, 0, IDR, marker=False), rtp(2, 6000, SLICE, marker=False))
    assert unit.data == START + IDR


def test_a_marker_after_a_forgotten_one_gives_both_pictures(h264):
    units = feed(h264, rtp(1, 0, IDR, marker=False), rtp(2, 6000, SLICE))
    assert [unit.data for unit in units] == [START + IDR, START + SLICE]
    assert [unit.sent_no for unit in units] == [1, 2]


def test_fragments_are_joined(h264):
    (unit,) = feed(
        h264,
        rtp(1, 0, b"\x7c\x85ab", marker=False),
        rtp(2, 0, b"\x7c\x05cd", marker=False),
        rtp(3, 0, b"\x7c\x45ef"),
    )
    assert unit.data == START + b"\x65abcdef"
    assert unit.key


def test_an_aggregate_is_taken_apart(h264):
    (unit,) = feed(h264, rtp(1, 0, b"\x78\0\x04" + SPS + b"\0\x04" + IDR))
    assert unit.data == START + SPS + START + IDR


def test_before_the_first_keyframe_nothing_comes_out(h264):
    (unit,) = feed(h264, rtp(1, 0, SLICE), rtp(2, 6000, SLICE), rtp(3, 12000, IDR))
    assert unit.sent_no == 3


def test_after_a_loss_it_waits_for_the_next_keyframe_and_counts_what_was_lost(h264):
    before = feed(h264, rtp(1, 0, IDR), rtp(2, 6000, SLICE), rtp(3, 12000, SLICE))
    assert len(before) == 3
    # The pictures at 18000 and 24000 are lost with packets 4 and 5.
    assert feed(h264, rtp(6, 30000, SLICE), rtp(7, 36000, SLICE)) == []
    (unit,) = feed(h264, rtp(8, 42000, IDR))
    assert unit.sent_no == 8
    assert h264.lost_packets == 2
    assert h264.dropped == 2


def test_a_loss_inside_a_picture_counts_it_once(h264):
    feed(h264, rtp(1, 0, IDR), rtp(2, 6000, SLICE), rtp(3, 12000, b"\x7c\x85ab", marker=False))
    assert feed(h264, rtp(5, 12000, b"\x7c\x45ef")) == []
    assert h264.sent == 3


def test_a_pause_of_the_camera_is_not_a_loss(h264):
    units = feed(h264, rtp(1, 0, IDR), rtp(2, 6000, SLICE), rtp(3, 6000 + 90_000 * 60, SLICE))
    assert [unit.sent_no for unit in units] == [1, 2, 3]


def test_sequence_and_timestamp_wrap(h264):
    high = 0xFFFF_FFFF - 2999
    units = feed(h264, rtp(0xFFFF, high, IDR), rtp(0, 3000, SLICE))
    assert len(units) == 2
    assert units[1].timestamp - units[0].timestamp == 6000


def test_counting_goes_on_from_an_earlier_session():
    (unit,) = feed(Depacketiser("h264", 96, sent_before=40), rtp(1, 0, IDR))
    assert unit.sent_no == 41


def test_padding_extension_and_sources_are_taken_off(h264):
    body = struct.pack(">I", 9) + struct.pack(">HHI", 0xBEDE, 1, 7) + IDR + b"\0\0\3"
    (unit,) = feed(h264, rtp(1, 0, body, first=0x80 | 0x20 | 0x10 | 1))
    assert unit.data == START + IDR


def test_other_payload_types_are_passed_over(h264):
    assert feed(h264, rtp(1, 0, IDR, kind=97)) == []


def test_h265_fragments_are_joined():
    depacketiser = Depacketiser("hevc", 96)
    idr, fu = 19 << 1, 49 << 1
    (unit,) = feed(
        depacketiser,
        rtp(1, 0, bytes((fu, 1, 0x80 | 19)) + b"ab", marker=False),
        rtp(2, 0, bytes((fu, 1, 0x40 | 19)) + b"cd"),
    )
    assert unit.data == START + bytes((idr, 1)) + b"abcd"
    assert unit.key


def test_a_picture_without_end_does_not_fill_the_memory(h264):
    part = b"\x7c\x05" + bytes(60_000)
    feed(h264, rtp(0, 0, b"\x7c\x85", marker=False), rtp(1, 0, b"\x7c\x85a", marker=False))
    for number in range(2, 2 + 3 * MAX_ACCESS_UNIT // 60_000):
        assert feed(h264, rtp(number, 0, part, marker=False)) == []
    assert sum(map(len, h264._parts)) <= MAX_ACCESS_UNIT
    assert feed(h264, rtp(number + 1, 0, b"\x7c\x45")) == []
    (unit,) = feed(h264, rtp(number + 2, 6000, IDR))
    assert unit.key


@pytest.mark.parametrize(
    "packet", [b"", b"\x80", b"\x40" + bytes(20), rtp(1, 0, b"\0\0", first=0x90), rtp(1, 0, b"\xff", first=0xA0)]
)
def test_what_is_no_rtp_is_not_understood(h264, packet):
    with pytest.raises(ProtocolError):
        h264.push(packet)


@given(
    st.sampled_from(["h264", "hevc"]),
    st.lists(
        st.binary(max_size=40) | st.builds(rtp, st.integers(0, 9), st.sampled_from([0, 6000]), st.binary(max_size=12)),
        max_size=30,
    ),
)
def test_no_packets_whatever_crash_the_reader(codec, packets):
    depacketiser = Depacketiser(codec, 96)
    for packet in packets:
        try:
            for unit in depacketiser.push(packet):
                assert unit.data.startswith(START)
        except ProtocolError:
            pass


def test_a_sender_report_tells_the_cameras_clock():
    report = struct.pack(">BBHIIIIII", 0x80, 200, 6, 5, 2_208_988_800 + 1000, 1 << 31, 90_000, 0, 0)
    parsed = parse_sender_report(report)
    assert parsed == SenderReport(1000.5, 90_000)
    assert parsed is not None
    assert parsed.moment(90_000 + 45_000, 90_000) == 1001.0
    assert parsed.moment(45_000 + (7 << 32), 90_000) == 1000.0


def test_a_camera_that_does_not_know_the_time_has_no_clock():
    assert parse_sender_report(struct.pack(">BBHIIIIII", 0x80, 200, 6, 5, 0, 0, 0, 0, 0)) is None


@given(st.binary(max_size=80))
def test_no_report_whatever_crashes_the_reader(packet):
    parse_sender_report(packet)


def test_a_backlog_shows_as_lateness():
    punctuality = Punctuality(90_000)
    for number in range(30):
        assert punctuality.late_s(number * 6000, 100 + number / 15) == pytest.approx(0, abs=1e-6)
    assert punctuality.late_s(30 * 6000, 100 + 30 / 15 + 4.0) == pytest.approx(4.0)


def test_a_slow_camera_clock_does_not_become_lateness():
    punctuality = Punctuality(90_000)
    late = [punctuality.late_s(int(number * 6000 * 0.999), 100 + number / 15) for number in range(15 * 600)]
    assert max(late) < 0.1
