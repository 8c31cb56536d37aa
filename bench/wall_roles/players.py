"""What the roles of other players have in common: a window of tiles, and an account of what came onto it."""

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from bench.common import cpu_seconds, pss_mb
from bench.practice import PASSWORD, USER
from bench.wall_roles.lateness import Lateness, late_figures, turn
from bench.wall_roles.ledger import Ledger, read_counter
from bench.wall_roles.role import SETTLE_S, Figures

TILE_W, TILE_H = 480, 270
_COLUMNS = 4
_PATIENCE_S = 30.0  # for all pictures; a player that has not brought them by then is measured with what it has
_LOOK_S = 0.1
_POLL_MS = 16


def with_password(url: str) -> str:
    """Return the address with name and password, which is how these players want them."""
    return url.replace("rtsp://", f"rtsp://{USER}:{PASSWORD}@")


class Tiles:
    """A window with one child widget for each camera."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        self.window = QWidget()
        self.window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
        self.window.setGeometry(0, 0, 1920, 1080)
        layout = QGridLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for index, widget in enumerate(widgets):
            widget.setFixedSize(TILE_W, TILE_H)
            layout.addWidget(widget, index // _COLUMNS, index % _COLUMNS)
        self.window.show()
        turn(0.3)
        self.lateness = Lateness()
        self.idle = self.lateness.over(1.0)

    def wait(self, ready: Callable[[], bool]) -> bool:
        """Let the window live until all pictures are there, or patience is over; return which."""
        give_up = time.monotonic() + _PATIENCE_S
        while not ready() and time.monotonic() < give_up:
            turn(_LOOK_S)
        turn(SETTLE_S)
        return ready()

    def look(self, seconds: float) -> Figures:
        """Watch for so long; return cores, memory, and how late the window's thread was."""
        me = [os.getpid()]
        began, cpu = time.monotonic(), cpu_seconds(me)
        busy = self.lateness.over(seconds)
        figures = {"cores": (cpu_seconds(me) - cpu) / (time.monotonic() - began), "pss_mb": pss_mb(me)}
        return figures | late_figures(busy, self.idle)

    def look_at(self, ledger: Ledger, seconds: float) -> Figures:
        """Do so while the ledger measures, and add what came onto the screen."""
        ledger.begin()
        figures = self.look(seconds)
        ended_at = ledger.end()
        return figures | {
            "shown": ledger.shown_share(ended_at, on_its_way_s=_slowness_s(ledger)),
            "latency_p50_ms": ledger.latency_ms(0.5),
            "latency_p95_ms": ledger.latency_ms(0.95),
            "longest_gap_ms": ledger.longest_gap_ms(),
            "ready": float(ledger.ready.all),
        }


class ImageTile(QWidget):
    """A tile that shows images made elsewhere: the newest one, handed over from any thread, drawn 1:1."""

    def __init__(self, ledger: Ledger, tile: int) -> None:
        super().__init__()
        self._ledger, self._tile = ledger, tile
        self._lock = threading.Lock()
        self._newest: QImage | None = None
        self._shown: QImage | None = None

    def hand_over(self, image: QImage) -> None:
        """Take the newest image; the window draws it after its next poll."""
        with self._lock:
            self._newest = image

    def poll(self) -> None:
        """Repaint if there is something new."""
        with self._lock:
            image, self._newest = self._newest, None
        if image is None:
            return
        counter = read_counter(memoryview(image.constBits()), image.width(), image.height(), image.bytesPerLine())
        self._ledger.drawn(self._tile, counter)
        self._shown = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        with QPainter(self) as painter:
            if self._shown is not None:
                painter.drawImage(event.rect(), self._shown, event.rect())
        self._ledger.painted(self._tile)


def poll_all(tiles: Sequence[ImageTile]) -> QTimer:
    """Return a running timer that looks at every tile as often as our wall looks at its sources."""
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(_POLL_MS)
    for tile in tiles:
        timer.timeout.connect(tile.poll)
    timer.start()
    return timer


def _slowness_s(ledger: Ledger) -> float:
    """Return how long a frame may be on its way: these players are slow, which is told by their latency, not twice."""
    slowest = ledger.latency_ms(0.95) / 1000
    return 0.2 if math.isnan(slowest) else max(0.2, slowest)


def make_plain_application() -> QApplication:
    """Return an application as these players' users make one."""
    return QApplication(sys.argv[:1])
