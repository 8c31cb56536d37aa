"""When a session is given up, and when a camera is tried again."""

import pytest

from domain.picture import LossReason
from video.probing import FIRST_PHASE_S, next_try
from video.progress import Progress


def session(seconds, *, keys_every=15, fps=15):
    """Return a session that was well for so long."""
    progress = Progress(100.0)
    for number in range(int(seconds * fps)):
        now = 100.0 + number / fps
        progress.hear(now)
        progress.note(now, understood=number + 1, keys=number // keys_every + 1, puzzles=0)
    return progress, now


def test_without_packets_there_is_no_signal():
    progress, now = session(10)
    assert progress.loss(now + 3.9) is None
    assert progress.loss(now + 4.1) is LossReason.NO_SIGNAL


def test_packets_without_pictures_are_not_understood_sooner_where_keyframes_are_frequent():
    progress, now = session(10)
    progress.hear(now + 4.05)
    assert progress.loss(now + 3.9) is None
    assert progress.loss(now + 4.1) is LossReason.NOT_UNDERSTOOD


def test_where_keyframes_are_rare_there_is_patience():
    progress, now = session(12, keys_every=75)
    progress.hear(now + 12)
    assert progress.loss(now + 12) is None
    assert progress.loss(now + 12.6) is LossReason.NOT_UNDERSTOOD


def test_before_the_first_keyframe_there_is_patience_too():
    progress = Progress(100.0)
    progress.hear(114.0)
    assert progress.loss(114.9) is None
    assert progress.loss(115.1) is LossReason.NOT_UNDERSTOOD


def test_pictures_that_make_no_sense_use_the_patience_up():
    progress = Progress(100.0)
    progress.hear(104.0)
    assert not progress.note(104.0, understood=0, keys=0, puzzles=5)
    assert progress.loss(104.1) is LossReason.NOT_UNDERSTOOD


def test_puzzles_before_the_newest_picture_count_no_more():
    progress = Progress(100.0)
    progress.note(101.0, understood=0, keys=0, puzzles=50)
    assert progress.note(102.0, understood=1, keys=1, puzzles=50)
    progress.note(103.0, understood=1, keys=1, puzzles=51)
    progress.hear(107.0)
    assert progress.loss(107.0) is None


@pytest.mark.parametrize(
    ("keys", "puzzles", "patient"), [(1, 4, True), (1, 5, False), (2, 1, True), (2, 2, True), (3, 2, False)]
)
def test_a_camera_that_was_understood_and_begins_to_code_differently_is_asked_anew_at_once(keys, puzzles, patient):
    progress = Progress(100.0)
    assert progress.note(101.0, understood=15, keys=1, puzzles=0)
    progress.hear(101.4)
    assert not progress.note(101.4, understood=15, keys=keys, puzzles=puzzles)
    assert progress.loss(101.4) is None
    assert progress.loss(101.6) is (None if patient else LossReason.NOT_UNDERSTOOD)


@pytest.mark.parametrize("lost_for", [0.0, 5.0, FIRST_PHASE_S - 5])
def test_for_ten_minutes_a_try_begins_every_two_seconds_at_the_latest(lost_for):
    found = {round(next_try(1000.3, tried_at=1000.0, lost_at=1000.3 - lost_for), 2) for _ in range(200)}
    assert min(found) >= 1000.3
    assert max(found) <= 1002.0
    assert len(found) > 20  # not all cameras at once
    # A connection that hung for as long as it may.
    assert max(next_try(1001.6, tried_at=1000.0, lost_at=1000.0) for _ in range(200)) <= 1002.0


def test_after_ten_minutes_a_try_begins_every_ten_seconds():
    found = [next_try(1000.3, tried_at=1000.0, lost_at=1000.3 - FIRST_PHASE_S - 1) for _ in range(200)]
    assert 1009.0 <= min(found) < 1009.5
    assert 1010.5 < max(found) <= 1011.0


def test_a_session_that_was_long_well_is_tried_again_at_once_but_not_all_at_once():
    found = {round(next_try(1000.0, tried_at=400.0, lost_at=1000.0), 2) for _ in range(200)}
    assert max(found) <= 1000.3
    assert len(found) > 10
