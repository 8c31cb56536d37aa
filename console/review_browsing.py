"""Joins the list of what was recorded here to the disk and to the player."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from console.review_presenter import ReviewPresenter
from console.review_shelf import ReviewShelf
from console.tasks import Lane, Tasks
from domain.clock import SystemClock
from video.review_span import LONGEST_S, ReviewSpan
from widgets.review_list import ReviewList
from widgets.review_list_model import ClipLine, Listed
from widgets.review_span_form import SpanWish

_AGAIN_MS = 5000
_WORKSPACE = "review"


class ReviewBrowsing(QObject):
    """Keeps the list as new as a few seconds while it is seen, and opens what is chosen in it.

    `ring` and `recordings` are the home's folders.
    """

    def __init__(
        self,
        rows: ReviewList,
        review: ReviewPresenter,
        shelf: ReviewShelf,
        tasks: Tasks,
        ring: Path,
        recordings: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows = rows
        self._review = review
        self._shelf = shelf
        self._tasks = tasks
        self._ring = ring
        self._recordings = recordings
        self._clock = SystemClock()  # pictures keep the world's time, whatever clock the room has
        self._reading = False
        rows.clip_chosen.connect(self._open_clip)
        rows.form.span_chosen.connect(self._open_span)
        self._again = QTimer(self)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self.refresh)

    def begin(self) -> None:
        """Show what there is now, and go on while the list is seen."""
        self._rows.form.show_moment(self._clock.now() - timedelta(minutes=5))
        self.refresh()
        self._again.start()

    @Slot()
    def refresh(self) -> None:
        """Read the clips anew, unless that is being done; stop where nobody looks."""
        if not self._rows.window().isVisible() and self._again.isActive():
            self._again.stop()
        elif not self._reading:
            self._reading = True
            self._tasks.run(Lane.DATABASE, self._shelf.read, self, self._show, self._not_read)

    def _show(self, clips: tuple[Listed, ...]) -> None:
        self._reading = False
        self._rows.show_clips([self._named(clip) for clip in clips])

    def _named(self, clip: Listed) -> Listed:
        camera = self._review.camera(clip.camera_no) if isinstance(clip, ClipLine) else None
        return clip if camera is None or not isinstance(clip, ClipLine) else replace(clip, camera=camera.name)

    def _not_read(self, error: Exception) -> None:
        self._reading = False
        self._tasks.failed.emit(error)

    @Slot(object)
    def _open_clip(self, clip: ClipLine) -> None:
        own = self._recordings / "clips" / str(clip.id)
        growing = (self._recordings / "continuous", self._ring) if clip.under_way else ()
        ends = min(clip.ends or self._clock.now(), self._clock.now())
        self._open(clip.camera_no, clip.begins, ends, (own, *growing))

    @Slot(object)
    def _open_span(self, wish: SpanWish) -> None:
        shelves = (self._recordings / "clips", self._recordings / "held")
        roots = (self._recordings / "continuous", self._ring)
        self._open(wish.camera_no, wish.begins, min(wish.ends, self._clock.now()), roots, shelves)

    def _open(
        self,
        camera_no: int,
        begins: datetime,
        ends: datetime,
        roots: tuple[Path, ...],
        shelves: tuple[Path, ...] = (),
    ) -> None:
        span = (begins.timestamp(), max(begins, ends).timestamp())
        workspace = self._ring.parent / _WORKSPACE
        self._review.open_span(ReviewSpan(camera_no, *span, roots, workspace, shelves))
        if span[1] - span[0] > LONGEST_S:
            self._rows.form.show_wish(SpanWish(camera_no, begins + timedelta(seconds=LONGEST_S), ends))
