"""Remembers what each operator last had on the monitors, and brings it back when that operator signs in."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Slot

from console.tasks import Lane, Tasks
from domain.wall import MonitorView

_WRITE_AFTER_MS = 1000  # an operator who steps through cameras changes the view several times a second


class LastViews(Protocol):
    """Where views are kept; `db.walls.WallStore` does it."""

    def last_views(self, operator: str) -> dict[int, MonitorView]:
        """Return what an operator last had on each monitor."""
        ...

    def remember_view(self, operator: str, monitor: int, view: MonitorView) -> None:
        """Keep what an operator has on a monitor now."""
        ...


class WallMemory(QObject):
    """The last views of the operator who is signed in; before that nothing is remembered."""

    def __init__(self, store: LastViews, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._operator = ""
        self._changed: dict[int, MonitorView] = {}
        self._writer = QTimer(self)
        self._writer.setSingleShot(True)
        self._writer.setInterval(_WRITE_AFTER_MS)
        self._writer.timeout.connect(self.write)

    def enter(self, operator: str, then: Callable[[Mapping[int, MonitorView]], None]) -> None:
        """Ask what this operator last had and hand it over; nothing where it can't be read, which is said."""
        self.write()
        self._operator = ""  # until the answer is here, what hangs on the walls is not this operator's

        def answered(views: Mapping[int, MonitorView]) -> None:
            self._operator = operator
            then(views)

        def not_read(error: Exception) -> None:
            answered({})
            self._tasks.failed.emit(error)

        self._tasks.run(Lane.DATABASE, partial(self._store.last_views, operator), self, answered, not_read)

    def remember(self, monitor: int, view: MonitorView) -> None:
        """Note what hangs on a monitor now; it is written a second after the last change."""
        if self._operator:
            self._changed[monitor] = view
            self._writer.start()

    @Slot()
    def write(self) -> None:
        """Write what has changed, now."""
        self._writer.stop()
        changed, self._changed = self._changed, {}
        for monitor, view in changed.items():
            work = partial(self._store.remember_view, self._operator, monitor, view)
            self._tasks.run(Lane.DATABASE, work, self, lambda _: None)
