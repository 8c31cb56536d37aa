"""H.265 out of RTP, with really coded pictures and every packetising that RFC 7798 knows without order numbers."""

import base64
import struct
from fractions import Fraction

import av
import numpy as np
import pytest

from video.decode import Decoder
from video.rtp import Depacketiser
from video.sdp import parse_sdp

WIDTH, HEIGHT, FPS, KEY_EVERY = 320, 180, 15, 10
START = b"\0\0\0\1"
PARAMETERS = {32, 33, 34}


def kind(unit):
    return unit[0] >> 1 & 0x3F


def units_of(picture):
    return [unit for part in picture.split(START) for unit in part.split(b"\0\0\1") if unit]


@pytest.fixture(scope="module")
def coded():
    """Return 25 pictures, each a list of NAL units."""
    context = av.CodecContext.create("libx265", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.framerate, context.time_base = FPS, Fraction(1, FPS)
    keys = f"keyint={KEY_EVERY}:min-keyint={KEY_EVERY}:scenecut=0:bframes=0:repeat-headers=1:log-level=none:pools=1"
    context.options = {"preset": "ultrafast", "tune": "zerolatency", "x265-params": keys}
    noise = np.random.default_rng(3)
    pictures = []
    for number in range(25):
        planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        planes[:HEIGHT] = noise.integers(100, 140, (HEIGHT, WIDTH), dtype=np.uint8)
        planes[20:60, number * 4 : number * 4 + 40] = 235
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts = number
        pictures += [units_of(bytes(packet)) for packet in context.encode(frame)]
    pictures += [units_of(bytes(packet)) for packet in context.encode(None)]
    assert len(pictures) == 25
    assert {kind(unit) for unit in pictures[0]} >= PARAMETERS | {20}
    assert max(len(unit) for unit in pictures[0]) > 5000
    return pictures


def single(unit):
    return [unit]


def fragments(unit, part=1100):
    """Cut a unit into FUs."""
    head = bytes((unit[0] & 0x81 | 49 << 1, unit[1]))
    parts = [unit[at : at + part] for at in range(2, len(unit), part)]
    last = len(parts) - 1
    return [
        head + bytes(((0x80 if at == 0 else 0) | (0x40 if at == last else 0) | kind(unit),)) + part
        for at, part in enumerate(parts)
    ]


def fragments_of_long_ones(units):
    return [payload for unit in units for payload in (single(unit) if len(unit) <= 1100 else fragments(unit))]


def aggregates(units):
    """Put the small units of a picture into one AP, and fragment the others."""
    small = [unit for unit in units if len(unit) <= 1100]
    if len(small) < 2:
        return fragments_of_long_ones(units)
    packet = bytes((48 << 1, 1)) + b"".join(struct.pack(">H", len(unit)) + unit for unit in small)
    return [packet, *fragments_of_long_ones([unit for unit in units if len(unit) > 1100])]


class Camera:
    """Sends pictures with consecutive numbers."""

    def __init__(self):
        self._sequence = 0
        self._number = 0

    def packets(self, payloads):
        self._number += 1
        found = []
        for payload in payloads:
            self._sequence += 1
            marker = 0x80 if payload is payloads[-1] else 0
            found.append(struct.pack(">BBHII", 0x80, 96 | marker, self._sequence, self._number * 6000, 1) + payload)
        return found


def play(pictures, packetise, parameter_sets=()):
    """Return the access units and the decoded frames."""
    camera, depacketiser = Camera(), Depacketiser("hevc", 96)
    decoder = Decoder("hevc", parameter_sets)
    units, frames = [], []
    for picture in pictures:
        for packet in camera.packets(packetise(picture)):
            for unit in depacketiser.push(packet):
                units.append(unit)
                frames.append(decoder.decode(unit.data, unit.sent_no))
    assert depacketiser.misfits == 0
    assert decoder.undecodable == 0
    return units, frames


@pytest.mark.parametrize("packetise", [list, fragments_of_long_ones, aggregates])
def test_every_picture_comes_out_as_it_was_coded(coded, packetise):
    units, frames = play(coded, packetise)
    assert [units_of(unit.data) for unit in units] == coded
    assert [unit.key for unit in units] == [number % KEY_EVERY == 0 for number in range(25)]
    assert all(frame is not None and (frame.width, frame.height) == (WIDTH, HEIGHT) for frame in frames)
    for number, frame in enumerate(frames):
        assert frame.pts == number + 1
        luma = frame.to_ndarray()[30:50, number * 4 + 10 : number * 4 + 30]
        assert luma.mean() > 200


def test_the_parameter_sets_of_the_description_are_enough(coded):
    sets = {kind(unit): base64.b64encode(unit).decode() for unit in coded[0] if kind(unit) in PARAMETERS}
    track = parse_sdp(
        "m=video 0 RTP/AVP 96\na=rtpmap:96 H265/90000\n"
        f"a=fmtp:96 sprop-vps={sets[32]}; sprop-sps={sets[33]}; sprop-pps={sets[34]}",
        "rtsp://10.0.0.9/",
    )
    bare = [[unit for unit in picture if kind(unit) not in PARAMETERS] for picture in coded]
    units, frames = play(bare, fragments_of_long_ones, track.parameter_sets)
    assert len(units) == len(frames) == 25
    assert None not in frames


def test_a_lost_fragment_costs_the_pictures_until_the_next_keyframe(coded):
    camera, depacketiser, numbers = Camera(), Depacketiser("hevc", 96), []
    for number, picture in enumerate(coded):
        packets = camera.packets(fragments_of_long_ones(picture))
        if number == 3:
            del packets[-1]
        numbers += [unit.sent_no - 1 for packet in packets for unit in depacketiser.push(packet)]
    assert numbers == [0, 1, 2, *range(KEY_EVERY, 25)]


@pytest.mark.parametrize(("told", "sent"), [("h264", "hevc"), ("mjpeg", "hevc")])
def test_another_coding_than_was_told_is_a_misfit_and_never_a_picture(coded, told, sent):
    camera, depacketiser = Camera(), Depacketiser(told, 96)
    units = [
        unit
        for picture in coded
        for packet in camera.packets(fragments_of_long_ones(picture))
        for unit in depacketiser.push(packet)
    ]
    assert units == []
    assert depacketiser.misfits >= 20  # not only those with parameter sets: whether it changed is known at once
