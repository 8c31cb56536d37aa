"""What the payloads of one picture are gathered in, whatever the coding."""

MAX_ACCESS_UNIT = 8 * 1024 * 1024  # bytes; a 4K keyframe of a generous camera is about 1 MB
_PART_COST = 64  # bytes that a part takes in memory besides its own


class Gatherer:
    """Parts of the picture that is coming in, in order and bounded.

    `key` says that it can be decoded alone; `broken` that parts are missing or don't fit; `misfit` that they don't fit
    although none was lost on the way: then the camera codes differently from what it said.
    """

    def __init__(self) -> None:
        self.key = False
        self.broken = False
        self.misfit = False
        self.parts: list[bytes] = []
        self._size = 0

    def take(self, payload: bytes) -> None:
        """Take one packet's payload, which is not empty."""
        raise NotImplementedError

    def lose(self) -> None:
        """Note that packets are missing here."""
        self.broken = True

    def finish(self) -> bytes:
        """Return what was gathered, and begin the next picture."""
        data = b"".join(self.parts)
        self.parts.clear()
        self._size = 0
        self.key = self.broken = self.misfit = False
        return data

    def _add(self, part: bytes) -> None:
        self._size += len(part) + _PART_COST
        if self._size > MAX_ACCESS_UNIT:
            self.parts.clear()
            self.broken = True
            return
        self.parts.append(part)

    def _does_not_fit(self) -> None:
        self.misfit = self.misfit or not self.broken
        self.broken = True
