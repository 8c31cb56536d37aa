"""Motion JPEG as it travels: baseline pictures with half-size colour, and RTP payloads (RFC 2435)."""

import struct

import cv2

from simulation.cameras.coder import Pace, Planes, packed
from simulation.cameras.config import Profile
from simulation.cameras.picture import LARGEST_PAYLOAD, Description, Picture

PAYLOAD_TYPE = 26  # static (RFC 3551)
_QUALITY = 60
_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_DQT, _SOF, _SOS = 0xDB, 0xC0, 0xDA
_TYPE_420 = 1
_TABLES_FOLLOW = 255  # Q: the tables come with each picture and may change with each
_LONGEST_SIDE = 255 * 8


class JpegCoder:
    """Codes each picture by itself, with the standard's own Huffman tables, which is what receivers assume."""

    def code(self, planes: Planes, no: int) -> bytes:  # noqa: ARG002 - every picture is a keyframe
        """Return a picture as a JPEG file; levels are those of JFIF (0-255)."""
        image = cv2.cvtColor(packed(planes), cv2.COLOR_YUV2BGR_I420)
        done, file = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 0])
        if not done:
            raise ValueError("the picture could not be coded as JPEG")
        return bytes(file)

    def rest(self) -> bytes:
        """Return nothing: no picture is held back."""
        return b""


def coder(profile: Profile, pace: Pace) -> JpegCoder:  # noqa: ARG001 - one encoder serves every form
    """Return an encoder."""
    return JpegCoder()


def pictures(stream: bytes) -> list[Picture]:
    """Return the pictures of a row of JPEG files."""
    inner = stream.removeprefix(_SOI).removesuffix(_EOI)
    return [packetised(_SOI + one + _EOI) for one in inner.split(_EOI + _SOI)]


def packetised(file: bytes) -> Picture:
    """Return a JPEG file as RTP payloads; ValueError where it is none that RFC 2435 can carry."""
    tables, size, scan = _taken_apart(file)
    kind = struct.pack(">BBBB", _TYPE_420, _TABLES_FOLLOW, size[0] // 8, size[1] // 8)
    payloads: list[bytes] = []
    at = 0
    while at < len(scan):
        head = struct.pack(">I", at) + kind  # the first octet of the offset is "type-specific": 0
        if at == 0:
            head += struct.pack(">BBH", 0, 0, len(tables)) + tables
        piece = scan[at : at + LARGEST_PAYLOAD - len(head)]
        payloads.append(head + piece)
        at += len(piece)
    return Picture(tuple(payloads), key=True, coded=file)


def description(first: Picture) -> Description:  # noqa: ARG001 - every picture carries all that is needed
    """Return what is said of a stream."""
    return Description("JPEG", PAYLOAD_TYPE)


def _taken_apart(file: bytes) -> tuple[bytes, tuple[int, int], bytes]:
    """Return the quantisation tables by their number, width and height, and the coded scan."""
    tables: dict[int, bytes] = {}
    size = (0, 0)
    at = len(_SOI)
    while True:
        marker, length = struct.unpack_from(">xBH", file, at)
        body = file[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == _DQT:
            tables |= {body[first]: body[first + 1 : first + 65] for first in range(0, len(body), 65)}
        elif marker == _SOF:
            height, width = struct.unpack_from(">xHH", body)
            size = (width, height)
        elif marker == _SOS:
            break
    if sorted(tables) != [0, 1] or size[0] % 8 or size[1] % 8 or not 0 < max(size) <= _LONGEST_SIDE:
        raise ValueError(f"{size[0]}x{size[1]} with tables {sorted(tables)} is no picture for RFC 2435")
    return tables[0] + tables[1], size, file[at : -len(_EOI)]
