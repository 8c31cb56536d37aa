"""Walls of other workstations: putting a view on one, and taking what another desk puts on ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol, assert_never
from uuid import UUID

from PySide6.QtCore import QObject, QTimer

from console.acting import Door
from console.tasks import Lane, Tasks
from domain.errors import RefusedError
from domain.fact import Fact
from domain.operator import Action, Operator
from domain.text import Text
from domain.wall import MonitorView
from domain.wall_order import (
    ORDER_LIFE,
    LateOrder,
    MonitorSize,
    Outcome,
    WallAnswer,
    WallMessage,
    WallOrder,
    Workstation,
)

_ANSWER_WITHIN = timedelta(seconds=3)  # both ways take a second at most while headquarters and the other are there
_HERE = {
    Outcome.SHOWN: "wall_ordered",
    Outcome.NO_MONITOR: "wall_order_no_monitor",
    Outcome.REFUSED: "wall_order_refused",
}
_THERE = {
    Outcome.SHOWN: "wall_order_done",
    Outcome.NO_MONITOR: "wall_order_no_monitor_there",
    Outcome.REFUSED: "wall_order_refused_there",
}


class OrderBook(Protocol):
    """Where orders to other walls are kept and travel; `db.wall_orders.WallOrderStore` does it."""

    def order(self, target: UUID, monitor: int, view: MonitorView, by: Operator) -> Fact:
        """Commit that this view is to be shown there, and return the fact, by whose id it is answered."""
        ...

    def answer(self, order: WallOrder, outcome: Outcome, actor: str) -> object:
        """Commit what became of an order here."""
        ...

    def present(self, name: str, monitors: Sequence[MonitorSize]) -> Fact:
        """Commit which monitors this workstation has, and return the fact, whose origin it is."""
        ...

    def workstations(self) -> tuple[Workstation, ...]:
        """Return the workstations that are known."""
        ...


@dataclass(frozen=True, slots=True)
class Screens:
    """What hangs on the monitors here, and how to hang something else there."""

    views: Callable[[], Mapping[int, MonitorView]]
    show: Callable[[Mapping[int, MonitorView]], None]
    """Shows these views in one go; one step back brings the ones before."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """An order that is not answered yet, and the words in which it is told of."""

    target: UUID
    words: Mapping[str, str]


class WallOrders(QObject):
    """Sends views to other workstations and takes theirs. `wake` has the exchange carry an order at once.

    Whoever sent something hears what became of it; also, after three seconds, that there is no answer.
    """

    def __init__(
        self,
        book: OrderBook,
        screens: Screens,
        door: Door,
        tasks: Tasks,
        say: Callable[[Text], None],
        wake: Callable[[], None],
        parent: QObject,
        answer_within: timedelta = _ANSWER_WITHIN,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._screens = screens
        self._door = door
        self._tasks = tasks
        self._say = say
        self._wake = wake
        self._answer_within = answer_within
        self._origin: UUID | None = None  # this workstation; known once it has told of itself
        self._told: tuple[str, tuple[MonitorSize, ...]] | None = None
        self._names: dict[UUID, str] = {}
        self._unanswered: dict[UUID, _Sent] = {}

    # -- sending

    def send_view(self, target: UUID, monitor: int, view: MonitorView) -> None:
        """Put a view on a monitor (counted from 1) of another workstation; what can't be done is said."""
        try:
            self._door.act(Action.DRIVE_WALL, _subject(target, monitor), view.layout.name)
        except RefusedError as error:
            self._tasks.failed.emit(error)
            return
        by = self._door.operator
        if by is None:
            return  # the door lets nobody pass who is not signed in
        station = self._names.get(target, "") or str(target)
        sent = _Sent(target, {"layout": view.layout.name, "monitor": str(monitor), "station": station})
        work = partial(self._book.order, target, monitor, view, by)
        self._tasks.run(Lane.DATABASE, work, self, partial(self._sent, sent))

    def _sent(self, sent: _Sent, order: Fact) -> None:
        self._unanswered[order.id] = sent
        self._wake()
        self._say(Text("wall_order_sent", sent.words))
        self._later(self._answer_within, partial(self._miss, order.id))
        self._later(ORDER_LIFE + self._answer_within, partial(self._give_up, order.id))

    def _later(self, after: timedelta, work: Callable[[], None]) -> None:
        QTimer.singleShot(int(after.total_seconds() * 1000), self, work)

    def _miss(self, order: UUID) -> None:
        if order in self._unanswered:
            self._say(Text("wall_order_unanswered", self._unanswered[order].words))

    def _give_up(self, order: UUID) -> None:
        sent = self._unanswered.pop(order, None)
        if sent is not None:
            self._say(Text("wall_order_lapsed", sent.words))

    # -- who there is

    def tell_presence(self, name: str, monitors: tuple[MonitorSize, ...]) -> None:
        """Tell the other workstations which monitors there are here, unless they were told the same already."""
        if self._told == (name, monitors):
            return
        self._told = name, monitors
        work = partial(self._book.present, name, monitors)
        self._tasks.run(Lane.DATABASE, work, self, self._presence_told, self._presence_not_told)

    def _presence_told(self, presence: Fact) -> None:
        self._origin = presence.origin
        self._wake()

    def _presence_not_told(self, error: Exception) -> None:
        self._told = None
        self._tasks.failed.emit(error)

    def name_of(self, origin: UUID) -> str:
        """Return what a workstation is called; empty where it is not known yet."""
        if origin not in self._names:
            self.ask_others(lambda _: None)  # known by the next time
        return self._names.get(origin, "")

    def ask_others(self, then: Callable[[tuple[Workstation, ...]], None]) -> None:
        """Ask which other workstations are known, and hand them over."""

        def answered(known: tuple[Workstation, ...]) -> None:
            self._names = {one.origin: one.name for one in known}
            then(tuple(one for one in known if one.origin != self._origin))

        self._tasks.run(Lane.DATABASE, self._book.workstations, self, answered)

    # -- what comes

    def take(self, message: WallMessage) -> None:
        """Do what another desk wants, answer it, and say who wanted it; or say what another made of our order."""
        match message:
            case WallOrder():
                self._answer(message, self._carry_out(message))
            case LateOrder(order):
                layout = order.view.layout.name
                self._door.refuse(order.by, Action.DRIVE_WALL, _subject(order.target, order.monitor), f"{layout}, late")
            case WallAnswer():
                self._hear(message)
            case _:
                assert_never(message)

    def _carry_out(self, order: WallOrder) -> Outcome:
        subject = _subject(order.target, order.monitor)
        try:
            self._door.admit(order.by, order.role, Action.DRIVE_WALL, subject, order.view.layout.name)
        except RefusedError:
            return Outcome.REFUSED
        if order.monitor not in self._screens.views():
            return Outcome.NO_MONITOR
        self._screens.show({order.monitor: order.view})
        return Outcome.SHOWN

    def _answer(self, order: WallOrder, outcome: Outcome) -> None:
        words = {"by": order.by, "layout": order.view.layout.name, "monitor": str(order.monitor)}
        self._say(Text(_HERE[outcome], words))
        work = partial(self._book.answer, order, outcome, self._door.actor)
        self._tasks.run(Lane.DATABASE, work, self, lambda _: self._wake())

    def _hear(self, answer: WallAnswer) -> None:
        sent = self._unanswered.get(answer.order)
        if sent is not None and sent.target == answer.origin:
            del self._unanswered[answer.order]
            self._say(Text(_THERE[answer.outcome], sent.words))


def _subject(target: UUID, monitor: int) -> str:
    return f"wall/{target}/{monitor}"
