"""Collects garbage on the UI thread only.

Python collects reference cycles on whichever thread happens to allocate. A cycle with a Qt object in it would then be
destroyed on a worker's thread, which Qt answers with a crash, hours later and at random.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 500
_SETTLED_MS = 20_000  # by then all libraries are loaded


class Collector(QObject):
    """Takes the collecting over from Python until `end`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_EVERY_MS)
        QTimer.singleShot(_SETTLED_MS, self, self._settle)

    def end(self) -> None:
        """Give the collecting back."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Collect the generations that are due by Python's own thresholds."""
        due = [count > threshold for count, threshold in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))

    @Slot()
    def _settle(self) -> None:
        """Take what the libraries hold out of every later collection: going through it would be felt (0.2 s)."""
        gc.freeze()
