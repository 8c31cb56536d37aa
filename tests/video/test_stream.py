"""From packets to pictures: what is late, torn or too small, with really coded pictures."""

import base64
import mmap
import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from domain.errors import ProtocolError
from video.audience import Audience, Output
from video.sdp import VideoTrack
from video.slot import SlotReader, slot_bytes
from video.stream import Stream
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


TRACK = VideoTrack("", "", 96, "h264", 90_000)


class Looker:
    """One who looks at a stream: a subscription with its slot."""

    def __init__(self, audience, number=1, *, width=160, height=90, **more):
        order = Subscribe(number, 1, "sub", "", width, height, 30.0, more.pop("pixel_format", "bgrx"), **more)
        memory = mmap.mmap(-1, slot_bytes(width, height, order.pixel_format))
        self.output = Output(order, memory)
        self.reader = SlotReader(memory, width, height, order.pixel_format)
        audience.add(number, self.output)


class Kept:
    """A ring that only remembers."""

    def __init__(self):
        self.units = []
        self.ended = False

    def write(self, unit, arrived_at_unix, camera_at):
        self.units.append((unit, arrived_at_unix, camera_at))

    def end(self):
        self.ended = True


@pytest.fixture
def audience():
    return Audience()


@pytest.fixture
def looker(audience):
    return Looker(audience, width=320, height=180)


@pytest.fixture
def stream(audience, looker):
    return Stream(TRACK, 0, audience)


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


def test_small_tiles_are_decoded_coarsely_from_the_next_keyframe_and_large_ones_finely(coded):
    sender, audience = Sender(), Audience()
    stream = Stream(TRACK, 0, audience)
    Looker(audience)
    assert play(stream, coded, range(20), sender=sender) == list(range(20))
    assert stream.decoder.coarse
    Looker(audience, 2, width=640, height=360)
    assert play(stream, coded, range(20, 40), sender=sender) == list(range(20, 40))
    assert not stream.decoder.coarse


def test_parameter_sets_of_the_description_are_enough(coded):
    first = units_of(coded[0])
    sets = tuple(unit for unit in first if unit[0] & 31 in {7, 8})
    assert base64.b64encode(sets[0])
    audience = Audience()
    Looker(audience)
    stream = Stream(VideoTrack("", "", 96, "h264", 90_000, sets), 0, audience)
    only = b"".join(b"\0\0\0\1" + unit for unit in first if unit[0] & 31 == 5)
    assert stream.take(Sender().packets(0, only), 1000.0) is not None


@pytest.mark.parametrize(
    ("width", "height", "pixel_format"), [(160, 90, "bgrx"), (158, 90, "bgrx"), (160, 90, "nv12"), (158, 90, "nv12")]
)
def test_a_picture_is_scaled_into_the_slot_without_padding(coded, width, height, pixel_format):
    audience = Audience()
    looker = Looker(audience, width=width, height=height, pixel_format=pixel_format)
    Stream(TRACK, 0, audience).take(Sender().packets(0, coded[0]), 1000.0)
    frame = looker.reader.newest()
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
        stream.take([(False, b"nonsense")] * 100, 1000.0)


def test_what_arrives_is_kept_before_anything_is_decoded_also_where_nobody_looks(coded):
    ring = Kept()
    stream = Stream(TRACK, 0, Audience(), ring)
    assert play(stream, coded, range(20)) == []
    assert stream.decoded == 0
    assert stream.understood == 20
    assert [unit.sent_no for unit, *_ in ring.units] == list(range(1, 21))
    stream.close()
    assert ring.ended


def test_who_begins_to_look_sees_the_newest_picture_without_waiting_for_a_keyframe(coded, audience):
    sender, stream = Sender(), Stream(TRACK, 0, audience)
    play(stream, coded, range(20), sender=sender)
    looker = Looker(audience)
    assert play(stream, coded, [20], sender=sender) == [20]
    assert looker.reader.newest().sent_no == 21
    assert stream.decoded == 6  # from the keyframe, number 15, on


def test_where_nobody_sees_the_tiles_only_keyframes_are_decoded(stream, looker, audience, coded):
    sender = Sender()
    audience.adjust(1, keyframes_only=True, unseen=False)
    assert play(stream, coded, range(40), sender=sender) == [0, 15, 30]
    assert stream.decoded == 3
    audience.adjust(1, keyframes_only=False, unseen=False)
    assert play(stream, coded, range(40, 45), sender=sender) == list(range(40, 45))
    assert stream.decoder.undecodable == 0


def test_a_reduced_session_shows_keyframes_to_everybody(stream, looker, audience, coded):
    Looker(audience, 2)
    audience.reduced = True
    assert play(stream, coded, range(40)) == [0, 15, 30]


def test_one_who_wants_keyframes_gets_those_alone_beside_one_who_wants_all(stream, audience, looker, coded):
    sparing = Looker(audience, 2, keyframes_only=True)
    assert play(stream, coded, range(40)) == list(range(40))
    assert (looker.output.delivered, sparing.output.delivered) == (40, 3)


def test_one_who_is_brought_anew_counts_on(stream, audience, looker, coded):
    sender = Sender()
    play(stream, coded, range(10), sender=sender)
    again = Looker(audience, width=320, height=180)
    play(stream, coded, range(10, 15), sender=sender)
    assert (looker.output.delivered, again.output.delivered, audience.delivered) == (10, 5, 15)


def test_masks_are_burnt_into_the_picture(coded, audience):
    looker = Looker(audience, width=320, height=180, masks=[[[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]])
    Stream(TRACK, 0, audience).take(Sender().packets(0, coded[0]), 1000.0)
    pixels = np.frombuffer(looker.reader.newest().pixels, np.uint8).reshape(180, 320, 4)
    assert (pixels[:, 160:, :3] == pixels[0, 160, :3]).all()
    assert pixels[:, :160, 1].std() > 5


def test_a_picture_that_comes_again_and_again_is_found_frozen_and_noise_is_not(stream, coded):
    sender, first = Sender(), coded[0]
    for number in range(8 * FPS):  # the scene of the tests is noise: a quiet night
        stream.take(sender.packets(number, coded[number]), 1000 + number / FPS)
    assert stream.stillness.frozen_since is None
    for number in range(8 * FPS, 22 * FPS):
        if number % KEY_EVERY == 0:
            stream.take(sender.packets(number, first), 1000 + number / FPS)
    assert stream.stillness.frozen_since == pytest.approx(1008, abs=1.5)
    stream.take(sender.packets(22 * FPS, coded[KEY_EVERY]), 1022)
    assert stream.stillness.frozen_since is None


def test_of_what_nobody_sees_not_even_every_keyframe_is_decoded(stream, looker, audience, coded):
    sender = Sender()
    audience.adjust(1, keyframes_only=True, unseen=True)
    assert play(stream, coded, range(75), sender=sender) == [0, 30, 60]
    audience.adjust(1, keyframes_only=False, unseen=False)
    assert play(stream, coded, range(75, 80), sender=sender) == list(range(75, 80))
    assert stream.decoder.undecodable == 0


def test_a_long_run_without_keyframes_that_nobody_looks_at_is_understood(coded):
    sender, stream = Sender(), Stream(TRACK, 0, Audience())
    stream.take(sender.packets(0, coded[0]), 1000.0)
    for number in range(1, 400):
        stream.take(sender.packets(number, coded[1]), 1000 + number / FPS)
    assert stream.understood > 390
