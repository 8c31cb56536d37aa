"""The plans of one kind: a list, what can be done with the chosen one, and a form to store one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from widgets.pane import mark, plain_label
from widgets.theme import STEP, scaled
from widgets.wall_lines import LineList
from widgets.wall_plan_words import Plan, plan_words

LONGEST_NAME = 80


class PlanPage(QWidget):
    """A page of the dialog; what is stored is the page's own business."""

    shown = Signal(object)  # Plan
    deleted = Signal(object)  # Plan

    def __init__(self, show: str, store: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = LineList(self)
        self.show_button, self.delete_button = QPushButton(show, self), QPushButton(self.tr("Delete"), self)
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.store_button = QPushButton(store, self)
        self.said = plain_label("", self)
        mark(self.said, warn=True)
        self.form = QFormLayout()
        self.form.addRow(self.tr("Name"), self.name)
        self._lay_out()
        self.list.choice_changed.connect(self._chosen)
        self.list.activated.connect(self._show)
        self.show_button.clicked.connect(self._show)
        self.delete_button.clicked.connect(self._delete)
        self.store_button.clicked.connect(self._store)
        self.name.returnPressed.connect(self._store)
        self._chosen()

    def show_plans(self, plans: Sequence[Plan]) -> None:
        """Show these plans."""
        self.list.show_lines([(plan_words(plan), plan) for plan in plans])

    @property
    def chosen(self) -> Plan | None:
        """The plan that is chosen in the list."""
        chosen = self.list.chosen
        return chosen if isinstance(chosen, Plan) else None

    def store(self, name: str) -> None:
        """Store what the form says under this name; overridden by each page."""
        raise NotImplementedError(name)

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        buttons, column = QHBoxLayout(), QVBoxLayout(self)
        for button in (self.show_button, self.delete_button):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.setSpacing(2 * step)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addLayout(self.form)
        column.addWidget(self.said)
        column.addWidget(self.store_button, 0, Qt.AlignmentFlag.AlignRight)
        self.store_button.setAutoDefault(False)

    @Slot()
    def _chosen(self) -> None:
        for button in (self.show_button, self.delete_button):
            button.setEnabled(self.chosen is not None)

    def _show(self) -> None:
        if self.chosen is not None:
            self.shown.emit(self.chosen)

    def _delete(self) -> None:
        if self.chosen is not None:
            self.deleted.emit(self.chosen)

    def _store(self) -> None:
        name = self.name.text().strip()
        self.said.setText("" if name else self.tr("A name is needed."))
        if name:
            self.store(name)
