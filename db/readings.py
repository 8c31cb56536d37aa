"""Readings of the sensors: as measured, by the minute, and the newest of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.database import Database
from db.facts import chunks
from db.tables import ReadingLatestRow, ReadingMinuteRow, ReadingRow
from db.writer import Urgency
from domain.reading import Quantity, Reading

AT_ONCE = 1000  # readings in one transaction, so that an operator's write never waits for more
FINE_FOR = timedelta(minutes=15)  # the strip on the desk; longer spans are drawn from minutes

_SUMMED = frozenset({Quantity.PRECIPITATION})  # fallen since the last reading
_NEWEST = frozenset({Quantity.WIND_DIRECTION, Quantity.ROAD_STATE})  # an angle and a code have no mean

_Key = tuple[str, str, datetime]


class ReadingStore:
    """What the sensors measured."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def take(self, readings: Sequence[Reading]) -> int:
        """Commit the readings and return how many were new.

        There is one value for a moment, sensor and quantity: the first that came. Only new ones count in the minutes.
        """
        parts = [
            self._db.writer.submit(Urgency.FIELD, partial(_take, readings=part)) for part in chunks(readings, AT_ONCE)
        ]
        return sum(part.result() for part in parts)

    def latest(self) -> tuple[Reading, ...]:
        """Return the newest value of each quantity of each sensor."""
        with self._db.reading() as session:
            rows = session.scalars(select(ReadingLatestRow))
            return tuple(Reading(row.id, row.sensor, row.ts, Quantity(row.quantity), row.value) for row in rows)

    def history(
        self, sensor: str, quantity: Quantity, since: datetime, until: datetime | None = None
    ) -> tuple[Reading, ...]:
        """Return what a sensor measured from `since` to before `until` (or now), oldest first.

        Spans of up to 15 minutes are as measured. Longer ones have one value a minute, at its beginning, with an empty
        id: the mean; for precipitation the sum; for wind direction and road state the newest.
        """
        end = until or self._db.clock.now() + timedelta(microseconds=1)
        with self._db.reading() as session:
            if end - since <= FINE_FOR:
                return _fine(session, sensor, quantity, since, end)
            return _by_minute(session, sensor, quantity, since, end)


@dataclass(slots=True)
class _Minute:
    """What one minute gains."""

    count: int
    total: float
    low: float
    high: float
    last: float
    last_ts: datetime

    def add(self, at: datetime, value: float) -> None:
        self.count += 1
        self.total += value
        self.low = min(self.low, value)
        self.high = max(self.high, value)
        if at >= self.last_ts:
            self.last, self.last_ts = value, at


def _take(session: Session, readings: Sequence[Reading]) -> int:
    rows = {
        (reading.at, reading.sensor, reading.quantity.value): {
            "ts": reading.at,
            "sensor": reading.sensor,
            "quantity": reading.quantity.value,
            "value": reading.value,
            "id": reading.id,
        }
        for reading in reversed(readings)  # of two with one key the first that came
    }
    if not rows:
        return 0
    statement = (
        sqlite.insert(ReadingRow)
        .on_conflict_do_nothing()
        .returning(ReadingRow.ts, ReadingRow.sensor, ReadingRow.quantity)
    )
    new = [rows[at, sensor, quantity] for at, sensor, quantity in session.execute(statement, list(rows.values()))]
    if new:
        _add_to_minutes(session, new)
        _keep_latest(session, new)
    return len(new)


def _add_to_minutes(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    minutes: dict[_Key, _Minute] = {}
    for row in rows:
        at, value = row["ts"], row["value"]
        key = (row["sensor"], row["quantity"], at.replace(second=0, microsecond=0))
        if key in minutes:
            minutes[key].add(at, value)
        else:
            minutes[key] = _Minute(1, value, value, value, value, at)
    statement = sqlite.insert(ReadingMinuteRow)
    given, kept = statement.excluded, ReadingMinuteRow
    newer = given.last_ts >= kept.last_ts
    statement = statement.on_conflict_do_update(
        index_elements=[kept.sensor, kept.quantity, kept.minute],
        set_={
            "count": kept.count + given.count,
            "total": kept.total + given.total,
            "low": func.min(kept.low, given.low),
            "high": func.max(kept.high, given.high),
            "last": func.iif(newer, given.last, kept.last),
            "last_ts": func.max(kept.last_ts, given.last_ts),
        },
    )
    session.execute(
        statement,
        [
            {
                "sensor": sensor,
                "quantity": quantity,
                "minute": minute,
                "count": gain.count,
                "total": gain.total,
                "low": gain.low,
                "high": gain.high,
                "last": gain.last,
                "last_ts": gain.last_ts,
            }
            for (sensor, quantity, minute), gain in minutes.items()
        ],
    )


def _keep_latest(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["sensor"], row["quantity"])
        if key not in newest or row["ts"] > newest[key]["ts"]:
            newest[key] = row
    statement = sqlite.insert(ReadingLatestRow)
    given, kept = statement.excluded, ReadingLatestRow
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[kept.sensor, kept.quantity],
            set_={"ts": given.ts, "value": given.value, "id": given.id},
            where=given.ts > kept.ts,
        ),
        list(newest.values()),
    )


def _fine(session: Session, sensor: str, quantity: Quantity, since: datetime, until: datetime) -> tuple[Reading, ...]:
    query = (
        select(ReadingRow)
        .where(ReadingRow.ts >= since, ReadingRow.ts < until)
        .where(ReadingRow.sensor == sensor, ReadingRow.quantity == quantity.value)
        .order_by(ReadingRow.ts)
    )
    return tuple(Reading(row.id, sensor, row.ts, quantity, row.value) for row in session.scalars(query))


def _by_minute(
    session: Session, sensor: str, quantity: Quantity, since: datetime, until: datetime
) -> tuple[Reading, ...]:
    kept = ReadingMinuteRow
    value: ColumnElement[float] | InstrumentedAttribute[float] = kept.total / kept.count
    if quantity in _SUMMED:
        value = kept.total
    elif quantity in _NEWEST:
        value = kept.last
    query = (
        select(kept.minute, value)
        .where(kept.sensor == sensor, kept.quantity == quantity.value)
        .where(kept.minute >= since.replace(second=0, microsecond=0), kept.minute < until)
        .order_by(kept.minute)
    )
    return tuple(Reading("", sensor, minute, quantity, float(found)) for minute, found in session.execute(query))
