"""What is marked on the timeline of a camera's past: bookmarks, alarms, and where nothing was recorded."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from console.whereabouts import Whereabouts
from db.bookmarks import BookmarkStore
from domain.alarm import Alarm
from domain.text import Wording
from video.segments import gaps
from widgets.review_timeline import MarkKind, ReviewMark


class ReviewMarks:
    """Gathers marks. `of` reads the database and the disk: it belongs on the database lane."""

    def __init__(
        self, bookmarks: BookmarkStore, roots: Sequence[Path], whereabouts: Whereabouts, wording: Wording
    ) -> None:
        self._bookmarks = bookmarks
        self._roots = tuple(roots)
        self._whereabouts = whereabouts
        self._wording = wording

    def of(
        self, camera_no: int, begins: datetime, ends: datetime, alarms: Iterable[Alarm] = ()
    ) -> tuple[ReviewMark, ...]:
        """Return a camera's marks in a span, those of these alarms that it is the camera of among them."""
        found = [
            ReviewMark(MarkKind.BOOKMARK, bookmark.at, words=bookmark.note or bookmark.by)
            for bookmark in self._bookmarks.between(camera_no, begins, ends)
        ]
        for alarm in alarms:
            camera = self._whereabouts.camera_of(alarm)
            if begins <= alarm.raised_at <= ends and camera is not None and camera.no == camera_no:
                title = self._wording.render(alarm.title)
                found.append(ReviewMark(MarkKind.ALARM, alarm.raised_at, words=title, priority=alarm.priority))
        for start, end in gaps(self._roots, camera_no, begins.timestamp(), ends.timestamp()):
            span = (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
            found.append(ReviewMark(MarkKind.GAP, *span))
        return tuple(found)
