"""When a camera that was lost is tried again.

For ten minutes a connection begins every 2 s at the latest, so that a camera which comes back is seen 3 s later (with a
keyframe each second); after that every 10 s, for cameras that are switched off. Chance spreads the cameras out: after
a failure of the network all would come at once.
"""

import random

CONNECT_S = 1.5  # time for a second SYN, which follows after 1 s
FIRST_PHASE_S = 600.0
_FIRST_S = (0.8, 1.4)
_SECOND_S = (9.0, 11.0)
_SOON_S = (0.05, 0.3)


def next_try(now: float, *, tried_at: float, lost_at: float) -> float:
    """Return when to try next; `tried_at` is when the last try began, `lost_at` when there was last a picture."""
    spacing = _FIRST_S if now - lost_at < FIRST_PHASE_S else _SECOND_S
    soonest = now + random.uniform(*_SOON_S)  # noqa: S311 - spreads cameras out, guards nothing
    return max(soonest, tried_at + random.uniform(*spacing))  # noqa: S311 - as above
