"""One viewer of one stream: RTP packets and sender reports (RFC 3550), over the RTSP connection or over UDP."""

import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from simulation.cameras import lies
from simulation.cameras.counter import EPOCH_S
from simulation.cameras.picture import DYNAMIC_PAYLOAD, RTP_CLOCK_HZ, Picture
from simulation.faults import WELL, CameraFault

REPORT_EVERY_S = 3.0
JUMP_FORWARD_S, JUMP_BACK_S, JUMP_BACK_AFTER_S = 3600, 600, 4.0
_NTP_TO_UNIX_S = 2_208_988_800  # RFC 3550, section 4
_CNAME = b"practice@watchroom"


class Wire(Protocol):
    """Where packets go; both calls return at once."""

    def packets(self, packets: list[bytes]) -> bool:
        """Send one picture's RTP packets; return False where the viewer is too slow to take them."""
        ...

    def report(self, packet: bytes) -> None:
        """Send an RTCP packet."""
        ...

    def lie(self, turn: int) -> None:
        """Send a frame whose length is not true, where packets travel in frames."""
        ...


@dataclass(slots=True)
class Sent:
    """What a viewer was really sent."""

    frames: int = 0
    packets: int = 0
    octets: int = 0
    dropped: int = 0
    reports: int = 0
    first_no: int | None = None
    last_no: int | None = None


class Viewer:
    """Sends pictures, each in its turn, from the next keyframe on."""

    def __init__(
        self, wire: Wire, fps: int, picture: Callable[[int], Picture | None], payload_type: int = DYNAMIC_PAYLOAD
    ) -> None:
        self.sent = Sent()
        self.sequence = secrets.randbelow(1 << 16)
        self.ssrc = secrets.randbelow(1 << 32)
        self._offset = secrets.randbelow(1 << 31)
        self._wire = wire
        self._fps = fps
        self._picture = picture
        self._payload_type = payload_type
        self._next_no: int | None = None
        self._waits_for_key = True
        self._next_report = 0.0
        self._jumps_since: float | None = None
        self._ahead = 0  # of the true timestamp, in ticks
        self._lies = 0

    def timestamp(self, no: int) -> int:
        """Return the RTP timestamp of frame `no`."""
        return (self._offset + self._ahead + no * RTP_CLOCK_HZ // self._fps) & 0xFFFF_FFFF

    def pause(self) -> None:
        """Send nothing until the next `send`, which then waits for a keyframe."""
        self._next_no = None
        self._waits_for_key = True

    def send(self, newest: int, now: float, fault: CameraFault = WELL) -> None:
        """Send everything up to frame `newest` that is ready; `now` is Unix time."""
        self._set_clock(now, jumps=fault.clock_jumps)
        if now >= self._next_report:
            self._report(now)
        no = newest if self._next_no is None else self._next_no
        if newest - no > 2 * self._fps:  # this process was held up: go on with the present
            self._waits_for_key = True
            no = newest
        while no <= newest and (picture := self._picture(no)) is not None:
            self._send_one(no, picture, fault)
            no += 1
        self._next_no = no

    def _set_clock(self, now: float, *, jumps: bool) -> None:
        if not jumps:
            self._jumps_since, self._ahead = None, 0
            return
        if self._jumps_since is None:
            self._jumps_since = now
        back_s = JUMP_BACK_S if now - self._jumps_since >= JUMP_BACK_AFTER_S else 0
        self._ahead = (JUMP_FORWARD_S - back_s) * RTP_CLOCK_HZ

    def _send_one(self, no: int, picture: Picture, fault: CameraFault) -> None:
        if not picture.payloads or (self._waits_for_key and not picture.key):
            return
        self._waits_for_key = False
        packets = self._packets(no, picture, garbled=fault.garbles)
        if not self._wire.packets([*self._lie(no, fault), *packets]):
            self.sent.dropped += 1
            self._waits_for_key = True
            return
        self.sequence = (self.sequence + len(packets)) & 0xFFFF
        sent = self.sent
        sent.frames += 1
        sent.packets += len(packets)
        sent.octets += sum(map(len, picture.payloads))
        sent.last_no = no
        if sent.first_no is None:
            sent.first_no = no

    def _packets(self, no: int, picture: Picture, *, garbled: bool) -> list[bytes]:
        stamp, last = self.timestamp(no), len(picture.payloads) - 1
        packets = []
        for index, payload in enumerate(picture.payloads):
            kind = self._payload_type | (0x80 if index == last else 0)
            sequence = (self.sequence + index) & 0xFFFF
            head = struct.pack(">BBHII", 0x80, kind, sequence, stamp, self.ssrc)
            packets.append(head + (_garbled(payload) if garbled else payload))
        return packets

    def _lie(self, no: int, fault: CameraFault) -> list[bytes]:
        """Return the nonsense that goes before a picture; once a second a frame goes out that is not what it says."""
        if not (fault.lies_in_packets or fault.lies_in_frames):
            return []
        self._lies += 1
        if fault.lies_in_frames and no % self._fps == self._fps // 2:
            self._wire.lie(no // self._fps)
        if not fault.lies_in_packets:
            return []
        return [lies.packet(self._lies, self.sequence, self.timestamp(no), (self._payload_type, self.ssrc))]

    def _report(self, now: float) -> None:
        """Say which wall clock belongs to which RTP timestamp (sender report), and who speaks (SDES)."""
        self._next_report = now + REPORT_EVERY_S
        self.sent.reports += 1
        ntp = int((now + _NTP_TO_UNIX_S) * (1 << 32))
        stamp = (self._offset + self._ahead + int((now - EPOCH_S) * RTP_CLOCK_HZ)) & 0xFFFF_FFFF
        counts = (self.sent.packets & 0xFFFF_FFFF, self.sent.octets & 0xFFFF_FFFF)
        report = struct.pack(">BBHIQIII", 0x80, 200, 6, self.ssrc, ntp, stamp, *counts)
        item = struct.pack(">IBB", self.ssrc, 1, len(_CNAME)) + _CNAME + b"\0"
        item += b"\0" * (-len(item) % 4)
        self._wire.report(report + struct.pack(">BBH", 0x81, 202, len(item) // 4) + item)


def _garbled(payload: bytes) -> bytes:
    """Return the payload with every 50th octet after the first forty inverted."""
    wrong = bytearray(payload)
    for at in range(40, len(wrong), 50):
        wrong[at] ^= 0xFF
    return bytes(wrong)
