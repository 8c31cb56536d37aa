"""What one viewer is sent, without a network."""

import struct

import pytest

from simulation.cameras.picture import Picture
from simulation.cameras.rtp import JUMP_BACK_AFTER_S, Viewer
from simulation.faults import CAMERA_FAULTS, WELL

FPS = 15


class Notebook:
    """Keeps what is sent, and can be too slow to take it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.reports: list[bytes] = []
        self.lies: list[int] = []
        self.full = False

    def packets(self, packets: list[bytes]) -> bool:
        if not self.full:
            self.sent += packets
        return not self.full

    def report(self, packet: bytes) -> None:
        self.reports.append(packet)

    def lie(self, turn: int) -> None:
        self.lies.append(turn)

    def stamps(self) -> list[int]:
        return [struct.unpack_from(">I", packet, 4)[0] for packet in self.sent]

    def sequences(self) -> list[int]:
        return [struct.unpack_from(">H", packet, 2)[0] for packet in self.sent]


@pytest.fixture
def wire() -> Notebook:
    return Notebook()


def picture(no: int) -> Picture:
    """Return a picture of one packet, a keyframe each second."""
    return Picture((b"\x65" + no.to_bytes(4, "big"),), key=no % FPS == 0)


def numbers(wire: Notebook) -> list[int]:
    return [int.from_bytes(packet[13:17], "big") for packet in wire.sent]


def test_nothing_is_sent_before_a_keyframe(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    for no in range(28, 33):
        viewer.send(no, 0.0)
    assert numbers(wire) == [30, 31, 32]
    assert wire.stamps() == [viewer.timestamp(no) for no in (30, 31, 32)]
    assert viewer.sent.frames == 3
    assert (viewer.sent.first_no, viewer.sent.last_no) == (30, 32)


def test_pictures_that_come_late_are_sent_in_their_order(wire: Notebook) -> None:
    made: dict[int, Picture] = {}
    viewer = Viewer(wire, FPS, made.get)
    viewer.send(30, 0.0)
    viewer.send(31, 0.0)
    assert wire.sent == []
    made.update({no: picture(no) for no in (30, 31, 32)})
    viewer.send(32, 0.0)
    assert numbers(wire) == [30, 31, 32]


def test_pictures_that_the_camera_left_out_are_not_counted(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, lambda no: Picture((), key=False) if no == 31 else picture(no))
    for no in (30, 31, 32):
        viewer.send(no, 0.0)
    assert numbers(wire) == [30, 32]
    assert viewer.sent.frames == 2


def test_a_slow_viewer_loses_whole_pictures_and_goes_on_with_a_keyframe(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    for no in range(30, 62):
        wire.full = 35 <= no < 40
        viewer.send(no, 0.0)
    assert numbers(wire) == [*range(30, 35), *range(45, 62)]
    first, *rest = wire.sequences()
    assert [(sequence - first) % 65536 for sequence in rest] == list(range(1, len(rest) + 1))
    assert viewer.sent.dropped == 1


def test_a_server_that_was_held_up_goes_on_with_the_present(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    viewer.send(30, 0.0)
    for no in range(300, 317):
        viewer.send(no, 0.0)
    assert numbers(wire) == [30, *range(300, 317)]


def test_a_paused_viewer_gets_nothing_of_what_it_missed(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    viewer.send(30, 0.0)
    viewer.pause()
    for no in range(40, 47):
        viewer.send(no, 0.0)
    assert numbers(wire) == [30, 45, 46]


def test_only_the_last_packet_of_a_picture_is_marked(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, lambda _: Picture((b"a", b"b", b"c"), key=True))
    viewer.send(1, 0.0)
    assert [packet[1] for packet in wire.sent] == [96, 96, 96 | 0x80]
    assert len(set(wire.stamps())) == 1


def test_the_clock_is_told_first_and_every_three_seconds(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    for tenth in range(70):
        viewer.send(30 + tenth, 1_700_000_002.0 + tenth / 10)
    assert len(wire.reports) == 3
    ssrc, ntp, stamp = struct.unpack_from(">IQI", wire.reports[0], 4)
    assert ssrc == viewer.ssrc
    assert ntp / 2**32 - 2_208_988_800 == pytest.approx(1_700_000_002)
    assert stamp == viewer.timestamp(30)  # frame 30 of 15 a second leaves 2 s after the epoch
    assert len(wire.reports[0]) % 4 == 0


def test_timestamps_that_jump_go_back_to_the_truth_when_it_is_over(wire: Notebook) -> None:
    viewer, jumping = Viewer(wire, FPS, picture), CAMERA_FAULTS["timestamp_jump"]
    true = viewer.timestamp(0)
    ahead = []
    for now, fault in ((0.0, WELL), (1.0, jumping), (2.0, jumping), (1.0 + JUMP_BACK_AFTER_S, jumping), (9.0, WELL)):
        viewer.send(30, now, fault)
        ahead.append(((viewer.timestamp(0) - true) % 2**32) / 90_000)
    assert ahead == [0, 3600, 3600, 3000, 0]


def test_nonsense_packets_take_no_sequence_numbers_and_are_not_counted(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    for no in range(30, 34):
        viewer.send(no, 0.0, CAMERA_FAULTS["nonsense_packets"])
    assert len(wire.sent) == 8
    lies, true = wire.sent[::2], wire.sent[1::2]
    assert [packet[:12] in packets for packet, packets in zip(lies, true, strict=True)] == [False] * 4
    assert [packet[2:4] for packet in lies] == [packet[2:4] for packet in true]
    assert viewer.sent.packets == 4
    assert wire.lies == []


def test_frames_lie_once_a_second(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture)
    for no in range(30, 75):
        viewer.send(no, 0.0, CAMERA_FAULTS["nonsense_frames"])
    assert len(wire.lies) == 3
    assert len(wire.sent) == 45


def test_a_payload_type_can_be_a_static_one(wire: Notebook) -> None:
    viewer = Viewer(wire, FPS, picture, payload_type=26)
    viewer.send(30, 0.0)
    assert wire.sent[0][1] == 0x80 | 26
