"""Incident numbers: from headquarters' blocks, or of our own while there are none."""

from sqlalchemy import Select, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from db import state
from db.database import Database
from db.tables import NumberBlockRow
from db.writer import Urgency
from domain.record import Workplace


class NumberStore:
    """The numbers that this workstation may give; each is given once."""

    def __init__(self, db: Database, workplace: Workplace) -> None:
        self._db = db
        self._workplace = workplace

    def take(self, year: int) -> str:
        """Return the next number: `2026-anyang-000123`, or `L-<workstation>-n` while there is no block for the year."""

        def work(session: Session) -> str:
            block = session.scalar(_usable(year).order_by(NumberBlockRow.first).limit(1))
            if block is None:
                return self._local(session)
            number = block.next
            block.next += 1
            return f"{year}-{self._workplace.centre}-{number:06d}"

        return self._db.writer.do(Urgency.OPERATOR, work)

    def refill(self, year: int, first: int, count: int) -> None:
        """Keep a block of headquarters'; the same block again changes nothing."""
        block = {"year": year, "first": first, "last": first + count - 1, "next": first}
        statement = sqlite.insert(NumberBlockRow).on_conflict_do_nothing()
        self._db.writer.do(Urgency.FIELD, lambda session: session.execute(statement, block))

    def left(self, year: int) -> int:
        """Return how many of headquarters' numbers are left for the year."""
        with self._db.reading() as session:
            span = func.sum(NumberBlockRow.last - NumberBlockRow.next + 1)
            return session.scalar(select(span).where(NumberBlockRow.year == year)) or 0

    def _local(self, session: Session) -> str:
        number = int(state.recall(session, state.LOCAL_NUMBER) or 0) + 1
        state.keep(session, state.LOCAL_NUMBER, str(number))
        return f"L-{self._workplace.origin.hex[:6]}-{number}"


def _usable(year: int) -> Select[NumberBlockRow]:
    return select(NumberBlockRow).where(NumberBlockRow.year == year, NumberBlockRow.next <= NumberBlockRow.last)
