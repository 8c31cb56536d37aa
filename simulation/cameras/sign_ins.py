"""Whom the cameras have refused, and whom they therefore refuse still."""

import time
from collections import Counter, deque
from collections.abc import Callable

WRONG_ALLOWED = 3
WINDOW_S = 300.0
LOCKED_S = 300.0


class SignIns:
    """Counts refused names and passwords by camera, whichever way they came."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._wrong: Counter[int] = Counter()
        self._recent: dict[int, deque[float]] = {}
        self._locked_until: dict[int, float] = {}

    def refused(self, no: int) -> None:
        """Take note of a refusal; the third within WINDOW_S locks the camera for LOCKED_S."""
        now = self._monotonic()
        self._wrong[no] += 1
        recent = self._recent.setdefault(no, deque(maxlen=WRONG_ALLOWED))
        recent.append(now)
        if not self.locked(no) and len(recent) == WRONG_ALLOWED and now - recent[0] <= WINDOW_S:
            self._locked_until[no] = now + LOCKED_S
            recent.clear()

    def locked(self, no: int) -> bool:
        """Return whether a camera that locks people out would refuse everybody now."""
        return self._monotonic() < self._locked_until.get(no, 0.0)

    def wrong(self, no: int) -> int:
        """Return how many have been refused since the beginning."""
        return self._wrong[no]

    def forget(self, no: int) -> None:
        """Unlock a camera, and let what was refused so far count for no lock."""
        self._recent.pop(no, None)
        self._locked_until.pop(no, None)
