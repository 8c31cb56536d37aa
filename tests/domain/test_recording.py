from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.recording import Clip, ClipReason, Forecast, Hold, RecordingTrouble, TroubleKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "severe"),
    [
        (TroubleKind.DISK_FULL, True),
        (TroubleKind.WRITE_FAILED, True),
        (TroubleKind.ONLY_PROTECTED, True),
        (TroubleKind.HANGS, True),
        (TroubleKind.UNKEPT, True),
        (TroubleKind.HOLD_FAILED, True),
        (TroubleKind.TOO_SLOW, False),
        (TroubleKind.SHORTENED, False),
    ],
)
def test_what_loses_pictures_is_severe(kind: TroubleKind, severe: bool) -> None:
    assert RecordingTrouble(kind, "/ring", "", NOW).severe is severe


def test_a_clip_is_over_when_its_end_has_passed_and_never_without_one() -> None:
    clip = Clip(id=uuid4(), camera_no=1, reason=ClipReason.EVENT, begins=NOW, ends=NOW)
    assert clip.over(NOW)
    assert not clip.over(NOW - timedelta(seconds=1))
    manual = Clip(id=uuid4(), camera_no=1, reason=ClipReason.MANUAL, begins=NOW, ends=None)
    assert not manual.over(NOW + timedelta(days=400))


def test_a_hold_without_an_end_stands_for_ever() -> None:
    hold = Hold(id=uuid4(), camera_no=1, begins=NOW, ends=NOW, basis="warrant", by="kim")
    assert not hold.over(NOW + timedelta(days=4000))
    limited = Hold(id=uuid4(), camera_no=1, begins=NOW, ends=NOW, basis="warrant", by="kim", until=NOW)
    assert limited.over(NOW)


def test_a_forecast_says_how_long_the_budget_lasts() -> None:
    forecast = Forecast(used=40, protected=10, budget=100, free=500, per_day=10.0)
    assert forecast.days_kept == 9.0
    assert forecast.days_left == 6.0
    full = Forecast(used=120, protected=10, budget=100, free=500, per_day=10.0)
    assert full.days_left == 0.0


def test_without_growth_there_is_no_forecast() -> None:
    for per_day in (None, 0.0):
        forecast = Forecast(used=40, protected=10, budget=100, free=500, per_day=per_day)
        assert forecast.days_kept is None
        assert forecast.days_left is None
