"""Coded pictures on their way, whatever codec made them."""

from dataclasses import dataclass

RTP_CLOCK_HZ = 90_000
LARGEST_PAYLOAD = 1400  # bytes, to stay below an Ethernet frame
DYNAMIC_PAYLOAD = 96  # the first payload type without a fixed meaning (RFC 3551)


@dataclass(frozen=True, slots=True)
class Picture:
    """One coded picture as RTP payloads, in order; none where the camera left the picture out.

    `coded` is the picture as a decoder takes it, of keyframes only; `sets` are those payloads that are parameter sets.
    """

    payloads: tuple[bytes, ...]
    key: bool
    coded: bytes = b""
    sets: frozenset[bytes] = frozenset()

    def without_sets(self) -> "Picture":
        """Return the picture without the parameter sets that come with a keyframe."""
        if not self.sets:
            return self
        return Picture(tuple(payload for payload in self.payloads if payload not in self.sets), self.key, self.coded)


@dataclass(frozen=True, slots=True)
class Description:
    """What a session description says of a stream; `sets` are the format parameters that carry parameter sets."""

    encoding: str
    payload_type: int = DYNAMIC_PAYLOAD
    basics: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return the lines of a session description that are about the codec."""
        said = [
            f"m=video 0 RTP/AVP {self.payload_type}",
            f"a=rtpmap:{self.payload_type} {self.encoding}/{RTP_CLOCK_HZ}",
        ]
        if parameters := ";".join((*self.basics, *self.sets)):
            said.append(f"a=fmtp:{self.payload_type} {parameters}")
        return tuple(said)

    def without_sets(self) -> "Description":
        """Return the description without parameter sets."""
        return Description(self.encoding, self.payload_type, self.basics)
