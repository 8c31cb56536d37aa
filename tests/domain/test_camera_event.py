"""What begins, and what is only told again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.camera_event import MOST_THINGS, Beginnings, CameraEvent, CameraEventKind, our_moment

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MOTION = CameraEvent(camera_no=7, kind=CameraEventKind.MOTION, source="source_1", active=True, at=NOON)


def later(seconds: float, *, active: bool = True, initial: bool = False, **more: object) -> CameraEvent:
    at = NOON + timedelta(seconds=seconds)
    return replace(MOTION, at=at, active=active, initial=initial, **more)  # type: ignore[arg-type]


def test_what_begins_is_new_once_however_often_it_is_told() -> None:
    beginnings = Beginnings()
    told = [MOTION, MOTION, later(1), later(2, initial=True), later(30)]
    assert [beginnings.is_new(event) for event in told] == [True, False, False, False, False]


def test_an_end_is_not_new_and_what_begins_after_it_is() -> None:
    beginnings = Beginnings()
    told = [MOTION, later(2, active=False), later(20), later(21, active=False)]
    assert [beginnings.is_new(event) for event in told] == [True, False, True, False]


def test_what_begins_again_at_once_has_not_ended() -> None:
    beginnings = Beginnings()
    told = [MOTION, later(2, active=False), later(4), later(5, active=False), later(11)]
    assert [beginnings.is_new(event) for event in told] == [True, False, False, False, True]


def test_ends_that_are_told_again_do_not_put_the_end_off() -> None:
    beginnings = Beginnings()
    told = [MOTION, later(2, active=False), later(6, active=False), later(8)]
    assert [beginnings.is_new(event) for event in told] == [True, False, False, True]


def test_a_camera_that_tells_no_ends_is_heard_again_after_a_minute_of_silence() -> None:
    beginnings = Beginnings()
    assert [beginnings.is_new(event) for event in (MOTION, later(59), later(118), later(178))] == [
        True,
        False,
        False,
        True,
    ]


def test_a_state_told_at_a_synchronisation_point_is_never_new_where_it_is_known() -> None:
    beginnings = Beginnings()
    beginnings.is_new(MOTION)
    assert not beginnings.is_new(later(600, initial=True))


def test_a_state_that_changed_while_nobody_listened_is_new() -> None:
    beginnings = Beginnings()
    assert not beginnings.is_new(later(0, active=False, initial=True))
    assert beginnings.is_new(later(600, initial=True))


def test_things_of_a_camera_and_cameras_are_told_apart() -> None:
    beginnings = Beginnings()
    told = [MOTION, later(0, source="source_2"), later(0, kind=CameraEventKind.TAMPER), later(0, camera_no=8)]
    assert all(beginnings.is_new(event) for event in told)


def test_a_camera_that_was_forgotten_begins_anew() -> None:
    beginnings = Beginnings()
    beginnings.is_new(MOTION)
    beginnings.forget(7)
    beginnings.forget(8)
    assert beginnings.is_new(MOTION)


def test_a_camera_that_makes_up_sources_does_not_fill_the_memory() -> None:
    beginnings = Beginnings()
    for number in range(1000):
        beginnings.is_new(later(0, source=f"source_{number}"))
    assert not beginnings.is_new(later(1, source="source_999"))
    assert beginnings.is_new(later(1, source=f"source_{999 - MOST_THINGS}"))  # this one was forgotten


@pytest.mark.parametrize(
    ("told_s", "offset_s", "ours_s"),
    [
        (0, 0, 0),
        (3600, 3600, 0),
        (-3610, -3600, -10),
        (2, 0, 0),  # its seconds are whole, ours are not
        (-3599, 0, -3599),
        (-3601, 0, None),
        (6, 0, None),
        (0, float("inf"), None),
    ],
)
def test_a_moment_is_told_by_our_clock_or_not_believed(told_s: float, offset_s: float, ours_s: float | None) -> None:
    ours = our_moment(NOON + timedelta(seconds=told_s), offset_s, NOON)
    assert ours == (None if ours_s is None else NOON + timedelta(seconds=ours_s))


def test_a_camera_that_tells_no_moment_gives_none() -> None:
    assert our_moment(None, 0, NOON) is None
