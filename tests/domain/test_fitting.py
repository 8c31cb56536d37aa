import math
from collections.abc import Sequence

import pytest

from domain.fitting import fitted


def test_a_straight_line_is_found() -> None:
    points = [(x, 3.0 * x - 2.0) for x in range(5)]

    def off(values: Sequence[float]) -> list[float]:
        return [values[0] * x + values[1] - y for x, y in points]

    assert fitted(off, (0, 0), (1e-4, 1e-4)) == pytest.approx((3, -2), abs=1e-6)


def test_a_valley_that_bends_is_followed_to_its_end() -> None:
    def rosenbrock(values: Sequence[float]) -> list[float]:
        return [10 * (values[1] - values[0] ** 2), 1 - values[0]]

    assert fitted(rosenbrock, (-1.2, 1.0), (1e-6, 1e-6)) == pytest.approx((1, 1), abs=1e-4)


def test_the_best_compromise_is_taken_where_nothing_fits() -> None:
    assert fitted(lambda values: [values[0] - 1, values[0] - 3], (9,), (1e-3,)) == pytest.approx((2,), abs=1e-6)


def test_what_nothing_depends_on_stays_as_it_was() -> None:
    assert fitted(lambda values: [values[0] - 1], (0, 7), (1e-3, 1e-3)) == pytest.approx((1, 7))


def test_two_that_say_the_same_are_shared_between() -> None:
    values = fitted(lambda values: [values[0] + values[1] - 4], (0, 0), (1e-3, 1e-3))
    assert sum(values) == pytest.approx(4)


def test_a_step_into_numbers_that_are_none_is_not_taken() -> None:
    def fenced(values: Sequence[float]) -> list[float]:
        return [values[0]] if abs(values[0] - 1) < 0.01 else [math.nan]

    assert fitted(fenced, (1,), (1e-3,))[0] == pytest.approx(1, abs=0.011)


def test_a_search_without_an_end_is_ended() -> None:
    assert fitted(lambda values: [math.exp(-values[0] / 50)], (0,), (1e-3,))[0] > 100
