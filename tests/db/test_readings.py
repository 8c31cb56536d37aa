from datetime import timedelta
from uuid import uuid4

import pytest

from db.readings import ReadingStore
from domain.reading import Quantity, Reading


@pytest.fixture
def readings(desk) -> ReadingStore:
    return ReadingStore(desk.db)


def reading(at, value, sensor="s-1", quantity=Quantity.TEMPERATURE) -> Reading:
    return Reading(str(uuid4()), sensor, at, quantity, value)


def test_readings_come_back_as_they_were_measured(readings, clock):
    since = clock.now() - timedelta(minutes=5)
    measured = [reading(since + timedelta(seconds=10 * n), 0.1 * n) for n in range(20)]
    assert readings.take([*measured[10:], *measured[:10]]) == 20
    assert readings.history("s-1", Quantity.TEMPERATURE, since) == tuple(measured)
    assert readings.history("s-1", Quantity.TEMPERATURE, since, measured[3].at) == tuple(measured[:3])
    assert readings.history("s-2", Quantity.TEMPERATURE, since) == ()
    assert readings.latest() == (measured[-1],)


def test_a_repeat_counts_once(readings, clock):
    at = clock.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    first, second = reading(at, 10.0), reading(at + timedelta(seconds=1), 20.0)
    assert readings.take([first, first, second]) == 2
    assert readings.take([first, second]) == 0
    assert readings.take([reading(at, 99.0)]) == 0
    (minute,) = readings.history("s-1", Quantity.TEMPERATURE, at - timedelta(hours=1))
    assert (minute.at, minute.value) == (at, 15.0)


def test_a_minute_grows_with_every_batch(readings, clock):
    since = clock.now().replace(second=0, microsecond=0) - timedelta(hours=2)
    for value in (1.0, 2.0, 6.0):
        readings.take(
            [reading(since + timedelta(seconds=value), value), reading(since + timedelta(minutes=value), 7.0)]
        )
    found = readings.history("s-1", Quantity.TEMPERATURE, since)
    assert [(minute.at - since, minute.value) for minute in found] == [
        (timedelta(minutes=0), 3.0),
        (timedelta(minutes=1), 7.0),
        (timedelta(minutes=2), 7.0),
        (timedelta(minutes=6), 7.0),
    ]


@pytest.mark.parametrize(
    ("quantity", "values", "expected"),
    [
        (Quantity.PRECIPITATION, (0.5, 1.0), 1.5),
        (Quantity.WIND_DIRECTION, (1.0, 359.0), 359.0),
        (Quantity.HUMIDITY, (40.0, 60.0), 50.0),
    ],
)
def test_a_minute_says_what_suits_its_quantity(readings, clock, quantity, values, expected):
    at = clock.now().replace(second=0, microsecond=0) - timedelta(hours=1)
    late, early = (
        reading(at + timedelta(seconds=30), values[1], quantity=quantity),
        reading(at, values[0], quantity=quantity),
    )
    readings.take([late])
    readings.take([early])
    (minute,) = readings.history("s-1", quantity, at - timedelta(hours=1))
    assert minute.value == expected


def test_the_newest_value_is_not_replaced_by_an_older_one(readings, clock):
    new, old = reading(clock.now(), 5.0), reading(clock.now() - timedelta(seconds=9), 4.0)
    other = reading(clock.now() - timedelta(hours=9), 80.0, quantity=Quantity.HUMIDITY)
    readings.take([new])
    readings.take([old, other])
    assert set(readings.latest()) == {new, other}


def test_many_readings_go_in_small_transactions(readings, clock):
    many = [reading(clock.now() + timedelta(seconds=n % 50), 1.0, sensor=f"s-{n}") for n in range(2500)]
    assert readings.take(many) == 2500
    assert readings.take(many) == 0
    assert readings.take([]) == 0
