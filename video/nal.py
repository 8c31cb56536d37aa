"""H.264 and H.265 out of RTP payloads (RFC 6184, RFC 7798): single units, fragments and aggregates, to Annex B.

Interleaved modes and decoding order numbers (DON) are not taken: no camera of ours sends them, and ours is a player
that asks for none.
"""

from video.gather import Gatherer

START = b"\0\0\0\1"


class _NalGatherer(Gatherer):
    """What both codings share."""

    def __init__(self) -> None:
        super().__init__()
        self._in_fragment = False

    def lose(self) -> None:
        """Note that packets are missing here, so that the rest of a fragmented unit is of no use."""
        super().lose()
        self._in_fragment = False

    def finish(self) -> bytes:
        """Return what was gathered, and begin the next picture."""
        self._in_fragment = False
        return super().finish()

    def _is_key(self, first: int) -> bool:
        raise NotImplementedError

    def _unit(self, unit: bytes) -> None:
        self._add(START + unit)
        self.key = self.key or self._is_key(unit[0])

    def _aggregate(self, payload: bytes, start: int) -> None:
        while start + 2 < len(payload):
            end = start + 2 + (payload[start] << 8 | payload[start + 1])
            if end > len(payload) or end == start + 2:
                self._does_not_fit()
                return
            self._unit(payload[start + 2 : end])
            start = end

    def _fragment(self, flags: int, header: bytes, rest: bytes) -> None:
        if flags & 0x80:
            self._in_fragment = True
            self._unit(header + rest)
        elif self._in_fragment:
            self._add(rest)
        else:
            self._does_not_fit()
        if flags & 0x40:
            self._in_fragment = False


class H264Gatherer(_NalGatherer):
    """One picture of H.264."""

    def take(self, payload: bytes) -> None:
        """Take a payload: one unit, a part of one (FU-A) or several (STAP-A)."""
        kind = payload[0] & 0x1F
        if kind == 1 or 5 <= kind <= 23:  # 2 to 4 are partitions, which nothing of ours decodes: H.265 looks like them
            self._unit(payload)
        elif kind == 28 and len(payload) > 2:
            self._fragment(payload[1], bytes((payload[0] & 0xE0 | payload[1] & 0x1F,)), payload[2:])
        elif kind == 24:
            self._aggregate(payload, 1)
        else:
            self._does_not_fit()

    def _is_key(self, first: int) -> bool:
        return first & 0x1F in {5, 7}  # IDR picture, or the sequence parameters that precede a recovery point


class H265Gatherer(_NalGatherer):
    """One picture of H.265."""

    def take(self, payload: bytes) -> None:
        """Take a payload: one unit, a part of one (FU) or several (AP)."""
        kind = payload[0] >> 1 & 0x3F
        if payload[0] & 0x81 or len(payload) < 2 or payload[1] >> 3 or not payload[1] & 7:
            self._does_not_fit()  # layers above the base, or none at all: H.264 and JPEG look like that
        elif kind < 48 and len(payload) > 2:
            self._unit(payload)
        elif kind == 49 and len(payload) > 3:
            header = bytes((payload[0] & 0x81 | (payload[2] & 0x3F) << 1, payload[1]))
            self._fragment(payload[2], header, payload[3:])
        elif kind == 48:
            self._aggregate(payload, 2)
        else:
            self._does_not_fit()

    def _is_key(self, first: int) -> bool:
        kind = first >> 1 & 0x3F
        return 16 <= kind <= 23 or kind == 33  # random access pictures; sequence parameters as above
