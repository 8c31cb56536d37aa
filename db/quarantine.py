"""Quarantine: messages that could not be taken, with the reason."""

from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from db.codec import clean_text
from db.database import Database
from db.tables import QuarantineRow
from db.writer import Urgency
from domain.event import Quarantined

BODY_KEPT = 16 * 1024  # bytes of a message; the beginning tells what is wrong with it
ROWS_KEPT = 20_000  # a broken device repeats itself; it must not fill the disk


class QuarantineStore:
    """What could not be taken; the newest 20,000."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(self, items: Sequence[Quarantined]) -> None:
        """Commit the items; of a long body its first 16 KiB."""
        self._db.writer.do(Urgency.FIELD, lambda session: put_aside(session, items))

    def recent(self, limit: int = 200) -> tuple[Quarantined, ...]:
        """Return the newest items, newest first."""
        query = select(QuarantineRow).order_by(QuarantineRow.received_at.desc(), QuarantineRow.id).limit(limit)
        with self._db.reading() as session:
            return tuple(
                Quarantined(topic=row.topic, body=row.body, reason=row.reason, received_at=row.received_at)
                for row in session.scalars(query)
            )

    def count(self) -> int:
        """Return how many are kept."""
        with self._db.reading() as session:
            return session.scalar(select(func.count()).select_from(QuarantineRow)) or 0


def put_aside(session: Session, items: Sequence[Quarantined]) -> None:
    """Write the items in the transaction of the caller, and let go of the oldest beyond what is kept."""
    if not items:
        return
    session.execute(
        insert(QuarantineRow),
        [
            {
                "id": uuid4(),
                "topic": clean_text(item.topic),
                "body": item.body[:BODY_KEPT],
                "size": len(item.body),
                "reason": clean_text(item.reason),
                "received_at": item.received_at,
            }
            for item in items
        ],
    )
    oldest_kept = (
        select(QuarantineRow.received_at).order_by(QuarantineRow.received_at.desc()).offset(ROWS_KEPT).limit(1)
    )
    session.execute(delete(QuarantineRow).where(QuarantineRow.received_at <= oldest_kept.scalar_subquery()))
