"""How late the window's thread is woken."""

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer

from bench.common import percentile
from bench.wall_roles.role import Figures

_EVERY_MS = 10


class Lateness:
    """How late a 10 ms timer of the window's thread fires."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._elapsed, self._timer = QElapsedTimer(), QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._fire)

    def over(self, seconds: float) -> list[float]:
        """Return the lateness of every firing in so many seconds, in ms."""
        self._late = []
        self._elapsed.start()
        self._timer.start()
        turn(seconds)
        self._timer.stop()
        return self._late

    def _fire(self) -> None:
        self._late.append(self._elapsed.nsecsElapsed() / 1e6 - _EVERY_MS)
        self._elapsed.restart()


def turn(seconds: float) -> None:
    """Let the window live for so long."""
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


def late_figures(busy: list[float], idle: list[float]) -> Figures:
    """Return both as figures: with pictures, and of the idle window before."""
    return {
        "ui_late_p99_ms": percentile(busy, 0.99),
        "ui_late_max_ms": max(busy, default=float("nan")),
        "idle_p99_ms": percentile(idle, 0.99),
        "idle_max_ms": max(idle, default=float("nan")),
        "ui_late_p99_over_idle_ms": percentile(busy, 0.99) - percentile(idle, 0.99),
    }
