"""Joins the alarm queue and the incident card to the cases of this workstation."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.casework import Casework
from console.core import Core
from console.tasks import Lane, Tasks
from domain.alarm import Alarm, AlarmState, Priority
from domain.incident import Incident, Status
from widgets.alarm_queue import AlarmQueue
from widgets.incident_card import IncidentCard, IncidentNote
from widgets.incident_dialogs import IncidentDispatch, IncidentMove

_LOOK_FIRST_S = 1.0


class CasePresenter(QObject):
    """What waits, what is being handled, and what the operator does about it."""

    alarms_changed = Signal(object)  # dict[UUID, Alarm]: those in the queue
    alarm_chosen = Signal(object)  # Alarm or None
    incident_shown = Signal(object)  # Incident or None
    alarm_raised = Signal(object)  # Alarm: new here, not seen before
    selection_taken = Signal()  # the selected alarm left the queue, so another is selected now
    look_first = Signal()  # a deed was not done: the selection had just jumped under the hand

    def __init__(self, queue: AlarmQueue, card: IncidentCard, core: Core, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = queue
        self._card = card
        self._core = core
        self._casework: Casework = core.casework
        self._tasks = tasks
        self._alarms: dict[UUID, Alarm] = {}
        self._incidents: dict[UUID, Incident] = {}
        self._shown: UUID | None = None
        self._closed: set[UUID] = set()
        self._seen = [0, 0]  # alarms and incidents
        self._owed: dict[tuple[UUID, str], Alarm] = {}
        self._raised: list[Alarm] = []
        self._selected_itself_at = float("-inf")
        self._redraw = QTimer(self)  # a burst of alarms is drawn once
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(30)
        self._redraw.timeout.connect(self._draw)
        queue.alarm_chosen.connect(self._choose)
        queue.acknowledge_asked.connect(self.acknowledge)
        queue.open_asked.connect(self.open_incident)
        card.acknowledge_asked.connect(self.acknowledge)
        card.note_asked.connect(self._note)
        card.dispatch_asked.connect(self._dispatch)
        card.move_asked.connect(self._move)

    def load(self, alarms: tuple[Alarm, ...], incidents: tuple[Incident, ...]) -> None:
        """Take what stands open in the database; what was reported since then is newer and stays."""
        self._alarms = {alarm.id: alarm for alarm in alarms} | self._alarms
        self._incidents = {incident.id: incident for incident in incidents} | self._incidents
        self._draw()

    def show_alarm(self, alarm: Alarm, owed: tuple[str, ...] = ()) -> None:
        """Take an alarm that is new or different; `owed` are the topics that wait for it to be shown."""
        known = self._alarms.get(alarm.id)
        if known is None:
            self._seen[0] += 1
            if alarm.waiting:
                self._raised.append(alarm)
        self._alarms[alarm.id] = alarm if known is None else _further(known, alarm)
        self._owed.update({(alarm.id, topic): alarm for topic in owed})
        self.redraw()

    def show_incident(self, incident: Incident) -> None:
        """Take an incident that is new or different."""
        known = self._incidents.get(incident.id)
        if known is None and incident.id not in self._closed:
            self._seen[1] += 1
        if known is None or len(known.log) <= len(incident.log):  # threads may bring an older state later
            self._incidents[incident.id] = incident
        self.redraw()

    def redraw(self) -> None:
        """Draw soon. Never put off a drawing that is due: in a storm there would be none."""
        if not self._redraw.isActive():
            self._redraw.start()

    def acknowledged_up_to_now(self) -> None:
        """Read the open alarms again: headquarters now knows of acknowledgements that were `here only`."""
        if any(alarm.acknowledgement and alarm.acknowledgement.here_only for alarm in self.alarms.values()):
            self._tasks.run(Lane.DATABASE, self._core.stores.alarms.open, self, self._merge)

    @property
    def alarms(self) -> dict[UUID, Alarm]:
        """The alarms in the queue."""
        return {alarm.id: alarm for alarm in self._alarms.values() if self._open(alarm)}

    @property
    def incidents(self) -> dict[UUID, Incident]:
        """The incidents that are not closed."""
        return {key: incident for key, incident in self._incidents.items() if incident.status is not Status.CLOSED}

    @property
    def shown(self) -> UUID | None:
        """The incident on the card."""
        return self._shown

    @property
    def known(self) -> tuple[int, int]:
        """How many alarms and incidents this console has seen."""
        return self._seen[0], self._seen[1]

    # -- what the operator does

    def _unseen(self) -> bool:
        """Whether the selection jumped to another alarm a moment ago; if so, say it.

        A key or a click that was meant for the one before must not acknowledge what nobody has looked at.
        """
        unseen = self._core.clock.monotonic() - self._selected_itself_at < _LOOK_FIRST_S
        if unseen:
            self.look_first.emit()
        return unseen

    @Slot(object)
    def acknowledge(self, alarm_id: UUID) -> None:
        """Acknowledge an alarm."""
        if self._unseen():
            return
        self._do(partial(self._casework.acknowledge, alarm_id))

    @Slot(object)
    def open_incident(self, alarm_id: UUID) -> None:
        """Acknowledge and open an incident, which then stands on the card."""
        if self._unseen():
            return
        self._tasks.run(Lane.DATABASE, partial(self._casework.open_incident, alarm_id), self, self._opened)

    @Slot(object)
    def _note(self, note: IncidentNote) -> None:
        self._do(partial(self._casework.note, note.incident, note.text))

    @Slot(object)
    def _dispatch(self, asked: IncidentDispatch) -> None:
        self._do(partial(self._casework.dispatch, asked.incident, asked.agency, asked.text))

    @Slot(object)
    def _move(self, asked: IncidentMove) -> None:
        self._do(partial(self._casework.move, asked.incident, asked.status, asked.disposition))

    def _do(self, work: Callable[[], object]) -> None:
        self._tasks.run(Lane.DATABASE, work, self, lambda _: None)

    def _opened(self, incident: Incident) -> None:
        self.show_incident(incident)
        self._show(incident.id)

    # -- what is shown

    @Slot(object)
    def _choose(self, alarm_id: UUID) -> None:
        alarm = self._alarms.get(alarm_id)
        self.alarm_chosen.emit(alarm)
        if alarm is not None and alarm.incident is not None:
            self._show(alarm.incident)

    def _show(self, incident_id: UUID) -> None:
        self._shown = incident_id
        self._draw_card()
        self.incident_shown.emit(self._incidents.get(incident_id))

    @Slot(object)
    def choose(self, identity: UUID) -> None:
        """Show what was chosen elsewhere (on the map): an incident, or an alarm that waits for one."""
        if identity in self._incidents:
            self._show(identity)
        elif identity in self._alarms:
            self._queue.choose(identity)

    @Slot()
    def _draw(self) -> None:
        self._forget_settled()
        queued, before = self.alarms, self._queue.chosen()
        self._queue.show_alarms(tuple(queued.values()))
        if before is not None and before.id not in queued and queued:
            self.selection_taken.emit()
        if self._queue.chosen() is None and queued:
            # Not choose_next: that takes the focus, and with it the hand off a camera that is being turned.
            self._point_at(min(queued.values(), key=_urgency))
        self._point_at_urgent()
        self._draw_card()
        self.alarms_changed.emit(queued)
        if self._owed:
            QTimer.singleShot(0, self, self._answer_shown)

    def _forget_settled(self) -> None:
        """Let go of closed incidents and of alarms that left the queue."""
        self._closed |= {key for key, incident in self._incidents.items() if incident.status is Status.CLOSED}
        shown = self._shown
        self._incidents = {
            key: kept for key, kept in self._incidents.items() if key not in self._closed or key == shown
        }
        card = self._incidents.get(shown) if shown else None
        on_card = set(card.alarms) if card else set()
        self._alarms = {key: kept for key, kept in self._alarms.items() if self._open(kept) or key in on_card}

    def _point_at_urgent(self) -> None:
        """Select the most urgent of the critical alarms that have just come; the queue now has them."""
        raised, self._raised = self._raised, []
        critical = [alarm for alarm in raised if alarm.priority is Priority.CRITICAL]
        if critical:
            self._point_at(min(critical, key=_urgency))
        for alarm in raised:
            self.alarm_raised.emit(alarm)

    def _point_at(self, alarm: Alarm) -> None:
        self._queue.choose(alarm.id)
        self._selected_itself_at = self._core.clock.monotonic()

    def _draw_card(self) -> None:
        incident = self._incidents.get(self._shown) if self._shown else None
        alarms = [alarm for alarm in self._alarms.values() if incident and alarm.id in incident.alarms]
        self._card.show_incident(incident, alarms)

    def _answer_shown(self) -> None:
        """Tell the senders: what they sent has been painted, and somebody is signed in to see it."""
        queue, queued = self._queue, self.alarms
        if self._core.door.operator is None or not queue.isVisible() or queue.window().isMinimized():
            return
        queue.repaint()
        for (alarm_id, topic), alarm in list(self._owed.items()):
            if alarm_id in queued or not alarm.waiting:
                self._core.shown(alarm, (topic,))
            del self._owed[(alarm_id, topic)]

    def _open(self, alarm: Alarm) -> bool:
        if alarm.state in (AlarmState.RETURNED, AlarmState.OUT_OF_SERVICE, AlarmState.SHELVED):
            return False
        return alarm.waiting or alarm.incident not in self._closed

    def _merge(self, alarms: tuple[Alarm, ...]) -> None:
        for alarm in alarms:
            known = self._alarms.get(alarm.id)
            if known is not None and known.acknowledgement is not None and alarm.acknowledgement is not None:
                self._alarms[alarm.id] = replace(known, acknowledgement=alarm.acknowledgement)
        self.redraw()


def _urgency(alarm: Alarm) -> tuple[bool, int, float]:
    """Return what sorts the alarm that needs somebody most first: waiting, most urgent, newest."""
    return not alarm.waiting, alarm.priority.rank, -alarm.raised_at.timestamp()


def _further(known: Alarm, told: Alarm) -> Alarm:
    """Return the later of two states of an alarm: threads may bring an older one after a newer."""

    def steps(alarm: Alarm) -> int:
        return (alarm.acknowledgement is not None) + (alarm.incident is not None) + (not alarm.waiting)

    return told if steps(told) >= steps(known) else known
