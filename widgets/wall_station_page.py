"""Other workstations: who is there, and one of our monitors' views sent to one of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from domain.wall_order import Workstation
from widgets import words
from widgets.pane import plain_label
from widgets.theme import STEP, scaled
from widgets.wall_lines import LineList


@dataclass(frozen=True, slots=True)
class ViewToSend:
    """What hangs on our monitor `mine` is to be shown on the monitor `theirs` of another workstation."""

    target: UUID
    theirs: int
    mine: int


class StationPage(QWidget):
    """The other workstations that are known, as each told of itself when it last began."""

    view_to_send = Signal(object)  # ViewToSend
    look_again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = LineList(self)
        self.mine, self.theirs = QComboBox(self), QComboBox(self)
        self.send_button, self.again_button = QPushButton(self.tr("Send"), self), QPushButton(self)
        self.again_button.setText(self.tr("Look again"))
        self.said = plain_label(self.tr("Asking which workstations there are…"), self, dim=True)
        self.said.setWordWrap(True)
        self._lay_out()
        self.list.choice_changed.connect(self._fill)
        self.send_button.clicked.connect(self._send)
        self.again_button.clicked.connect(self.look_again_asked)
        self._fill(None)

    def show_workstations(self, others: Sequence[Workstation], now: datetime) -> None:
        """Show these, those that began last first."""
        ordered = sorted(others, key=lambda one: one.seen_at, reverse=True)
        self.list.show_lines([(station_words(one, now), one) for one in ordered])
        nobody = self.tr("No other workstation has told headquarters of itself yet.")
        self.said.setText("" if ordered else nobody)

    def show_monitors(self, monitors: Sequence[int], active: int) -> None:
        """Offer our own monitors; `active` is the one that keys go to."""
        self.mine.clear()
        for number in monitors:
            self.mine.addItem(self.tr("monitor {n}").format(n=number), number)
        self.mine.setCurrentIndex(self.mine.findData(active))
        self._fill(self.list.chosen)

    def _lay_out(self) -> None:
        form, buttons, column = QFormLayout(), QHBoxLayout(), QVBoxLayout(self)
        form.addRow(self.tr("What hangs here on"), self.mine)
        form.addRow(self.tr("goes there to"), self.theirs)
        for button in (self.again_button, self.send_button):
            button.setAutoDefault(False)
        buttons.addWidget(self.again_button)
        buttons.addStretch(1)
        buttons.addWidget(self.send_button)
        column.setSpacing(2 * scaled(self, STEP))
        column.addWidget(self.list, 1)
        column.addWidget(self.said)
        column.addLayout(form)
        column.addLayout(buttons)

    def _fill(self, chosen: object) -> None:
        self.theirs.clear()
        if isinstance(chosen, Workstation):
            for monitor in chosen.monitors:
                told = self.tr("monitor {n} ({width} × {height})")
                self.theirs.addItem(told.format(n=monitor.n, width=monitor.width, height=monitor.height), monitor.n)
        self.theirs.setEnabled(self.theirs.count() > 0)
        self.send_button.setEnabled(self.theirs.count() > 0 and self.mine.count() > 0)

    def _send(self) -> None:
        chosen, theirs, mine = self.list.chosen, self.theirs.currentData(), self.mine.currentData()
        if isinstance(chosen, Workstation) and theirs is not None and mine is not None:
            self.view_to_send.emit(ViewToSend(chosen.origin, theirs, mine))


def station_words(station: Workstation, now: datetime) -> str:
    """Return a workstation in a line of words: `desk 3 · monitors 1, 2 · began 14:02:25`."""
    listed = ", ".join(str(monitor.n) for monitor in station.monitors)
    monitors = QCoreApplication.translate("WallPlans", "monitors {list}").format(list=listed or words.NO_VALUE)
    seen, today = station.seen_at.astimezone(), now.astimezone().date()
    at = words.clock_time(seen) if seen.date() == today else f"{seen:%Y-%m-%d %H:%M}"
    began = QCoreApplication.translate("WallPlans", "began {time}").format(time=at)
    return f"{station.name or station.origin} · {monitors} · {began}"
