import threading
from collections.abc import Iterator
from concurrent.futures import wait

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from db.writer import Urgency, Writer
from domain.errors import StorageError


@pytest.fixture
def engine(tmp_path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'w.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE line (word TEXT UNIQUE)"))
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine) -> Iterator[Writer]:
    writer = Writer(engine, lambda error: StorageError(f"refused: {error.orig}"))
    yield writer
    writer.close()


def put(word: str):
    def work(session: Session) -> str:
        session.execute(text("INSERT INTO line VALUES (:word)"), {"word": word})
        return word

    return work


def words(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT word FROM line ORDER BY rowid")).scalars())


def hold(writer: Writer) -> threading.Event:
    """Keep the writer busy until the event is set."""
    begun, release = threading.Event(), threading.Event()

    def work(_session: Session) -> None:
        begun.set()
        release.wait(10)

    writer.submit(Urgency.FIELD, work)
    assert begun.wait(10)
    return release


def test_operators_go_first_and_each_kind_keeps_its_order(writer, engine):
    release = hold(writer)
    asked = [(Urgency.FIELD, "f1"), (Urgency.FIELD, "f2"), (Urgency.OPERATOR, "o1"), (Urgency.OPERATOR, "o2")]
    futures = [writer.submit(urgency, put(word)) for urgency, word in asked]
    assert writer.waiting() == 4
    release.set()
    wait(futures, timeout=10)
    assert words(engine) == ["o1", "o2", "f1", "f2"]


def test_a_failing_work_fails_its_own_future_and_leaves_nothing(writer, engine):
    def half(session: Session) -> None:
        put("half")(session)
        raise ValueError("broken off")

    before, failing, after = (writer.submit(Urgency.FIELD, work) for work in (put("a"), half, put("b")))
    assert (before.result(10), after.result(10)) == ("a", "b")
    with pytest.raises(ValueError, match="broken off"):
        failing.result(10)
    assert words(engine) == ["a", "b"]


def test_what_sqlite_refuses_is_an_error_of_ours(writer):
    writer.do(Urgency.OPERATOR, put("once"))
    with pytest.raises(StorageError, match="refused: UNIQUE"):
        writer.do(Urgency.OPERATOR, put("once"))


def test_closing_finishes_what_was_asked_and_refuses_more(writer, engine):
    release = hold(writer)
    futures = [writer.submit(Urgency.FIELD, put(str(n))) for n in range(20)]
    closing = threading.Thread(target=writer.close)
    closing.start()
    release.set()
    closing.join(10)
    assert all(future.done() for future in futures)
    assert len(words(engine)) == 20
    with pytest.raises(StorageError, match="closed"):
        writer.submit(Urgency.OPERATOR, put("late"))


def test_a_cancelled_work_is_not_done(writer, engine):
    release = hold(writer)
    future = writer.submit(Urgency.FIELD, put("no"))
    assert future.cancel()
    release.set()
    assert writer.do(Urgency.FIELD, put("yes")) == "yes"
    assert words(engine) == ["yes"]


def test_a_work_that_waits_for_the_writer_is_told_so(writer):
    with pytest.raises(RuntimeError, match="waits for the writer"):
        writer.do(Urgency.FIELD, lambda _: writer.do(Urgency.FIELD, put("x")))
