"""What one session adds to the counts of its camera's profile."""

from dataclasses import replace

from video.stream import Stream
from video.wire import Counts


def with_session(total: Counts, stream: Stream) -> Counts:
    """Return what happened so far, the session that goes on included."""
    packets = stream.depacketiser
    return replace(
        total,
        sent=packets.sent,
        decoded=total.decoded + stream.decoded,
        dropped=total.dropped + packets.dropped,
        lost_packets=total.lost_packets + packets.lost_packets,
        undecodable=total.undecodable + stream.decoder.undecodable,
        late=total.late + stream.late,
        octets=total.octets + stream.octets,
        cpu_s=total.cpu_s + stream.cpu_s,
    )
