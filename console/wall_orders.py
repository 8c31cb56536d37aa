"""Walls of other workstations: putting a view on one, and taking what another desk puts on ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject

from console.acting import Door
from console.tasks import Lane, Tasks
from domain.errors import RefusedError
from domain.fact import Fact
from domain.news import WallOrdered
from domain.operator import Action
from domain.text import Text
from domain.wall import MonitorView
from domain.wall_order import MonitorSize, Workstation


class OrderBook(Protocol):
    """Where orders to other walls are kept and travel; `db.wall_orders.WallOrderStore` does it."""

    def order(self, target: UUID, monitor: int, view: MonitorView, actor: str) -> object:
        """Commit that this view is to be shown there."""
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


class WallOrders(QObject):
    """Sends views to other workstations and takes theirs. `wake` has the exchange carry an order at once."""

    def __init__(
        self,
        book: OrderBook,
        screens: Screens,
        door: Door,
        tasks: Tasks,
        say: Callable[[Text], None],
        wake: Callable[[], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._screens = screens
        self._door = door
        self._tasks = tasks
        self._say = say
        self._wake = wake
        self._origin: UUID | None = None  # this workstation; known once it has told of itself

    def send_view(self, target: UUID, monitor: int, view: MonitorView) -> None:
        """Put a view on a monitor (counted from 1) of another workstation; what can't be done is said."""
        try:
            actor = self._door.act(Action.DRIVE_WALL, f"wall/{target}/{monitor}", view.layout.name)
        except RefusedError as error:
            self._tasks.failed.emit(error)
            return
        work = partial(self._book.order, target, monitor, view, actor)
        self._tasks.run(Lane.DATABASE, work, self, lambda _: self._sent(monitor, view))

    def tell_presence(self, name: str, monitors: tuple[MonitorSize, ...]) -> None:
        """Tell the other workstations which monitors there are here."""
        self._tasks.run(Lane.DATABASE, partial(self._book.present, name, monitors), self, self._told)

    def ask_others(self, then: Callable[[tuple[Workstation, ...]], None]) -> None:
        """Ask which other workstations are known, and hand them over."""

        def answered(known: tuple[Workstation, ...]) -> None:
            then(tuple(one for one in known if one.origin != self._origin))

        self._tasks.run(Lane.DATABASE, self._book.workstations, self, answered)

    def take(self, order: WallOrdered) -> None:
        """Do what another desk wants, and say who wanted it."""
        monitor = str(order.monitor)
        if order.monitor not in self._screens.views():
            self._say(Text("wall_order_no_monitor", {"by": order.by, "monitor": monitor}))
            return
        self._screens.show({order.monitor: order.view})
        layout = order.view.layout.name
        self._say(Text("wall_ordered", {"by": order.by, "layout": layout, "monitor": monitor}))

    def _told(self, presence: Fact) -> None:
        self._origin = presence.origin
        self._wake()

    def _sent(self, monitor: int, view: MonitorView) -> None:
        self._wake()
        self._say(Text("wall_order_sent", {"layout": view.layout.name, "monitor": str(monitor)}))
