"""Joins the page of monitors to the windows: which is on which screen, told apart, moved, opened."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QScreen

from console.monitors import name_of
from console.wall_bindings import ScreenName
from console.walls import DESK, Walls
from widgets.wall_monitor_page import MonitorLine, MonitorPage, ScreenLine, ScreenWanted


class WallPlaces(QObject):
    """One page's joining; it goes with the page."""

    def __init__(self, walls: Walls, page: MonitorPage) -> None:
        super().__init__(page)
        self._walls = walls
        self._page = page
        page.screen_wanted.connect(self._bind)
        page.identify_asked.connect(walls.identify)
        page.another_asked.connect(self._open_another)
        walls.monitors.settled.connect(self.show_places)
        self.show_places()

    @Slot()
    def show_places(self) -> None:
        """Show where every monitor is now."""
        monitors = self._walls.monitors
        there = {name_of(screen): _line(screen) for screen in monitors.screens()}
        lines = [MonitorLine(DESK, _line(monitors.desk_screen()), fixed=True)]
        for window in monitors.windows:
            belongs = monitors.bound.get(window.number)
            found = monitors.found.get(window.number)
            away = "" if belongs is None or found is not None else belongs.connector
            lines.append(MonitorLine(window.number, there.get(found) if found is not None else None, away))
        self._page.show_monitors(lines, list(there.values()))

    @Slot(object)
    def _bind(self, wanted: ScreenWanted) -> None:
        self._walls.monitors.bind(wanted.monitor, ScreenName(wanted.screen.serial, wanted.screen.connector))

    @Slot()
    def _open_another(self) -> None:
        self._walls.monitors.open(max(self._walls.presenters) + 1)


def _line(screen: QScreen) -> ScreenLine:
    name, size = name_of(screen), screen.geometry().size() * screen.devicePixelRatio()
    return ScreenLine(name.serial, name.connector, size.width(), size.height())
