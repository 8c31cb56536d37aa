"""Saved walls: shown, and stored from what hangs on the monitors now."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from domain.wall import SavedWall
from widgets.wall_plan_page import PlanPage


@dataclass(frozen=True, slots=True)
class WallToStore:
    """What hangs on the monitors now is wanted under this name, for oneself or shared by all."""

    name: str
    shared: bool


class SavedPage(PlanPage):
    """The saved walls; the name of a chosen one lies in the form, so that it can be stored anew."""

    wall_to_store = Signal(object)  # WallToStore

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.show_button.setText(self.tr("Show on the monitors"))
        self.store_button.setText(self.tr("Store what is on the monitors now"))
        self.shared = QCheckBox(self.tr("shared by all"), self)
        self.form.addRow("", self.shared)
        self.list.choice_changed.connect(self._fill)

    def store(self, name: str) -> None:
        """Ask for the wall under this name."""
        self.wall_to_store.emit(WallToStore(name, self.shared.isChecked()))

    def _fill(self, wall: object) -> None:
        if isinstance(wall, SavedWall):
            self.name.setText(wall.name)
            self.shared.setChecked(not wall.owner)
