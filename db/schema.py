"""Brings the database file to the schema of this program, with a backup before each step."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import DBAPIError

from db.engine import BUSY_TIMEOUT_S, storage_error
from domain.errors import StorageError

HEAD = "0003"  # the newest file of migrations/versions; so that alembic is loaded only when there is work for it
SCRIPTS = Path(__file__).parent / "migrations"
BACKUPS_KEPT = 2  # each holds the keys of people who may be erased later


def migrate(engine: Engine, path: Path, scripts: Path = SCRIPTS, head: str = HEAD) -> bool:
    """Apply what is missing, one revision at a time, and return whether an existing database was changed.

    Each revision is one transaction, after a copy of the file to `<name>.before-<revision>`. StorageError where the
    database was written by a newer program or can't be read.
    """
    try:
        current = _revision(engine)
        if current == head:
            return False
        _upgrade(engine, path, scripts, head, current)
    except DBAPIError as error:
        raise storage_error(path, error) from error
    return current is not None


def copy(path: Path, into: Path) -> None:
    """Write a consistent copy of a database in use, readable by its owner only; StorageError if that fails."""
    try:
        into.unlink(missing_ok=True)
        into.touch(mode=0o600)
        where = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(where, uri=True)) as source, closing(sqlite3.connect(into)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"the database {path} can't be copied to {into}: {error}") from error


def empty_journal(path: Path) -> None:
    """Move the write-ahead journal into the file and cut it to nothing; StorageError where that can't be done."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error as error:
        raise StorageError(f"the database {path} can't be tidied: {error}") from error


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" not in tables:
            if tables:
                raise StorageError(f"{engine.url.database} is a database of another program")
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _upgrade(engine: Engine, path: Path, scripts: Path, head: str, current: str | None) -> None:
    from alembic import command  # noqa: PLC0415 - loading it costs 0.2 s and most starts do not need it
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    steps = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions("base", head)][::-1]
    if current is not None and current not in steps:
        raise StorageError(
            f"the database {path} was written by a newer program (schema {current}, this one knows {head}): "
            "install that program, or restore a backup"
        )
    for step in steps[steps.index(current) + 1 if current is not None else 0 :]:
        if current is not None:
            copy(path, path.with_name(f"{path.name}.before-{step}"))
            _drop_old_backups(path)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, step)


def _drop_old_backups(path: Path) -> None:
    backups = sorted(path.parent.glob(f"{path.name}.before-*"), key=lambda backup: backup.stat().st_mtime_ns)
    for backup in backups[:-BACKUPS_KEPT]:
        backup.unlink()
