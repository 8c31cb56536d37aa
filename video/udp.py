"""The pair of UDP ports on which one session's packets come (RFC 3550, 11)."""

import contextlib
import socket
import struct

from domain.errors import UnreachableError
from video.carriage import Carriage
from video.reorder import Reorder
from video.rtcp import Reception
from video.rtp import payload_of

_BUFFER = 2 * 1024 * 1024  # a keyframe comes in one burst; the system grants what it allows
_TRIES = 64
_MOST_AT_ONCE = 512  # datagrams a wake-up: other cameras want their turn
_LARGEST = 65_536
_REPORT_EVERY_S = 5.0
_FOREIGN = 50  # packets of another source than the camera announced, and none of that: it named a wrong one
_PUNCH = struct.pack(">BBHII", 0x80, 0, 0, 0, 0)


def _pair(family: int, host: str) -> tuple[socket.socket, socket.socket]:
    """Return two bound sockets, on an even port and the next; UnreachableError where none can be had."""
    for _ in range(_TRIES):
        media, reports = (socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) for _ in range(2))
        with contextlib.suppress(OSError):
            media.bind((host, 0))
            port = media.getsockname()[1]
            if port % 2 == 0:
                reports.bind((host, port + 1))
                return media, reports
        media.close()
        reports.close()
    raise UnreachableError("no pair of ports is free for a camera's datagrams")


class Datagrams:
    """Receives from one camera only, in order, and reports what arrives every 5 s.

    `local` and `camera` are addresses of the RTSP connection's two ends.
    """

    def __init__(self, family: int, local: str, camera: str) -> None:
        self._media, self._reports = _pair(family, local)
        self._media.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self.filenos = (self._media.fileno(), self._reports.fileno())
        self.foreign = 0  # datagrams of other hosts or sources
        self._camera = camera
        self._buffer = bytearray(_LARGEST)
        self._carriage = Carriage(None)
        self._reorder = Reorder()
        self._reception = Reception(90_000)
        self._matched = False
        self._unmatched = 0
        self._reported_at = float("-inf")

    @property
    def port(self) -> int:
        """Return the even one of the two ports."""
        return int(self._media.getsockname()[1])

    def begin(self, carriage: Carriage, clock_rate: int) -> None:
        """Take note of what the camera agreed to, and open the way for its packets through what lies between."""
        self._carriage = carriage
        self._reception = Reception(clock_rate)
        if carriage.camera_ports is not None:
            self._send(self._media, _PUNCH, carriage.camera_ports[0])

    def receive(self, now: float) -> list[tuple[bool, bytes]]:
        """Return what came, as (is RTCP, bytes): packets in order, whose sources were checked."""
        packets: list[tuple[bool, bytes]] = []
        for packet in self._drain(self._reports):
            self._reception.take_report(packet, now)
            packets.append((True, packet))
        for packet in self._drain(self._media):
            if payload_of(packet) is None:
                packets.append((False, packet))  # counted where all are; its sequence number means nothing
            elif self._is_expected(packet):
                self._reception.take(packet, now)
                packets += [(False, each) for each in self._reorder.push(packet, now)]
        return packets + self.due(now)

    def due(self, now: float) -> list[tuple[bool, bytes]]:
        """Return packets that waited long enough for earlier ones, and tell the camera now and then what arrives."""
        if now - self._reported_at > _REPORT_EVERY_S and self._carriage.camera_ports is not None:
            self._reported_at = now
            self._send(self._reports, self._reception.report(now), self._carriage.camera_ports[1])
        return [(False, packet) for packet in self._reorder.due(now)]

    def close(self) -> None:
        """Give the ports back."""
        self._media.close()
        self._reports.close()

    def _drain(self, of: socket.socket) -> list[bytes]:
        packets: list[bytes] = []
        with memoryview(self._buffer) as view:
            for _ in range(_MOST_AT_ONCE):
                try:
                    size, sender = of.recvfrom_into(view)
                except OSError:
                    break
                if sender[0] == self._camera:
                    packets.append(bytes(view[:size]))
                else:
                    self.foreign += 1
        return packets

    def _is_expected(self, packet: bytes) -> bool:
        expected = self._carriage.ssrc
        if expected is None or int.from_bytes(packet[8:12]) == expected:
            self._matched = True
            return True
        self._unmatched += 1
        if self._matched or self._unmatched <= _FOREIGN:
            self.foreign += 1
            return False
        return True

    def _send(self, by: socket.socket, packet: bytes, port: int) -> None:
        with contextlib.suppress(OSError):  # a network that does not take it is seen by what does not come
            by.sendto(packet, (self._camera, port))
