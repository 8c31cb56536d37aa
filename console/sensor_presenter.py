"""Joins the environment strip to the weather station that is nearest to the heart of the city."""

from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtCore import QObject, QTimer

from console.core import Core
from console.tasks import Lane, Tasks
from domain.levels import Levels
from domain.reading import WEATHER_PANEL, Quantity, Reading
from widgets.gauge import Band, GaugeReading
from widgets.sensor_panel import SensorPanel

_TREND = timedelta(minutes=15)
_TREND_EVERY = timedelta(seconds=10)
_REDRAW_MS = 500


class SensorPresenter(QObject):
    """One station at a time: the first complete one that reports, by name, so that it is the same every day."""

    def __init__(self, panel: SensorPanel, core: Core, tasks: Tasks, levels: Levels, parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._levels = levels
        self._newest: dict[str, dict[Quantity, Reading]] = {}
        self._trends: dict[tuple[str, Quantity], deque[Reading]] = {}
        self._changed = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._redraw)
        self._timer.start(_REDRAW_MS)
        tasks.run(Lane.DATABASE, core.stores.readings.latest, self, self.show_readings)

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Take readings; the strip follows twice a second."""
        for reading in readings:
            station = station_of(reading)
            known = self._newest.setdefault(station, {}).get(reading.quantity)
            if known is None or known.at <= reading.at:
                self._newest[station][reading.quantity] = reading
                self._lengthen(station, reading)
        self._changed = True

    def _lengthen(self, station: str, reading: Reading) -> None:
        trend = self._trends.setdefault((station, reading.quantity), deque())
        if not trend or reading.at - trend[-1].at >= _TREND_EVERY:
            trend.append(reading)
        while trend and reading.at - trend[0].at > _TREND:
            trend.popleft()

    def _redraw(self) -> None:
        if not self._changed:
            return
        self._changed = False
        station = self._station()
        if station is not None:
            self._panel.show_readings([self._gauge(station, quantity) for quantity in WEATHER_PANEL], station)

    def _station(self) -> str | None:
        """Return the station with most of the quantities; of equals the first by name."""
        wanted = set(WEATHER_PANEL)
        ranked = sorted(self._newest, key=lambda name: (-len(wanted & self._newest[name].keys()), name))
        return ranked[0] if ranked else None

    def _gauge(self, station: str, quantity: Quantity) -> GaugeReading:
        reading = self._newest[station].get(quantity)
        if reading is None:
            return GaugeReading(quantity)
        direction = self._newest[station].get(Quantity.WIND_DIRECTION)
        return GaugeReading(
            quantity,
            reading.value,
            reading.at,
            Band(self._levels.level(quantity, reading.value).value),
            tuple(each.value for each in self._trends[(station, quantity)]),
            direction.value if direction is not None and quantity is Quantity.WIND_SPEED else None,
        )


def station_of(reading: Reading) -> str:
    """Return the station that a sensor belongs to: its id without the quantity at the end, or the id itself."""
    return reading.sensor.removesuffix(f"-{reading.quantity}")
