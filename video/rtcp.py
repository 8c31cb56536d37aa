"""What a receiver tells the camera: how its packets arrive (RFC 3550, 6.4.2). Cameras take it as a sign of life too."""

import secrets
import struct

_RECEIVER_REPORT, _DESCRIPTION, _SENDER_REPORT = 201, 202, 200
_NAME = b"watchroom"


class Reception:
    """Counts one source's packets as RFC 3550 (A.3, A.8) says, and writes receiver reports."""

    def __init__(self, clock_rate: int) -> None:
        self._ssrc = secrets.randbits(32)
        self._clock_rate = clock_rate
        self._source: int | None = None
        self._first = 0
        self._highest = 0
        self._received = 0
        self._expected_before = 0
        self._received_before = 0
        self._jitter = 0.0
        self._transit: float | None = None
        self._report = b"\0\0\0\0"
        self._reported_at: float | None = None

    def take(self, packet: bytes, now: float) -> None:
        """Count one RTP packet, of at least 12 bytes, as it arrives."""
        sequence, timestamp, source = struct.unpack_from(">2xHII", packet)
        if source != self._source:
            self._source, self._first, self._highest = source, sequence, sequence
            self._received = self._expected_before = self._received_before = 0
            self._jitter, self._transit = 0.0, None
        ahead = ((sequence - self._highest + 0x8000) & 0xFFFF) - 0x8000
        self._highest = max(self._highest, self._highest + ahead)
        self._received += 1
        transit = now * self._clock_rate - timestamp
        if self._transit is not None:
            difference = min(abs(transit - self._transit), float(self._clock_rate))  # a leap of its clock is no jitter
            self._jitter += (difference - self._jitter) / 16
        self._transit = transit

    def take_report(self, packet: bytes, now: float) -> None:
        """Note when a sender report came; the camera works out the way there and back from our answer."""
        if len(packet) >= 28 and packet[1] == _SENDER_REPORT:
            self._report, self._reported_at = packet[10:14], now

    def report(self, now: float) -> bytes:
        """Return the compound packet to send: a report of the source, if there is one, and our name."""
        blocks = b"" if self._source is None else self._block(self._source, now)
        head = struct.pack(">BBHI", 0x80 | bool(blocks), _RECEIVER_REPORT, (8 + len(blocks)) // 4 - 1, self._ssrc)
        item = struct.pack(">IBB", self._ssrc, 1, len(_NAME)) + _NAME + b"\0"
        item += bytes(-len(item) % 4)
        return head + blocks + struct.pack(">BBH", 0x81, _DESCRIPTION, len(item) // 4) + item

    def _block(self, source: int, now: float) -> bytes:
        expected = self._highest - self._first + 1
        lost = min(max(expected - self._received, -0x80_0000), 0x7F_FFFF)
        expected_lately = expected - self._expected_before
        lost_lately = expected_lately - (self._received - self._received_before)
        self._expected_before, self._received_before = expected, self._received
        share = min(max(256 * lost_lately // expected_lately, 0), 255) if expected_lately > 0 else 0
        waited = 0 if self._reported_at is None else int((now - self._reported_at) * 65_536) & 0xFFFF_FFFF
        counted = struct.pack(
            ">IIII", source, share << 24 | lost & 0xFF_FFFF, self._highest & 0xFFFF_FFFF, int(self._jitter)
        )
        return counted + self._report + struct.pack(">I", waited)
