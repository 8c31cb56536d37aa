"""Salvos: what all monitors are to show at the press of one key."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import SalvoRow
from db.wall_codec import presets_from, presets_json, views_from, views_json
from db.walls import delete_row, keep_named, tidy_name
from db.writer import Urgency
from domain.errors import BadInputError, ProtocolError, StorageError
from domain.wall import Salvo


class SalvoStore:
    """The salvos of this workstation, at most one on each key. What can't be read back is StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, salvo: Salvo) -> Salvo:
        """Commit the salvo, in place of the one with its id, and return it as it is kept.

        Its key is taken from the one that had it. BadInputError where the name is empty or another one's.
        """
        kept = replace(salvo, name=tidy_name(salvo.name))
        row = SalvoRow(
            id=kept.id,
            name=kept.name,
            key=kept.key,
            views=views_json(kept.views),
            presets=presets_json(kept.presets),
            changed_at=self._db.clock.now(),
        )

        def work(session: Session) -> None:
            had_it = update(SalvoRow).where(SalvoRow.key == kept.key, SalvoRow.id != kept.id)
            session.execute(had_it.values(key=None))
            keep_named(session, row)

        self._db.writer.do(Urgency.OPERATOR, work)
        return kept

    def all(self) -> tuple[Salvo, ...]:
        """Return all salvos: those on keys in the keys' order, then the others by name."""
        query = select(SalvoRow).order_by(SalvoRow.key.is_(None), SalvoRow.key, SalvoRow.name)
        with self._db.reading() as session:
            return tuple(map(_to_salvo, session.scalars(query)))

    def on_key(self, key: int) -> Salvo | None:
        """Return the salvo that a function key calls, counted from 1, or None."""
        with self._db.reading() as session:
            row = session.scalar(select(SalvoRow).where(SalvoRow.key == key))
            return _to_salvo(row) if row else None

    def delete(self, salvo_id: UUID) -> bool:
        """Commit that a salvo is gone and return whether there was one."""
        return delete_row(self._db, SalvoRow, salvo_id)


def _to_salvo(row: SalvoRow) -> Salvo:
    try:
        return Salvo(row.id, row.name, row.key, views_from(row.views), presets_from(row.presets))
    except (ProtocolError, BadInputError) as error:
        raise StorageError(f"the salvo {row.name!r} can't be read: {error}") from error
