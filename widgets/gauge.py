"""One live number of a station: name, value, unit, what level it reached, how it went, and how old it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from domain.alarm import Priority
from domain.picture import Face
from domain.reading import SCALES, Quantity
from widgets import words
from widgets.theme import SHAPES, STEP, Colours, colours_of, larger, scaled
from widgets.trend import draw_trend

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
        """Return room for a name, a number with its unit, a level, and the way it went."""
        return QSize(scaled(self, 132), scaled(self, 150))

    def minimumSizeHint(self) -> QSize:
        """Return the least that still shows number, unit and level."""
        return QSize(scaled(self, 92), scaled(self, 68))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw name, number and unit, level or age, and below them, where there is room, the way it went."""
        del event
        reading, colours = self._reading, colours_of(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.pane))
            if reading is None:
                return
            box = self.rect().adjusted(scaled(self, 8), scaled(self, STEP), -scaled(self, 8), -scaled(self, STEP))
            words_box, trend_box = self._places(box)
            live = self._face is Face.LIVE
            if trend_box is not None and self._face is not Face.LOST:
                draw_trend(painter, trend_box, reading.trend, colours, self._trend_ink(reading, colours), self.font())
            self._draw_name(painter, words_box, reading, colours)
            self._draw_value(painter, words_box, reading, colours.text if live else colours.dim, colours)
            self._draw_state(painter, words_box, reading, colours)
            painter.fillRect(self.width() - 1, 0, 1, self.height(), QColor(colours.line))

    def _places(self, box: QRect) -> tuple[QRect, QRect | None]:
        """Return where words stand and where the trend is drawn; a low gauge has words alone."""
        line = QFontMetrics(self.font()).height()
        needed = 2 * line + QFontMetrics(larger(self, 1.6, bold=True)).height()
        left = box.height() - needed - scaled(self, 2 * STEP)
        if left < 2 * line:
            return box, None
        return QRect(box.left(), box.top(), box.width(), needed), box.adjusted(0, needed + scaled(self, 2 * STEP), 0, 0)

    def _trend_ink(self, reading: GaugeReading, colours: Colours) -> str:
        if self._face is not Face.LIVE:
            return colours.line
        return colours.dim if reading.band is Band.NORMAL else colours.of(_URGENCY[reading.band])

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
        metrics, unit = QFontMetrics(self.font()), words.unit_symbol(SCALES[reading.quantity].unit)
        said = f"{words.compass(reading.direction_deg)} {value_words(reading)}".strip()
        room = box.width() - metrics.horizontalAdvance(unit) - scaled(self, STEP)
        fonts = [larger(self, times, bold=True) for times in (1.6, 1.3, 1.0)]
        font = next((font for font in fonts if QFontMetrics(font).horizontalAdvance(said) <= room), fonts[-1])
        line = QRect(box.left(), box.top() + metrics.height(), box.width(), QFontMetrics(fonts[0]).height())
        painter.setPen(QColor(colours.dim))
        bottom_right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(line.adjusted(0, 0, 0, -scaled(self, 2)), bottom_right, unit)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(line.adjusted(0, 0, room - line.width(), 0), bottom_right, said)

    def _draw_state(self, painter: QPainter, box: QRect, reading: GaugeReading, colours: Colours) -> None:
        said, colour = self._state_words(), colours.dim
        if self._face is Face.LIVE and reading.band is not Band.NORMAL:
            urgency = _URGENCY[reading.band]
            said, colour = f"{SHAPES[urgency]} {said}", colours.of(urgency)
        elif self._face in {Face.STALE, Face.LOST}:
            colour = colours.high
        painter.setFont(self.font())
        painter.setPen(QColor(colour))
        said = QFontMetrics(self.font()).elidedText(said, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, said)
