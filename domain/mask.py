"""The rules that a privacy mask keeps."""

import math
from collections.abc import Sequence

from domain.camera import Mask
from domain.errors import BadInputError

FEWEST_CORNERS = 3
MOST_CORNERS = 64
MOST_MASKS = 32


def checked_masks(masks: Sequence[Sequence[Sequence[float]]]) -> tuple[Mask, ...]:
    """Return the masks of one camera as they are kept.

    BadInputError where one has fewer than 3 or more than 64 corners, a corner that is no pair of shares from 0 to 1,
    or where there are more than 32.
    """
    if len(masks) > MOST_MASKS:
        raise BadInputError(f"a camera has {MOST_MASKS} masks at most, not {len(masks)}")
    return tuple(_checked(number, mask) for number, mask in enumerate(masks, 1))


def _checked(number: int, mask: Sequence[Sequence[float]]) -> Mask:
    if not FEWEST_CORNERS <= len(mask) <= MOST_CORNERS:
        raise BadInputError(f"mask {number}: {FEWEST_CORNERS} to {MOST_CORNERS} corners are possible, not {len(mask)}")
    corners = []
    for corner in mask:
        if len(corner) != 2 or not all(math.isfinite(share) and 0 <= share <= 1 for share in corner):
            raise BadInputError(f"mask {number}: a corner lies outside the picture")
        corners.append((float(corner[0]), float(corner[1])))
    return tuple(corners)
