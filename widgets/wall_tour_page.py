"""Camera tours: run in the selected tile, changed and stored."""

from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QWidget

from domain.errors import BadInputError
from domain.wall import LONGEST_DWELL_S, SHORTEST_DWELL_S, CameraTour
from widgets.wall_plan_page import PlanPage
from widgets.wall_plan_words import camera_words, typed_cameras

_USUAL_DWELL_S = 10.0


class TourPage(PlanPage):
    """The camera tours; a chosen one lies in the form, so that it can be changed."""

    tour_to_store = Signal(object)  # CameraTour

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.show_button.setText(self.tr("Run in the selected tile"))
        self.store_button.setText(self.tr("Store tour"))
        self.cameras = QLineEdit(self)
        self.cameras.setPlaceholderText("12, 15, 20-24")
        self.dwell = QDoubleSpinBox(self)
        self.dwell.setRange(SHORTEST_DWELL_S, LONGEST_DWELL_S)
        self.dwell.setDecimals(0)
        self.dwell.setSuffix(self.tr(" s"))
        self.dwell.setValue(_USUAL_DWELL_S)
        self.form.addRow(self.tr("Cameras"), self.cameras)
        self.form.addRow(self.tr("Each for"), self.dwell)
        self.list.choice_changed.connect(self._fill)

    def store(self, name: str) -> None:
        """Store the form's tour, in place of the chosen one where it has the same name."""
        try:
            cameras = typed_cameras(self.cameras.text())
        except BadInputError as error:
            self.said.setText(self.tr("Not cameras: {typed}").format(typed=str(error) or "–"))
            return
        chosen = self.chosen
        tour_id = chosen.id if chosen is not None and chosen.name == name else uuid4()
        self.tour_to_store.emit(CameraTour(tour_id, name, cameras, self.dwell.value()))

    def _fill(self, tour: object) -> None:
        if isinstance(tour, CameraTour):
            self.name.setText(tour.name)
            self.cameras.setText(camera_words(tour.cameras))
            self.dwell.setValue(tour.dwell_s)
