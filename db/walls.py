"""Saved walls, and what each operator last had on the monitors."""

import unicodedata
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db.codec import clean_text
from db.database import Database
from db.tables import CameraTourRow, LastViewRow, SalvoRow, WallRow
from db.wall_codec import view_from, view_json, views_from, views_json
from db.writer import Urgency
from domain.errors import BadInputError, ProtocolError, StorageError
from domain.wall import MonitorView, SavedWall

LONGEST_NAME = 80  # characters that a menu can show

Named = TypeVar("Named", WallRow, SalvoRow, CameraTourRow)


class WallStore:
    """The walls that operators saved for themselves or for all, and the last views of this workstation's monitors.

    An owner has a name only once; it is kept without blanks around it, and its Hangul composed. What can't be read
    back is StorageError.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, wall: SavedWall) -> SavedWall:
        """Commit the wall, in place of the one with its id, and return it as it is kept.

        BadInputError where the name is empty, or that of another wall of the same owner.
        """
        kept = replace(wall, name=tidy_name(wall.name))
        row = WallRow(
            id=kept.id, name=kept.name, owner=kept.owner, views=views_json(kept.views), changed_at=self._db.clock.now()
        )
        self._db.writer.do(Urgency.OPERATOR, lambda session: keep_named(session, row, WallRow.owner == kept.owner))
        return kept

    def all(self, operator: str) -> tuple[SavedWall, ...]:
        """Return an operator's own walls and then the shared ones, each by name."""
        query = select(WallRow).where(or_(WallRow.owner == operator, WallRow.owner == ""))
        with self._db.reading() as session:
            rows = session.scalars(query.order_by(WallRow.owner == "", WallRow.name))
            return tuple(map(_to_wall, rows))

    def named(self, name: str, operator: str) -> SavedWall | None:
        """Return the wall of this name, an operator's own before the shared one, or None."""
        tidy = _composed(name)
        return next((wall for wall in self.all(operator) if wall.name == tidy), None)

    def delete(self, wall_id: UUID) -> bool:
        """Commit that a wall is gone and return whether there was one."""
        return delete_row(self._db, WallRow, wall_id)

    def last_views(self, operator: str) -> dict[int, MonitorView]:
        """Return what an operator last had on each monitor of this workstation, by its number."""
        with self._db.reading() as session:
            rows = session.scalars(select(LastViewRow).where(LastViewRow.operator == operator))
            return {row.monitor: _to_view(row) for row in rows}

    def remember_view(self, operator: str, monitor: int, view: MonitorView) -> None:
        """Commit what an operator has on a monitor now."""
        row = LastViewRow(operator=operator, monitor=monitor, view=view_json(view), changed_at=self._db.clock.now())
        self._db.writer.do(Urgency.OPERATOR, lambda session: session.merge(row))


def tidy_name(name: str) -> str:
    """Return a name as it is kept; BadInputError where it is empty or longer than 80 characters."""
    tidy = _composed(name)
    if not tidy:
        raise BadInputError("a name is needed")
    if len(tidy) > LONGEST_NAME:
        raise BadInputError(f"a name has {LONGEST_NAME} characters at most")
    return tidy


def keep_named(session: Session, row: Named, *among: ColumnElement[bool]) -> None:
    """Keep a row in place of the one with its id; BadInputError where another one among those has its name."""
    table = type(row)
    found = session.scalar(select(table.id).where(table.name == row.name, *among))
    if found not in (None, row.id):
        raise BadInputError(f"there is already one named {row.name!r}")
    session.merge(row)


def delete_row(db: Database, table: type[Named], key: UUID) -> bool:
    """Commit that a row is gone and return whether there was one."""

    def work(session: Session) -> bool:
        row = session.get(table, key)
        if row is not None:
            session.delete(row)
        return row is not None

    return db.writer.do(Urgency.OPERATOR, work)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", clean_text(name)).strip()


def _to_wall(row: WallRow) -> SavedWall:
    try:
        views = views_from(row.views)
    except ProtocolError as error:
        raise StorageError(f"the saved wall {row.name!r} can't be read: {error}") from error
    return SavedWall(row.id, row.name, row.owner, views)


def _to_view(row: LastViewRow) -> MonitorView:
    try:
        return view_from(dict(row.view))
    except ProtocolError as error:
        raise StorageError(f"what monitor {row.monitor} last showed can't be read: {error}") from error
