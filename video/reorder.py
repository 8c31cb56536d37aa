"""Puts datagrams that overtook each other right, without waiting long for those that never come."""

from collections.abc import Sequence

_WINDOW = 16  # packets that wait for an earlier one; swaps on a network are of one or two
_PATIENCE_S = 0.03  # half a picture at 15 a second: later, nobody would wait for it
_OLD = 100  # packets: what comes so late is late; what is older is a new beginning (RFC 3550, A.1)
_LEAP = 3000


class Reorder:
    """RTP packets by their sequence numbers, each once; what comes after its turn is left out."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._held: dict[int, bytes] = {}
        self._waits_since = 0.0

    def push(self, packet: bytes, now: float) -> Sequence[bytes]:
        """Take a packet of at least 4 bytes and return those whose turn it is."""
        sequence = packet[2] << 8 | packet[3]
        ahead = 0 if self._next is None else (sequence - self._next) & 0xFFFF
        if ahead == 0 and not self._held:
            self._next = (sequence + 1) & 0xFFFF
            return (packet,)
        if 0x1_0000 - ahead <= _OLD:
            return ()
        if ahead > _LEAP:
            before = self._release_all()
            self._next = (sequence + 1) & 0xFFFF
            return (*before, packet)
        if not self._held:
            self._waits_since = now
        self._held.setdefault(sequence, packet)
        return self._release(now)

    def due(self, now: float) -> Sequence[bytes]:
        """Return the packets that have waited long enough for one that does not come."""
        return self._release(now) if self._held else ()

    def _release(self, now: float) -> list[bytes]:
        ready = self._in_turn()
        if ready:
            self._waits_since = now
        if self._held and (len(self._held) > _WINDOW or now - self._waits_since > _PATIENCE_S):
            ready += self._release_all()
        return ready

    def _in_turn(self) -> list[bytes]:
        ready: list[bytes] = []
        while self._next is not None and (packet := self._held.pop(self._next, None)) is not None:
            ready.append(packet)
            self._next = (self._next + 1) & 0xFFFF
        return ready

    def _release_all(self) -> list[bytes]:
        first = self._next or 0
        order = sorted(self._held, key=lambda sequence: (sequence - first) & 0xFFFF)
        ready = [self._held[sequence] for sequence in order]
        self._held.clear()
        if order:
            self._next = (order[-1] + 1) & 0xFFFF
        return ready
