"""Lines of headquarters that only a newer program can read: kept as they came, and taken once this program can."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from db.codec import UnreadableChangeError, fact_of
from db.facts import receive
from db.tables import UnknownRow
from domain.change import PulledChange


def keep_unknown(session: Session, change: PulledChange, reason: str, at: datetime) -> None:
    """Keep a line that can't be understood; a repeat changes nothing."""
    session.execute(
        sqlite.insert(UnknownRow).on_conflict_do_nothing(),
        {
            "origin": change.origin,
            "kind": change.kind,
            "pk": change.pk,
            "hlc": change.hlc,
            "payload": dict(change.payload),
            "schema_version": change.schema_version,
            "reason": reason,
            "received_at": at,
        },
    )


def adopt(session: Session) -> int:
    """Turn the kept lines that this program understands into facts and return how many these were."""
    adopted = 0
    for row in session.scalars(select(UnknownRow)).all():
        try:
            fact = fact_of(_change(row))
        except UnreadableChangeError:
            continue
        receive(session, [fact])
        session.delete(row)
        adopted += 1
    return adopted


def unknown_changes(session: Session) -> tuple[PulledChange, ...]:
    """Return all lines that are kept but not understood."""
    return tuple(map(_change, session.scalars(select(UnknownRow))))


def _change(row: UnknownRow) -> PulledChange:
    return PulledChange(row.origin, row.kind, row.pk, row.hlc, row.payload, row.schema_version)
