"""One live number of a station: name, value, unit, what level it reached, how it went, and how old it is."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from domain.alarm import Priority
from domain.picture import Face
from domain.reading import SCALES, Quantity
from widgets import words
from widgets.theme import SHAPES, STEP, Colours, colours_of, larger, scaled

STALE_AFTER = timedelta(seconds=30)
LOST_AFTER = timedelta(seconds=120)
_DECIMALS = {
    Quantity.SOLAR_RADIATION: 0,
    Quantity.PM10: 0,
    Quantity.PM2_5: 0,
    Quantity.HUMIDITY: 0,
    Quantity.PRESSURE: 0,
}


class Band(StrEnum):
    """Which published level a value has reached; reaching one is a fact, never an issued advisory."""

    NORMAL = "normal"
    ADVISORY = "advisory"
    WARNING = "warning"


_URGENCY = {Band.ADVISORY: Priority.HIGH, Band.WARNING: Priority.CRITICAL}


@dataclass(frozen=True, slots=True)
class GaugeReading:
    """What a gauge shows. `value` is in the unit of `SCALES`, None for none yet; `trend` is oldest first.

    `direction_deg` is where the wind comes from, for the wind's gauge alone.
    """

    quantity: Quantity
    value: float | None = None
    at: datetime | None = None
    band: Band = Band.NORMAL
    trend: tuple[float, ...] = ()
    direction_deg: float | None = None

    def face(self, now: datetime) -> Face:
        """Judge the number by its age: a number of two minutes ago is not one of now."""
        if self.value is None or self.at is None:
            return Face.WAITING
        age = now - self.at
        if age > LOST_AFTER:
            return Face.LOST
        return Face.STALE if age > STALE_AFTER else Face.LIVE


def band_words(band: Band) -> str:
    """Return the level that a value has reached, in words; nothing for a normal one."""
    return {
        Band.NORMAL: "",
        Band.ADVISORY: QCoreApplication.translate("Gauge", "advisory level"),
        Band.WARNING: QCoreApplication.translate("Gauge", "warning level"),
    }[band]


def value_words(reading: GaugeReading) -> str:
    """Return the number as it is printed, a dash for none."""
    if reading.value is None:
        return words.NO_VALUE
    return f"{reading.value:.{_DECIMALS.get(reading.quantity, 1)}f}".replace("-0.0", "0.0")


class Gauge(QWidget):
    """Draws one reading in one go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: GaugeReading | None = None
        self._face = Face.WAITING
        self._age = ""

    def show_reading(self, reading: GaugeReading, now: datetime) -> None:
        """Draw a reading as it is worth at this moment."""
        face = reading.face(now)
        old = face in {Face.STALE, Face.LOST} and reading.at is not None
        age = words.age((now - reading.at).total_seconds()) if old and reading.at is not None else ""
        if (reading, face, age) == (self._reading, self._face, self._age):
            return
        self._reading, self._face, self._age = reading, face, age
        unit = words.unit_symbol(SCALES[reading.quantity].unit)
        self.setAccessibleName(words.quantity_word(reading.quantity))
        said = (words.compass(reading.direction_deg), value_words(reading), unit, self._state_words())
        self.setAccessibleDescription(" ".join(part for part in said if part))
        self.setToolTip("")
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a name, a number with its unit, and a level."""
        return QSize(scaled(self, 132), scaled(self, 72))

    def minimumSizeHint(self) -> QSize:
        """Return the least that still shows number and unit."""
        return QSize(scaled(self, 100), scaled(self, 64))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw name and age, number and unit, level, and the way it went."""
        del event
        reading, colours = self._reading, colours_of(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.pane))
            if reading is None:
                return
            box = self.rect().adjusted(scaled(self, 8), scaled(self, STEP), -scaled(self, 8), -scaled(self, STEP))
            live = self._face is Face.LIVE
            self._draw_trend(painter, box, reading, colours)
            self._draw_name(painter, box, reading, colours)
            self._draw_value(painter, box, reading, colours.text if live else colours.dim, colours)
            self._draw_state(painter, box, reading, colours)
            painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(colours.line))

    def _state_words(self) -> str:
        if self._face is Face.WAITING:
            return QCoreApplication.translate("Gauge", "no value yet")
        if self._face is Face.STALE:
            return QCoreApplication.translate("Gauge", "stale {age}").format(age=self._age)
        if self._face is Face.LOST:
            return QCoreApplication.translate("Gauge", "lost, {age} old").format(age=self._age)
        return band_words(self._reading.band) if self._reading is not None else ""

    def _draw_name(self, painter: QPainter, box: QRect, reading: GaugeReading, colours: Colours) -> None:
        painter.setFont(self.font())
        painter.setPen(QColor(colours.dim))
        painter.drawText(
            box, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words.quantity_word(reading.quantity)
        )

    def _draw_value(self, painter: QPainter, box: QRect, reading: GaugeReading, ink: str, colours: Colours) -> None:
        font, metrics = larger(self, 1.6, bold=True), QFontMetrics(self.font())
        unit = words.unit_symbol(SCALES[reading.quantity].unit)
        unit_width = metrics.horizontalAdvance(unit)
        line = QRect(box.left(), box.top() + metrics.height(), box.width(), QFontMetrics(font).height())
        painter.setPen(QColor(colours.dim))
        bottom_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(line.adjusted(0, 0, 0, -scaled(self, 2)), bottom_right, unit)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        said = f"{words.compass(reading.direction_deg)} {value_words(reading)}".strip()
        room = line.adjusted(0, 0, -unit_width - scaled(self, STEP), 0)
        painter.drawText(room, bottom_right, said)

    def _draw_state(self, painter: QPainter, box: QRect, reading: GaugeReading, colours: Colours) -> None:
        said, colour = self._state_words(), colours.dim
        if self._face is Face.LIVE and reading.band is not Band.NORMAL:
            urgency = _URGENCY[reading.band]
            said, colour = f"{SHAPES[urgency]} {said}", colours.of(urgency)
        elif self._face in {Face.STALE, Face.LOST}:
            colour = colours.high
        painter.setFont(self.font())
        painter.setPen(QColor(colour))
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, said)

    def _draw_trend(self, painter: QPainter, box: QRect, reading: GaugeReading, colours: Colours) -> None:
        values = [value for value in reading.trend if math.isfinite(value)]
        if len(values) < 2 or self._face is not Face.LIVE or reading.band is not Band.NORMAL:
            return
        low, high = min(values), max(values)
        height = QFontMetrics(self.font()).height() - scaled(self, 2)
        area = QRectF(box.left(), box.bottom() - height, box.width(), height)
        span = (high - low) or 1.0
        painter.setPen(QPen(QColor(colours.dim), 1))
        painter.drawPolyline(
            [
                QPointF(
                    area.left() + area.width() * place / (len(values) - 1),
                    area.bottom() - area.height() * ((value - low) / span if high > low else 0.5),
                )
                for place, value in enumerate(values)
            ]
        )
