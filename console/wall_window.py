"""A monitor of the wall: one window with tiles and nothing else."""

from PySide6.QtGui import QCloseEvent, QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow

from domain.clock import Clock
from widgets.wall import WallView


class WallWindow(QMainWindow):
    """One monitor's tiles, over the whole of its screen where there is one for it."""

    def __init__(self, number: int, clock: Clock) -> None:
        super().__init__()
        self.number = number
        self.setWindowTitle(f"Watchroom {number}")
        self.wall = WallView(clock, self)
        self.setCentralWidget(self.wall)

    def show_on_its_screen(self) -> None:
        """Fill the screen of its number, counted from 1; without one, open as an ordinary window."""
        screen = _screen(self.number)
        if screen is None:
            self.resize(1920, 1080)
            self.show()
            return
        self.winId()  # the native window must exist before it can be moved to a screen
        handle = self.windowHandle()
        if handle is not None:
            handle.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stay: a wall goes when the desk goes."""
        event.ignore()


def _screen(number: int) -> QScreen | None:
    screens = QGuiApplication.screens()
    return screens[number - 1] if 1 < number <= len(screens) else None
