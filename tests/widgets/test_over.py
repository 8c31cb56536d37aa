"""A place over the bottom of a pane: it comes with what it holds, goes with it, and pushes nothing about."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtWidgets import QLabel, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.over import Over


class Bar(QLabel):
    """Something so high."""

    def __init__(self, height: int) -> None:
        super().__init__("bar")
        self._high = height
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(100, self._high)


class Desk:
    """A window with two panes; the lower one has two bars over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        self.upper, self.lower = QWidget(), QWidget()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.upper, 1)
        column.addWidget(self.lower, 1)
        self.window.setCentralWidget(page)
        self.first, self.second = Bar(30), Bar(50)
        self.over = Over(self.lower, self.window, self.first, self.second)
        self.window.resize(400, 400)
        self.window.show()
        qtbot.addWidget(self.window)
        qtbot.waitExposed(self.window)

    def bottom_of(self, pane: QWidget, height: int) -> QRect:
        """Return the lowest part of a pane, in the window's coordinates."""
        corner = pane.mapTo(self.window, QPoint(0, pane.height() - height))
        return QRect(corner, QSize(pane.width(), height))


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk(qtbot)


def test_it_is_not_there_while_it_holds_nothing_that_is_shown(desk: Desk) -> None:
    assert not desk.over.isVisible()
    desk.first.show()
    assert desk.over.isVisible()
    desk.first.hide()
    assert not desk.over.isVisible()


def test_it_lies_over_the_bottom_of_its_pane_as_high_as_what_is_shown(desk: Desk, qtbot: QtBot) -> None:
    panes = desk.upper.geometry(), desk.lower.geometry()
    desk.first.show()
    qtbot.waitUntil(lambda: desk.over.geometry() == desk.bottom_of(desk.lower, 30))
    desk.second.show()
    qtbot.waitUntil(lambda: desk.over.geometry() == desk.bottom_of(desk.lower, 80))
    assert desk.first.isVisible()
    desk.first.hide()
    qtbot.waitUntil(lambda: desk.over.geometry() == desk.bottom_of(desk.lower, 50))
    assert (desk.upper.geometry(), desk.lower.geometry()) == panes


def test_it_follows_its_pane(desk: Desk, qtbot: QtBot) -> None:
    desk.first.show()
    desk.window.resize(600, 500)
    qtbot.waitUntil(lambda: desk.over.width() > 500 and desk.over.geometry() == desk.bottom_of(desk.lower, 30))


def test_while_its_pane_is_hidden_it_lies_over_the_window(desk: Desk, qtbot: QtBot) -> None:
    desk.first.show()
    desk.lower.hide()
    qtbot.waitUntil(lambda: desk.over.geometry() == QRect(0, 370, 400, 30))
    assert desk.first.isVisible()
    desk.lower.show()
    qtbot.waitUntil(lambda: desk.over.geometry() == desk.bottom_of(desk.lower, 30))


def test_it_lies_above_what_is_put_up_later(desk: Desk, qtbot: QtBot) -> None:
    later = QWidget(desk.window)
    later.setGeometry(0, 0, 400, 400)
    later.show()
    desk.first.show()
    spot = desk.bottom_of(desk.lower, 30).center()
    qtbot.waitUntil(lambda: desk.over.geometry().contains(spot))
    found = desk.window.childAt(spot)
    assert found is desk.first
