"""Coded pictures as RTP payloads, put together again as the RFCs say and shown by FFmpeg's decoders."""

import struct

import av
import numpy as np
import pytest

from simulation.cameras import codecs, counter, film, h265, mjpeg, nal
from simulation.cameras.config import MAIN, OTHER_SIZES, SUB, Codec, Form, SceneKind
from simulation.cameras.picture import LARGEST_PAYLOAD, Picture

SMALL = OTHER_SIZES[SUB]


def shot(codec: Codec, kind: SceneKind = SceneKind.STREET) -> list[Picture]:
    return codecs.CODINGS[codec].pictures(film.shot("01  만안구청 앞", 7, kind, Form(codec, SMALL)))


@pytest.fixture(scope="module")
def shots() -> dict[Codec, list[Picture]]:
    return {codec: shot(codec) for codec in Codec}


def put_together(codec: Codec, payloads: tuple[bytes, ...]) -> bytes:
    """Return what a decoder takes, made of payloads by RFC 6184, 7798 and 2435."""
    if codec is Codec.MJPEG:
        return jpeg(payloads)
    units: list[bytes] = []
    for payload in payloads:
        if codec is Codec.H264 and payload[0] & 31 == 28:
            head, flags, rest = bytes((payload[0] & 0xE0 | payload[1] & 31,)), payload[1], payload[2:]
        elif codec is Codec.H265 and payload[0] >> 1 & 63 == 49:
            head, flags, rest = bytes((payload[0] & 0x81 | (payload[2] & 63) << 1, payload[1])), payload[2], payload[3:]
        else:
            head, flags, rest = b"", 0x80, payload
        if flags & 0x80:
            units.append(head + rest)
        else:
            units[-1] += rest
    return nal.annex_b(units)


def jpeg(payloads: tuple[bytes, ...]) -> bytes:
    """Return the scan data after the tables of the first packet, which is all that a decoder's own headers miss."""
    scan = b""
    for payload in payloads:
        offset = int.from_bytes(payload[1:4], "big")
        assert payload[4:8] == bytes((1, 255, SMALL.width // 8, SMALL.height // 8))
        body = payload[8:]
        if offset == 0:
            assert struct.unpack_from(">BBH", body) == (0, 0, 128)
            body = body[4 + 128 :]
        assert offset == len(scan)
        scan += body
    return scan


def decoded(codec: Codec, pictures: list[bytes]) -> list[np.ndarray]:
    context = av.CodecContext.create(codecs.CODINGS[codec].decoder, "r")
    frames = [frame for coded in pictures for frame in context.decode(av.Packet(coded))] + context.decode(None)
    return [frame.to_ndarray(format="yuv420p")[: frame.height] for frame in frames]


@pytest.mark.parametrize("codec", [Codec.H264, Codec.H265])
def test_payloads_put_together_show_every_picture_with_its_number(codec: Codec, shots) -> None:
    seen = decoded(codec, [put_together(codec, picture.payloads) for picture in shots[codec]])
    assert [counter.read(luma) for luma in seen] == list(range(SMALL.fps * counter.LOOP_S))
    assert seen[0].shape == (SMALL.height, SMALL.width)


def test_jpeg_payloads_carry_the_whole_scan_and_the_tables_of_their_picture(shots) -> None:
    picture = shots[Codec.MJPEG][3]
    assert put_together(Codec.MJPEG, picture.payloads) in picture.coded
    tables = picture.payloads[0][12:140]
    assert tables[:64] in picture.coded
    assert tables[64:] in picture.coded
    assert picture.coded.endswith(put_together(Codec.MJPEG, picture.payloads) + b"\xff\xd9")
    seen = decoded(Codec.MJPEG, [one.coded for one in shots[Codec.MJPEG]])
    assert [counter.read(luma) for luma in seen] == list(range(SMALL.fps * counter.LOOP_S))


@pytest.mark.parametrize("codec", Codec)
def test_no_payload_is_larger_than_a_packet_takes_and_keyframes_come_each_second(codec: Codec, shots) -> None:
    assert max(len(payload) for picture in shots[codec] for payload in picture.payloads) <= LARGEST_PAYLOAD
    keys = [no for no, picture in enumerate(shots[codec]) if picture.key]
    assert keys == list(range(0, 120, 1 if codec is Codec.MJPEG else SMALL.fps))


def test_a_large_h265_unit_keeps_its_layer_and_temporal_id_in_its_fragments() -> None:
    unit = bytes((19 << 1 | 1, 0x0B)) + bytes(range(256)) * 20
    pieces = h265.packetised([unit]).payloads
    assert all(piece[0] == (49 << 1 | 1) and piece[1] == 0x0B and piece[2] & 63 == 19 for piece in pieces)
    assert [piece[2] >> 6 for piece in pieces] == [2, *([0] * (len(pieces) - 2)), 1]
    assert put_together(Codec.H265, pieces) == nal.annex_b([unit])


@pytest.mark.parametrize("codec", [Codec.H264, Codec.H265])
def test_parameter_sets_can_be_left_out(codec: Codec, shots) -> None:
    coding, first = codecs.CODINGS[codec], shots[codec][0]
    said = coding.description(first)
    assert any("sprop" in line for line in said.lines())
    assert not any("sprop" in line for line in said.without_sets().lines())
    assert (
        len(first.payloads) - len(first.without_sets().payloads) == len(first.sets) == (2 if codec is Codec.H264 else 3)
    )
    assert shots[codec][1].without_sets() is shots[codec][1]


@pytest.mark.parametrize("codec", Codec)
def test_a_still_shows_its_keyframe_and_then_changes_nothing(codec: Codec, shots) -> None:
    key = shots[codec][45]
    stills = codecs.still(key, Form(codec, SMALL))
    assert [picture.key for picture in stills] == ([True] * 15 if codec is Codec.MJPEG else [True] + [False] * 14)
    assert stills[0].sets == key.sets  # a decoder need not be set up anew
    twice = [*stills, *stills]
    parts = [one.coded if codec is Codec.MJPEG else put_together(codec, one.payloads) for one in twice]
    seen = [luma.astype(int) for luma in decoded(codec, parts)]
    (shown,) = decoded(codec, [key.coded])
    assert {counter.read(luma) for luma in seen} == {45}
    assert np.abs(seen[0] - shown).mean() < 1.5
    assert max(np.abs(luma - seen[0]).max() for luma in seen) <= 2


@pytest.mark.parametrize("codec", Codec)
def test_at_night_nothing_moves_and_only_noise_is_left(codec: Codec) -> None:
    pictures = shot(codec, SceneKind.NIGHT)
    parts = [one.coded if codec is Codec.MJPEG else put_together(codec, one.payloads) for one in pictures]
    seen = [luma.astype(int) for luma in decoded(codec, parts)]
    assert len(seen) == 120
    assert seen[0].mean() < 60
    changes = [np.abs(luma - seen[0]).mean() for luma in seen[1:]]
    assert max(changes) < 3  # levels
    assert min(changes[SMALL.fps - 1 :: SMALL.fps]) > 0.5  # a keyframe is never the same as the one before
    top = np.array([luma[: counter.block_px(SMALL.width), : SMALL.width // 2].mean() for luma in seen])
    assert np.ptp(top) < 1  # no counter


def test_a_picture_that_rfc_2435_can_not_carry_is_refused() -> None:
    file = mjpeg.JpegCoder().code((np.zeros((36, 64), np.uint8), *[np.zeros((18, 32), np.uint8)] * 2), 0)
    with pytest.raises(ValueError, match="64x36"):
        mjpeg.packetised(file)


def test_main_pictures_have_a_size_to_change_to_as_well() -> None:
    other = OTHER_SIZES[MAIN]
    assert (other.width % 16, other.height % 8, other.fps) == (0, 0, MAIN.fps)
