"""Orders for the walls of other workstations, which travel as facts through headquarters."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.database import Database
from db.facts import Journal, to_fact, write
from db.moment import hlc_from
from db.tables import WallEventRow
from db.wall_codec import answer_of, monitors_json, order_of, view_json, workstation_of
from db.writer import Urgency
from domain.errors import BadInputError
from domain.fact import Fact, Family, Json
from domain.hlc import HybridClock
from domain.operator import Operator
from domain.record import RecordHead, Workplace
from domain.wall import MonitorView
from domain.wall_order import (
    ORDER_LIFE,
    LateOrder,
    MonitorSize,
    Outcome,
    WallMessage,
    WallOrder,
    WallStep,
    Workstation,
)


class WallOrderStore:
    """What this workstation orders for the walls of others, and which others there are."""

    def __init__(self, db: Database, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)

    def order(self, target: UUID, monitor: int, view: MonitorView, by: Operator) -> Fact:
        """Commit that a monitor of a workstation, counted from 1, is to show a view; it travels from here by itself.

        What became of it comes as an answer to the fact's id. BadInputError where a monitor can't have that number.
        """
        if monitor < 1:
            raise BadInputError(f"there is no monitor {monitor}")
        fields: dict[str, Json] = {"monitor": monitor, "view": view_json(view), "role": by.role.value}
        return self._say(target, WallStep.SHOWN, by.name, fields)

    def answer(self, order: WallOrder, outcome: Outcome, actor: str) -> Fact:
        """Commit what became of an order here; it travels to the workstation that gave it."""
        fields: dict[str, Json] = {"order": str(order.id), "outcome": outcome.value}
        return self._say(order.origin, WallStep.ANSWERED, actor, fields)

    def present(self, name: str, monitors: Sequence[MonitorSize]) -> Fact:
        """Commit what this workstation is called and which monitors it has, so that others can order walls here."""
        origin = self._journal.workplace.origin
        return self._say(origin, WallStep.PRESENT, "", {"name": name, "monitors": monitors_json(monitors)})

    def workstations(self) -> tuple[Workstation, ...]:
        """Return the workstations that told of themselves, this one among them, as they last did; by name."""
        newest = (
            select(WallEventRow.subject, func.max(WallEventRow.hlc).label("hlc"))
            .where(WallEventRow.step == WallStep.PRESENT.value, WallEventRow.subject == WallEventRow.origin)
            .group_by(WallEventRow.subject)
            .subquery()
        )
        query = select(WallEventRow).where(
            WallEventRow.step == WallStep.PRESENT.value,
            WallEventRow.origin == newest.c.subject,
            WallEventRow.subject == newest.c.subject,
            WallEventRow.hlc == newest.c.hlc,
        )
        with self._db.reading() as session:
            found = [workstation_of(to_fact(Family.WALL, row)) for row in session.scalars(query)]
        return tuple(sorted(found, key=lambda one: (one.name, str(one.origin))))

    def _say(self, subject: UUID, step: WallStep, actor: str, fields: dict[str, Json]) -> Fact:
        def work(session: Session) -> Fact:
            place = self._journal.workplace
            about = RecordHead(id=subject, origin=place.origin, centre=place.centre, district="", mode=place.mode)
            now = self._db.clock.now()
            fact = self._journal.fact(Family.WALL, about, step, at=now, actor=actor, fields=fields)
            write(session, [fact])
            return fact

        return self._db.writer.do(Urgency.OPERATOR, work)


def messages_for(session: Session, arrived: Iterable[Fact], here: UUID, now: datetime) -> tuple[WallMessage, ...]:
    """Return what facts that just arrived from elsewhere want of this workstation's walls, or answer to it.

    An order stands if it is not older than a minute and the newest known for its monitor. Of those that came too late
    the newest for each monitor is told; one that a newer order has overtaken is not.
    """
    ours = [fact for fact in arrived if fact.family is Family.WALL and fact.subject == here and fact.origin != here]
    answers = (answer_of(fact) for fact in ours if fact.step == WallStep.ANSWERED)
    orders = _newest(fact for fact in ours if fact.step == WallStep.SHOWN)
    if not orders:
        return tuple(answers)
    late = (LateOrder(order) for order in orders if not order.stands(now))
    known = {order.id for order in _newest(_recent(session, here, now))}
    return (*answers, *late, *(order for order in orders if order.stands(now) and order.id in known))


def _recent(session: Session, here: UUID, now: datetime) -> Iterator[Fact]:
    query = select(WallEventRow).where(
        WallEventRow.subject == here,
        WallEventRow.step == WallStep.SHOWN.value,
        WallEventRow.hlc >= hlc_from(now - ORDER_LIFE),
    )
    return (to_fact(Family.WALL, row) for row in session.scalars(query))


def _newest(facts: Iterable[Fact]) -> tuple[WallOrder, ...]:
    """Return the newest of these orders for each monitor."""
    newest = {}
    for fact in sorted(facts, key=lambda fact: (fact.order, str(fact.id))):
        order = order_of(fact)
        newest[order.monitor] = order
    return tuple(newest.values())
