import numpy as np
import pytest

from simulation.cameras import counter


def planes(width: int, height: int) -> tuple[counter.Plane, counter.Plane, counter.Plane]:
    shape = (height // 2, width // 2)
    return np.full((height, width), 90, np.uint8), np.full(shape, 60, np.uint8), np.full(shape, 200, np.uint8)


@pytest.mark.parametrize(("width", "height", "side"), [(640, 360, 16), (1280, 720, 32)])
@pytest.mark.parametrize("value", [0, 1, 119, 0xA5A5A5, 0xFFFFFF])
def test_a_counter_that_was_burnt_in_is_read_again(width: int, height: int, side: int, value: int) -> None:
    luma, blue, red = planes(width, height)
    counter.burn(luma, (blue, red), value)
    assert counter.read(luma) == value
    assert luma[side, 0] == luma[0, 24 * side] == 90  # nothing else is touched
    assert blue[0, 0] == red[side // 2 - 1, 12 * side - 1] == 128
    assert blue[side // 2, 0] == 60


def test_the_least_significant_bit_comes_first_and_white_is_one() -> None:
    luma, blue, red = planes(640, 360)
    counter.burn(luma, (blue, red), 0b10)
    assert [luma[8, 8], luma[8, 24], luma[8, 40]] == [16, 235, 16]


@pytest.mark.parametrize("fps", [15, 25])
def test_frames_leave_on_the_beat_of_one_epoch(fps: int) -> None:
    assert counter.frame_due(0, fps) == 1_700_000_000
    assert counter.frame_due(fps * 60, fps) == 1_700_000_060
    assert counter.frame_at(counter.frame_due(1234, fps) + 0.001, fps) == 1234
