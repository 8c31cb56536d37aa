"""The alarm queue: what needs somebody now, most urgent first."""

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from domain.alarm import Alarm, Priority
from domain.clock import Clock
from domain.text import Text
from widgets.alarm_model import AlarmModel
from widgets.alarm_row import AlarmRow
from widgets.pane import PaneHeader, make_pane, plain_label
from widgets.theme import SHAPES, STEP, scaled

_MANAGEABLE = 2  # ISA-18.2: alarms in ten minutes that one operator can handle
_FLOOD = 10  # ISA-18.2: more than this in ten minutes is a flood


def source_of(alarm: Alarm) -> str:
    """Return what to print as an alarm's place where nothing better is known."""
    return alarm.source


class AlarmQueue(QWidget):
    """Shows open alarms and asks for the selected one to be acknowledged or opened as an incident."""

    alarm_chosen = Signal(object)  # UUID: the selection moved to this alarm
    acknowledge_asked = Signal(object)  # UUID
    open_asked = Signal(object)  # UUID: acknowledge and open the incident

    def __init__(
        self,
        clock: Clock,
        render: Callable[[Text], str],
        whereabouts: Callable[[Alarm], str] = source_of,
        parent: QWidget | None = None,
    ) -> None:
        """Put system text into words by `render`; `whereabouts` says an alarm's place in a few words."""
        super().__init__(parent)
        make_pane(self)
        self._model = AlarmModel(clock, render, whereabouts, self)
        self._chosen: UUID | None = None
        self._header = PaneHeader(self.tr("Alarms"), self)
        self._notice = plain_label("", self)
        self._notice.setProperty("warn", "true")
        self._notice.setWordWrap(True)
        self._empty = plain_label(self.tr("No open alarms.\nA new one appears here by itself."), self, dim=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._rows = _Rows(self)
        self._rows.setModel(self._model)
        self._rows.set_up()
        self._acknowledge = QPushButton(self.tr("Acknowledge [Space]"), self)
        self._open = QPushButton(self.tr("Open incident [Shift+Space]"), self)
        self._lay_out()
        self._connect()
        self.show_alarms(())

    def show_alarms(self, alarms: Sequence[Alarm], notice: str = "") -> None:
        """Show these alarms; the selection stays on its alarm while that is among them.

        `notice` says in words what is cut off (and since when), if anything is.
        """
        scrolled = self._rows.verticalScrollBar().value()
        self._model.show_alarms(alarms)
        row = self._model.row_of(self._chosen)
        if row is None:
            self._chosen = None
        self._select(row)
        self._rows.verticalScrollBar().setValue(scrolled)
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._empty.setVisible(not alarms)
        self._rows.setVisible(bool(alarms))
        self._summarise()
        self._show_possible()

    def chosen(self) -> Alarm | None:
        """Return the selected alarm."""
        row = self._model.row_of(self._chosen)
        return None if row is None else self._model.alarms[row]

    def choose(self, alarm_id: UUID) -> None:
        """Select an alarm, as a click does."""
        self._select(self._model.row_of(alarm_id))

    def choose_next(self) -> None:
        """Select the next alarm that waits, from the top again after the last; the next of all if none waits."""
        alarms = self._model.alarms
        here = self._model.row_of(self._chosen)
        first = 0 if here is None else here + 1
        rows = [(first + step) % len(alarms) for step in range(len(alarms))]
        waiting = [row for row in rows if alarms[row].waiting]
        if rows:
            self._select((waiting or rows)[0])
            self._rows.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_acknowledge(self) -> None:
        """Ask for the selected alarm to be acknowledged, if it waits."""
        alarm = self.chosen()
        if alarm is not None and alarm.waiting:
            self.acknowledge_asked.emit(alarm.id)

    def ask_open(self) -> None:
        """Ask for the selected alarm to be acknowledged and its incident opened."""
        alarm = self.chosen()
        if alarm is not None:
            self.open_asked.emit(alarm.id)

    def _connect(self) -> None:
        self._rows.selectionModel().currentRowChanged.connect(self._choose_row)
        self._rows.acknowledge_pressed.connect(self.ask_acknowledge)
        self._rows.open_pressed.connect(self.ask_open)
        self._rows.doubleClicked.connect(self.ask_open)
        self._acknowledge.clicked.connect(self.ask_acknowledge)
        self._open.clicked.connect(self.ask_open)
        timer = QTimer(self)
        timer.timeout.connect(self._tick)
        timer.start(1000)

    def _lay_out(self) -> None:
        step = scaled(self, STEP)
        buttons = QHBoxLayout()
        buttons.setSpacing(step)
        buttons.addWidget(self._acknowledge)
        buttons.addWidget(self._open, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * step, step, 2 * step, 2 * step)
        column.setSpacing(step)
        column.addWidget(self._header)
        column.addWidget(self._notice)
        column.addWidget(self._empty, 1)
        column.addWidget(self._rows, 1)
        column.addLayout(buttons)

    def _choose_row(self, index: QModelIndex) -> None:
        self._rows.viewport().update()
        chosen = self._model.alarms[index.row()].id if index.isValid() else None
        if chosen is None or chosen == self._chosen:
            return  # a refresh, not the operator
        self._chosen = chosen
        self._show_possible()
        self.alarm_chosen.emit(chosen)

    def _select(self, row: int | None) -> None:
        if row is None:
            return
        how = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self._rows.selectionModel().setCurrentIndex(self._model.index(row, 0), how)

    def _show_possible(self) -> None:
        alarm = self.chosen()
        self._acknowledge.setEnabled(alarm is not None and alarm.waiting)
        self._open.setEnabled(alarm is not None)

    def _summarise(self) -> None:
        counts = [(SHAPES[priority], self._model.waiting(priority)) for priority in Priority]
        told = "  ".join(f"{count}{shape}" for shape, count in counts if count)
        load = self._model.load()
        level = self.tr("FLOOD") if load > _FLOOD else self.tr("busy") if load > _MANAGEABLE else ""
        said = self.tr("load {n}/10 min").format(n=load)
        parts = [told or self.tr("none waiting"), f"{said} {level}".rstrip()]
        self._header.show_right("   ".join(parts), warn=load > _MANAGEABLE, severe=load > _FLOOD)

    def _tick(self) -> None:
        if self.isVisible():
            self._model.tick()
            self._summarise()


class _Rows(QListView):
    """Alarms on two lines each; Space and Enter belong to the queue."""

    acknowledge_pressed = Signal()
    open_pressed = Signal()

    def set_up(self) -> None:
        """Set its manners."""
        self.setItemDelegate(AlarmRow(self, self))
        self.setAccessibleName(self.tr("Alarm queue"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setUniformItemSizes(True)
        self.setTabKeyNavigation(False)

    def changeEvent(self, event: QEvent) -> None:
        """Measure the rows anew when the font changes."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand Space, Shift+Space and Enter to the queue."""
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        match event.key():
            case Qt.Key.Key_Space if not event.isAutoRepeat():
                (self.open_pressed if shifted else self.acknowledge_pressed).emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.open_pressed.emit()
            case _:
                super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Return room for one row."""
        return QSize(scaled(self, 200), scaled(self, 46))
