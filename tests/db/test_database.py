import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.orm import Session

from db import schema
from db.database import Database
from db.engine import writing_engine
from db.tables import Base
from db.workstation import WorkstationStore
from db.writer import Urgency
from domain.errors import HomeError, StorageError

NEXT = f"{int(schema.HEAD) + 1:04}"
NEXT_STEP = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{NEXT}", "{schema.HEAD}"


def upgrade():
    op.add_column("camera", sa.Column("colour", sa.Text()))
"""


def test_a_new_database_has_the_schema_of_the_models(tmp_path, clock):
    Database.open(tmp_path / "w.db", clock).close()
    engine = writing_engine(tmp_path / "w.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": Base.metadata, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_head_is_the_newest_migration():
    assert ScriptDirectory(str(schema.SCRIPTS)).get_heads() == [schema.HEAD]


def test_the_file_is_durable_and_its_owners_alone(desk):
    with desk.db.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    pragma = text("PRAGMA synchronous")
    assert desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(pragma).scalar()) == 2
    assert desk.path.stat().st_mode & 0o077 == 0
    assert desk.db.problems() == ()


def test_a_read_session_cannot_write(desk):
    with pytest.raises(StorageError, match="readonly"), desk.db.reading() as session:
        session.execute(text("DELETE FROM camera"))


def test_a_workstation_keeps_its_identity(tmp_path, clock):
    origins = set()
    for _ in range(2):
        db = Database.open(tmp_path / "w.db", clock)
        origins.add(WorkstationStore(db).origin())
        db.close()
    assert len(origins) == 1


def test_the_hybrid_clock_goes_on_after_the_last_fact(tmp_path, clock, desks):
    desk = desks("here")
    desk.raise_sos()
    newest = desk.feed.changes_after(0, 10)[-1].hlc
    clock.advance(-3600)
    again = Database.open(desk.path, clock)
    assert again.hybrid_clock.tick() == newest + 1
    again.close()


def test_each_migration_keeps_a_copy_of_what_was_before(desk, tmp_path):
    alarm = desk.raise_sos()
    desk.db.close()
    scripts = tmp_path / "migrations"
    shutil.copytree(schema.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / f"{NEXT}_colour.py").write_text(NEXT_STEP)
    engine = writing_engine(desk.path)
    assert schema.migrate(engine, desk.path, scripts, NEXT) is True
    assert schema.migrate(engine, desk.path, scripts, NEXT) is False
    engine.dispose()
    before = desk.path.with_name(f"watchroom.db.before-{NEXT}")
    assert before.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(before)) as connection:
        assert connection.execute("SELECT count(*) FROM alarm").fetchone() == (1,)
        assert "colour" not in str(connection.execute("SELECT sql FROM sqlite_master").fetchall())
    with closing(sqlite3.connect(desk.path)) as connection:
        assert connection.execute("SELECT id FROM alarm").fetchone() == (alarm.id.hex,)
        assert connection.execute("SELECT count(colour) FROM camera").fetchone() == (0,)


def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(desk, tmp_path):
    desk.raise_sos()
    desk.db.close()
    scripts = tmp_path / "migrations"
    shutil.copytree(schema.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / f"{NEXT}_broken.py").write_text(NEXT_STEP + '    op.execute("NOT SQL")\n')
    engine = writing_engine(desk.path)
    with pytest.raises(StorageError, match="syntax error"):
        schema.migrate(engine, desk.path, scripts, NEXT)
    engine.dispose()
    with closing(sqlite3.connect(desk.path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.HEAD,)
        assert "colour" not in str(connection.execute("SELECT sql FROM sqlite_master").fetchall())


def test_a_newer_programs_database_is_refused(desk, clock):
    desk.db.writer.do(
        Urgency.FIELD, lambda session: session.execute(text("UPDATE alembic_version SET version_num='9999'"))
    )
    desk.db.close()
    with pytest.raises(StorageError, match="written by a newer program") as caught:
        Database.open(desk.path, clock)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path, clock):
    path = tmp_path / "w.db"
    path.write_bytes(b"holiday photographs" * 100)
    with pytest.raises(StorageError, match="not a database") as caught:
        Database.open(path, clock)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"holiday photographs" * 100


def test_another_programs_database_is_refused(tmp_path, clock):
    with closing(sqlite3.connect(tmp_path / "w.db")) as connection:
        connection.execute("CREATE TABLE photograph (id)")
    with pytest.raises(StorageError, match="of another program"):
        Database.open(tmp_path / "w.db", clock)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path, clock):
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="can't be written: Not a directory"):
        Database.open(tmp_path / "file" / "home" / "w.db", clock)


def test_a_read_only_folder_is_refused(clock):
    with pytest.raises(HomeError, match="the folder /proc/self can't be written") as caught:
        Database.open(Path("/proc/self/w.db"), clock)
    assert "\n" not in str(caught.value)


def test_a_backup_is_taken_while_work_goes_on(desk, tmp_path, clock):
    alarm = desk.raise_sos()
    desk.db.backup(tmp_path / "copy.db")
    copied = Database.open(tmp_path / "copy.db", clock)
    with copied.reading() as session:
        assert session.execute(text("SELECT id FROM alarm")).scalar() == alarm.id.hex
    copied.close()


def test_a_closed_database_takes_no_writes(desk):
    desk.db.close()
    with pytest.raises(StorageError, match="closed"):
        desk.raise_sos()


def test_a_full_disk_is_an_error_of_ours(desk):
    def limit(session: Session) -> None:
        session.execute(text("PRAGMA max_page_count=1"))

    desk.db.writer.do(Urgency.FIELD, limit)
    with pytest.raises(StorageError, match="disk is full"):
        desk.events.take([desk.report(raw="x" * 8000) for _ in range(500)])
