"""Finds pictures that stand still although the camera goes on sending.

A sensor is never quiet: even at night its noise makes two keyframes of an unchanged scene differ somewhere. A camera
whose encoder is fed the same picture again and again codes the same keyframe again and again. So the test is whether
the whole luma of keyframes is the same to the bit; noise that survives coding, and a clock in the corner, break it.
What it can't find is a frozen picture that is coded differently each time, which is told apart from a quiet night by
nobody.
"""

import zlib

FROZEN_AFTER_S = 10.0
_LEAST_SAME = 3  # keyframes: two that happen to be alike prove nothing
_LOOK_EVERY_S = 1.0
_KEY_IS_RARE_S = 5.0  # keyframes further apart than this: the pictures between them are looked at too


class Stillness:
    """Judges one stream by its decoded pictures; times are monotonic seconds."""

    def __init__(self) -> None:
        self.frozen_since: float | None = None
        self._digest: int | None = None
        self._same_since = 0.0
        self._same = 0
        self._looked_at = float("-inf")
        self._key_at = float("-inf")

    def wants(self, now: float, *, key: bool) -> bool:
        """Return whether this picture is worth a look: keyframes once a second, others where those are rare."""
        if key:
            self._key_at = now
        return now - self._looked_at >= _LOOK_EVERY_S and (key or now - self._key_at > _KEY_IS_RARE_S)

    def look(self, luma: memoryview, now: float) -> None:
        """Compare a picture's luma with the one before."""
        self._looked_at = now
        digest = zlib.crc32(luma)
        if digest != self._digest:
            self._digest, self._same_since, self._same = digest, now, 0
            self.frozen_since = None
            return
        self._same += 1
        if self._same >= _LEAST_SAME and now - self._same_since >= FROZEN_AFTER_S:
            self.frozen_since = self._same_since
