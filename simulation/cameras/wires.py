"""Where packets go: between the lines of the RTSP connection, or as datagrams."""

import asyncio
import contextlib
import socket
import struct

from simulation.cameras import lies
from simulation.cameras.config import HOST

_MOST_UNSENT = 2 * 1024 * 1024  # bytes waiting for a slow viewer before pictures are dropped


class Tcp:
    """RTP between the lines of the RTSP connection."""

    def __init__(self, writer: asyncio.StreamWriter, channel: int) -> None:
        self._writer = writer
        self._channel = channel

    def packets(self, packets: list[bytes]) -> bool:
        """Send one picture's packets in one go, unless too much is waiting."""
        transport = self._writer.transport
        if transport.is_closing() or transport.get_write_buffer_size() > _MOST_UNSENT:
            return False
        parts: list[bytes] = []
        for packet in packets:
            parts += (struct.pack(">BBH", 0x24, self._channel, len(packet)), packet)
        self._writer.write(b"".join(parts))
        return True

    def report(self, packet: bytes) -> None:
        """Send an RTCP packet on the odd channel."""
        if not self._writer.transport.is_closing():
            self._writer.write(struct.pack(">BBH", 0x24, self._channel + 1, len(packet)) + packet)

    def lie(self, turn: int) -> None:
        """Send a frame whose length is not true."""
        if not self._writer.transport.is_closing():
            self._writer.write(lies.frame(turn, self._channel))

    def close(self) -> None:
        """Do nothing: the connection is not its own."""


class Udp:
    """RTP as datagrams from a pair of ports of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._to, self._report_to = (host, port), (host, port + 1)
        self._media, self._reports = _port_pair()

    @property
    def server_port(self) -> int:
        """Return the even one of its ports."""
        return int(self._media.getsockname()[1])

    def packets(self, packets: list[bytes]) -> bool:
        """Send them; what the network does not take is lost, as on any network."""
        with contextlib.suppress(OSError):
            for packet in packets:
                self._media.sendto(packet, self._to)
        return True

    def report(self, packet: bytes) -> None:
        """Send an RTCP packet."""
        with contextlib.suppress(OSError):
            self._reports.sendto(packet, self._report_to)

    def lie(self, turn: int) -> None:
        """Do nothing: a datagram knows its length."""

    def close(self) -> None:
        """Give the ports back."""
        self._media.close()
        self._reports.close()


def _port_pair() -> tuple[socket.socket, socket.socket]:
    """Return two bound sockets on an even port and the next."""
    while True:
        media, reports = socket.socket(type=socket.SOCK_DGRAM), socket.socket(type=socket.SOCK_DGRAM)
        media.bind((HOST, 0))
        port = media.getsockname()[1]
        try:
            if port % 2 == 0:
                reports.bind((HOST, port + 1))
                media.setblocking(False)  # noqa: FBT003 - the socket's own signature
                reports.setblocking(False)  # noqa: FBT003 - the socket's own signature
                return media, reports
        except OSError:
            pass
        media.close()
        reports.close()
