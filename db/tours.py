"""Camera tours: cameras that take turns in a tile."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from db.database import Database
from db.tables import CameraTourRow
from db.wall_codec import whole
from db.walls import delete_row, keep_named, tidy_name
from db.writer import Urgency
from domain.errors import BadInputError, ProtocolError, StorageError
from domain.wall import CameraTour


class TourStore:
    """The camera tours of this workstation. What can't be read back is StorageError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, tour: CameraTour) -> CameraTour:
        """Commit the tour, in place of the one with its id, and return it as it is kept.

        BadInputError where the name is empty or another one's.
        """
        kept = replace(tour, name=tidy_name(tour.name))
        row = CameraTourRow(
            id=kept.id,
            name=kept.name,
            cameras=list(kept.cameras),
            dwell_s=kept.dwell_s,
            changed_at=self._db.clock.now(),
        )
        self._db.writer.do(Urgency.OPERATOR, lambda session: keep_named(session, row))
        return kept

    def all(self) -> tuple[CameraTour, ...]:
        """Return all tours by name."""
        with self._db.reading() as session:
            return tuple(map(_to_tour, session.scalars(select(CameraTourRow).order_by(CameraTourRow.name))))

    def find(self, tour_id: UUID) -> CameraTour | None:
        """Return the tour, or None."""
        with self._db.reading() as session:
            row = session.get(CameraTourRow, tour_id)
            return _to_tour(row) if row else None

    def delete(self, tour_id: UUID) -> bool:
        """Commit that a tour is gone and return whether there was one."""
        return delete_row(self._db, CameraTourRow, tour_id)


def _to_tour(row: CameraTourRow) -> CameraTour:
    try:
        cameras = tuple(whole(number, "a camera") for number in row.cameras)
        return CameraTour(row.id, row.name, cameras, row.dwell_s)
    except (ProtocolError, BadInputError) as error:
        raise StorageError(f"the tour {row.name!r} can't be read: {error}") from error
