"""Whether a session's packets become pictures, judged by the age of the newest one."""

from domain.picture import LossReason

SILENT_S = 4.0  # without a packet: the session is dead
_PATIENCE_S = (4.0, 15.0)  # packets but no picture; the longer one for keyframes whose distance nobody knows
_PUZZLES = 5  # pictures that make no sense although they came whole: no patience
_KEYS = 2  # of them keyframes, one after the other
_CHANGED_S = 0.5  # patience with puzzles after there were pictures: it codes differently now, asked anew it says how


class Progress:
    """What came of one session so far; times in monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._heard_at = now
        self._picture_at = now
        self._understood = 0
        self._puzzles = 0
        self._new_puzzles = 0
        self._keys = 0
        self._keys_before = 0
        self._key_at: float | None = None
        self._key_every_s: float | None = None

    def hear(self, now: float) -> None:
        """Note that packets came."""
        self._heard_at = now

    def note(self, now: float, *, understood: int, keys: int, puzzles: int) -> bool:
        """Take the session's counters and return whether a picture was understood since the last time.

        `puzzles` are pictures that came whole and could not be decoded.
        """
        if keys != self._keys:
            if self._key_at is not None:
                self._key_every_s = max(now - self._key_at, 0.8 * (self._key_every_s or 0.0))
            self._keys, self._key_at = keys, now
        self._new_puzzles = puzzles - self._puzzles
        if understood == self._understood:
            return False
        self._understood, self._puzzles, self._picture_at, self._keys_before = understood, puzzles, now, keys
        return True

    def loss(self, now: float) -> LossReason | None:
        """Return why the session is of no more use, or None."""
        if now - self._heard_at > SILENT_S:
            return LossReason.NO_SIGNAL
        if now - self._picture_at > self._patience_s():
            return LossReason.NOT_UNDERSTOOD
        return None

    def _patience_s(self) -> float:
        shortest, longest = _PATIENCE_S
        puzzling_keys = min(self._new_puzzles, self._keys - self._keys_before)
        if self._understood and (self._new_puzzles >= _PUZZLES or puzzling_keys >= _KEYS):
            return _CHANGED_S
        if self._new_puzzles >= _PUZZLES:
            return shortest
        if self._key_every_s is None:
            return longest
        return min(max(shortest, 2.5 * self._key_every_s), longest)
