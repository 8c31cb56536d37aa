"""Who signed in to the cameras, whom they have refused, and whom they therefore refuse still."""

import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

WRONG_ALLOWED = 3
WINDOW_S = 300.0
LOCKED_S = 300.0
_NOTED = 2000


class SignIns:
    """Counts refused names and passwords by camera, whichever way they came."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        limits: Callable[[int], tuple[int, float]] = lambda _: (WRONG_ALLOWED, LOCKED_S),
    ) -> None:
        """Take what tells a camera's limits: how many refusals lock it, and for how many seconds."""
        self._monotonic = monotonic
        self._limits = limits
        self._noted: dict[int, deque[dict[str, Any]]] = {}
        self._wrong: Counter[int] = Counter()
        self._recent: dict[int, deque[float]] = {}
        self._locked_until: dict[int, float] = {}

    def refused(self, no: int, way: str = "rtsp") -> None:
        """Take note of a refusal; the third within WINDOW_S locks the camera for LOCKED_S (or as its limits say)."""
        now = self._monotonic()
        allowed, locked_s = self._limits(no)
        self._wrong[no] += 1
        recent = self._recent.setdefault(no, deque())
        recent.append(now)
        while len(recent) > allowed:
            recent.popleft()
        if not self.locked(no) and len(recent) == allowed and now - recent[0] <= WINDOW_S:
            self._locked_until[no] = now + locked_s
            recent.clear()
        self._note(no, way, right=False)

    def admitted(self, no: int, way: str) -> None:
        """Take note of a proof that was right."""
        self._note(no, way, right=True)

    def account(self, no: int) -> list[dict[str, Any]]:
        """Return the sign-ins that were noted, the oldest first; `locked` says whether the camera was locked then."""
        return list(self._noted.get(no, ()))

    def _note(self, no: int, way: str, *, right: bool) -> None:
        noted = self._noted.setdefault(no, deque(maxlen=_NOTED))
        locked = self.locked(no)
        noted.append({"at": time.time(), "monotonic": time.monotonic(), "way": way, "right": right, "locked": locked})

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
