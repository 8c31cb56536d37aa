"""From packets to pictures: what is late, torn or too small, with really coded pictures."""

import base64
import mmap
import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from domain.errors import ProtocolError
from video.sdp import VideoTrack
from video.slot import SlotReader, slot_bytes
from video.stream import Output, Stream
from video.wire import Subscribe

FPS, KEY_EVERY, WIDTH, HEIGHT = 15, 15, 320, 180
TICKS = 90_000 // FPS


@pytest.fixture(scope="module")
def coded():
    """Return 12 s of coded pictures, a keyframe every second."""
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.framerate, context.time_base = FPS, Fraction(1, FPS)
    keys = f"keyint={KEY_EVERY}:min-keyint={KEY_EVERY}:scenecut=0:bframes=0:rc-lookahead=0:sync-lookahead=0"
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "x264-params": keys + ":slices=1:sliced-threads=0"}
    noise = np.random.default_rng(3)
    pictures = []
    for number in range(12 * FPS):
        planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        planes[:HEIGHT] = noise.integers(100, 140, (HEIGHT, WIDTH), dtype=np.uint8)
        planes[20:60, number : number + 40] = 235
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = number
        pictures += [bytes(packet) for packet in context.encode(frame)]
    pictures += [bytes(packet) for packet in context.encode(None)]
    assert len(pictures) == 12 * FPS
    return pictures


@pytest.fixture
def stream():
    return Stream(VideoTrack("", "", 96, "h264", 90_000), sent_before=0)


def units_of(picture):
    return [unit for part in picture.split(b"\0\0\0\1") for unit in part.split(b"\0\0\1") if unit]


class Sender:
    """Packs pictures into RTP, one NAL unit cut into fragments as cameras do."""

    def __init__(self):
        self.sequence = 0

    def packets(self, number, picture):
        payloads = []
        for unit in units_of(picture):
            if len(unit) <= 1200:
                payloads.append(unit)
                continue
            parts = [unit[at : at + 1200] for at in range(1, len(unit), 1200)]
            for index, part in enumerate(parts):
                flags = (0x80 if index == 0 else 0) | (0x40 if index == len(parts) - 1 else 0)
                payloads.append(bytes((unit[0] & 0xE0 | 28, flags | unit[0] & 0x1F)) + part)
        return [(False, self._rtp(number, payload, last=payload is payloads[-1])) for payload in payloads]

    def _rtp(self, number, payload, *, last):
        self.sequence = (self.sequence + 1) & 0xFFFF
        return struct.pack(">BBHII", 0x80, 96 | (0x80 if last else 0), self.sequence, number * TICKS, 1) + payload


def play(stream, coded, numbers, *, late_s=0.0, sender=None, harm=lambda packets: packets):
    """Feed pictures at their times and return the numbers that came out."""
    sender = sender or Sender()
    out = []
    for number in numbers:
        packets = harm(sender.packets(number, coded[number]))
        picture = stream.take(packets, 1000 + number / FPS + late_s)
        out += [] if picture is None else [picture.stamp.sent_no - 1]
    return out


def test_every_picture_of_a_sound_stream_comes_out_at_once(stream, coded):
    assert play(stream, coded, range(40)) == list(range(40))
    assert stream.decoded == 40
    assert stream.decoder.undecodable == 0


def test_of_a_gulp_only_the_newest_picture_comes_out(stream, coded):
    sender = Sender()
    packets = [packet for number in range(5) for packet in sender.packets(number, coded[number])]
    picture = stream.take(packets, 1000.0)
    assert picture is not None
    assert picture.stamp.sent_no == 5
    assert stream.decoded == 5


def test_a_backlog_is_not_shown_as_live(stream, coded):
    sender = Sender()
    play(stream, coded, range(20), sender=sender)
    assert play(stream, coded, range(20, 40), late_s=2.0, sender=sender) == []
    assert stream.late > 0
    assert not stream.hopeless
    assert play(stream, coded, range(40, 60), sender=sender) == list(range(45, 60))


def test_a_stream_that_stays_late_is_given_up(stream, coded):
    sender = Sender()
    play(stream, coded, range(20), sender=sender)
    play(stream, coded, range(20, 100), late_s=2.0, sender=sender)
    assert stream.hopeless


def test_after_a_lost_packet_nothing_smeared_comes_out(stream, coded):
    sender = Sender()
    play(stream, coded, range(20), sender=sender)
    assert play(stream, coded, [20], sender=sender, harm=lambda packets: packets[1:]) == []
    assert play(stream, coded, range(21, 40), sender=sender) == list(range(30, 40))
    assert stream.depacketiser.sent == 40


def test_a_mended_picture_does_not_come_out(stream, coded):
    def flip(packets):
        return [
            (rtcp, packet[:20] + bytes(byte ^ 0xFF for byte in packet[20:40]) + packet[40:]) for rtcp, packet in packets
        ]

    sender = Sender()
    play(stream, coded, range(20), sender=sender)
    assert play(stream, coded, [20], sender=sender, harm=flip) == []
    assert stream.decoder.undecodable == 1
    assert play(stream, coded, range(21, 40), sender=sender) == list(range(30, 40))


def test_small_tiles_are_decoded_coarsely_from_the_next_keyframe_and_large_ones_finely(stream, coded):
    sender = Sender()
    stream.widest = 160
    assert play(stream, coded, range(20), sender=sender) == list(range(20))
    assert stream.decoder.coarse
    stream.widest = 640
    assert play(stream, coded, range(20, 40), sender=sender) == list(range(20, 40))
    assert not stream.decoder.coarse


def test_parameter_sets_of_the_description_are_enough(coded):
    first = units_of(coded[0])
    sets = tuple(unit for unit in first if unit[0] & 31 in {7, 8})
    assert base64.b64encode(sets[0])
    stream = Stream(VideoTrack("", "", 96, "h264", 90_000, sets), sent_before=0)
    only = b"".join(b"\0\0\0\1" + unit for unit in first if unit[0] & 31 == 5)
    assert stream.take(Sender().packets(0, only), 1000.0) is not None


@pytest.mark.parametrize(
    ("width", "height", "pixel_format"), [(160, 90, "bgrx"), (158, 90, "bgrx"), (160, 90, "nv12"), (158, 90, "nv12")]
)
def test_a_picture_is_scaled_into_the_slot_without_padding(stream, coded, width, height, pixel_format):
    order = Subscribe(1, 1, "sub", "", width, height, 30.0, pixel_format)
    memory = mmap.mmap(-1, slot_bytes(width, height, pixel_format))
    output, reader = Output(order, memory), SlotReader(memory, width, height, pixel_format)
    picture = stream.take(Sender().packets(0, coded[0]), 1000.0)
    assert picture is not None
    output.show(picture)
    frame = reader.newest()
    assert frame is not None
    pixels = np.frombuffer(frame.pixels, np.uint8)
    luma = (
        pixels.reshape(height, width, 4)[..., 1]
        if pixel_format == "bgrx"
        else pixels[: width * height].reshape(height, width)
    )
    assert luma[12:28, 2:18].mean() > 200
    assert 90 < luma[40:80, 40:].mean() < 150


def test_what_is_no_rtp_ends_the_session(stream):
    with pytest.raises(ProtocolError):
        stream.take([(False, b"nonsense")], 1000.0)
