"""Which pixels a mask covers."""

import numpy as np
import pytest

from video.mask import Cover, spans

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
TRIANGLE = ((0.5, 0.0), (1.0, 1.0), (0.0, 1.0))


def covered(masks, width, height):
    field = np.zeros((height, width), bool)
    for row, first, after in spans(masks, width, height):
        field[row, first:after] = True
    return field


def test_a_mask_over_everything_covers_every_pixel():
    assert covered([WHOLE], 33, 17).all()


def test_a_triangle_covers_all_that_it_touches_and_nothing_far_from_it():
    field = covered([TRIANGLE], 40, 40)
    assert field[39].all()
    assert field[20, 15:25].all()
    assert not field[2, :15].any()
    assert not field[2, 25:].any()


def test_what_lies_outside_the_picture_is_cut_off():
    assert covered([((-1.0, -1.0), (2.0, -1.0), (2.0, 0.5), (-1.0, 0.5))], 10, 10)[:5].all()


def test_the_hole_of_a_bent_mask_stays_open():
    bent = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.8, 1.0), (0.8, 0.2), (0.2, 0.2), (0.2, 1.0), (0.0, 1.0))
    field = covered([bent], 100, 100)
    assert field[:, :20].all()
    assert field[:, 80:].all()
    assert not field[30:, 25:75].any()


def test_two_corners_are_no_mask():
    assert spans([((0.0, 0.0), (1.0, 1.0))], 10, 10) == []


@pytest.mark.parametrize("pixel_format", ["bgrx", "nv12"])
def test_a_cover_hides_brightness_and_colour_alike(pixel_format):
    width, height = 16, 8
    size = width * height * 4 if pixel_format == "bgrx" else width * height * 3 // 2
    picture = bytearray(b"\xc8" * size)
    Cover([((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))], width, height, pixel_format).paint(memoryview(picture))
    rows = np.frombuffer(picture, np.uint8).reshape(-1, width * 4 if pixel_format == "bgrx" else width)
    half = rows.shape[1] // 2
    assert not (rows[:, :half] == 0xC8).any()
    assert (rows[:, half:] == 0xC8).all()
