"""The audit: who did what to whom or which camera, for what purpose, in a chain that shows a changed line.

A line's hash is SHA-256 over its canonical JSON, which holds the hash before it. The chain alone cannot show that its
end was cut off; checkpoints at headquarters do.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.codec import clean_text, dump, write_time
from db.database import Database
from db.tables import AuditRow
from db.writer import Urgency

BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit; `at` is RFC 3339 text in UTC."""

    seq: int
    at: str
    actor: str
    action: str
    subject: str
    purpose: str
    prev_hash: str
    hash: str


class AuditStore:
    """The audit of this workstation."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def append(self, actor: str, action: str, subject: str, purpose: str, at: datetime) -> AuditEntry:
        """Commit a line and return it."""
        return self._db.writer.do(Urgency.OPERATOR, _line(actor, action, subject, purpose, at))

    def submit(self, actor: str, action: str, subject: str, purpose: str, at: datetime) -> Future[AuditEntry]:
        """Have a line committed without waiting for it, before every write of the field's."""
        return self._db.writer.submit(Urgency.OPERATOR, _line(actor, action, subject, purpose, at))

    def head(self) -> tuple[int, str]:
        """Return number and hash of the newest line, for a checkpoint; 0 and zeros where there is none."""
        with self._db.reading() as session:
            return _head(session)

    def recent(self, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Return the newest lines, newest first."""
        with self._db.reading() as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit))
            return tuple(map(_to_entry, rows))

    def verify(self) -> int | None:
        """Return the number of the first line that is missing or not as it was written, or None."""
        expected, prev_hash = 1, BEGINNING
        with self._db.reading() as session:
            rows = session.scalars(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=1000))
            for row in rows:
                said = (row.at, row.actor, row.action, row.subject, row.purpose)
                if (row.seq, row.prev_hash, row.hash) != (expected, prev_hash, _hash(expected, said, prev_hash)):
                    return expected
                expected, prev_hash = expected + 1, row.hash
        return None


def _line(actor: str, action: str, subject: str, purpose: str, at: datetime) -> Callable[[Session], AuditEntry]:
    said = (write_time(at), clean_text(actor), clean_text(action), clean_text(subject), clean_text(purpose))

    def work(session: Session) -> AuditEntry:
        seq, prev_hash = _head(session)
        entry = AuditEntry(seq + 1, *said, prev_hash, _hash(seq + 1, said, prev_hash))
        session.add(AuditRow(**asdict(entry)))
        return entry

    return work


def _head(session: Session) -> tuple[int, str]:
    newest = session.scalar(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1))
    return (newest.seq, newest.hash) if newest else (0, BEGINNING)


def _hash(seq: int, said: tuple[str, str, str, str, str], prev_hash: str) -> str:
    return hashlib.sha256(dump([seq, *said, prev_hash]).encode()).hexdigest()


def _to_entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(row.seq, row.at, row.actor, row.action, row.subject, row.purpose, row.prev_hash, row.hash)
