from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.alarm import Alarm, Desk, Priority
from domain.alarm_preset import AlarmPreset, turned_by
from domain.errors import BadInputError
from domain.record import Mode
from domain.text import Text

ALARM = Alarm(
    id=UUID(int=1),
    origin=UUID(int=2),
    centre="anyang",
    district="",
    mode=Mode.TEST,
    event_id=UUID(int=3),
    rule="bell-at-night",
    kind="bell_press",
    title=Text("x"),
    priority=Priority.CRITICAL,
    desk=Desk.CRIME,
    raised_at=datetime(2026, 1, 1, tzinfo=UTC),
    source="bell-12",
    place=None,
)


def test_an_alarm_turns_cameras_by_its_kind_or_rule_and_source() -> None:
    presets = [
        AlarmPreset("bell_press", 4, 1),
        AlarmPreset("bell_press", 4, 9, source="bell-12"),
        AlarmPreset("bell-at-night", 5, 2),
        AlarmPreset("bell_press", 6, 3, source="bell-13"),
        AlarmPreset("smoke", 7, 3),
    ]
    assert turned_by(ALARM, presets) == {4: 9, 5: 2}
    assert turned_by(replace(ALARM, source="bell-99"), presets) == {4: 1, 5: 2}


def test_a_place_that_cannot_be_is_refused_when_the_rule_is_read() -> None:
    with pytest.raises(BadInputError):
        AlarmPreset("smoke", 7, 256)
