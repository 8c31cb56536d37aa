"""One dialog for walls under names, salvos, camera tours, layouts, other workstations and the monitors here."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QTabWidget, QVBoxLayout, QWidget

from domain.wall import CameraTour, Salvo, SavedWall
from widgets.theme import scaled
from widgets.wall_layout_page import LayoutPage
from widgets.wall_monitor_page import MonitorPage
from widgets.wall_salvo_page import SalvoPage
from widgets.wall_saved_page import SavedPage
from widgets.wall_station_page import StationPage
from widgets.wall_tour_page import TourPage


class WallPlansDialog(QDialog):
    """All that is planned for the monitors, a page for each kind. `show_plans` may come again at any time."""

    plan_deleted = Signal(object)  # Plan
    page_shown = Signal(object)  # QWidget: the page that is seen now

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Walls, salvos, camera tours"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.tabs = QTabWidget(self)  # first, so that no list chooses its first line by itself
        self.walls, self.salvos, self.tours = SavedPage(self), SalvoPage(self), TourPage(self)
        self.layouts, self.stations, self.monitors = LayoutPage(self), StationPage(self), MonitorPage(self)
        self._lay_out()
        for page in (self.walls, self.salvos, self.tours):
            page.deleted.connect(self.plan_deleted)
        self.tabs.currentChanged.connect(lambda _index: self.page_shown.emit(self.tabs.currentWidget()))

    def show_plans(self, walls: Sequence[SavedWall], salvos: Sequence[Salvo], tours: Sequence[CameraTour]) -> None:
        """Show these plans."""
        self.walls.show_plans(walls)
        self.salvos.show_plans(salvos)
        self.tours.show_plans(tours)

    def show_monitors(self, monitors: Sequence[int], active: int) -> None:
        """Offer these monitors of ours where one is to be chosen; `active` is the one that keys go to."""
        self.layouts.show_monitors(monitors, active)
        self.stations.show_monitors(monitors, active)

    def ask_for_salvo(self, key: int) -> None:
        """Ask under which name what hangs on the monitors now is to be stored on this key."""
        self.tabs.setCurrentWidget(self.salvos)
        self.salvos.ask_for(key)

    def _lay_out(self) -> None:
        self.tabs.addTab(self.walls, self.tr("Walls"))
        self.tabs.addTab(self.salvos, self.tr("Salvos"))
        self.tabs.addTab(self.tours, self.tr("Camera tours"))
        self.tabs.addTab(self.layouts, self.tr("Layouts"))
        self.tabs.addTab(self.stations, self.tr("Workstations"))
        self.tabs.addTab(self.monitors, self.tr("Monitors"))
        close = QPushButton(self.tr("Close [Esc]"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.tabs, 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(scaled(self, 760), scaled(self, 560))
