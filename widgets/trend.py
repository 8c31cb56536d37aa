"""The way a number went: one line in an area whose lower and upper end are written beside it."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from widgets.theme import Colours

_LEAST_SPAN = 2.0  # of the quantity's unit
_DOT_SHARE = 0.2  # of the line's height: the dot at the newest value


def draw_trend(painter: QPainter, box: QRect, trend: Sequence[float], colours: Colours, ink: str, font: QFont) -> None:
    """Draw the values, oldest first, into the box in `ink`; less than two say nothing of a way."""
    values = [value for value in trend if math.isfinite(value)]
    if len(values) < 2:
        return
    low, high = _range(values)
    line = QFontMetrics(font).height()
    area = QRectF(box.adjusted(0, line, 0, -line))
    painter.setFont(font)
    painter.setPen(QColor(colours.dim))
    decimals = 0 if high - low >= 10 else 1
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, f"{high:.{decimals}f}")
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, f"{low:.{decimals}f}")
    for y in (area.top(), area.bottom()):
        painter.fillRect(QRectF(area.left(), y, area.width(), 1), QColor(colours.line))
    points = [
        QPointF(area.left() + area.width() * place / (len(values) - 1), _height_of(value, low, high, area))
        for place, value in enumerate(values)
    ]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(ink), max(1.0, line / 10)))
    painter.drawPolyline(points)
    painter.setBrush(QColor(ink))
    painter.drawEllipse(points[-1], line * _DOT_SHARE, line * _DOT_SHARE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return what the area spans: the values, and at least two units, so that a flicker is not drawn as a storm."""
    low, high = min(values), max(values)
    if high - low < _LEAST_SPAN:
        middle = (low + high) / 2
        low = max(0.0, middle - _LEAST_SPAN / 2) if low >= 0 else middle - _LEAST_SPAN / 2
        high = low + _LEAST_SPAN
    return low, high


def _height_of(value: float, low: float, high: float, area: QRectF) -> float:
    return area.bottom() - area.height() * (value - low) / (high - low)
