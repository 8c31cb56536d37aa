"""From RTP packets to whole pictures as the camera coded them (RFC 3550)."""

import statistics
import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import ProtocolError
from video.gather import Gatherer
from video.jpeg import JpegGatherer
from video.nal import H264Gatherer, H265Gatherer

_GATHERERS: dict[str, type[Gatherer]] = {"h264": H264Gatherer, "hevc": H265Gatherer, "mjpeg": JpegGatherer}
_MOST_BAD = 50  # packets in a row that are no RTP: it goes on, so the session is of no use
_RESTART = 3000  # a leap of the sequence numbers that is no loss but a new beginning (RFC 3550, A.1)
_BACK_S = 0.5  # more than any reordering of coded pictures
_AHEAD_S = 3.0  # nothing comes so much earlier than the earliest of the last minute
_NTP_TO_UNIX_S = 2_208_988_800  # RFC 3550, section 4
_NOTHING: tuple["AccessUnit", ...] = ()


@dataclass(frozen=True, slots=True)
class AccessUnit:
    """One coded picture: H.264 and H.265 in Annex B form, JPEG as a whole file.

    `timestamp` counts ticks of the track's clock without wrapping; `sent_no` is how many pictures the camera had
    sent with this one, those lost on the way included.
    """

    data: bytes
    timestamp: int
    sent_no: int
    key: bool


def _signed32(difference: int) -> int:
    return (difference + 0x8000_0000 & 0xFFFF_FFFF) - 0x8000_0000


def payload_of(packet: bytes) -> bytes | None:
    """Return what an RTP packet carries, without header, extension and padding; None where it is none or those lie."""
    if len(packet) < 12 or packet[0] >> 6 != 2:
        return None
    if not packet[0] & 0x3F:
        return packet[12:]
    start, end = 12 + 4 * (packet[0] & 0x0F), len(packet)
    if packet[0] & 0x10:
        if end < start + 4:
            return None
        start += 4 + 4 * (packet[start + 2] << 8 | packet[start + 3])
    if packet[0] & 0x20:
        end -= packet[-1]
    return packet[start:end] if start <= end else None


class Depacketiser:
    """Gathers one track's packets into access units; after a loss it is silent until the next keyframe.

    Its counters only grow: `sent` pictures by the camera's own timestamps, `keys` that came out, `dropped` ones that
    did not, `misfits` among them that don't look coded as the camera said although nothing was lost, `lost_packets`,
    and `bad_packets` that are no RTP or whose headers lie.
    """

    def __init__(self, codec: str, payload_type: int, *, sent_before: int = 0) -> None:
        self.sent = sent_before
        self.keys = 0
        self.dropped = 0
        self.misfits = 0
        self.lost_packets = 0
        self.bad_packets = 0
        self._picture = _GATHERERS[codec]()
        self._payload_type = payload_type
        self._sequence: int | None = None
        self._source: bytes | None = None
        self._wire_timestamp: int | None = None
        self._timestamp = 0
        self._lost_here = 0
        self._steps: deque[int] = deque(maxlen=9)
        self._waits_for_key = True
        self._unit_timestamp = 0
        self._bad_in_a_row = 0

    def wait_for_key(self) -> None:
        """Drop everything until the next keyframe, as after a loss."""
        self._waits_for_key = True

    def push(self, packet: bytes) -> Sequence[AccessUnit]:
        """Take one RTP packet and return the access units that it completes.

        A packet that is no RTP is dropped; ProtocolError where it goes on.
        """
        payload = payload_of(packet)
        if payload is None:  # its sequence number is not to be trusted either: if it was a real one, the next shows it
            self._note_bad()
            return _NOTHING
        self._bad_in_a_row = 0
        sequence = packet[2] << 8 | packet[3]
        if packet[1] & 0x7F != self._payload_type or sequence == self._sequence:
            return _NOTHING
        (timestamp,) = struct.unpack_from(">I", packet, 4)
        finished, picture = _NOTHING, self._picture
        missing = self._missing(sequence, packet[8:12])
        if timestamp != self._unit_timestamp and (picture.parts or picture.broken):  # some cameras forget the marker
            if missing:
                picture.lose()  # its end may be among them
            finished = self._finish()
        if missing:
            self._lost_here += missing
            self.lost_packets += missing
            picture.lose()
        self._unit_timestamp = timestamp
        if payload:
            picture.take(payload)
        if packet[1] & 0x80:
            return (*finished, *self._finish()) if finished else self._finish()
        return finished

    def _note_bad(self) -> None:
        self.bad_packets += 1
        self._bad_in_a_row += 1
        if self._bad_in_a_row > _MOST_BAD:
            raise ProtocolError("what should be RTP packets are none")

    def _missing(self, sequence: int, source: bytes) -> int:
        """Return how many packets are missing before this one."""
        before, known = self._sequence, self._source
        self._sequence, self._source = sequence, source
        if before is None:
            return 0
        missing = (sequence - before - 1) & 0xFFFF
        if missing > _RESTART or source != known:
            return 1  # it began anew: how many nobody knows
        return missing

    def _finish(self) -> tuple[AccessUnit, ...]:
        picture = self._picture
        key, broken, misfit = picture.key, picture.broken, picture.misfit
        data = picture.finish()
        self._count(self._unit_timestamp)
        if not data and not broken:
            return _NOTHING
        if broken:
            self._waits_for_key = True
            self.misfits += misfit
        if broken or (self._waits_for_key and not key):
            self.dropped += 1
            return _NOTHING
        self._waits_for_key = False
        self.keys += key
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

    A backlog in a socket makes old pictures look new; their own timestamps give it away. Timestamps that leap are none:
    a backlog's go on step by step, never back, and never come from the future. `leaps` counts them.
    """

    def __init__(self, clock_rate: int, *, window_s: float = 30.0) -> None:
        self.leaps = 0
        self._clock_rate = clock_rate
        self._window_s = window_s
        self._before = float("inf")
        self._best = float("inf")
        self._window_until = float("-inf")
        self._timestamp = 0
        self._transit = float("-inf")

    def late_s(self, timestamp: int, now: float) -> float:
        """Return by how many seconds a picture of this timestamp that arrives now is late."""
        transit = now - timestamp / self._clock_rate
        back_s = (self._timestamp - timestamp) / self._clock_rate
        punctual = min(self._best, self._before)
        if self._transit > float("-inf") and (back_s > _BACK_S or transit < punctual - _AHEAD_S):
            self.leaps += 1
            change = transit - self._transit  # the clock's, not the network's: what was late stays as late as it was
            self._best += change
            self._before += change
        self._timestamp, self._transit = timestamp, transit
        if now > self._window_until:
            self._before, self._best = self._best, transit
            self._window_until = now + self._window_s
        self._best = min(self._best, transit)
        return transit - min(self._best, self._before)
