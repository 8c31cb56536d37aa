"""A wall that runs for two minutes takes no more memory at their end."""

import pytest

from bench.practice import practice_cameras
from bench.wall_soak import GROWTH_LIMIT, soak


@pytest.mark.system
@pytest.mark.alone
@pytest.mark.timeout(300)
def test_two_minutes_of_live_pictures_take_no_more_memory():
    samples = []
    with practice_cameras(16) as practice:
        seen = soak(practice, 16, 120.0, 2, samples.append)
    assert seen.ready
    assert seen.shown > 0.5  # pictures came all the time, however busy the machine was
    assert not seen.restarted
    assert len(samples) > 60
    assert seen.growth <= GROWTH_LIMIT, f"{seen.growth:+.1%}, {seen.mb_per_hour:+.1f} MB an hour"
