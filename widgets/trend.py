"""The way a number went: one line between its lowest and its highest value, both written beside it."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from widgets.theme import Colours

_DOT_SHARE = 0.2  # of the line's height: the dot at the newest value


def draw_trend(painter: QPainter, box: QRect, trend: Sequence[float], colours: Colours, ink: str, font: QFont) -> None:
    """Draw the values, oldest first, into the box in `ink`; less than two say nothing of a way."""
    values = [value for value in trend if math.isfinite(value)]
    if len(values) < 2:
        return
    low, high = min(values), max(values)
    metrics, painter_font = QFontMetrics(font), QFont(font)
    line = metrics.height()
    area = QRectF(box.adjusted(0, line, 0, -line))
    painter.setFont(painter_font)
    painter.setPen(QColor(colours.dim))
    if high > low:
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, _number(high, high - low))
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, _number(low, high - low))
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


def _height_of(value: float, low: float, high: float, area: QRectF) -> float:
    share = (value - low) / (high - low) if high > low else 0.0
    return area.bottom() - area.height() * share


def _number(value: float, span: float) -> str:
    """Write a bound so that the two can be told apart."""
    decimals = 0 if span >= 10 else 1 if span >= 0.2 or span == 0 else 2
    return f"{value:.{decimals}f}".replace("-0.0", "0.0")
