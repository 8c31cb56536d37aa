"""PySide6 6.12.0 drops a reference per call on Python 3.11 and aborts; the pin is guarded by a flood."""

import sys

from PySide6 import __version__
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

FLOOD = 100_000


class Source(QObject):
    told = Signal(object)


class Canvas(QWidget):
    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), self.palette().window())
        self.painted += 1


def test_the_pinned_binding_survives_a_hundred_thousand_signals_and_repaints(qtbot: QtBot) -> None:
    assert __version__ == "6.11.3"
    source, canvas, heard = Source(), Canvas(), []
    qtbot.addWidget(canvas)
    canvas.resize(8, 8)
    with qtbot.waitExposed(canvas):
        canvas.show()
    before = sys.getrefcount(None)
    source.told.connect(heard.append)
    for number in range(FLOOD):
        source.told.emit(number)
        canvas.repaint()
    assert len(heard) == FLOOD
    assert canvas.painted >= FLOOD
    assert abs(sys.getrefcount(None) - before) < FLOOD // 10
