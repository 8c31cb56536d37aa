"""From RTP packets to access units."""

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ProtocolError
from video.gather import MAX_ACCESS_UNIT
from video.rtp import Depacketiser, Punctuality, SenderReport, parse_sender_report

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


def test_a_picture_whose_end_is_lost_does_not_come_out_torn(h264):
    assert len(feed(h264, rtp(1, 0, IDR))) == 1
    assert feed(h264, rtp(2, 6000, b"\x7c\x81ab", marker=False), rtp(4, 12000, SLICE), rtp(5, 18000, SLICE)) == []
    assert (h264.sent, h264.dropped, h264.lost_packets) == (4, 3, 1)


def test_a_camera_that_begins_its_numbers_anew_has_not_lost_thousands(h264):
    feed(h264, rtp(1, 0, IDR), rtp(2, 6000, SLICE))
    (unit,) = feed(h264, rtp(40_000, 900, SLICE), rtp(40_001, 6900, IDR))
    assert unit.data == START + IDR
    assert h264.lost_packets == 1


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
    assert sum(map(len, h264._picture.parts)) <= MAX_ACCESS_UNIT
    assert feed(h264, rtp(number + 1, 0, b"\x7c\x45")) == []
    (unit,) = feed(h264, rtp(number + 2, 6000, IDR))
    assert unit.key


BAD = [
    b"",
    b"\x80",
    b"\x40" + bytes(20),
    rtp(2, 0, b"\0\0", first=0x90),
    rtp(2, 0, b"\xbe\xde\0\xff" + SLICE, first=0x90),
    rtp(2, 0, b"\xff", first=0xA0),
    rtp(2, 0, SLICE, first=0x8F),
]


@pytest.mark.parametrize("packet", BAD)
def test_a_packet_whose_headers_lie_is_dropped_and_counted_and_nothing_else(h264, packet):
    units = feed(h264, rtp(1, 0, IDR), packet, rtp(2, 6000, SLICE))
    assert [unit.data for unit in units] == [START + IDR, START + SLICE]
    assert (h264.bad_packets, h264.lost_packets, h264.dropped) == (1, 0, 0)


@pytest.mark.parametrize("packet", BAD)
def test_a_packet_that_was_meant_and_came_broken_is_missing(h264, packet):
    assert len(feed(h264, rtp(1, 0, IDR), packet, rtp(3, 6000, SLICE))) == 1
    assert (h264.bad_packets, h264.lost_packets, h264.dropped) == (1, 1, 1)


def test_what_goes_on_being_no_rtp_is_not_understood(h264):
    with pytest.raises(ProtocolError):
        feed(h264, *[b"nonsense"] * 100)
    assert h264.bad_packets < 100


def test_bad_packets_between_good_ones_are_borne_for_ever(h264):
    for number in range(500):
        assert len(feed(h264, b"nonsense", rtp(number, number * 6000, IDR))) == 1
    assert h264.bad_packets == 500


@given(
    st.sampled_from(["h264", "hevc", "mjpeg"]),
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
                assert unit.data.startswith(b"\xff\xd8" if codec == "mjpeg" else START)
        except ProtocolError:
            pass


PACKETS = {
    "h264": [
        rtp(1, 0, b"\x78\0\x04" + SPS + b"\0\x04" + IDR, marker=False),
        rtp(2, 0, b"\x7c\x85ab", marker=False),
        rtp(3, 0, b"\x7c\x45ef"),
        rtp(4, 6000, SLICE),
    ],
    "hevc": [
        rtp(1, 0, b"\x60\x01\0\x04\x40\x01ab\0\x04\x42\x01cd", marker=False),
        rtp(2, 0, b"\x62\x01\x93ab", marker=False),
        rtp(3, 0, b"\x62\x01\x53ef"),
        rtp(4, 6000, b"\x02\x01slice"),
    ],
    "mjpeg": [
        rtp(1, 0, b"\0\0\0\0\x01\xff\x28\x17\0\0\0\x40" + bytes(64) + b"coded", marker=False),
        rtp(2, 0, b"\0\0\0\5\x01\xff\x28\x17coded"),
        rtp(3, 6000, b"\0\0\0\0\x41\x32\x28\x17\0\7\xff\xffcoded"),
    ],
}


@pytest.mark.parametrize("codec", PACKETS)
def test_no_packet_however_mutilated_breaks_the_reader_or_fills_its_memory(codec):
    chance, depacketiser, whole = random.Random(codec), Depacketiser(codec, 96), 0
    for number in range(20_000):
        packet = bytearray(PACKETS[codec][number % len(PACKETS[codec])])
        struct.pack_into(">H", packet, 2, number & 0xFFFF)
        while chance.random() < 0.2:
            at = chance.randrange(len(packet) + 1)
            packet[at : at + chance.randrange(3)] = chance.randbytes(chance.choice((0, 1, 1, 1, 200)))
        try:
            whole += len(depacketiser.push(bytes(packet)))
        except ProtocolError:
            depacketiser = Depacketiser(codec, 96)
        assert len(depacketiser._picture.parts) < 20_000
    assert whole > 200
    assert sum(map(len, depacketiser._picture.parts)) <= MAX_ACCESS_UNIT


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


def leaping(steps, *, fps=15):
    """Feed pictures at their times, whose clock leaps by so many seconds at the numbers given."""
    punctuality, ahead, found = Punctuality(90_000), 0.0, []
    for number in range(max(steps) + 60):
        ahead += steps.get(number, 0.0)
        found.append(punctuality.late_s(round((number / fps + ahead) * 90_000), 100 + number / fps))
    return found, punctuality


@pytest.mark.parametrize(
    "steps", [{30: 3600}, {30: -600}, {30: 3600, 90: -4200}, {30: -1}, {30: 5, 31: -5}, {30: 3600, 31: -3600}]
)
def test_timestamps_that_leap_are_no_lateness(steps):
    late, punctuality = leaping(steps)
    assert max(late) < 0.01
    assert punctuality.leaps == len(steps)


def test_a_backlog_is_found_after_a_leap_too():
    punctuality = Punctuality(90_000)
    for number in range(30):
        punctuality.late_s(number * 6000, 100 + number / 15)
    for number in range(30, 60):
        assert punctuality.late_s(number * 6000 - 900 * 90_000, 100 + number / 15) == pytest.approx(0, abs=1e-3)
    for number in range(60, 75):
        late = punctuality.late_s(number * 6000 - 900 * 90_000, 100 + number / 15 + 2.0)
        assert late == pytest.approx(2.0, abs=1e-3)


def test_a_leap_does_not_hide_a_backlog():
    punctuality = Punctuality(90_000)
    for number in range(30):
        punctuality.late_s(number * 6000, 100 + number / 15)
    for number in range(30, 60):
        assert punctuality.late_s(number * 6000, 100 + number / 15 + 2.0) == pytest.approx(2.0)
    for ahead in (3600, -3600):
        late = [punctuality.late_s(n * 6000 + ahead * 90_000, 100 + n / 15 + 2.0) for n in range(60, 75)]
        assert late == pytest.approx([2.0] * 15)


def test_a_backlog_that_is_worked_off_or_skipped_is_punctual_again():
    punctuality = Punctuality(90_000)
    for number in range(30):
        punctuality.late_s(number * 6000, 100 + number / 15)
    for number in range(30, 45):
        assert punctuality.late_s(number * 6000, 104 + number / 15) == pytest.approx(4.0)
    # The camera leaves out what waited: a step ahead of 4 s that is no leap.
    assert punctuality.late_s(105 * 6000, 100 + 105 / 15) == pytest.approx(0, abs=1e-6)
    assert punctuality.leaps == 0


def test_a_slow_camera_clock_does_not_become_lateness():
    punctuality = Punctuality(90_000)
    late = [punctuality.late_s(int(number * 6000 * 0.999), 100 + number / 15) for number in range(15 * 600)]
    assert max(late) < 0.1
