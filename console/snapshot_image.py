"""A still as a PNG file: the camera's pixels untouched, and what they are in a strip below and in the file's texts."""

from datetime import datetime

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter

from domain.camera import Camera
from domain.errors import StorageError
from video.snapshot import Still
from widgets.theme import FONT_FAMILY, NIGHT

_LINES = 2
_SMALLEST_PX, _LARGEST_PX = 11, 28


def encoded(still: Still, camera: Camera, at: datetime, camera_at: datetime | None, by: str) -> bytes:
    """Return the PNG file's bytes; StorageError where Qt can't make them. Too slow for the UI thread."""
    texts = _texts(still, camera, at, camera_at, by)
    image = _with_strip(still, camera, at, camera_at, by)
    for key, value in texts.items():
        image.setText(key, value)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    if not writer.write(image):
        raise StorageError(f"camera {camera.no}: the snapshot can't be coded: {writer.errorString()}")
    return bytes(buffer.data().data())


def _texts(still: Still, camera: Camera, at: datetime, camera_at: datetime | None, by: str) -> dict[str, str]:
    """Return the PNG's text chunks; times with their offset, so that no zone has to be guessed."""
    return {
        "Camera": str(camera.no),
        "Name": camera.name,
        "Arrived": at.astimezone().isoformat(timespec="milliseconds"),
        "Camera-Time": "" if camera_at is None else camera_at.astimezone().isoformat(timespec="milliseconds"),
        "Taken-By": by,
        "Masks": "burnt in" if still.masked and camera.masks else "none",
        "Picture-Rows": str(still.height),
    }


def _with_strip(still: Still, camera: Camera, at: datetime, camera_at: datetime | None, by: str) -> QImage:
    size = max(_SMALLEST_PX, min(_LARGEST_PX, still.height // 30))
    line = round(size * 1.5)
    strip = _LINES * line + line // 2
    image = QImage(still.width, still.height + strip, QImage.Format.Format_RGB32)
    picture = QImage(still.pixels, still.width, still.height, still.width * 4, QImage.Format.Format_RGB32)
    font = QFont(FONT_FAMILY)
    font.setPixelSize(size)
    font.setBold(True)
    first = f"{camera.no:04d}  {camera.name}"
    second = f"{at.astimezone():%Y-%m-%d %H:%M:%S.%f}"[:-3] + f"{at.astimezone():%z}"
    if camera_at is not None:
        second += f"   ⌚ {camera_at.astimezone():%H:%M:%S}"
    with QPainter(image) as painter:
        painter.drawImage(0, 0, picture)
        painter.fillRect(QRect(0, still.height, still.width, strip), QColor(NIGHT.field))
        painter.setPen(QColor(NIGHT.text))
        painter.setFont(font)
        for row, (words, right) in enumerate(((first, by), (second, ""))):
            area = QRect(line // 2, still.height + line // 4 + row * line, still.width - line, line)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
    return image
