"""The small picture of a place: what the camera shows when the place is stored, with its masks."""

from concurrent.futures import Future
from typing import Protocol

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter

from domain.camera import Camera
from domain.clock import Clock
from domain.errors import StorageError
from domain.ptz_place import LARGEST_THUMBNAIL
from video.snapshot import Still

_SIZE = QSize(240, 135)
_QUALITIES = (80, 65, 50, 35, 20)
_PATIENCE_S = 5.0


class Stills(Protocol):
    """What gives a camera's picture of a moment; `video.replay.ReplayEngine` does."""

    def still(self, camera: Camera, moment: float, *, masked: bool = True) -> Future[Still]:
        """Promise the picture that a camera showed at a moment (Unix seconds)."""
        ...


class Thumbnails:
    """Takes them. `clock` is the world's."""

    def __init__(self, stills: Stills, clock: Clock) -> None:
        self._stills = stills
        self._clock = clock

    def take(self, camera: Camera) -> bytes:
        """Return the JPEG of what the camera shows now; StorageError, UnreachableError or TimeoutError without one.

        Waits, so never on the UI thread.
        """
        promise = self._stills.still(camera, self._clock.now().timestamp(), masked=True)
        return thumbnail(promise.result(_PATIENCE_S))


def thumbnail(still: Still) -> bytes:
    """Return a picture as a JPEG of at most 240 x 135 pixels and 20 kB; StorageError where it can't be made."""
    picture = QImage(still.pixels, still.width, still.height, still.width * 4, QImage.Format.Format_RGB32)
    small = picture.scaled(_SIZE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    for quality in _QUALITIES:
        data = _jpeg(small, quality)
        if len(data) <= LARGEST_THUMBNAIL:
            return data
    raise StorageError(f"camera {still.camera_no}: the picture of the place is too large")


def _jpeg(image: QImage, quality: int) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"jpeg")
    writer.setQuality(quality)
    if not writer.write(image):
        raise StorageError(f"a place's picture can't be coded: {writer.errorString()}")
    return bytes(buffer.data().data())
