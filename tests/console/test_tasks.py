import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.tasks import Lane, Tasks


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    del qtbot
    tasks = Tasks()
    yield tasks
    tasks.close()


def test_the_answer_lands_on_the_ui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    owner = QObject()
    seen: list[tuple[int, int]] = []
    tasks.run(Lane.NETWORK, threading.get_ident, owner, lambda worker: seen.append((worker, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen), timeout=2000)
    worker, landed = seen[0]
    assert worker != threading.get_ident()
    assert landed == threading.get_ident()


def test_a_failure_without_a_handler_reaches_the_message_strip(qtbot: QtBot, tasks: Tasks) -> None:
    owner = QObject()

    def refuse() -> None:
        raise ConnectionError("camera 12 does not answer")

    with qtbot.waitSignal(tasks.failed, timeout=2000) as failed:
        tasks.run(Lane.NETWORK, refuse, owner, lambda _: None)
    assert isinstance(failed.args[0], ConnectionError)


def test_a_failure_with_a_handler_reaches_only_that(qtbot: QtBot, tasks: Tasks) -> None:
    owner = QObject()
    seen: list[Exception] = []
    everywhere: list[Exception] = []
    tasks.failed.connect(everywhere.append)

    def refuse() -> None:
        raise ValueError

    tasks.run(Lane.DATABASE, refuse, owner, lambda _: None, seen.append)
    qtbot.waitUntil(lambda: bool(seen), timeout=2000)
    assert everywhere == []


def test_an_answer_for_a_closed_window_is_dropped(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    owner = QObject()
    seen: list[object] = []
    tasks.run(Lane.DATABASE, gate.wait, owner, seen.append)
    with qtbot.waitSignal(owner.destroyed, timeout=2000):
        owner.deleteLater()
    gate.set()
    after = QObject()
    done: list[bool] = []
    tasks.run(Lane.DATABASE, lambda: True, after, done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=2000)
    assert seen == []


def test_work_of_the_database_lane_keeps_its_order(qtbot: QtBot, tasks: Tasks) -> None:
    owner = QObject()
    begun: list[int] = []
    done: list[int] = []
    for number in range(50):
        tasks.run(Lane.DATABASE, lambda number=number: begun.append(number) or number, owner, done.append)
    qtbot.waitUntil(lambda: len(done) == 50, timeout=2000)
    assert begun == done == list(range(50))


def test_nothing_is_taken_after_closing(qtbot: QtBot) -> None:
    del qtbot
    tasks = Tasks()
    tasks.close()
    tasks.run(Lane.DATABASE, lambda: pytest.fail("ran"), tasks, lambda _: None)
