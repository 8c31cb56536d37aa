"""A database that the program of schema 0001 wrote (tests/db/written_by_0001.sql, its dump) is taken over whole."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from db import schema
from db.alarms import AlarmStore
from db.audit import AuditStore
from db.cameras import CameraStore
from db.database import Database
from db.feed import ChangeFeed
from db.incidents import IncidentStore
from db.operators import OperatorStore
from db.readings import ReadingStore
from db.wall_orders import WallOrderStore
from db.walls import WallStore
from domain.camera import RecordingPlan, Transport
from domain.record import Mode, Workplace
from tests.db.register import CAMERA

WRITTEN = Path(__file__).with_name("written_by_0001.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "watchroom.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(WRITTEN.read_text())
    return path


def contents(path: Path) -> dict[str, list[dict[str, object]]]:
    """Give every row of every table, by the names of its columns."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        tables = [str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')] for table in tables}


def by_values(rows: list[dict[str, object]]) -> list[str]:
    return sorted(repr(sorted(row.items())) for row in rows)


def test_every_row_of_the_first_schema_outlives_the_step_to_the_second(old, clock):
    before = contents(old)
    assert all(before.values()), "the old database has rows in every table"
    Database.open(old, clock).close()
    after = contents(old)
    known = before.pop("alembic_version"), before.pop("unknown")
    assert known[0] == [{"version_num": "0001"}]
    for wall in before["wall"]:
        wall["views"] = wall.pop("layout")
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert by_values(kept) == by_values(rows), table
    assert after["alembic_version"] == [{"version_num": schema.HEAD}]
    assert [row["kind"] for row in after["unknown"]] == ["patrol_event"]
    assert [row["id"] for row in after["wall_event"]] == [UUID(int=77).hex]


def test_the_stores_work_on_as_before_and_new_columns_have_their_beginnings(old, clock):
    db = Database.open(old, clock)
    try:
        place = Workplace(UUID(int=1), "anyang", Mode.TEST)
        alarms = AlarmStore(db, place, db.hybrid_clock).open()
        assert [alarm.waiting for alarm in alarms] == [True, False]
        (incident,) = IncidentStore(db, place, db.hybrid_clock).open()
        assert incident.log[-1].fields == (("text", "순찰차 도착"),)
        beginnings = replace(
            CAMERA, transport=Transport.TCP, basic_allowed=False, masks=(), recording=RecordingPlan.EVENTS
        )
        assert CameraStore(db).find(417) == beginnings
        assert OperatorStore(db).verify("kim", "a long password") is not None
        assert [reading.value for reading in ReadingStore(db).latest()] == [21.5]
        assert AuditStore(db).verify() is None
        (wall,) = WallStore(db).all("kim")
        assert (wall.name, wall.owner, wall.views) == ("밤", "", {})
        (south,) = WallOrderStore(db, place, db.hybrid_clock).workstations()
        assert (south.name, south.monitors[0].width) == ("south", 1920)
        assert isinstance(south.seen_at, datetime)
        assert ChangeFeed(db, db.hybrid_clock).last_seq() == 9
    finally:
        db.close()


def test_the_database_before_the_step_is_kept_beside_it(old, clock):
    before = contents(old)
    Database.open(old, clock).close()
    assert contents(old.with_name("watchroom.db.before-0002")) == before
