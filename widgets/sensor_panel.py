"""The environment at a glance: the seven numbers of a weather station, side by side."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from domain.clock import Clock
from domain.reading import WEATHER_PANEL, Quantity
from widgets.gauge import Gauge, GaugeReading
from widgets.pane import PaneHeader, make_pane
from widgets.theme import STEP, scaled

_NARROW = 4  # gauges side by side in a narrow panel
_ROOMY = 126  # pixels of scale 1.0 that the longest level's words need
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
        self._grid = QGridLayout()
        self._grid.setSpacing(0)
        self._columns = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, step)
        column.setSpacing(step)
        column.addWidget(self._header)
        column.addLayout(self._grid, 1)
        self._arrange(_NARROW)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the gauges side by side, or into two rows where their words would not fit."""
        super().resizeEvent(event)
        self._arrange(len(SHOWN) if self.width() >= len(SHOWN) * scaled(self, _ROOMY) else _NARROW)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for index, gauge in enumerate(self._gauges.values()):
            self._grid.addWidget(gauge, index // columns, index % columns)
        for column in range(len(SHOWN)):
            self._grid.setColumnStretch(column, int(column < columns))

    def _redraw(self) -> None:
        now = self._clock.now()
        for quantity, gauge in self._gauges.items():
            gauge.show_reading(self._readings[quantity], now)
