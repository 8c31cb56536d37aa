"""What is known of cameras that can be moved: how each is reached, kept over restarts on this workstation."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from db.database import Database
from db.tables import CameraAcquaintanceRow
from db.writer import Urgency
from domain.errors import StorageError
from domain.fact import Json


class AcquaintanceStore:
    """Acquaintances by camera number, as JSON objects whose meaning is their writer's. Safe from any thread."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, camera_no: int) -> dict[str, Json] | None:
        """Return what is known of a camera, None where it was never met; StorageError where it is no object."""
        with self._db.reading() as session:
            row = session.get(CameraAcquaintanceRow, camera_no)
            if row is None:
                return None
            if not isinstance(row.known, dict):
                raise StorageError(f"what is known of camera {camera_no} can't be read")
            return row.known

    def keep(self, camera_no: int, known: Mapping[str, Json]) -> None:
        """Commit this in place of what was known."""
        row = CameraAcquaintanceRow(camera=camera_no, known=dict(known), changed_at=self._db.clock.now())

        def work(session: Session) -> None:
            session.merge(row)

        self._db.writer.do(Urgency.FIELD, work)

    def forget(self, camera_no: int) -> None:
        """Commit that nothing is known of a camera."""

        def work(session: Session) -> None:
            session.execute(delete(CameraAcquaintanceRow).where(CameraAcquaintanceRow.camera == camera_no))

        self._db.writer.do(Urgency.OPERATOR, work)
