"""Connections to the SQLite file: one that writes, some that can only read."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from db.codec import dump, load
from domain.errors import StorageError

BUSY_TIMEOUT_S = 10.0

_PRAGMAS = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA secure_delete=ON")


def writing_engine(path: Path) -> Engine:
    """Return the engine of the one connection that writes; each transaction takes the write lock at its beginning."""
    return _engine(path, _PRAGMAS, "BEGIN IMMEDIATE", connections=1)


def reading_engine(path: Path) -> Engine:
    """Return an engine whose connections cannot write, whatever is asked of them."""
    return _engine(path, ("PRAGMA query_only=ON",), "BEGIN", connections=5)


def storage_error(path: Path, error: DBAPIError) -> StorageError:
    """Return the error of ours that says in one line what SQLite complained of."""
    return StorageError(f"the database {path} can't be used: {error.orig}")


def _engine(path: Path, pragmas: tuple[str, ...], begin: str, connections: int) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=connections,
        max_overflow=0 if connections == 1 else 10,
        json_serializer=dump,
        json_deserializer=load,
        connect_args={"timeout": BUSY_TIMEOUT_S},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        for pragma in pragmas:
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
