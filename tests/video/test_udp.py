"""Datagrams: their ports, their order, whose they are, and what the camera is told."""

import random
import socket
import struct

import pytest

from video.carriage import Carriage
from video.reorder import Reorder
from video.rtcp import Reception
from video.udp import Datagrams

HERE = "127.0.0.1"


def rtp(sequence, timestamp=0, ssrc=7, text=b"abc"):
    return struct.pack(">BBHII", 0x80, 96, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, ssrc) + text


def numbers(packets):
    return [packet[2] << 8 | packet[3] for packet in packets]


def pushed(reorder, order, now=0.0):
    return [number for sequence in order for number in numbers(reorder.push(rtp(sequence), now))]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4]),
        ([1, 3, 2, 4], [1, 2, 3, 4]),
        ([1, 4, 3, 2, 5], [1, 2, 3, 4, 5]),
        ([1, 2, 2, 3, 3, 3, 4], [1, 2, 3, 4]),
        ([1, 3, 3, 2, 4], [1, 2, 3, 4]),
        ([0xFFFE, 0, 0xFFFF, 1], [0xFFFE, 0xFFFF, 0, 1]),
        ([5, 4, 6], [5, 6]),
        ([1, 2, 40_000, 40_001], [1, 2, 40_000, 40_001]),
        ([1, 3, 40_000, 40_001], [1, 3, 40_000, 40_001]),
    ],
)
def test_what_overtook_is_put_right_and_each_comes_once(order, found):
    assert pushed(Reorder(), order) == found


def test_after_30_ms_nothing_waits_for_a_lost_packet():
    reorder = Reorder()
    assert pushed(reorder, [1, 3, 4]) == [1]
    assert list(reorder.due(0.02)) == []
    assert numbers(reorder.due(0.04)) == [3, 4]
    assert pushed(reorder, [2, 5], 0.05) == [5]


def test_a_lost_packet_holds_up_no_more_than_a_few():
    reorder = Reorder()
    assert pushed(reorder, [1, *range(3, 19)]) == [1]
    assert pushed(reorder, [19]) == list(range(3, 20))


@pytest.mark.parametrize("seed", range(5))
def test_no_order_whatever_breaks_it_or_fills_the_memory(seed):
    chance, reorder = random.Random(seed), Reorder()
    for at in range(20_000):
        sequence = at + chance.choice((0, 0, 0, 1, -1, 5, -5, 200, 30_000, chance.randrange(65_536)))
        pushed(reorder, [sequence & 0xFFFF], at / 1000)
        assert len(reorder._held) <= 17


def blocks(report):
    """Return what a compound packet holds: kind and body of each."""
    found, at = [], 0
    while at < len(report):
        first, kind, words = struct.unpack_from(">BBH", report, at)
        assert first >> 6 == 2
        found.append((kind, first & 31, report[at + 4 : at + 4 + 4 * words]))
        at += 4 + 4 * words
    assert at == len(report)
    return found


def test_a_report_tells_what_was_lost():
    reception = Reception(90_000)
    for number in range(100):
        if number % 10 != 5:
            reception.take(rtp(65_500 + number, number * 6000, ssrc=9), 10 + number / 15)
    (kind, count, body), (described, _, name) = blocks(reception.report(20.0))
    assert (kind, count, described) == (201, 1, 202)
    assert b"watchroom" in name
    source, lost, highest, jitter, last, delay = struct.unpack(">IIIIII", body[4:])
    assert source == 9
    assert lost & 0xFF_FFFF == 10
    assert lost >> 24 == 256 * 10 // 100
    assert highest == 65_500 + 99
    assert jitter <= 1
    assert (last, delay) == (0, 0)
    _, second = struct.unpack_from(">II", blocks(reception.report(25.0))[0][2], 4)
    assert second >> 24 == 0  # nothing was lost since


def test_a_report_answers_the_cameras_own():
    reception = Reception(90_000)
    reception.take(rtp(1), 10.0)
    ntp = 0x1122_3344_5566_7788
    reception.take_report(struct.pack(">BBHIQIII", 0x80, 200, 6, 7, ntp, 0, 0, 0), 10.0)
    body = blocks(reception.report(12.5))[0][2]
    assert struct.unpack(">II", body[-8:]) == (0x3344_5566, int(2.5 * 65_536))


def test_before_anything_came_a_report_says_only_who_we_are():
    (kind, count, body), _ = blocks(Reception(90_000).report(1.0))
    assert (kind, count, len(body)) == (201, 0, 4)


class Camera:
    """Two ports of a camera's on this machine."""

    def __init__(self):
        self.media, self.reports = (socket.socket(type=socket.SOCK_DGRAM) for _ in range(2))
        for each in (self.media, self.reports):
            each.bind((HERE, 0))
            each.settimeout(5)

    @property
    def ports(self):
        return self.media.getsockname()[1], self.reports.getsockname()[1]

    def close(self):
        self.media.close()
        self.reports.close()


@pytest.fixture
def camera():
    camera = Camera()
    yield camera
    camera.close()


@pytest.fixture
def datagrams():
    datagrams = Datagrams(socket.AF_INET, HERE, HERE)
    yield datagrams
    datagrams.close()


def test_the_ports_are_an_even_one_and_the_next(datagrams):
    assert datagrams.port % 2 == 0
    with pytest.raises(OSError, match="in use"), socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind((HERE, datagrams.port + 1))


def test_the_way_is_opened_and_reports_go_out_every_five_seconds(datagrams, camera):
    datagrams.begin(Carriage(None, camera.ports), 90_000)
    punch, sender = camera.media.recvfrom(100)
    assert (punch[0] >> 6, sender[1]) == (2, datagrams.port)
    for now in (100.0, 101.0, 104.9, 105.1, 106.0):
        datagrams.due(now)
    for _ in range(2):
        report, sender = camera.reports.recvfrom(200)
        assert sender[1] == datagrams.port + 1
        assert blocks(report)[0][0] == 201
    camera.reports.settimeout(0)
    with pytest.raises(BlockingIOError):
        camera.reports.recvfrom(200)


def test_what_came_is_given_in_order_with_reports_apart(datagrams, camera):
    datagrams.begin(Carriage(None, camera.ports), 90_000)
    for sequence in (1, 3, 2, 4):
        camera.media.sendto(rtp(sequence), (HERE, datagrams.port))
    camera.reports.sendto(b"report", (HERE, datagrams.port + 1))
    found = datagrams.receive(1.0)
    assert found[0] == (True, b"report")
    assert numbers(packet for _, packet in found[1:]) == [1, 2, 3, 4]
    assert datagrams.receive(1.1) == []


def test_another_hosts_datagrams_are_left_out(datagrams):
    with socket.socket(type=socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.2", 0))
        stranger.sendto(rtp(1), (HERE, datagrams.port))
    assert datagrams.receive(1.0) == []
    assert datagrams.foreign == 1


def test_another_source_than_announced_is_left_out(datagrams, camera):
    datagrams.begin(Carriage(None, camera.ports, ssrc=7), 90_000)
    for sequence in range(200):
        camera.media.sendto(rtp(sequence, ssrc=7), (HERE, datagrams.port))
        camera.media.sendto(rtp(sequence, ssrc=8, text=b"foreign"), (HERE, datagrams.port))
        assert [packet for _, packet in datagrams.receive(sequence / 100)] == [rtp(sequence, ssrc=7)]
    assert datagrams.foreign == 200


def test_a_camera_that_announced_a_wrong_source_is_seen_all_the_same(datagrams, camera):
    datagrams.begin(Carriage(None, camera.ports, ssrc=0xBAD), 90_000)
    found = []
    for sequence in range(100):
        camera.media.sendto(rtp(sequence), (HERE, datagrams.port))
        found += datagrams.receive(sequence / 100)
    assert len(found) == 50


def test_packets_whose_headers_lie_are_given_on_and_take_no_others_place(datagrams, camera):
    bad = struct.pack(">BBHII", 0xA0, 96, 2, 0, 7) + b"\xff"
    for packet in (rtp(1), bad, b"short", rtp(2)):
        camera.media.sendto(packet, (HERE, datagrams.port))
    assert [packet for _, packet in datagrams.receive(1.0)] == [rtp(1), bad, b"short", rtp(2)]


def test_of_a_flood_only_so_much_is_taken_at_once(datagrams, camera):
    for sequence in range(700):
        camera.media.sendto(rtp(sequence, text=b""), (HERE, datagrams.port))
    first = len(datagrams.receive(1.0))
    assert 0 < first <= 512
