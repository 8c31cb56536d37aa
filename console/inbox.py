"""Brings what the field reports, from any thread, to the UI thread."""

import threading
from collections.abc import Hashable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from domain.news import News, PictureChanged, ReadingsTaken, SyncProgress
from domain.reading import Quantity, Reading


class Inbox(QObject):
    """Carries every piece of news, in order; for things that must not be lost.

    What may come by the thousand (readings, pictures, progress) is kept by its key, newest only, and handed
    over ten times a second.
    """

    arrived = Signal(object)  # one of domain.news.News
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None, every_ms: int = 100) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._newest: dict[Hashable, News] = {}
        self._readings: dict[tuple[str, Quantity], Reading] = {}
        self._posted.connect(self.arrived, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._flush)
        self._timer.start(every_ms)

    def post(self, news: News) -> None:
        """Hand over one piece of news; safe from any thread."""
        match news:
            case ReadingsTaken():
                with self._lock:
                    for reading in news.readings:
                        self._readings[(reading.sensor, reading.quantity)] = reading
            case PictureChanged():
                with self._lock:
                    self._newest[(news.camera_no, news.profile)] = news
            case SyncProgress():
                with self._lock:
                    self._newest["sync"] = news
            case _:
                if isValid(self):
                    self._posted.emit(news)

    @Slot()
    def _flush(self) -> None:
        with self._lock:
            newest, self._newest = self._newest, {}
            readings, self._readings = self._readings, {}
        if readings:
            self.arrived.emit(ReadingsTaken(tuple(readings.values())))
        for news in newest.values():
            self.arrived.emit(news)
