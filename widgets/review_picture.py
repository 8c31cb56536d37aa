"""The picture of the review player: as large as fits, never stretched."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from domain.picture import Frame
from widgets.theme import STEP, colours_of, larger, scaled


class ReviewPicture(QWidget):
    """Shows the newest frame, or says in words why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._image: QImage | None = None
        self._words = ""

    @property
    def image(self) -> QImage | None:
        """The picture that is shown, at its own size."""
        return self._image

    def show_frame(self, frame: Frame) -> None:
        """Show a frame, unless it was overwritten meanwhile: then the next one comes at once."""
        image = QImage(frame.pixels, frame.width, frame.height, frame.width * 4, QImage.Format.Format_RGB32).copy()
        if frame.intact():
            self._image, self._words = image, ""
            self.update()

    def show_words(self, words: str) -> None:
        """Show words instead of any picture."""
        self._image, self._words = None, words
        self.setAccessibleDescription(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for a picture that can be judged."""
        return QSize(scaled(self, 960), scaled(self, 540))

    def minimumSizeHint(self) -> QSize:
        """Return the least room."""
        return QSize(scaled(self, 320), scaled(self, 180))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture in the middle, or the words."""
        del event
        colours = colours_of(self)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(colours.field))
            if self._image is not None:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(self._place(self._image.size()), self._image)
            elif self._words:
                margin = scaled(self, 8 * STEP)
                painter.setPen(QColor(colours.text))
                painter.setFont(larger(self, 1.25))
                flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
                painter.drawText(self.rect().adjusted(margin, margin, -margin, -margin), flags, self._words)

    def _place(self, size: QSize) -> QRect:
        fitting = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, fitting.width(), fitting.height())
        place.moveCenter(self.rect().center())
        return place
