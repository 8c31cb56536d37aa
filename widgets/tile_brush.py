"""Colours, type and measures of one wall, and the few shapes that all its tiles are drawn with."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from widgets.theme import Colours

MIDDLE_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class TileBrush:
    """What tiles are drawn with; all lengths are device pixels."""

    colours: Colours
    font: QFont
    bold: QFont
    unit: int  # one pixel of scale 1.0

    @property
    def line(self) -> int:
        """The height of one line of text with its room above and below."""
        return QFontMetrics(self.bold).height() + 4 * self.unit

    @property
    def pad(self) -> int:
        """The room beside words."""
        return 4 * self.unit

    def width(self, text: str) -> int:
        """Return how wide plain words are."""
        return QFontMetrics(self.font).horizontalAdvance(text)

    def bold_width(self, text: str) -> int:
        """Return how wide bold words are."""
        return QFontMetrics(self.bold).horizontalAdvance(text)

    def fitted(self, text: str, room: int) -> QFont:
        """Return the bold type, smaller where words need that to fit into a room, at the least half as large."""
        font, needed = QFont(self.bold), self.bold_width(text)
        if needed > room:
            least = max(1, self.bold.pixelSize() // 2)
            font.setPixelSize(max(least, self.bold.pixelSize() * max(1, room) // needed))
        return font

    def elided(self, text: str, room: int) -> str:
        """Return bold words cut to a room."""
        return QFontMetrics(self.bold).elidedText(text, Qt.TextElideMode.ElideRight, max(0, room))

    def filled(self, painter: QPainter, plate: QRect, text: str, fill: str, ink: str | None = None) -> None:
        """Draw bold words in the middle of a filled plate, smaller or cut where it has not enough room."""
        room = plate.width() - 2 * self.unit
        font = self.fitted(text, room)
        font.setPixelSize(max(1, min(font.pixelSize(), plate.height() * 4 // 5)))
        painter.fillRect(plate, QColor(fill))
        painter.setFont(font)
        painter.setPen(QColor(self.colours.ink if ink is None else ink))
        said = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, said)

    def plate(self, painter: QPainter, box: QRect, said: tuple[str, ...]) -> None:
        """Draw lines of words on a plate in the middle of a picture: the first bold, others where they fit."""
        room = box.width() - 4 * self.pad
        first = self.fitted(said[0], room)
        plain = QFont(self.font)
        plain.setPixelSize(first.pixelSize())
        metrics = QFontMetrics(first)
        lines = said[: max(1, (box.height() - 2 * self.pad) // metrics.lineSpacing())]
        texts = [metrics.elidedText(lines[0], Qt.TextElideMode.ElideRight, room)]
        texts += [line for line in lines[1:] if metrics.horizontalAdvance(line) <= room]
        width = max(metrics.horizontalAdvance(text) for text in texts) + 4 * self.pad
        height = metrics.lineSpacing() * len(texts) + 2 * self.pad
        plate = QRect(box.center().x() - width // 2, box.center().y() - height // 2, width, height)
        painter.fillRect(plate, QColor(self.colours.pane))
        y = plate.top() + self.pad
        for index, text in enumerate(texts):
            painter.setFont(plain if index else first)
            painter.setPen(QColor(self.colours.dim if index else self.colours.text))
            painter.drawText(QRect(plate.left(), y, width, metrics.lineSpacing()), Qt.AlignmentFlag.AlignCenter, text)
            y += metrics.lineSpacing()

    def border(self, painter: QPainter, box: QRect, colour: str, width: int) -> None:
        """Draw a frame inside a box."""
        ink = QColor(colour)
        painter.fillRect(box.left(), box.top(), box.width(), width, ink)
        painter.fillRect(box.left(), box.bottom() - width + 1, box.width(), width, ink)
        painter.fillRect(box.left(), box.top(), width, box.height(), ink)
        painter.fillRect(box.right() - width + 1, box.top(), width, box.height(), ink)
