import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.collector import Collector


class Ring:
    """A cycle that says on which thread it was collected."""

    def __init__(self, told: list[int]) -> None:
        self.me = self
        self._told = told

    def __del__(self) -> None:
        self._told.append(threading.get_ident())


def test_cycles_are_collected_on_the_ui_thread_whoever_makes_them(qtbot: QtBot) -> None:
    parent, told = QObject(), list[int]()
    collector = Collector(parent)
    try:
        maker = threading.Thread(target=lambda: [Ring(told) for _ in range(5000)])
        maker.start()
        maker.join()
        assert told == []
        qtbot.waitUntil(lambda: len(told) == 5000, timeout=5000)
        assert set(told) == {threading.get_ident()}
    finally:
        collector.end()
    assert gc.isenabled()
