"""The windows of a workstation's other monitors: each where it belongs, while monitors come and go."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QScreen

from console.wall_bindings import Bindings, ScreenName
from console.wall_window import WallWindow

_log = logging.getLogger(__name__)

_SETTLE_MS = 150  # one cable pulled is a dozen signals
_FIRST = 2  # monitor 1 is the desk's own wall
_ORDINARY = 3.78  # pixels a millimetre where a screen does not say how large it is: 96 an inch
_BELIEVED = (1.0, 30.0)  # projectors and virtual screens tell sizes of 0 or 1 mm


class Monitors(QObject):
    """Full-screen windows on the screens that they are bound to; the binding is remembered in a file.

    A window whose screen is away is hidden, never destroyed, and is back where it was when the screen is. No window
    goes to a screen that nobody bound it to. A monitor for which there is no screen opens as an ordinary window.
    """

    placed = Signal(object)  # WallWindow: it is on its screen, perhaps another one than before
    settled = Signal()  # windows are where they belong; screens or bindings may be others than before

    def __init__(
        self, memory: Path, make: Callable[[int], WallWindow], desk_screen: Callable[[], QScreen], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._memory = QSettings(str(memory), QSettings.Format.IniFormat)
        self._make = make
        self.desk_screen = desk_screen
        self._bindings = Bindings(_read(self._memory))
        self._windows: dict[int, WallWindow] = {}
        self._settler = QTimer(self)
        self._settler.setSingleShot(True)
        self._settler.setInterval(_SETTLE_MS)
        self._settler.timeout.connect(self._settle)
        self._follow_screens()

    @property
    def windows(self) -> tuple[WallWindow, ...]:
        """The windows, also those whose screen is away."""
        return tuple(window for _, window in sorted(self._windows.items()))

    @property
    def remembered(self) -> tuple[int, ...]:
        """The monitors that were bound to a screen here before."""
        return tuple(sorted(self._bindings.bound))

    @property
    def bound(self) -> Mapping[int, ScreenName]:
        """Which screen each monitor belongs to, whether it is there or not."""
        return self._bindings.bound

    @property
    def found(self) -> Mapping[int, ScreenName]:
        """Which screen each monitor belongs to that is there."""
        return self._bindings.found([name_of(screen) for screen in _screens()])

    def screens(self) -> list[QScreen]:
        """Return the screens that a monitor's window could be on: all but the desk's."""
        return [screen for screen in _screens() if screen is not self.desk_screen()]

    def restore(self) -> None:
        """Open the windows of all monitors whose screens are remembered; those whose screen is away come with it."""
        for number in self.remembered:
            self._window(number)
        self._settle()

    def open(self, number: int) -> WallWindow:
        """Open a monitor's window; one that has no screen yet is bound to the next one that is free."""
        window = self._window(number)
        if number not in self._bindings.bound:
            free = self._bindings.free([name_of(screen) for screen in self.screens()])
            if free:
                self.bind(number, free[0])
            else:
                window.show_ordinary()
        self._settle()
        return window

    def bind(self, number: int, screen: ScreenName) -> None:
        """Let a monitor's window belong to this screen from now on, here and after the next start.

        Another window that belonged to it goes where this one was.
        """
        self._bindings.exchange(number, screen, [name_of(each) for each in _screens()])
        _write(self._memory, self._bindings)
        self._settler.start()

    def close(self) -> None:
        """Take all windows away."""
        self._settler.stop()
        for window in self._windows.values():
            window.hide()
            window.deleteLater()
        self._windows.clear()
        self._memory.sync()

    def _window(self, number: int) -> WallWindow:
        if number not in self._windows:
            self._windows[number] = self._make(number)
        return self._windows[number]

    # -- screens

    def _follow_screens(self) -> None:
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._screen_added)
            application.screenRemoved.connect(self._screen_removed)
        for screen in QGuiApplication.screens():
            self._watch(screen)

    def _watch(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._settler.start)
        screen.physicalDotsPerInchChanged.connect(self._settler.start)

    @Slot(QScreen)
    def _screen_added(self, screen: QScreen) -> None:
        _log.info("screen %s is there, %s", screen.name(), screen.geometry())
        self._watch(screen)
        self._settler.start()

    @Slot(QScreen)
    def _screen_removed(self, screen: QScreen) -> None:
        _log.info("screen %s is gone", screen.name())
        self._settler.start()

    @Slot()
    def _settle(self) -> None:
        """Bring every window to its screen, and hide those whose screen is away."""
        screens = {name_of(screen): screen for screen in _screens()}
        found = self._bindings.found(list(screens))
        for number, window in self._windows.items():
            if number in found:
                if window.place_on(screens[found[number]]):
                    self.placed.emit(window)
            elif number in self._bindings.bound:
                window.hide()
            else:
                window.show_ordinary()
        self.settled.emit()


def name_of(screen: QScreen) -> ScreenName:
    """Return how a screen is known again."""
    told = screen.serialNumber()
    serial = f"{screen.manufacturer()}/{screen.model()}/{told}" if told else ""
    return ScreenName(serial, screen.name())


def pixels_per_mm(screen: QScreen) -> float:
    """Return how many device pixels a millimetre of this screen has; as on an ordinary one where it tells nonsense."""
    wide_mm = screen.physicalSize().width()
    told = screen.geometry().width() * screen.devicePixelRatio() / wide_mm if wide_mm > 0 else 0.0
    return told if _BELIEVED[0] <= told <= _BELIEVED[1] else _ORDINARY


def _screens() -> list[QScreen]:
    """Return the screens that show something."""
    return [screen for screen in QGuiApplication.screens() if not screen.geometry().isEmpty()]


def _read(memory: QSettings) -> dict[int, ScreenName]:
    remembered: dict[int, ScreenName] = {}
    memory.beginGroup("monitors")
    for group in memory.childGroups():
        connector = str(memory.value(f"{group}/connector", ""))
        if group.isascii() and group.isdigit() and int(group) >= _FIRST and connector:
            remembered[int(group)] = ScreenName(str(memory.value(f"{group}/serial", "")), connector)
    memory.endGroup()
    return remembered


def _write(memory: QSettings, bindings: Bindings) -> None:
    memory.remove("monitors")
    for number, screen in bindings.bound.items():
        memory.setValue(f"monitors/{number}/serial", screen.serial)
        memory.setValue(f"monitors/{number}/connector", screen.connector)
    memory.sync()
