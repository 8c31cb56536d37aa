"""Snapshots: which still pictures were taken, with the hash of each; the files lie beside the database."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.codec import snapshot_of, taking_fields
from db.database import Database
from db.facts import Journal, to_fact, write
from db.tables import SnapshotEventRow
from db.writer import Urgency
from domain.fact import Family
from domain.hlc import HybridClock
from domain.record import Workplace, head_of
from domain.snapshot import Snapshot, SnapshotStep


class SnapshotStore:
    """The snapshots that this workstation knows of, its own and those of others; none is ever changed or taken away.

    Headquarters gets everything but the picture.
    """

    def __init__(self, db: Database, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)

    def keep(
        self,
        *,
        camera_no: int,
        at: datetime,
        camera_at: datetime | None,
        by: str,
        file: str,
        sha256: str,
        width: int,
        height: int,
        masked: bool,
    ) -> Snapshot:
        """Commit that a snapshot was taken and return it; BadInputError where path, hash or size can't be."""
        snapshot = Snapshot(
            **head_of(self._journal.workplace.head()),
            camera_no=camera_no,
            at=at,
            camera_at=camera_at,
            by=by,
            file=file,
            sha256=sha256,
            width=width,
            height=height,
            masked=masked,
        )

        def work(session: Session) -> Snapshot:
            fields = taking_fields(snapshot)
            fact = self._journal.fact(Family.SNAPSHOT, snapshot, SnapshotStep.TAKEN, at=at, actor=by, fields=fields)
            write(session, [fact])
            return snapshot_of(fact)

        return self._db.writer.do(Urgency.OPERATOR, work)

    def find(self, snapshot_id: UUID) -> Snapshot | None:
        """Return the snapshot, or None if this workstation has never heard of it."""
        return next(iter(self._found(_taken().where(SnapshotEventRow.subject == snapshot_id))), None)

    def between(self, camera_no: int | None, begin: datetime, end: datetime) -> tuple[Snapshot, ...]:
        """Return the snapshots of a camera, or of all where it is None, from `begin` to `end`, both counted in.

        Oldest first.
        """
        query = _taken().where(SnapshotEventRow.at.between(begin, end))
        if camera_no is not None:
            query = query.where(SnapshotEventRow.fields["camera_no"].as_integer() == camera_no)
        return self._found(query.order_by(SnapshotEventRow.at, SnapshotEventRow.hlc))

    def newest(self, count: int) -> tuple[Snapshot, ...]:
        """Return the snapshots of the newest moments, newest first."""
        return self._found(_taken().order_by(SnapshotEventRow.at.desc(), SnapshotEventRow.hlc).limit(count))

    def _found(self, query: Select[SnapshotEventRow]) -> tuple[Snapshot, ...]:
        with self._db.reading() as session:
            return tuple(snapshot_of(to_fact(Family.SNAPSHOT, row)) for row in session.scalars(query))


def _taken() -> Select[SnapshotEventRow]:
    return select(SnapshotEventRow).where(SnapshotEventRow.step == SnapshotStep.TAKEN.value)
