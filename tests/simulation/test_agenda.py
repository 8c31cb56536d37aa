import io
import json
import threading
from collections.abc import Iterator

import pytest

from domain.clock import FastClock, SystemClock
from domain.errors import BadInputError
from simulation.agenda import Agenda
from simulation.journal import Journal


@pytest.fixture
def words() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def agenda(words: io.StringIO) -> Iterator[Agenda]:
    clock = SystemClock()
    agenda = Agenda(clock, Journal(clock, words))
    agenda.start()
    yield agenda
    agenda.close()


def test_things_are_done_in_order_of_their_time_and_then_of_asking(agenda: Agenda) -> None:
    done: list[int] = []
    ready = threading.Event()
    agenda.after(0.10, ready.set)
    agenda.after(0.05, lambda: done.append(3))
    agenda.after(0.0, lambda: done.append(1))
    agenda.after(0.0, lambda: done.append(2))
    assert ready.wait(5)
    assert done == [1, 2, 3]


def test_something_is_done_again_and_again_even_when_it_fails(agenda: Agenda, words: io.StringIO) -> None:
    turns = threading.Semaphore(0)

    def fail() -> None:
        turns.release()
        raise ValueError("a bad turn")

    agenda.every(0.01, fail)
    for _ in range(3):
        assert turns.acquire(timeout=5)
    agenda.close()
    first = json.loads(words.getvalue().splitlines()[0])
    assert first["what"] == "went wrong"
    assert "a bad turn" in first["error"]


def test_an_answer_and_an_error_come_back_to_who_asked(agenda: Agenda) -> None:
    def refuse() -> None:
        raise BadInputError("no")

    assert agenda.ask(lambda: threading.current_thread().name) == "agenda"
    with pytest.raises(BadInputError):
        agenda.ask(refuse)


def test_a_fast_clock_brings_things_forward(words: io.StringIO) -> None:
    clock = FastClock(100.0)
    agenda = Agenda(clock, Journal(clock, words))
    agenda.start()
    done = threading.Event()
    agenda.after(50.0, done.set)
    assert done.wait(5)
    agenda.close()


def test_an_agenda_that_never_began_can_be_closed(words: io.StringIO) -> None:
    clock = SystemClock()
    Agenda(clock, Journal(clock, words)).close()
