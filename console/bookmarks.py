"""Bookmarks: one key marks the moment at once; words are typed afterwards, or never."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from console.acting import Door
from console.tasks import Lane, Tasks
from db.bookmarks import BookmarkStore
from domain.clock import Clock
from domain.errors import RefusedError
from domain.operator import Action


class Bookmarks(QObject):
    """Marks moments through the one door."""

    was_set = Signal(object)  # Bookmark
    was_noted = Signal(object)  # Bookmark
    refused = Signal(object)  # RefusedError
    failed = Signal(object)  # Exception

    def __init__(
        self, register: BookmarkStore, door: Door, tasks: Tasks, clock: Clock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._register = register
        self._door = door
        self._tasks = tasks
        self._clock = clock

    def mark(self, camera_no: int | None, moment: float | None = None) -> None:
        """Mark now, or the moment (Unix seconds) that a replay shows, of a camera or of the room."""
        at = self._clock.now() if moment is None else datetime.fromtimestamp(moment, UTC)
        subject = "room" if camera_no is None else f"camera/{camera_no}"
        try:
            by = self._door.act(Action.SET_BOOKMARK, subject)
        except RefusedError as error:
            self.refused.emit(error)
            return
        work = partial(self._register.add, at, camera_no, "", by)
        self._tasks.run(Lane.DATABASE, work, self, self.was_set.emit, self.failed.emit)

    def note(self, bookmark: UUID, words: str) -> None:
        """Put words to a bookmark; empty ones change nothing."""
        if not words.strip():
            return
        try:
            by = self._door.act(Action.SET_BOOKMARK, f"bookmark/{bookmark}")
        except RefusedError as error:
            self.refused.emit(error)
            return
        work = partial(self._register.note, bookmark, words.strip(), by)
        self._tasks.run(Lane.DATABASE, work, self, self.was_noted.emit, self.failed.emit)
