"""The figures of a demo run: what was seen, how late the screen was, and what it cost."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from console.clockwork import since_start_s
from console.core import Core
from console.lateness import Lateness
from console.program import Program
from console.usage import cpu_seconds, memory_mb, own_processes
from domain.picture import Face

if TYPE_CHECKING:
    from console.desk import Desk

_LOOK_MS = 50
_DESK_UP_MS = 4000


class Figures(QObject):
    """Begins to count when the operator is signed in."""

    def __init__(self, program: Program, core: Core, desk: "Desk", not_ours: set[int], streaming: int) -> None:
        super().__init__(program)
        self._program = program
        self._core = core
        self._desk = desk
        self._not_ours = not_ours
        self._streaming = streaming
        self._signed_in = time.monotonic()
        self._cpu_before = cpu_seconds(own_processes(not_ours))
        self._first_picture_s: float | None = None
        self._all_pictures_s: float | None = None
        self._stopped: dict[str, object] = {}
        self._lateness = Lateness(self)  # begins when the desk has come up: with all pictures, or after some seconds
        QTimer.singleShot(_DESK_UP_MS, self, self._begin_lateness)
        self._look = QTimer(self)
        self._look.timeout.connect(self._look_at_wall)
        self._look.start(_LOOK_MS)

    def skip_lateness(self) -> None:
        """Leave out the time since the UI thread was last woken."""
        self._lateness.skip()

    def stop(self) -> None:
        """Take what must be taken while everything still runs."""
        statistics = self._program.window.wall.statistics()
        processes = own_processes(self._not_ours)
        elapsed_s = time.monotonic() - self._signed_in
        self._look.stop()
        self._stopped = {
            "tiles_live": sum(tile.face is Face.LIVE for tile in statistics),
            "frames_shown": sum(tile.shown for tile in statistics),
            "frames_sent": sum(tile.sent for tile in statistics),
            "tiles": [
                {"camera": tile.camera_no, "face": tile.face.value, "shown": tile.shown, "sent": tile.sent}
                for tile in statistics
            ],
            "ui_late_ms": self._lateness.figures(),
            "rss_mb": memory_mb(processes),
            "cpu_cores": round((cpu_seconds(processes) - self._cpu_before) / elapsed_s, 3),
        }

    def report(self) -> dict[str, object]:
        """Return the demo's JSON object; call it once headquarters has been drained."""
        alarms, incidents = self._desk.cases.known
        movements, confirmed = self._core.ptz.counts()
        feed = self._core.stores.feed
        acknowledged = feed.acknowledged()
        view = self._desk.map_view
        return {
            "cameras": self._streaming,
            **self._stopped,
            "first_window_s": round(self._program.first_window_s, 3),
            "first_picture_s": self._first_picture_s,
            "all_pictures_after_sign_in_s": self._all_pictures_s,
            "readings": self._core.ingest.readings_taken,
            "alarms": alarms,
            "incidents": incidents,
            "map": {
                "markers": view.markers if view is not None else 0,
                "external_requests": len(view.refused) if view is not None else 0,
            },
            "hq": {"acked_seq": acknowledged, "behind": feed.last_seq() - acknowledged},
            "ptz": {"movements": movements, "confirmed_stopped": confirmed},
        }

    @Slot()
    def _look_at_wall(self) -> None:
        statistics = self._program.window.wall.statistics()
        if self._first_picture_s is None and any(tile.shown for tile in statistics):
            self._first_picture_s = round(since_start_s(), 3)
        if statistics and all(tile.shown for tile in statistics):
            self._all_pictures_s = round(time.monotonic() - self._signed_in, 3)
            self._look.stop()
            self._begin_lateness()

    @Slot()
    def _begin_lateness(self) -> None:
        if not self._lateness.running:
            self._lateness.start()
