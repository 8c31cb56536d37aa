"""How late the UI thread is: the one figure that tells whether the screen keeps up."""

import time

from PySide6.QtCore import QObject, Qt, QTimer, Slot

_EVERY_MS = 10


class Lateness(QObject):
    """Wakes every 10 ms and notes by how much it was woken late, in milliseconds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late_ms: list[float] = []
        self._due = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._woken)

    @property
    def running(self) -> bool:
        """Whether it has begun."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin, forgetting what was noted before."""
        self._late_ms.clear()
        self._due = time.perf_counter() + _EVERY_MS / 1000
        self._timer.start(_EVERY_MS)

    def skip(self) -> None:
        """Leave out what passed since the last waking."""
        self._due = time.perf_counter() + _EVERY_MS / 1000

    def figures(self) -> dict[str, float]:
        """Return the median, the 99th percentile and the worst lateness, in milliseconds (0 before any)."""
        late = sorted(self._late_ms) or [0.0]
        at = [late[min(len(late) - 1, int(len(late) * share))] for share in (0.5, 0.99, 1.0)]
        return {"p50": round(at[0], 1), "p99": round(at[1], 1), "max": round(at[2], 1)}

    @Slot()
    def _woken(self) -> None:
        now = time.perf_counter()
        self._late_ms.append(max(0.0, (now - self._due) * 1000))
        self._due = now + _EVERY_MS / 1000
