from datetime import UTC, datetime, timedelta

import pytest

from domain.place import Place
from simulation.walker import Errand, Path

NOON = datetime(2026, 5, 1, 3, tzinfo=UTC)
LINE = Path([Place(37.0, 127.0), Place(37.001, 127.0), Place(37.001, 127.001)])


def test_a_path_is_walked_from_end_to_end() -> None:
    assert LINE.length_m == pytest.approx(111.2 + 88.8, abs=0.5)
    assert LINE.at(0) == Place(37.0, 127.0)
    assert LINE.at(-5) == Place(37.0, 127.0)
    assert LINE.at(LINE.length_m / 4).lat == pytest.approx(37.00045, abs=1e-5)
    assert LINE.at(150).lon == pytest.approx(127.000437, abs=1e-5)
    assert LINE.at(10_000) == Place(37.001, 127.001)


def test_a_walker_is_where_her_speed_took_her() -> None:
    errand = Errand(LINE, 2.0, NOON)
    assert errand.place(NOON + timedelta(seconds=20)).distance_m(Place(37.0, 127.0)) == pytest.approx(40, abs=0.5)
    assert not errand.done(NOON + timedelta(seconds=99))
    assert errand.done(NOON + timedelta(seconds=101))


def test_a_phone_takes_fixes_from_the_beginning_up_to_now() -> None:
    moments = Errand(LINE, 2.0, NOON).moments(NOON + timedelta(seconds=70))
    assert [(moment - NOON).seconds for moment in moments] == [0, 20, 40]
