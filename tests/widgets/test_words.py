from datetime import UTC, datetime

import pytest

from domain.alarm import Desk, Priority
from domain.camera import SiteKind
from domain.incident import Disposition, LogEntry, Status
from domain.motion import MotionPhase
from domain.operator import Role
from domain.picture import LossReason
from domain.reading import Quantity
from domain.record import Mode
from widgets import words
from widgets.camera_model import site_kind_word
from widgets.incident_log import step_words
from widgets.status_bar import role_word

AT = datetime(2026, 11, 23, 5, 2, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00"), (126, "2:06"), (3726, "1:02:06"), (-3, "0:00"), (None, "–:–")]
)
def test_durations_read_as_minutes_and_seconds(seconds: float | None, said: str) -> None:
    assert words.duration(seconds) == said


@pytest.mark.parametrize(("seconds", "said"), [(4.9, "4 s"), (200, "3 min"), (7300, "2 h"), (180_000, "2 d")])
def test_ages_read_in_one_unit(seconds: float, said: str) -> None:
    assert words.age(seconds) == said


def test_the_wind_comes_from_a_point_of_the_compass() -> None:
    assert [words.compass(degrees) for degrees in (0, 315, 359, 46, None, float("nan"))] == [
        "N",
        "NW",
        "N",
        "NE",
        "",
        "",
    ]


def test_whatever_the_domain_lists_has_words(language: str) -> None:
    del language
    for listed, say in (
        (Priority, words.priority_word),
        (Desk, words.desk_word),
        (Status, words.status_word),
        (Disposition, words.disposition_word),
        (LossReason, words.loss_words),
        (LossReason, words.loss_advice),
        (Quantity, words.quantity_word),
        (SiteKind, site_kind_word),
        (Role, role_word),
    ):
        assert all(say(value) for value in listed)
    assert {mode: bool(words.mode_word(mode)) for mode in Mode} == {
        Mode.ACTUAL: False,
        Mode.EXERCISE: True,
        Mode.TEST: True,
    }
    assert [phase for phase in MotionPhase if not words.motion_words(phase)] == [MotionPhase.READY]


@pytest.mark.parametrize(
    ("step", "fields", "said"),
    [
        ("opened", (), "opened the incident"),
        ("moved", (("status", "closed"), ("disposition", "false_alarm")), "Closed: False alarm"),
        ("moved", (("status", "parked"),), "parked"),
        ("numbered", (("number", "2026-ifez-000417"),), "number is now 2026-ifez-000417"),
        ("dispatched", (("agency", "police"), ("text", "east gate")), "asked Police (112) to go: east gate"),
        ("dispatched", (("agency", "navy"),), "asked navy to go"),
        ("noted", (("text", "<b>{curly}</b>"),), "note: <b>{curly}</b>"),
        ("teleported", (("to", "moon"),), "teleported (to=moon)"),
    ],
)
def test_log_steps_read_as_sentences_also_unknown_ones(
    step: str, fields: tuple[tuple[str, str], ...], said: str
) -> None:
    assert step_words(LogEntry(AT, "kim", step, fields)) == said
