"""The database of this workstation: one SQLite file, its one writer, and short reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db import schema, state
from db.engine import reading_engine, storage_error, writing_engine
from db.facts import highest_hlc
from db.projections import rebuild
from db.unknown import adopt
from db.writer import Urgency, Writer
from domain.clock import Clock
from domain.errors import HomeError, StorageError
from domain.hlc import HybridClock


class Database:
    """An open database; made by `open`. Its stores write through `writer` and read with `reading`."""

    def __init__(self, path: Path, clock: Clock, writing: Engine) -> None:
        self.path = path
        self.clock = clock
        self._writing = writing
        self._reading = reading_engine(path)
        self.writer = Writer(writing, lambda error: storage_error(path, error))
        with self.reading() as session:
            self.hybrid_clock = HybridClock(clock, highest_hlc(session))

    @classmethod
    def open(cls, path: Path, clock: Clock) -> "Database":
        """Open the file, made where there is none, and bring it to this program's schema.

        HomeError where its folder can't be written; StorageError where the file can't be used or is a newer
        program's.
        """
        _make(path)
        writing = writing_engine(path)
        try:
            changed = schema.migrate(writing, path)
            _prepare(writing, path, changed=changed)
            return cls(path, clock, writing)
        except StorageError:
            writing.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for a short read; what SQLite refuses comes out as StorageError."""
        try:
            with Session(self._reading) as session:
                yield session
        except DBAPIError as error:
            raise storage_error(self.path, error) from error

    def rebuild(self) -> int:
        """Fold all projections again from the facts and return how many stand."""
        return self.writer.do(Urgency.FIELD, rebuild)

    def problems(self) -> tuple[str, ...]:
        """Return what SQLite finds wrong with the file; empty where it is sound."""
        with self.reading() as session:
            found = session.connection().exec_driver_sql("PRAGMA integrity_check").scalars()
            return tuple(str(line) for line in found if line != "ok")

    def backup(self, into: Path) -> None:
        """Write a consistent copy while work goes on."""
        schema.copy(self.path, into)

    def empty_journal(self) -> None:
        """Move the write-ahead journal into the file and cut it to nothing, as far as readers let it."""
        schema.empty_journal(self.path)

    def close(self) -> None:
        """Finish the writes that were asked for and let go of the file."""
        self.writer.close()
        self._reading.dispose()
        self._writing.dispose()


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        probe = path.with_name(f".{path.name}.probe")  # SQLite needs to make files beside the database
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise HomeError(f"the folder {path.parent} can't be written: {error.strerror}") from error


def _prepare(writing: Engine, path: Path, *, changed: bool) -> None:
    try:
        with Session(writing) as session, session.begin():
            state.begin(session)
            if adopt(session) or changed:
                rebuild(session)
    except DBAPIError as error:
        raise storage_error(path, error) from error
