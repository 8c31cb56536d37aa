"""From RTP packets to whole pictures as the camera coded them (RFC 3550, RFC 6184, RFC 7798)."""

import statistics
import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import ProtocolError

MAX_ACCESS_UNIT = 8 * 1024 * 1024  # bytes; a 4K keyframe of a generous camera is about 1 MB
_PART_COST = 64  # bytes that a part takes in memory besides its own
_START = b"\0\0\0\1"
_NTP_TO_UNIX_S = 2_208_988_800  # RFC 3550, section 4
_NOTHING: tuple["AccessUnit", ...] = ()


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One coded picture in Annex B form.

    `timestamp` counts ticks of the track's clock without wrapping; `sent_no` is how many pictures the camera had
    sent with this one, those lost on the way included.
    """

    data: bytes
    timestamp: int
    sent_no: int
    key: bool


def _signed32(difference: int) -> int:
    return (difference + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000


def _payload(packet: bytes) -> bytes:
    """Return what an RTP packet carries, without header, extension and padding."""
    start, end = 12 + 4 * (packet[0] & 0x0F), len(packet)
    if packet[0] & 0x10:
        if end < start + 4:
            raise ProtocolError("an RTP packet ends inside its extension header")
        start += 4 + 4 * (packet[start + 2] << 8 | packet[start + 3])
    if packet[0] & 0x20:
        end -= packet[-1]
    if start > end:
        raise ProtocolError("an RTP packet is shorter than its headers say")
    return packet[start:end]


class Depacketiser:
    """Gathers one track's packets into access units; after a loss it is silent until the next keyframe."""

    def __init__(self, codec: str, payload_type: int, *, sent_before: int = 0) -> None:
        self.sent = sent_before
        self.lost_packets = 0
        self.dropped = 0
        self._take = {"h264": self._take_h264, "hevc": self._take_h265}[codec]
        self._is_key = {"h264": _h264_key, "hevc": _h265_key}[codec]
        self._payload_type = payload_type
        self._sequence: int | None = None
        self._wire_timestamp: int | None = None
        self._timestamp = 0
        self._lost_here = 0
        self._steps: deque[int] = deque(maxlen=9)
        self._waits_for_key = True
        self._parts: list[bytes] = []
        self._size = 0
        self._open_fragment = False
        self._broken = False
        self._key = False
        self._unit_timestamp = 0

    def wait_for_key(self) -> None:
        """Drop everything until the next keyframe, as after a loss."""
        self._waits_for_key = True

    def push(self, packet: bytes) -> Sequence[AccessUnit]:
        """Take one RTP packet and return the access units that it completes; ProtocolError for what is not RTP."""
        if len(packet) < 12 or packet[0] >> 6 != 2:
            raise ProtocolError("what should be an RTP packet is none")
        if packet[1] & 0x7F != self._payload_type:
            return _NOTHING
        sequence = packet[2] << 8 | packet[3]
        if sequence == self._sequence:
            return _NOTHING
        (timestamp,) = struct.unpack_from(">I", packet, 4)
        finished = _NOTHING
        if self._parts and timestamp != self._unit_timestamp:  # some cameras forget the marker
            finished = self._finish()
        self._note_sequence(sequence)
        self._unit_timestamp = timestamp
        payload = _payload(packet) if packet[0] & 0x3F else packet[12:]
        if payload:
            self._take(payload)
        if packet[1] & 0x80:
            return (*finished, *self._finish()) if finished else self._finish()
        return finished

    def _note_sequence(self, sequence: int) -> None:
        if self._sequence is not None and sequence != (self._sequence + 1) & 0xFFFF:
            missing = (sequence - self._sequence - 1) & 0xFFFF
            self._lost_here += missing
            self.lost_packets += missing
            self._broken = True
            self._open_fragment = False
        self._sequence = sequence

    def _finish(self) -> tuple[AccessUnit, ...]:
        data, key, broken = b"".join(self._parts), self._key, self._broken
        self._parts.clear()
        self._size = 0
        self._broken = self._key = self._open_fragment = False
        self._count(self._unit_timestamp)
        if not data and not broken:
            return _NOTHING
        if broken:
            self._waits_for_key = True
        if broken or (self._waits_for_key and not key):
            self.dropped += 1
            return _NOTHING
        self._waits_for_key = False
        return (AccessUnit(data, self._timestamp, self.sent, key),)

    def _count(self, timestamp: int) -> None:
        """Count the picture of this timestamp, and after a loss those that the timestamps say are missing."""
        if self._wire_timestamp is None:
            self._timestamp = timestamp
            self.sent += 1
        else:
            step = _signed32(timestamp - self._wire_timestamp)
            self._timestamp += step
            if self._lost_here and self._steps and step > 0:
                usual = statistics.median(self._steps)
                self.sent += max(1, min(round(step / usual), self._lost_here + 1))
            elif step != 0:
                self.sent += 1
                if step > 0:
                    self._steps.append(step)
        self._wire_timestamp = timestamp
        self._lost_here = 0

    def _unit(self, unit: bytes) -> None:
        self._add(_START + unit)
        self._key = self._key or self._is_key(unit[0])

    def _add(self, part: bytes) -> None:
        self._size += len(part) + _PART_COST
        if self._size > MAX_ACCESS_UNIT:
            self._parts.clear()
            self._broken = True
            return
        self._parts.append(part)

    def _aggregate(self, payload: bytes, start: int) -> None:
        while start + 2 < len(payload):
            end = start + 2 + (payload[start] << 8 | payload[start + 1])
            if end > len(payload) or end == start + 2:
                self._broken = True
                return
            self._unit(payload[start + 2 : end])
            start = end

    def _fragment(self, flags: int, header: bytes, rest: bytes) -> None:
        if flags & 0x80:
            self._open_fragment = True
            self._unit(header + rest)
        elif self._open_fragment:
            self._add(rest)
        else:
            self._broken = True
        if flags & 0x40:
            self._open_fragment = False

    def _take_h264(self, payload: bytes) -> None:
        kind = payload[0] & 0x1F
        if 1 <= kind <= 23:
            self._unit(payload)
        elif kind == 28 and len(payload) > 2:
            self._fragment(payload[1], bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)), payload[2:])
        elif kind == 24:
            self._aggregate(payload, 1)
        else:
            self._broken = True

    def _take_h265(self, payload: bytes) -> None:
        kind = payload[0] >> 1 & 0x3F
        if kind < 48 and len(payload) > 2:
            self._unit(payload)
        elif kind == 49 and len(payload) > 3:
            header = bytes((payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]))
            self._fragment(payload[2], header, payload[3:])
        elif kind == 48:
            self._aggregate(payload, 2)
        else:
            self._broken = True


def _h264_key(first: int) -> bool:
    return first & 0x1F in {5, 7}  # IDR picture, or the sequence parameters that precede a recovery point


def _h265_key(first: int) -> bool:
    return 16 <= (first >> 1 & 0x3F) <= 23 or first >> 1 & 0x3F == 33


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What the camera's wall clock was at one timestamp of its stream."""

    camera_at: float
    timestamp: int

    def moment(self, timestamp: int, clock_rate: int) -> float:
        """Return the camera's wall clock, in Unix seconds, at another timestamp of the stream."""
        return self.camera_at + _signed32(timestamp - self.timestamp) / clock_rate


def parse_sender_report(packet: bytes) -> SenderReport | None:
    """Return the sender report of a compound RTCP packet, or None; what is malformed is passed over."""
    start = 0
    while start + 8 <= len(packet):
        first, kind, words = struct.unpack_from(">BBH", packet, start)
        if first >> 6 != 2:
            return None
        if kind == 200 and words >= 6 and start + 28 <= len(packet):
            seconds, fraction, timestamp = struct.unpack_from(">III", packet, start + 8)
            if seconds == 0:  # the camera does not know the time
                return None
            return SenderReport(seconds - _NTP_TO_UNIX_S + fraction / 2**32, timestamp)
        start += 4 + 4 * words
    return None


class Punctuality:
    """How late pictures arrive compared with the most punctual one of the last minute.

    A backlog in a socket makes old pictures look new; their own timestamps give it away.
    """

    def __init__(self, clock_rate: int, *, window_s: float = 30.0) -> None:
        self._clock_rate = clock_rate
        self._window_s = window_s
        self._before = float("inf")
        self._best = float("inf")
        self._window_until = float("-inf")

    def late_s(self, timestamp: int, now: float) -> float:
        """Return by how many seconds a picture of this timestamp that arrives now is late."""
        transit = now - timestamp / self._clock_rate
        if now > self._window_until:
            self._before, self._best = self._best, transit
            self._window_until = now + self._window_s
        self._best = min(self._best, transit)
        return transit - min(self._best, self._before)
