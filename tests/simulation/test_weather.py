from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from domain.place import Place
from domain.reading import Quantity, why_impossible
from simulation.weather import Climate

ANYANG = Place(37.39, 126.95)
SUMMER = datetime(2026, 7, 1, tzinfo=UTC)


def series(quantity: Quantity, begin: datetime, step: timedelta, count: int, seed: str = "7") -> list[float]:
    climate = Climate(ANYANG, 30.0, seed)
    return [climate.values(begin + turn * step)[quantity] for turn in range(count)]


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_a_year_of_weather_is_possible(seed: str) -> None:
    climate = Climate(ANYANG, 30.0, seed)
    for hour in range(0, 365 * 24, 5):
        for quantity, value in climate.values(SUMMER + timedelta(hours=hour)).items():
            assert why_impossible(quantity, value) is None


def test_the_same_seed_and_moment_give_the_same_weather_and_another_seed_another() -> None:
    hour = timedelta(hours=1)
    first = series(Quantity.PM10, SUMMER, hour, 24)
    assert first == series(Quantity.PM10, SUMMER, hour, 24)
    assert first != series(Quantity.PM10, SUMMER, hour, 24, seed="8")


@pytest.mark.parametrize(
    ("quantity", "most_per_minute"),
    [(Quantity.TEMPERATURE, 0.5), (Quantity.PRESSURE, 0.2), (Quantity.HUMIDITY, 4), (Quantity.PM10, 7)],
)
def test_weather_changes_slowly(quantity: Quantity, most_per_minute: float) -> None:
    values = series(quantity, SUMMER, timedelta(minutes=1), 24 * 60)
    changes = [abs(after - before) for before, after in pairwise(values)]
    assert max(changes) <= most_per_minute
    assert len(set(values)) > 5


def test_the_sun_shines_by_day_and_not_by_night_in_korea() -> None:
    climate = Climate(ANYANG, 30.0, "7")
    midnight, noon = datetime(2026, 7, 1, 15, tzinfo=UTC), datetime(2026, 7, 2, 3, 30, tzinfo=UTC)
    assert climate.values(midnight)[Quantity.SOLAR_RADIATION] == 0
    assert climate.values(noon)[Quantity.SOLAR_RADIATION] > 150


def test_summer_is_warmer_than_winter() -> None:
    day = timedelta(hours=1)
    summer = series(Quantity.TEMPERATURE, SUMMER, day, 24)
    winter = series(Quantity.TEMPERATURE, SUMMER + timedelta(days=184), day, 24)
    assert min(summer) > max(winter)


def test_rain_comes_in_tips_of_a_bucket_and_adds_up_whatever_the_step() -> None:
    month = timedelta(days=25)
    fine = series(Quantity.PRECIPITATION, SUMMER, timedelta(minutes=1), int(month / timedelta(minutes=1)))
    coarse = series(Quantity.PRECIPITATION, SUMMER, timedelta(minutes=5), int(month / timedelta(minutes=5)))
    assert sum(fine) > 1
    assert sum(coarse) == pytest.approx(sum(fine), rel=0.1)
    assert all(round(value * 10) == pytest.approx(value * 10) for value in fine)
