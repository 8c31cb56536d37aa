"""A whole console in this process, and somebody at its desk."""

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.core import Core
from console.home import Home
from console.program import Program
from console.settings import DeskSettings, Settings
from console.start import SigningIn, open_core
from domain.clock import SystemClock
from domain.operator import Role
from tests.console.surroundings import operator


class Started:
    """A console in this process, without its map."""

    def __init__(self, qtbot: QtBot, path: Path, settings: Settings | None = None) -> None:
        self._qtbot = qtbot
        self.home = Home(path)
        self.home.prepare()
        self.home.take()
        self.settings = settings or Settings(desk=DeskSettings(language="en"))
        self.program = Program(self.settings, SystemClock())
        self.program.window.first_painted.disconnect()  # the web engine is tested in widgets/
        self.window = self.program.window
        self.door = SigningIn(self.program)
        self.program.opened.connect(self.door.begin)
        self.failed: list[Exception] = []
        self.program.failed.connect(self.failed.append)

    def open(self, make_core: Callable[[], Core] | None = None) -> None:
        self.program.show()
        self.program.open(make_core or partial(open_core, self.home, self.settings))
        self._qtbot.waitUntil(lambda: self.program.desk is not None or bool(self.failed), timeout=20_000)

    @property
    def core(self) -> Core:
        assert self.program.core is not None
        return self.program.core

    @property
    def desk(self) -> Any:
        assert self.program.desk is not None
        return self.program.desk

    def until(self, condition: Callable[[], Any]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=30_000)

    def sit_down(self, role: Role = Role.OPERATOR) -> None:
        self.desk.sign_in(operator(role))
        self.window.activateWindow()
        self.until(lambda: QApplication.activeWindow() is self.window)
        self.window.wall.setFocus()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        text = chr(key) if 0x20 <= key < 0x7F else ""
        target: QWidget = QApplication.focusWidget() or self.window.wall
        QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, modifier, text))

    def said(self) -> str:
        return self.window.strip._text.text()

    def close(self) -> None:
        """End it, and take its widgets down here: left to the garbage collector, any thread might."""
        self.program.close()
        self.home.release()
        self.window.hide()
        shiboken6.delete(self.window)
        shiboken6.delete(self.program)
        gc.collect()
