"""The incident that is being worked on: what it is, how long it takes, what can be done, what was done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from domain.alarm import Alarm
from domain.clock import Clock
from domain.incident import Incident, Status
from widgets import words
from widgets.incident_dialogs import CloseDialog, DispatchDialog, IncidentMove
from widgets.incident_log import LogModel
from widgets.pane import PaneHeader, make_pane, plain_label
from widgets.theme import SHAPES, STEP, colours_of, larger, scaled


@dataclass(frozen=True, slots=True)
class IncidentNote:
    """Words that an operator adds to an incident's log."""

    incident: UUID
    text: str


def _as_is(said: str) -> str:
    return said


class IncidentCard(QWidget):
    """Shows one incident with its alarms and asks for its next steps. Notes in writing are kept per incident."""

    acknowledge_asked = Signal(object)  # UUID of the first alarm of the incident that waits
    dispatch_asked = Signal(object)  # IncidentDispatch
    move_asked = Signal(object)  # IncidentMove
    note_asked = Signal(object)  # IncidentNote

    def __init__(
        self,
        clock: Clock,
        name_kind: Callable[[str], str] = _as_is,
        whereabouts: Callable[[Incident], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`name_kind` puts an incident's kind into words; `whereabouts` says its place in a few words."""
        super().__init__(parent)
        make_pane(self)
        self._clock = clock
        self._name_kind = name_kind
        self._whereabouts = whereabouts or self._place
        self._incident: Incident | None = None
        self._alarms: tuple[Alarm, ...] = ()
        self._drafts: dict[UUID, str] = {}
        self._dialog: QDialog | None = None
        self._make()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty_face())
        self._stack.addWidget(self._full_face())
        self._connect()
        self.show_incident(None)

    def show_incident(self, incident: Incident | None, alarms: Sequence[Alarm] = ()) -> None:
        """Draw the incident as it now stands, with the alarms that belong to it; None for no incident."""
        self._keep_draft()
        changed = (incident and incident.id) != (self._incident and self._incident.id)
        self._incident, self._alarms = incident, tuple(alarms)
        self._stack.setCurrentIndex(0 if incident is None else 1)
        if incident is None:
            return
        if changed:
            self._note.setText(self._drafts.get(incident.id, ""))
        self._show_head(incident)
        self._show_clocks()
        self._show_possible(incident)
        self._log.show_entries(incident.log)
        self._log_view.scrollToBottom()

    def ask_acknowledge(self) -> None:
        """Ask for the incident's first waiting alarm to be acknowledged."""
        waiting = self._first_waiting()
        if waiting is not None:
            self.acknowledge_asked.emit(waiting.id)

    def ask_dispatch(self) -> None:
        """Ask whom to send, then for them to be sent."""
        incident = self._incident
        if incident is not None and self._dispatch.isEnabled() and self._dialog is None:
            dialog = DispatchDialog(incident, self)
            dialog.agreed.connect(self.dispatch_asked)
            self._open(dialog)

    def ask_close(self) -> None:
        """Ask once, naming the incident, what it was; then for it to be closed."""
        incident = self._incident
        if incident is not None and self._close.isEnabled() and self._dialog is None:
            dialog = CloseDialog(incident, self._open_steps(incident), self)
            dialog.agreed.connect(self.move_asked)
            self._open(dialog)

    def focus_note(self) -> None:
        """Put the cursor into the note."""
        self._note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # -- making

    def _make(self) -> None:
        self._header = PaneHeader(self.tr("Incident"), self)
        self._headline = plain_label("", self)
        self._headline.setFont(larger(self, 1.25, bold=True))
        self._headline.setWordWrap(True)
        self._facts = plain_label("", self)
        self._facts.setWordWrap(True)
        self._clocks = plain_label("", self)
        self._clocks.setWordWrap(True)
        self._acknowledge = QPushButton(self.tr("Acknowledge [Space]"), self)
        self._dispatch = QPushButton(self.tr("Dispatch [D]"), self)
        self._close = QPushButton(self.tr("Close [C]"), self)
        self._progress = QPushButton(self.tr("Take on"), self)
        self._resolve = QPushButton(self.tr("Resolved"), self)
        self._note = QLineEdit(self)
        self._note.setMaxLength(2000)
        self._note.setPlaceholderText(self.tr("Write a note, then Enter"))
        self._note.setAccessibleName(self.tr("Note"))
        self._log = LogModel(self)
        self._log_view = QListView(self)
        self._log_view.setModel(self._log)
        self._log_view.setAccessibleName(self.tr("Incident log"))
        self._log_view.setMinimumHeight(scaled(self, 12))
        self._log_view.setWordWrap(True)
        self._log_view.setResizeMode(QListView.ResizeMode.Adjust)
        self._log_view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._log_view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._log_view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def _empty_face(self) -> QWidget:
        page, step = QWidget(self), scaled(self, STEP)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        told = self.tr("No incident chosen.\nOpen one from an alarm with Shift+Space.")
        label = plain_label(told, page, dim=True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(PaneHeader(self.tr("Incident"), page))
        column.addWidget(label, 1)
        return page

    def _full_face(self) -> QWidget:
        page, step = QWidget(self), scaled(self, STEP)
        column = QVBoxLayout(page)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        column.setSpacing(step)
        for widget in (self._header, self._headline, self._facts, self._clocks):
            column.addWidget(widget)
        for row in ((self._acknowledge, self._dispatch), (self._progress, self._resolve, self._close)):
            line = QHBoxLayout()
            line.setSpacing(step)
            for button in row:
                line.addWidget(button, 1)
            column.addLayout(line)
        column.addWidget(self._log_view, 1)
        column.addWidget(self._note)
        return page

    def _connect(self) -> None:
        self._acknowledge.clicked.connect(self.ask_acknowledge)
        self._dispatch.clicked.connect(self.ask_dispatch)
        self._close.clicked.connect(self.ask_close)
        self._progress.clicked.connect(lambda: self._ask_move(Status.IN_PROGRESS))
        self._resolve.clicked.connect(lambda: self._ask_move(Status.RESOLVED))
        self._note.returnPressed.connect(self._ask_note)
        timer = QTimer(self)
        timer.timeout.connect(self._show_clocks)
        timer.start(1000)

    # -- showing

    def _show_head(self, incident: Incident) -> None:
        self._header.title.setText(self.tr("Incident {number}").format(number=incident.number))
        self._header.show_right(words.status_word(incident.status))
        colours = colours_of(self)
        shape = f"{SHAPES[incident.priority]} {words.priority_word(incident.priority)}"
        self._headline.setText(f"{shape} · {self._name_kind(incident.kind)}")
        self._headline.setStyleSheet(f"color: {colours.of(incident.priority)}")
        parts = [self._whereabouts(incident), words.desk_word(incident.desk), incident.owner]
        if incident.disposition is not None:
            parts.append(words.disposition_word(incident.disposition))
        parts.append(words.mode_word(incident.mode))
        self._facts.setText(" · ".join(part for part in parts if part))
        place = incident.place
        self._facts.setToolTip(f"{place.lat:.5f}, {place.lon:.5f}" if place else "")

    def _place(self, incident: Incident) -> str:
        return "" if incident.place is not None else self.tr("place unknown")

    def _show_clocks(self) -> None:
        incident = self._incident
        if incident is None:
            return
        rang = min((alarm.raised_at for alarm in self._alarms), default=incident.opened_at)
        known = [alarm.acknowledgement for alarm in self._alarms if alarm.acknowledgement is not None]
        acknowledged = min((ack.at for ack in known), default=None)
        parts = [self.tr("rang {time}").format(time=words.clock_time(rang))]
        if self._alarms:
            parts.append(self._since(self.tr("acknowledged {time}"), rang, acknowledged))
        parts.append(self._since(self.tr("sent {time}"), rang, incident.dispatched_at))
        if incident.status is not Status.CLOSED:
            parts.append(self._since(self.tr("open {time}"), rang, self._clock.now()))
        here_only = any(ack.here_only for ack in known)
        self._clocks.setText(" · ".join([*parts, self.tr("acknowledged here only")] if here_only else parts))

    def _since(self, said: str, start: datetime, end: datetime | None) -> str:
        return said.format(time=words.duration(None if end is None else (end - start).total_seconds()))

    def _show_possible(self, incident: Incident) -> None:
        status = incident.status
        self._acknowledge.setEnabled(self._first_waiting() is not None)
        self._dispatch.setEnabled(status is not Status.CLOSED)
        self._progress.setEnabled(status in {Status.NEW, Status.RESOLVED})
        self._progress.setText(self.tr("Reopen") if status is Status.RESOLVED else self.tr("Take on"))
        self._resolve.setEnabled(status in {Status.NEW, Status.IN_PROGRESS})
        self._close.setEnabled(status is not Status.CLOSED)

    # -- asking

    def _first_waiting(self) -> Alarm | None:
        return next((alarm for alarm in self._alarms if alarm.waiting), None)

    def _open_steps(self, incident: Incident) -> str:
        steps = []
        if self._first_waiting() is not None:
            steps.append(self.tr("An alarm of it is not acknowledged."))
        if incident.dispatched_at is None:
            steps.append(self.tr("Nobody was sent."))
        return " ".join(steps)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _ask_move(self, status: Status) -> None:
        if self._incident is not None:
            self.move_asked.emit(IncidentMove(self._incident.id, status))

    def _ask_note(self) -> None:
        text = self._note.text().strip()
        if self._incident is not None and text:
            self._note.clear()
            self._drafts.pop(self._incident.id, None)
            self.note_asked.emit(IncidentNote(self._incident.id, text))

    def _keep_draft(self) -> None:
        if self._incident is not None:
            draft = self._note.text()
            if draft:
                self._drafts[self._incident.id] = draft
            else:
                self._drafts.pop(self._incident.id, None)
