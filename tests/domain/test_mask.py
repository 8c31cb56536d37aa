import math

import pytest

from domain.errors import BadInputError
from domain.mask import MOST_CORNERS, MOST_MASKS, checked_masks

TRIANGLE = ((0, 0), (1, 0), (0.5, 0.25))


def test_masks_are_kept_as_shares_of_the_picture() -> None:
    assert checked_masks([[[0, 0], [1, 0], [0.5, 0.25]]]) == (((0.0, 0.0), (1.0, 0.0), (0.5, 0.25)),)
    assert checked_masks([]) == ()


@pytest.mark.parametrize("corners", [0, 1, 2, MOST_CORNERS + 1])
def test_a_mask_with_too_few_or_too_many_corners_is_refused(corners: int) -> None:
    with pytest.raises(BadInputError, match=rf"mask 2: 3 to 64 corners are possible, not {corners}$"):
        checked_masks([TRIANGLE, ((0.1, 0.1),) * corners])


@pytest.mark.parametrize("corner", [(-0.01, 0), (0, 1.01), (math.nan, 0), (0, math.inf), (0.5,), (0, 0, 0)])
def test_a_corner_outside_the_picture_is_refused(corner: tuple[float, ...]) -> None:
    with pytest.raises(BadInputError, match="mask 1: a corner lies outside"):
        checked_masks([(*TRIANGLE, corner)])


def test_more_masks_than_a_camera_can_have_are_refused() -> None:
    assert len(checked_masks([TRIANGLE] * MOST_MASKS)) == MOST_MASKS
    with pytest.raises(BadInputError, match="32 masks at most, not 33"):
        checked_masks([TRIANGLE] * (MOST_MASKS + 1))
