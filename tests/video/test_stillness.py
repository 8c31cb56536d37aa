"""What is a frozen picture and what only a quiet one."""

import random

import pytest

from video.stillness import FROZEN_AFTER_S, Stillness

STILL = bytes(range(256)) * 40


def watched(pictures, *, every_s=1.0):
    stillness = Stillness()
    for number, (luma, key) in enumerate(pictures):
        now = number * every_s
        if stillness.wants(now, key=key):
            stillness.look(memoryview(luma), now)
    return stillness


def noisy():
    """Return a quiet night: one level of noise here and there."""
    generator, luma = random.Random(4), bytearray(STILL)
    for _ in range(20):
        luma[generator.randrange(len(luma))] ^= 1
    return bytes(luma)


def test_the_same_keyframe_for_long_is_frozen_since_it_first_came():
    assert watched([(noisy(), True), *[(STILL, True)] * 12]).frozen_since == 1.0


def test_the_same_keyframe_for_a_while_is_not_yet_frozen():
    assert watched([(STILL, True)] * int(FROZEN_AFTER_S)).frozen_since is None


def test_a_quiet_night_is_left_alone():
    generator = random.Random(5)

    def night():
        luma = bytearray(STILL)
        luma[generator.randrange(len(luma))] ^= 1
        return bytes(luma)

    assert watched([(night(), True) for _ in range(120)]).frozen_since is None


def test_one_new_picture_thaws_it():
    assert watched([(STILL, True)] * 20 + [(noisy(), True)]).frozen_since is None


def test_pictures_between_keyframes_count_where_those_are_rare():
    assert watched([(STILL, number == 0) for number in range(30)]).frozen_since == pytest.approx(6.0, abs=6.0)


def test_pictures_between_frequent_keyframes_are_not_looked_at():
    stillness = Stillness()
    assert stillness.wants(0.0, key=True)
    stillness.look(memoryview(STILL), 0.0)
    assert not stillness.wants(2.0, key=False)
    assert stillness.wants(2.5, key=True)
