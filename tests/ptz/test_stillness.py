"""Judging whether a camera stands still from what it says."""

from domain.motion import Position
from ptz.motions import Status
from ptz.stillness import Sighting, Stillness, judged


def seen(moving: bool | None, *pans: float | None) -> list[Sighting]:
    """Return sightings 0.1 s apart."""
    return [
        Sighting(at / 10, Status(None if pan is None else Position(pan, 0, 0), moving)) for at, pan in enumerate(pans)
    ]


def test_a_camera_that_says_idle_twice_at_one_place_stands_still() -> None:
    assert judged(seen(False, 0.5)) is Stillness.TURNING
    assert judged(seen(False, 0.5, 0.5)) is Stillness.STILL


def test_a_camera_that_says_idle_while_its_position_changes_is_not_believed() -> None:
    assert judged(seen(False, 0.5, 0.51, 0.52)) is Stillness.TURNING


def test_a_camera_without_a_position_is_believed_by_its_word() -> None:
    assert judged(seen(False, None)) is Stillness.STILL
    assert judged(seen(True, None)) is Stillness.TURNING


def test_a_camera_that_says_only_its_position_must_keep_it_longer_than_it_may_be_late() -> None:
    assert judged(seen(None, *[0.5] * 10)) is Stillness.TURNING
    assert judged(seen(None, *[0.5] * 14)) is Stillness.STILL


def test_a_camera_that_always_says_moving_stands_still_when_its_position_stays() -> None:
    assert judged(seen(True, *[0.5] * 10)) is Stillness.TURNING
    assert judged(seen(True, *[0.5] * 17)) is Stillness.STILL


def test_a_camera_that_says_nothing_is_not_judged() -> None:
    assert judged(seen(None, None)) is Stillness.UNSAID
