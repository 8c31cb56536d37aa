from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.resources import RESOURCES
from console.sensor_presenter import SensorPresenter, station_of
from console.tasks import Tasks
from domain.levels import Levels
from domain.reading import WEATHER_PANEL, Quantity, Reading
from tests.console.surroundings import Workstation
from widgets.gauge import Band, GaugeReading

pytest_plugins = ["tests.console.fixtures"]

NOW = datetime.now(UTC)


def reading(station: str, quantity: Quantity, value: float = 5.0, ago_s: float = 0.0) -> Reading:
    return Reading(str(uuid4()), f"{station}-{quantity}", NOW - timedelta(seconds=ago_s), quantity, value)


class Strip(QObject):
    """A strip that notes what it is to show."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[dict[Quantity, GaugeReading], str]] = []

    def show_readings(self, readings: Sequence[GaugeReading], station: str = "") -> None:
        self.shown.append(({gauge.quantity: gauge for gauge in readings}, station))


class Weather:
    """The presenter of an environment strip, on a workstation's database."""

    def __init__(self, qtbot: QtBot, workstation: Workstation) -> None:
        self.strip = Strip()
        self.tasks = Tasks(self.strip)
        levels = Levels.load(RESOURCES / "levels.toml")
        self.presenter = SensorPresenter(self.strip, workstation.core, self.tasks, levels, self.strip)  # type: ignore[arg-type]
        self._qtbot = qtbot

    def newest(self) -> tuple[dict[Quantity, GaugeReading], str]:
        before = len(self.strip.shown)
        self._qtbot.waitUntil(lambda: len(self.strip.shown) > before, timeout=3000)
        return self.strip.shown[-1]


@pytest.fixture
def weather(qtbot: QtBot, workstation: Workstation) -> Iterator[Weather]:
    weather = Weather(qtbot, workstation)
    yield weather
    weather.tasks.close()


def test_a_sensor_belongs_to_the_station_that_its_name_begins_with() -> None:
    assert station_of(reading("park-1", Quantity.WIND_SPEED)) == "park-1"
    assert station_of(Reading("1", "lonely", NOW, Quantity.PM10, 1.0)) == "lonely"


def test_the_station_that_measures_most_is_shown_and_of_equals_the_first_by_name(weather: Weather) -> None:
    for name in ("b", "a"):
        weather.presenter.show_readings([reading(name, quantity) for quantity in WEATHER_PANEL])
    weather.presenter.show_readings([reading("0", Quantity.PM10)])
    gauges, station = weather.newest()
    assert station == "a"
    assert tuple(gauges) == WEATHER_PANEL


def test_what_a_station_does_not_measure_is_shown_as_missing(weather: Weather) -> None:
    weather.presenter.show_readings([reading("a", Quantity.PM10, 12.0)])
    gauges, _ = weather.newest()
    assert gauges[Quantity.PM10].value == 12.0
    assert gauges[Quantity.TEMPERATURE].value is None


def test_an_older_reading_never_takes_the_place_of_a_newer_one(weather: Weather) -> None:
    weather.presenter.show_readings([reading("a", Quantity.PM10, 12.0), reading("a", Quantity.PM10, 99.0, ago_s=60)])
    gauges, _ = weather.newest()
    assert gauges[Quantity.PM10].value == 12.0


def test_a_value_that_has_reached_a_published_level_says_so(weather: Weather) -> None:
    weather.presenter.show_readings([reading("a", Quantity.PM10, 400.0), reading("a", Quantity.PRESSURE, 1013.0)])
    gauges, _ = weather.newest()
    assert gauges[Quantity.PM10].band is Band.WARNING
    assert gauges[Quantity.PRESSURE].band is Band.NORMAL


def test_wind_speed_comes_with_its_direction_and_nothing_else_does(weather: Weather) -> None:
    weather.presenter.show_readings(
        [reading("a", Quantity.WIND_SPEED), reading("a", Quantity.WIND_DIRECTION, 270.0), reading("a", Quantity.PM10)]
    )
    gauges, _ = weather.newest()
    assert gauges[Quantity.WIND_SPEED].direction_deg == 270.0
    assert gauges[Quantity.PM10].direction_deg is None


def test_the_trend_holds_a_quarter_of_an_hour_in_steps_of_ten_seconds(weather: Weather) -> None:
    for ago_s in range(1800, -1, -2):
        weather.presenter.show_readings([reading("a", Quantity.PM10, float(ago_s), ago_s)])
    gauges, _ = weather.newest()
    trend = gauges[Quantity.PM10].trend
    assert 88 <= len(trend) <= 92
    assert trend[0] <= 900
    assert trend[-1] <= 10


def test_what_was_measured_before_the_start_is_shown_at_once(qtbot: QtBot, workstation: Workstation) -> None:
    workstation.core.stores.readings.take([reading("a", Quantity.PM10, 7.0)])
    weather = Weather(qtbot, workstation)
    gauges, station = weather.newest()
    weather.tasks.close()
    assert (gauges[Quantity.PM10].value, station) == (7.0, "a")
