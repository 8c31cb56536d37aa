"""The window beside the wall with all of one camera's places, its lens and switches, and its guard tours."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from widgets.guard_tour_page import GuardTourPage
from widgets.ptz_optics import OpticsRow
from widgets.ptz_places import PlacePane
from widgets.theme import STEP, scaled

_SIZE = (560, 620)


class PlacesDialog(QDialog):
    """Two pages: places, with the lens and the switches below them, and guard tours. The wall stays to be used."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setModal(False)
        self.setWindowTitle(self.tr("Places and guard tours"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        self.places = PlacePane(self)
        self.optics = OpticsRow(self)
        self.tours = GuardTourPage(self)
        first = QWidget(self)
        column = QVBoxLayout(first)
        column.setContentsMargins(0, scaled(self, STEP), 0, 0)
        column.addWidget(self.places, 1)
        column.addWidget(self.optics)
        pages = QTabWidget(self)
        pages.addTab(first, self.tr("Places"))
        pages.addTab(self.tours, self.tr("Guard tours"))
        whole = QVBoxLayout(self)
        whole.addWidget(pages)
        self.resize(*(scaled(self, each) for each in _SIZE))
