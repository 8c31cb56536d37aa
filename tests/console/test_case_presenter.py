from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from console.case_presenter import CasePresenter
from console.tasks import Tasks
from domain.alarm import Acknowledgement, Alarm, AlarmState, Priority
from domain.errors import WatchroomError
from domain.incident import Disposition, Incident, Status
from domain.news import AlarmChanged, IncidentChanged, News
from domain.operator import Role
from tests.console.surroundings import Field, Mosquitto, Workstation, make_alarm, make_event, operator, settings_for
from widgets.alarm_queue import AlarmQueue
from widgets.incident_card import IncidentCard, IncidentNote
from widgets.incident_dialogs import IncidentDispatch, IncidentMove

pytest_plugins = ["tests.console.fixtures"]


class Seat:
    """Queue and card of a desk, joined to a workstation's database; news come in as the inbox brings them."""

    def __init__(self, qtbot: QtBot, workstation: Workstation) -> None:
        self.workstation = workstation
        self.core = workstation.core
        self.owner = QObject()
        self.tasks = Tasks(self.owner)
        clock = self.core.clock
        self.queue = AlarmQueue(clock, lambda text: text.code, lambda alarm: alarm.source)
        self.card = IncidentCard(clock, lambda kind: kind, lambda incident: incident.number)
        for widget in (self.queue, self.card):
            qtbot.addWidget(widget)
            widget.resize(460, 500)
        self.cases = CasePresenter(self.queue, self.card, self.core, self.tasks, self.owner)
        self.raised: list[Alarm] = []
        self.shown: list[Incident | None] = []
        self.queued: list[dict[UUID, Alarm]] = []
        self.failures: list[Exception] = []
        self.cases.alarm_raised.connect(self.raised.append)
        self.cases.incident_shown.connect(self.shown.append)
        self.cases.alarms_changed.connect(self.queued.append)
        self.tasks.failed.connect(self.failures.append)
        self._told = 0
        self._qtbot = qtbot

    def show(self) -> None:
        with self._qtbot.waitExposed(self.queue):
            self.queue.show()

    def catch_up(self) -> None:
        """Bring the news that have come since, as the inbox would."""
        while self._told < len(self.workstation.news):
            news: News = self.workstation.news[self._told]
            self._told += 1
            match news:
                case AlarmChanged(alarm, owed):
                    self.cases.show_alarm(alarm, owed)
                case IncidentChanged(incident):
                    self.cases.show_incident(incident)
                case _:
                    pass

    def until(self, condition: Callable[[], Any]) -> None:
        def met() -> bool:
            self.catch_up()
            return bool(condition())

        self._qtbot.waitUntil(met, timeout=5000)

    def look(self) -> None:
        """Have an alarm selected for long enough that a hand can mean it."""
        self.until(self.queue.chosen)
        self._qtbot.waitUntil(lambda: not self.cases._unseen(), timeout=5000)

    def in_queue(self) -> set[UUID]:
        return set(self.queued[-1]) if self.queued else set()


@pytest.fixture
def seat(qtbot: QtBot, workstation: Workstation) -> Iterator[Seat]:
    seat = Seat(qtbot, workstation)
    seat.core.door.operator = operator()
    yield seat
    seat.tasks.close()


def test_what_stands_open_is_loaded_and_the_most_urgent_that_waits_is_selected(seat: Seat) -> None:
    low, high = make_alarm(priority=Priority.LOW), make_alarm(priority=Priority.HIGH)
    seen = replace(make_alarm(), state=AlarmState.ACKNOWLEDGED, acknowledgement=Acknowledgement("kim", low.raised_at))
    seat.cases.load((low, seen, high), ())
    assert seat.in_queue() == {low.id, high.id, seen.id}
    chosen = seat.queue.chosen()
    assert chosen is not None
    assert chosen.id == high.id
    assert seat.raised == []  # nothing of it is new


def test_what_was_reported_while_loading_is_newer_than_what_was_loaded(seat: Seat) -> None:
    alarm = make_alarm()
    newer = replace(alarm, state=AlarmState.ACKNOWLEDGED, acknowledgement=Acknowledgement("kim", alarm.raised_at))
    seat.cases.show_alarm(newer)
    seat.cases.load((alarm,), ())
    assert seat.cases.alarms[alarm.id] == newer


def test_a_new_critical_alarm_is_selected_and_told_once(seat: Seat) -> None:
    seat.cases.load((make_alarm(priority=Priority.HIGH),), ())
    sos = seat.workstation.raise_alarm()
    seat.until(lambda: seat.raised)
    seat.cases.show_alarm(sos)
    seat.until(lambda: len(seat.queued) >= 3)
    assert [alarm.id for alarm in seat.raised] == [sos.id]
    chosen = seat.queue.chosen()
    assert chosen is not None
    assert chosen.id == sos.id


def test_a_hand_that_meant_the_alarm_before_does_not_acknowledge_the_one_that_came_under_it(
    seat: Seat, qtbot: QtBot
) -> None:
    alarm = seat.workstation.raise_alarm()
    seat.until(seat.queue.chosen)
    for deed in (seat.queue.ask_acknowledge, seat.queue.ask_open):
        with qtbot.waitSignal(seat.cases.look_first, timeout=1000):
            deed()
    stored = seat.core.stores.alarms.find(alarm.id)
    assert stored is not None
    assert stored.waiting
    assert stored.incident is None


def test_a_burst_of_alarms_is_drawn_once(seat: Seat) -> None:
    for _ in range(200):
        seat.cases.show_alarm(make_alarm())
    seat.until(lambda: seat.queued)
    assert len(seat.queued) == 1
    assert len(seat.in_queue()) == 200
    assert seat.cases.known == (200, 0)


def test_acknowledging_in_the_queue_acknowledges_for_the_room(seat: Seat) -> None:
    alarm = seat.workstation.raise_alarm()
    seat.look()
    seat.queue.ask_acknowledge()
    seat.until(lambda: not seat.cases.alarms[alarm.id].waiting)
    stored = seat.core.stores.alarms.find(alarm.id)
    assert stored is not None
    assert not stored.waiting
    assert alarm.id in seat.in_queue()  # it stays until somebody has handled it


def test_a_case_is_opened_worked_and_closed_and_then_leaves(seat: Seat) -> None:
    alarm = seat.workstation.raise_alarm()
    seat.look()
    seat.queue.ask_open()
    seat.until(lambda: seat.shown)
    (incident,) = seat.cases.incidents.values()
    assert seat.shown == [incident]
    seat.card.note_asked.emit(IncidentNote(incident.id, "a note"))
    seat.card.dispatch_asked.emit(IncidentDispatch(incident.id, "112", "gate"))
    seat.card.move_asked.emit(IncidentMove(incident.id, Status.CLOSED, Disposition.FOUNDED))
    seat.until(lambda: not seat.cases.incidents)
    seat.until(lambda: alarm.id not in seat.in_queue())
    assert seat.failures == []
    stored = seat.core.stores.incidents.find(incident.id)
    assert stored is not None
    assert [entry.step for entry in stored.log] == ["opened", "noted", "dispatched", "moved"]


def test_an_alarm_whose_case_somebody_else_closed_leaves_too(seat: Seat) -> None:
    alarm = seat.workstation.raise_alarm()
    incident = seat.core.casework.open_incident(alarm.id)
    seat.until(lambda: seat.in_queue() == {alarm.id} and seat.cases.incidents)
    seat.core.casework.move(incident.id, Status.CLOSED, Disposition.FALSE_ALARM)
    seat.until(lambda: seat.in_queue() == set())


@pytest.mark.parametrize("state", [AlarmState.RETURNED, AlarmState.SHELVED, AlarmState.OUT_OF_SERVICE])
def test_an_alarm_that_returned_or_was_put_aside_is_not_queued(seat: Seat, state: AlarmState) -> None:
    seat.cases.load((make_alarm(state=state),), ())
    assert seat.in_queue() == set()


def test_what_the_operator_may_not_do_is_said_and_changes_nothing(seat: Seat) -> None:
    alarm = seat.workstation.raise_alarm()
    seat.look()
    seat.core.door.operator = operator(Role.POLICE_LIAISON, "liaison")
    seat.cases.acknowledge(alarm.id)
    seat.cases.open_incident(alarm.id)
    seat.until(lambda: len(seat.failures) == 2)
    assert all(isinstance(error, WatchroomError) for error in seat.failures)
    assert seat.cases.alarms[alarm.id].waiting


def test_an_acknowledgement_that_headquarters_now_knows_is_no_longer_here_only(seat: Seat) -> None:
    alarm = seat.workstation.raise_alarm()
    acknowledged = seat.core.casework.acknowledge(alarm.id)
    assert acknowledged.acknowledgement is not None
    assert acknowledged.acknowledgement.here_only
    seat.until(lambda: alarm.id in seat.in_queue())
    seat.core.stores.feed.acknowledge(seat.core.stores.feed.last_seq())
    seat.cases.acknowledged_up_to_now()
    seat.until(lambda: not seat.cases.alarms[alarm.id].acknowledgement.here_only)  # type: ignore[union-attr]


def test_what_is_chosen_on_the_map_is_shown(seat: Seat) -> None:
    first, second = seat.workstation.raise_alarm(), seat.workstation.raise_alarm(make_event(source="s2"))
    incident = seat.core.casework.open_incident(first.id)
    seat.until(lambda: seat.in_queue() == {first.id, second.id} and seat.cases.incidents)
    seat.cases.choose(second.id)
    chosen = seat.queue.chosen()
    assert chosen is not None
    assert chosen.id == second.id
    seat.cases.choose(incident.id)
    assert seat.shown[-1] is not None
    assert seat.shown[-1].id == incident.id
    before = len(seat.shown)
    seat.cases.choose(make_alarm().id)  # nothing that is known here
    assert len(seat.shown) == before


def test_choosing_an_alarm_that_has_a_case_shows_the_case(seat: Seat) -> None:
    first, second = seat.workstation.raise_alarm(), seat.workstation.raise_alarm(make_event(source="s2"))
    incident = seat.core.casework.open_incident(first.id)
    seat.until(lambda: seat.in_queue() == {first.id, second.id} and seat.cases.incidents)
    seat.queue.choose(second.id)
    seat.shown.clear()
    seat.queue.choose(first.id)
    assert [shown.id for shown in seat.shown if shown] == [incident.id]


@pytest.mark.system
def test_shown_is_answered_only_when_somebody_is_signed_in_and_can_see_it(
    qtbot: QtBot, workstations: Callable[..., Workstation], field: Field, broker: Mosquitto
) -> None:
    workstation = workstations(settings_for(field, broker))
    workstation.core.start()
    seat = Seat(qtbot, workstation)
    qtbot.waitUntil(lambda: any("BROKER" in repr(news) for news in workstation.news), timeout=10_000)
    sos = field.say("guardian/s1/sos", {"lat": 37.39, "lon": 126.64})
    seat.until(lambda: field.answered(sos) == ["stored"] and seat.in_queue())

    seat.show()  # seen, but by nobody
    seat.cases.redraw()
    qtbot.wait(200)
    assert field.answered(sos) == ["stored"]

    seat.queue.hide()
    workstation.core.door.operator = operator()  # somebody, but they see something else
    seat.cases.redraw()
    qtbot.wait(200)
    assert field.answered(sos) == ["stored"]

    seat.show()
    seat.cases.redraw()
    seat.until(lambda: field.answered(sos) == ["stored", "shown"])

    field.say("guardian/s1/sos", {"id": str(sos)})  # the sender has not heard it, and repeats
    seat.until(lambda: field.answered(sos).count("shown") == 2)
    seat.tasks.close()
