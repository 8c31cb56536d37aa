"""Writes facts, our own together with their change-log lines, and reads them back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from db import state
from db.codec import change_payload, clean, clean_text
from db.tables import (
    AlarmEventRow,
    BookmarkEventRow,
    ChangeRow,
    EventRow,
    FactRow,
    IncidentEventRow,
    SnapshotEventRow,
    WallEventRow,
)
from domain.fact import Fact, Family, Json
from domain.hlc import HybridClock
from domain.record import Mode, Record, Workplace

TABLES: dict[Family, type[FactRow]] = {
    Family.EVENT: EventRow,
    Family.ALARM: AlarmEventRow,
    Family.INCIDENT: IncidentEventRow,
    Family.BOOKMARK: BookmarkEventRow,
    Family.SNAPSHOT: SnapshotEventRow,
    Family.WALL: WallEventRow,
}
CHUNK = 500  # values in one statement; SQLite takes 32,766 at most

T = TypeVar("T")


class Journal:
    """Makes the facts of this workstation, each with the next number of its hybrid clock.

    Facts are made inside the work that writes them, so that numbers follow the order of commits.
    """

    def __init__(self, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self.workplace = workplace
        self._hybrid_clock = hybrid_clock

    def number(self) -> int:
        """Return the next number of the hybrid clock."""
        return self._hybrid_clock.tick()

    def fact(
        self,
        family: Family,
        about: Record,
        step: str,
        at: datetime,
        actor: str,
        fields: Mapping[str, Json],
        caused_by: UUID | None = None,
    ) -> Fact:
        """Return a new fact about a record, in that record's district and mode."""
        return Fact(
            id=uuid4(),
            origin=self.workplace.origin,
            centre=about.centre,
            district=about.district,
            mode=about.mode,
            caused_by=caused_by or about.caused_by,
            family=family,
            subject=about.id,
            step=step,
            at=at,
            actor=clean_text(actor),
            hlc=self.number(),
            fields={key: clean(value) for key, value in sorted(fields.items())},
        )


def write(session: Session, facts: Sequence[Fact]) -> None:
    """Write facts of this workstation and their lines in the change log."""
    if not facts:
        return
    for family, rows in _by_family(facts):
        session.execute(insert(TABLES[family]), rows)
    epoch = state.epoch(session)
    last = last_seq(session)
    session.execute(
        insert(ChangeRow),
        [
            {
                "epoch": epoch,
                "seq": seq,
                "kind": fact.family.value,
                "pk": fact.id,
                "hlc": fact.hlc,
                "payload": change_payload(fact),
                "schema_version": fact.schema_version,
            }
            for seq, fact in enumerate(facts, last + 1)
        ],
    )


def receive(session: Session, facts: Sequence[Fact]) -> list[Fact]:
    """Write facts that headquarters handed on and return those that were not known."""
    new: set[UUID] = set()
    for family, rows in _by_family(facts):
        table = TABLES[family]
        for part in chunks(rows, CHUNK):
            statement = sqlite.insert(table).on_conflict_do_nothing().returning(table.id)
            new.update(session.scalars(statement, part))
    fresh = []
    for fact in facts:
        if fact.id in new:
            new.remove(fact.id)  # the same row may come twice in one batch
            fresh.append(fact)
    return fresh


def last_seq(session: Session) -> int:
    """Return the number of the newest line of this epoch; lines that headquarters has may be pruned."""
    newest = session.scalar(select(func.max(ChangeRow.seq)).where(ChangeRow.epoch == state.epoch(session)))
    return max(newest or 0, state.acknowledged(session))


def history(session: Session, family: Family, subjects: Iterable[UUID]) -> dict[UUID, list[Fact]]:
    """Return all facts of the subjects, by subject."""
    table = TABLES[family]
    found: dict[UUID, list[Fact]] = {}
    for part in chunks(list(subjects), CHUNK):
        for row in session.scalars(select(table).where(table.subject.in_(part))):
            found.setdefault(row.subject, []).append(to_fact(family, row))
    return found


def all_histories(session: Session, family: Family) -> Iterator[list[Fact]]:
    """Yield the facts of one subject after the other."""
    table = TABLES[family]
    rows = session.scalars(select(table).order_by(table.subject).execution_options(yield_per=CHUNK))
    for _, group in groupby((to_fact(family, row) for row in rows), key=lambda fact: fact.subject):
        yield list(group)


def highest_hlc(session: Session) -> int:
    """Return the highest hybrid clock number that any fact here has, or 0."""
    return max(session.scalar(select(func.max(table.hlc))) or 0 for table in TABLES.values())


def to_fact(family: Family, row: FactRow) -> Fact:
    """Return the fact that a row keeps."""
    return Fact(
        id=row.id,
        origin=row.origin,
        centre=row.centre,
        district=row.district,
        mode=Mode(row.mode),
        caused_by=row.caused_by,
        family=family,
        subject=row.subject,
        step=row.step,
        at=row.at,
        actor=row.actor,
        hlc=row.hlc,
        fields=dict(sorted(row.fields.items())),
        schema_version=row.schema_version,
    )


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in parts of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _by_family(facts: Sequence[Fact]) -> list[tuple[Family, list[dict[str, Any]]]]:
    families: dict[Family, list[dict[str, Any]]] = {}
    for fact in facts:
        families.setdefault(fact.family, []).append(_to_row(fact))
    return list(families.items())


def _to_row(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "origin": fact.origin,
        "centre": fact.centre,
        "district": fact.district,
        "mode": fact.mode.value,
        "caused_by": fact.caused_by,
        "subject": fact.subject,
        "step": fact.step,
        "at": fact.at,
        "actor": fact.actor,
        "hlc": fact.hlc,
        "fields": dict(fact.fields),
        "schema_version": fact.schema_version,
    }
