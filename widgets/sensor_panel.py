"""The environment at a glance: the seven numbers of a weather station, side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from domain.clock import Clock
from domain.reading import WEATHER_PANEL, Quantity
from widgets.gauge import Gauge, GaugeReading
from widgets.pane import PaneHeader, make_pane
from widgets.theme import STEP, scaled

SHOWN = tuple(quantity for quantity in WEATHER_PANEL if quantity is not Quantity.WIND_DIRECTION)


class SensorPanel(QWidget):
    """Shows a station's readings; each gauge judges its own age every second."""

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        make_pane(self)
        self._clock = clock
        self._readings = {quantity: GaugeReading(quantity) for quantity in SHOWN}
        self._header = PaneHeader(self.tr("Environment"), self)
        self._gauges = {quantity: Gauge(self) for quantity in SHOWN}
        step = scaled(self, STEP)
        row = QHBoxLayout()
        row.setSpacing(0)
        for gauge in self._gauges.values():
            row.addWidget(gauge, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, step)
        column.setSpacing(step)
        column.addWidget(self._header)
        column.addLayout(row, 1)
        timer = QTimer(self)
        timer.timeout.connect(self._redraw)
        timer.start(1000)
        self.show_readings(())

    def show_readings(self, readings: Sequence[GaugeReading], station: str = "") -> None:
        """Show these readings, of the named station; a quantity that is not among them has no value yet."""
        given = {reading.quantity: reading for reading in readings}
        self._readings = {quantity: given.get(quantity, GaugeReading(quantity)) for quantity in SHOWN}
        self._header.show_right(station or self.tr("no station reports yet"))
        self._redraw()

    def _redraw(self) -> None:
        now = self._clock.now()
        for quantity, gauge in self._gauges.items():
            gauge.show_reading(self._readings[quantity], now)
