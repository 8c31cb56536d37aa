"""The console as a program with windows: first the window, then everything else in stages."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from console.clockwork import since_start_s
from console.collector import Collector
from console.desk_window import DeskWindow
from console.inbox import Inbox
from console.map_stage import MapStage
from console.platform import map_can_run
from console.resources import RESOURCES
from console.settings import Settings
from console.tasks import Lane, Tasks
from console.whereabouts import Whereabouts
from domain.clock import Clock
from domain.text import Text, Wording

if TYPE_CHECKING:
    from console.core import Core
    from console.desk import Desk
    from widgets.incident_map import IncidentMap

_log = logging.getLogger(__name__)


def end_program() -> None:
    """End the event loop. Not QApplication.quit: that asks every window first, and a wall never lets itself close."""
    QCoreApplication.exit(0)


class Program(QObject):
    """Window, tasks and inbox; the map joins after the first paint, the core when it is open.

    `opened` follows once the desk can be worked at; `failed` carries the error where it can't be.
    """

    opened = Signal()
    failed = Signal(object)

    def __init__(self, settings: Settings, clock: Clock) -> None:
        super().__init__()
        self.settings = settings
        self.clock = clock
        self.wording = Wording.load(RESOURCES / "texts.toml", settings.desk.language)
        self.whereabouts = Whereabouts(self.wording)
        self._collector = Collector(self)
        self.tasks = Tasks(self)
        self.inbox = Inbox(self)
        self.core: Core | None = None
        self._made: Core | None = None  # opened, perhaps not joined yet
        self.first_window_s = 0.0
        self.window = DeskWindow(clock, self.wording, self.whereabouts.of_alarm, self.whereabouts.of_incident)
        self.window.sign_in.show_centre(settings.centre.name)
        self.window.first_painted.connect(self._first_painted)
        self.window.close_asked.connect(end_program)
        self.desk: Desk | None = None
        self._map_view: IncidentMap | None = None

    def show(self) -> None:
        """Show the window; on a display the whole screen."""
        if QApplication.platformName() == "offscreen":
            self.window.resize(1920, 1080)
            self.window.show()
        else:
            self.window.showMaximized()

    def open(self, make_core: "Callable[[], Core]") -> None:
        """Open the core off the UI thread, then join it to the window."""

        def opened() -> "Core":
            self._made = make_core()
            return self._made

        self.tasks.run(Lane.DATABASE, opened, self, self._join, self.failed.emit)

    def close(self) -> None:
        """Stop everything in order: hands off the cameras first. A core that is just being opened is waited for."""
        if self.desk is not None:
            self.desk.close_walls()
        if self.core is not None:
            self.core.ptz.stop_all()
        self.tasks.close()  # what an operator has asked for is still done
        core = self.core or self._made
        if core is not None:
            core.close()
        self._collector.end()

    @Slot()
    def _first_painted(self) -> None:
        self.first_window_s = since_start_s()
        if not map_can_run():
            self.window.show_no_map(self.wording.render(Text("no_map_as_root")))
            return
        stage = MapStage(self.window, self.tasks, self.settings.map.boundaries or self.settings.centre.id)
        stage.up.connect(self._take_map)

    def _join(self, core: "Core") -> None:
        from console.desk import Desk  # noqa: PLC0415 - its imports come after the first paint

        self.core = core
        core.bulletin.listen(self.inbox.post)  # first: what comes meanwhile waits in the event queue
        self.desk = Desk(self.window, core, self.tasks, self.inbox, self.wording, self.whereabouts)
        self._join_map()
        self.opened.emit()

    @Slot(object)
    def _take_map(self, view: "IncidentMap") -> None:
        self._map_view = view
        self._join_map()

    def _join_map(self) -> None:
        """Join map and desk, whichever came first."""
        if self.desk is not None and self._map_view is not None:
            self.desk.take_map(self._map_view)
