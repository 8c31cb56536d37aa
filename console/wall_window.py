"""A monitor of the wall: one window with tiles and nothing else."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QScreen
from PySide6.QtWidgets import QMainWindow

from domain.clock import Clock
from widgets.wall import WallView


class WallWindow(QMainWindow):
    """One monitor's tiles, over the whole of its screen where there is one for it. Keys stay with the desk."""

    def __init__(self, number: int, clock: Clock) -> None:
        super().__init__()
        self.number = number
        self.setWindowTitle(f"Watchroom {number}")
        self.setWindowFlag(Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.wall = WallView(clock, self)
        self.wall.show_monitor_number(number)
        self.setCentralWidget(self.wall)

    def place_on(self, screen: QScreen) -> bool:
        """Fill this screen; return whether the window was not there already."""
        self.winId()  # the native window must exist before it can be moved to a screen
        handle = self.windowHandle()
        there = handle.screen() is screen
        if there and self.isVisible() and self.geometry() == screen.geometry():
            return False
        if not there:
            handle.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.setWindowState(Qt.WindowState.WindowFullScreen)
        self.show()
        self.setGeometry(screen.geometry())  # a window manager may have put it where it was before
        return True

    def show_ordinary(self) -> None:
        """Open as an ordinary window: there is no screen for this monitor."""
        if not self.isVisible() or self.isFullScreen():
            self.setWindowState(Qt.WindowState.WindowNoState)
            self.resize(1920, 1080)
            self.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: a wall goes when the desk goes."""
        event.ignore()
