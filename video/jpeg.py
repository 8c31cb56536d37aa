"""JPEG pictures out of RTP payloads (RFC 2435): whole files, with the headers that are left out on the way.

Sizes above 2040 pixels, which the format can't tell, and interlaced pictures are not taken.
"""

import struct

from video.gather import Gatherer
from video.jpeg_tables import HUFFMAN, quantisers

_SAMPLING = {0: 0x21, 1: 0x22}  # of luma, for types 0 (4:2:2) and 1 (4:2:0)
_RESTARTS = 0x40
_IN_BAND = 128  # from this quality on the tables come with the picture
_CHANGING = 255  # with this quality they may be others with each picture
_END = b"\xff\xd9"


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def file_head(kind: int, width: int, height: int, tables: bytes, restart_interval: int) -> bytes:
    """Return everything of a JPEG file before its coded data.

    `tables` are 64 luma and 64 chroma quantisers in zigzag order, a restart interval of 0 means none.
    """
    segments = [b"\xff\xd8", _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]
    segments += [_segment(0xDB, bytes((number,)) + tables[64 * number : 64 * number + 64]) for number in (0, 1)]
    if restart_interval:
        segments.append(_segment(0xDD, struct.pack(">H", restart_interval)))
    components = bytes((1, _SAMPLING[kind], 0, 2, 0x11, 1, 3, 0x11, 1))
    segments.append(_segment(0xC0, struct.pack(">BHHB", 8, height, width, 3) + components))
    segments += [_segment(0xC4, table) for table in HUFFMAN]
    segments.append(_segment(0xDA, bytes((3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0))))
    return b"".join(segments)


class JpegGatherer(Gatherer):
    """One JPEG picture; every one is a keyframe."""

    def __init__(self) -> None:
        super().__init__()
        self._coded = 0  # bytes of coded data so far
        self._tables: dict[int, bytes] = {}

    def take(self, payload: bytes) -> None:
        """Take a payload: the main header, perhaps restarts and tables, and a part of the coded data."""
        if len(payload) < 8:
            self._does_not_fit()
            return
        offset, kind, quality = int.from_bytes(payload[1:4]), payload[4], payload[5]
        start, restart_interval = 8, 0
        if kind & _RESTARTS:
            restart_interval, start = int.from_bytes(payload[8:10]), 12
        if offset == 0:
            tables, start = self._read_tables(payload, start, quality)
            width, height = payload[6] * 8, payload[7] * 8
            if self.parts or not tables or (kind & ~_RESTARTS) not in _SAMPLING or not (width and height):
                self._does_not_fit()
                return
            self.broken = False  # what was lost before the first part is another picture's
            self.key = True
            self._add(file_head(kind & ~_RESTARTS, width, height, tables, restart_interval))
        if offset != self._coded or start > len(payload):
            self._does_not_fit()
            return
        self._coded = offset + len(payload) - start
        self._add(payload[start:])

    def finish(self) -> bytes:
        """Return the whole file, and begin the next picture."""
        self._coded = 0
        if self.parts and not self.parts[-1].endswith(_END):
            self._add(_END)
        return super().finish()

    def _read_tables(self, payload: bytes, start: int, quality: int) -> tuple[bytes, int]:
        """Return the quantisers and where the data begins; no quantisers where they are missing or can't be used."""
        if quality < _IN_BAND:
            return (quantisers(quality) if quality else b""), start
        if len(payload) < start + 4:
            return b"", start
        wide, length = payload[start + 1], int.from_bytes(payload[start + 2 : start + 4])
        start += 4
        tables = payload[start : start + length]
        if length == 0 and quality != _CHANGING:
            return self._tables.get(quality, b""), start
        if wide & 3 or length not in {64, 128} or len(tables) < length:  # baseline has 8 bits a quantiser
            return b"", start
        tables = (tables + tables)[:128]
        self._tables[quality] = tables
        return tables, start + length
