"""JPEG pictures out of RTP payloads, with pictures that another coder made."""

import struct

import cv2
import numpy as np
import pytest

from video.decode import Decoder
from video.jpeg_tables import quantisers
from video.rtp import Depacketiser

WIDTH, HEIGHT = 320, 176
PART = 1200


class Jpeg:
    """A file of libjpeg's, taken apart as a camera does."""

    def __init__(self, *options, seed=1):
        noise = np.random.default_rng(seed)
        picture = noise.integers(0, 90, (HEIGHT, WIDTH, 3), dtype=np.uint8)
        picture[30:90, 40:140] = (20, 200, 120)
        ok, coded = cv2.imencode(".jpg", picture, list(options))
        assert ok
        self.file = bytes(coded)
        self.tables, self.restart_interval, self.kind = b"", 0, None
        at = 2
        while True:
            marker, length = struct.unpack_from(">xBH", self.file, at)
            body, at = self.file[at + 4 : at + 2 + length], at + 2 + length
            if marker == 0xDB:
                self.tables += body[1:]
            elif marker == 0xDD:
                (self.restart_interval,) = struct.unpack(">H", body)
            elif marker == 0xC0:
                self.kind = {0x21: 0, 0x22: 1}[body[7]]
            elif marker == 0xDA:
                self.data = self.file[at:].removesuffix(b"\xff\xd9")
                return

    def payloads(self, quality, tables=b"", *, part=PART, **more):
        """Return RFC 2435 payloads; `tables` go into the first one."""
        fields = {"kind": self.kind, "width": WIDTH // 8, "height": HEIGHT // 8, "precision": 0} | more
        kind = fields["kind"] | (0x40 if self.restart_interval else 0)
        found = []
        for offset in range(0, len(self.data), part):
            head = struct.pack(">I", offset) + bytes((kind, quality, fields["width"], fields["height"]))
            if self.restart_interval:
                head += struct.pack(">HH", self.restart_interval, 0xFFFF)
            if offset == 0 and quality >= 128:
                head += struct.pack(">BBH", 0, fields["precision"], len(tables)) + tables
            found.append(head + self.data[offset : offset + part])
        return found


class Camera:
    """Sends payloads as RTP."""

    def __init__(self):
        self._sequence = 0
        self._timestamp = 0

    def packets(self, payloads, *, leave_out=()):
        self._timestamp += 6000
        found = []
        for index, payload in enumerate(payloads):
            marker = 0x80 if index == len(payloads) - 1 else 0
            self._sequence += 1
            if index not in leave_out:
                found.append(struct.pack(">BBHII", 0x80, 26 | marker, self._sequence, self._timestamp, 9) + payload)
        return found


@pytest.fixture
def camera():
    return Camera()


@pytest.fixture
def depacketiser():
    return Depacketiser("mjpeg", 26)


def feed(depacketiser, packets):
    return [unit for packet in packets for unit in depacketiser.push(packet)]


def pixels(data):
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def assert_same(unit, jpeg):
    assert unit.key
    assert unit.data.startswith(b"\xff\xd8")
    assert unit.data.endswith(b"\xff\xd9")
    assert np.array_equal(pixels(unit.data), pixels(jpeg.file))


@pytest.mark.parametrize("quality", [1, 10, 49, 50, 75, 99])
def test_tables_are_worked_out_from_the_quality_as_libjpeg_does(quality):
    assert quantisers(quality) == Jpeg(cv2.IMWRITE_JPEG_QUALITY, quality).tables


@pytest.mark.parametrize("quality", [5, 60, 99])
def test_a_picture_without_tables_is_the_one_that_was_coded(camera, depacketiser, quality):
    jpeg = Jpeg(cv2.IMWRITE_JPEG_QUALITY, quality)
    (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(quality)))
    assert_same(unit, jpeg)


def test_a_picture_of_type_0_has_its_chroma_halved_in_one_direction(camera, depacketiser):
    jpeg = Jpeg(cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_422)
    assert jpeg.kind == 0
    (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(255, jpeg.tables)))
    assert_same(unit, jpeg)


@pytest.mark.parametrize("interval", [1, 7])
def test_restarts_are_kept(camera, depacketiser, interval):
    jpeg = Jpeg(cv2.IMWRITE_JPEG_RST_INTERVAL, interval)
    assert jpeg.restart_interval == interval
    (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(255, jpeg.tables)))
    assert_same(unit, jpeg)


def test_tables_that_change_with_each_picture_are_each_pictures_own(camera, depacketiser):
    for quality in (30, 90):
        jpeg = Jpeg(cv2.IMWRITE_JPEG_QUALITY, quality)
        (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(255, jpeg.tables)))
        assert_same(unit, jpeg)
    assert feed(depacketiser, camera.packets(jpeg.payloads(255))) == []
    assert depacketiser.misfits == 1


def test_tables_that_never_change_are_sent_once(camera, depacketiser):
    jpeg = Jpeg(cv2.IMWRITE_JPEG_QUALITY, 42)
    assert feed(depacketiser, camera.packets(jpeg.payloads(200))) == []
    for tables in (jpeg.tables, b"", b""):
        (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(200, tables)))
        assert_same(unit, jpeg)


def test_one_table_serves_luma_and_chroma(camera, depacketiser):
    jpeg = Jpeg(cv2.IMWRITE_JPEG_QUALITY, 42)
    (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(255, jpeg.tables[:64])))
    assert unit.data.count(jpeg.tables[:64]) == 2
    pixels(unit.data)


def test_a_picture_with_a_missing_part_is_dropped_and_the_next_one_is_whole(camera, depacketiser):
    jpeg = Jpeg()
    payloads = jpeg.payloads(255, jpeg.tables)
    assert len(feed(depacketiser, camera.packets(payloads))) == 1
    for missing in (0, 1, len(payloads) - 1):
        assert feed(depacketiser, camera.packets(payloads, leave_out={missing})) == []
        (unit,) = feed(depacketiser, camera.packets(payloads))
        assert_same(unit, jpeg)
    assert depacketiser.dropped == 3
    assert depacketiser.lost_packets == 3
    assert depacketiser.sent == 7


@pytest.mark.parametrize(
    "more", [{"width": 0}, {"height": 0}, {"kind": 2}, {"kind": 128}, {"precision": 1}, {"quality": 0}]
)
def test_what_no_camera_may_send_is_a_misfit(camera, depacketiser, more):
    jpeg = Jpeg()
    quality = more.pop("quality", 255)
    assert feed(depacketiser, camera.packets(jpeg.payloads(quality, jpeg.tables, **more))) == []
    assert depacketiser.misfits == 1
    (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(255, jpeg.tables)))
    assert_same(unit, jpeg)


@pytest.mark.parametrize("cut", [1, 7, 8, 11, 40])
def test_a_first_packet_that_is_cut_short_is_dropped(camera, depacketiser, cut):
    jpeg = Jpeg()
    payloads = jpeg.payloads(255, jpeg.tables)
    assert feed(depacketiser, camera.packets([payloads[0][:cut], *payloads[1:]])) == []
    assert depacketiser.dropped == 1


def test_pictures_are_decoded_as_any_other(camera, depacketiser):
    decoder = Decoder("mjpeg", ())
    for number in range(5):
        jpeg = Jpeg(seed=number)
        (unit,) = feed(depacketiser, camera.packets(jpeg.payloads(255, jpeg.tables)))
        frame = decoder.decode(unit.data, unit.sent_no)
        assert (frame.width, frame.height, frame.pts) == (WIDTH, HEIGHT, number + 1)
    assert decoder.undecodable == 0
