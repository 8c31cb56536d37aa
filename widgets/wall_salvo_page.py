"""Salvos: called, and stored from what hangs on the monitors now, on a function key or on none."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from domain.wall import SALVO_KEYS, PresetCall, Salvo
from widgets.wall_plan_page import PlanPage
from widgets.wall_plan_words import Plan
from widgets.wall_salvo_presets import SalvoPresets


@dataclass(frozen=True, slots=True)
class SalvoToStore:
    """What hangs on the monitors now is wanted as a salvo, on a function key or on none, with these presets."""

    name: str
    key: int | None
    presets: tuple[PresetCall, ...] = ()


class SalvoPage(PlanPage):
    """The salvos; the name, key and presets of a chosen one lie in the form, so that it can be stored anew."""

    salvo_to_store = Signal(object)  # SalvoToStore

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.show_button.setText(self.tr("Call"))
        self.store_button.setText(self.tr("Store what is on the monitors now"))
        self.key = QComboBox(self)
        self.key.addItem("–", None)
        for key in SALVO_KEYS:
            self.key.addItem(f"F{key}", key)
        self.presets = SalvoPresets(self)
        self.form.addRow(self.tr("Key"), self.key)
        self.form.addRow(self.tr("Presets"), self.presets)
        self._by_key: dict[int, Salvo] = {}
        self.list.choice_changed.connect(self._fill)

    def show_plans(self, plans: Sequence[Plan]) -> None:
        """Show these salvos."""
        super().show_plans(plans)
        salvos = [plan for plan in plans if isinstance(plan, Salvo)]
        self._by_key = {salvo.key: salvo for salvo in salvos if salvo.key is not None}

    def ask_for(self, key: int) -> None:
        """Ask under which name what hangs on the monitors now is to be stored on this key."""
        known = self._by_key.get(key)
        self.key.setCurrentIndex(self.key.findData(key))
        self.name.setText(known.name if known is not None else "")
        self.presets.show_calls(known.presets if known is not None else ())
        self.name.selectAll()
        self.name.setFocus()

    def store(self, name: str) -> None:
        """Ask for the salvo that the form describes."""
        self.salvo_to_store.emit(SalvoToStore(name, self.key.currentData(), self.presets.calls))

    def _fill(self, salvo: object) -> None:
        if isinstance(salvo, Salvo):
            self.name.setText(salvo.name)
            self.key.setCurrentIndex(self.key.findData(salvo.key))
            self.presets.show_calls(salvo.presets)
