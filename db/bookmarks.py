"""Bookmarks: set with one key, put into words later."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.database import Database
from db.facts import Journal, write
from db.projections import bookmarks, project
from db.states import bookmark_from
from db.tables import BookmarkRow
from db.writer import Urgency
from domain.bookmark import Bookmark, BookmarkStep, setting_fields
from domain.errors import BadInputError
from domain.fact import Fact, Family, Json
from domain.hlc import HybridClock
from domain.record import Workplace, head_of


class BookmarkStore:
    """The bookmarks that this workstation knows of, its own and those of others."""

    def __init__(self, db: Database, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)

    def add(
        self,
        at: datetime,
        camera_no: int | None,
        note: str,
        by: str,
        incident: UUID | None = None,
        snapshot: UUID | None = None,
    ) -> Bookmark:
        """Commit a bookmark of the moment `at` and return it; `camera_no` None marks the moment for the whole room."""
        bookmark = Bookmark(
            **head_of(self._journal.workplace.head()),
            at=at,
            camera_no=camera_no,
            note=note,
            by=by,
            incident=incident,
            snapshot=snapshot,
        )
        return self._db.writer.do(
            Urgency.OPERATOR,
            lambda session: self._written(session, bookmark, BookmarkStep.SET, at, by, setting_fields(bookmark)),
        )

    def note(self, bookmark_id: UUID, text: str, by: str) -> Bookmark:
        """Commit words about a bookmark in place of the earlier ones, which stay in its history, and return it.

        BadInputError where there is no such bookmark.
        """

        def work(session: Session) -> Bookmark:
            found = bookmarks(session, [bookmark_id])
            if not found:
                raise BadInputError(f"there is no bookmark {bookmark_id} here")
            now = self._db.clock.now()
            return self._written(session, found[0], BookmarkStep.NOTED, now, by, {"note": text})

        return self._db.writer.do(Urgency.OPERATOR, work)

    def find(self, bookmark_id: UUID) -> Bookmark | None:
        """Return the bookmark, or None if this workstation has never seen it set."""
        with self._db.reading() as session:
            return next(iter(bookmarks(session, [bookmark_id])), None)

    def between(self, camera_no: int | None, begin: datetime, end: datetime) -> tuple[Bookmark, ...]:
        """Return the bookmarks of a camera, or of all and of the room where it is None, from `begin` to `end`.

        Both ends are counted in; oldest first.
        """
        query = select(BookmarkRow).where(BookmarkRow.at.between(begin, end))
        if camera_no is not None:
            query = query.where(BookmarkRow.camera_no == camera_no)
        return self._found(query.order_by(BookmarkRow.at, BookmarkRow.id))

    def newest(self, count: int) -> tuple[Bookmark, ...]:
        """Return the bookmarks of the newest moments, newest first."""
        return self._found(select(BookmarkRow).order_by(BookmarkRow.at.desc(), BookmarkRow.id).limit(count))

    def _found(self, query: Select[BookmarkRow]) -> tuple[Bookmark, ...]:
        with self._db.reading() as session:
            return tuple(bookmark_from(row.body) for row in session.scalars(query))

    def _written(
        self, session: Session, about: Bookmark, step: BookmarkStep, at: datetime, by: str, fields: dict[str, Json]
    ) -> Bookmark:
        fact: Fact = self._journal.fact(Family.BOOKMARK, about, step, at=at, actor=by, fields=fields)
        write(session, [fact])
        return project(session, Family.BOOKMARK, [about.id]).bookmarks[0]
