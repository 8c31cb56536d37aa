"""The practice cameras as MPEG transport streams over UDP, for players that speak no RTSP; nothing is coded again.

Its CPU is nobody's: the players that need it are spared their cameras' RTSP. Runs until its input ends.
"""

import os
import socket
import sys
import threading

import av
import av.error
import av.logging

from bench.practice import PASSWORD, USER
from bench.wall_roles.decode import OPTIONS
from bench.wall_roles.role import Order

_DATAGRAM = 7 * 188  # bytes: whole transport packets that fit into an Ethernet frame


def free_ports(count: int) -> list[int]:
    """Return UDP ports that nobody uses now."""
    probes = [socket.socket(type=socket.SOCK_DGRAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def feed(url: str, port: int) -> None:
    """Send one camera's packets on as they come."""
    address = url.replace("rtsp://", f"rtsp://{USER}:{PASSWORD}@")
    source = av.open(address, options=OPTIONS, timeout=(10, 10))
    target = av.open(
        f"udp://127.0.0.1:{port}?pkt_size={_DATAGRAM}",
        "w",
        format="mpegts",
        options={"flush_packets": "1", "max_delay": "0", "mpegts_flags": "resend_headers"},
    )
    stream = target.add_stream_from_template(source.streams.video[0])
    for packet in source.demux(video=0):
        if packet.dts is None:
            continue
        packet.stream = stream
        try:
            target.mux(packet)
        except av.error.FFmpegError:
            continue  # nobody listens there just now


def main() -> None:
    """Feed every camera, say where, stay."""
    av.logging.set_level(av.logging.PANIC)
    order = Order.of(sys.stdin.readline())
    ports = free_ports(len(order.cameras))
    for camera, port in zip(order.cameras, ports, strict=True):
        threading.Thread(target=feed, args=(camera.sub_url, port), daemon=True).start()
    print(" ".join(map(str, ports)), flush=True)
    sys.stdin.read()
    os._exit(0)  # the feeding threads have no end


if __name__ == "__main__":
    main()
