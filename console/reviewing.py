"""The review player, and the marks on the timelines of the past: bookmarks, alarms, gaps."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial

from PySide6.QtCore import QObject, Slot

from console.bookmarks import Bookmarks
from console.core import Core
from console.replay_presenter import DEPTHS_S, ReplayPresenter
from console.review_browsing import ReviewBrowsing
from console.review_marks import ReviewMarks
from console.review_presenter import ReviewPresenter
from console.review_saving import ReviewSaving
from console.review_shelf import ReviewShelf
from console.snapshots import Snapshots
from console.tasks import Lane, Tasks
from console.whereabouts import Whereabouts
from domain.alarm import Alarm
from domain.camera import Camera
from domain.errors import RefusedError
from domain.operator import Action
from domain.text import Wording
from widgets.review_player import ReviewWindow

Spans = tuple[int | None, datetime, datetime]


class Reviewing(QObject):
    """One review window for the desk, made when it is first wanted."""

    def __init__(
        self,
        core: Core,
        tasks: Tasks,
        whereabouts: Whereabouts,
        wording: Wording,
        camera: Callable[[int], Camera | None],
        alarms: Callable[[], Iterable[Alarm]],
        bookmarks: Bookmarks,
        snapshots: Snapshots,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._core = core
        self._tasks = tasks
        self._camera = camera
        self._alarms = alarms
        self._bookmarks = bookmarks
        self._snapshots = snapshots
        roots = (core.home.ring, core.home.recordings / "continuous")
        self._marks = ReviewMarks(core.stores.bookmarks, roots, whereabouts, wording)
        self._shelf = ReviewShelf(core.home.recordings / "clips", core.stores.alarms, wording)
        self._window: ReviewWindow | None = None
        self._review: ReviewPresenter | None = None
        self._browsing: ReviewBrowsing | None = None

    def show(self) -> None:
        """Show the review player to whoever may look at the past."""
        try:
            self._core.door.act(Action.REPLAY, "review")
        except RefusedError as error:
            self._tasks.failed.emit(error)
            return
        self._presenter().show_window()
        if self._browsing is not None:
            self._browsing.begin()

    def close(self) -> None:
        """Take the window away, and its player."""
        if self._window is not None:
            self._window.close()
            self._window.deleteLater()
            self._window = None

    def processes(self) -> list[tuple[str, int]]:
        """Return name and process number of the player while it runs."""
        return [] if self._review is None else self._review.processes()

    def mark_replay(self, replay: ReplayPresenter, cameras: tuple[int, ...]) -> None:
        """Put marks on the timeline of a replay that has just begun."""
        now = self._core.clock.now()
        self._gather((cameras[0], now - timedelta(seconds=DEPTHS_S[-1]), now), replay, replay.show_marks)

    def _presenter(self) -> ReviewPresenter:
        if self._review is None or self._window is None:
            core, home = self._core, self._core.home
            window = self._window = ReviewWindow()
            window.begin_in(str(home.recordings))
            review = self._review = ReviewPresenter(window, self._camera, core.door, self)
            shelf, tasks = self._shelf, self._tasks
            self._browsing = ReviewBrowsing(window.list, review, shelf, tasks, home.ring, home.recordings, review)
            ReviewSaving(window, review, core.door, home.path, review)
            review.refused.connect(self._tasks.failed)
            review.opened.connect(self._opened)
            review.bookmark_asked.connect(self._bookmark)
            review.snapshot_asked.connect(self._snapshot)
        return self._review

    @Slot(object)
    def _opened(self, span: Spans) -> None:
        review = self._review
        if review is not None:
            self._gather(span, review, review.show_marks)

    def _gather(self, span: Spans, owner: QObject, show: Callable[..., None]) -> None:
        camera_no, begins, ends = span
        if camera_no is not None:
            work = partial(self._marks.of, camera_no, begins, ends, tuple(self._alarms()))
            self._tasks.run(Lane.DATABASE, work, owner, show)

    @Slot(object)
    def _bookmark(self, where: tuple[int, float]) -> None:
        self._bookmarks.mark(where[0], where[1])

    @Slot(object)
    def _snapshot(self, where: tuple[int, float]) -> None:
        camera = self._camera(where[0])
        if camera is not None:
            self._snapshots.take(camera, where[1])
