"""Orders for the walls of other workstations, which travel as facts through headquarters."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.database import Database
from db.facts import Journal, to_fact, write
from db.moment import hlc_from
from db.tables import WallEventRow
from db.wall_codec import monitors_json, order_of, view_json, workstation_of
from db.writer import Urgency
from domain.errors import BadInputError
from domain.fact import Fact, Family, Json
from domain.hlc import HybridClock
from domain.record import RecordHead, Workplace
from domain.wall import MonitorView
from domain.wall_order import ORDER_LIFE, MonitorSize, WallOrder, WallStep, Workstation


class WallOrderStore:
    """What this workstation orders for the walls of others, and which others there are."""

    def __init__(self, db: Database, workplace: Workplace, hybrid_clock: HybridClock) -> None:
        self._db = db
        self._journal = Journal(workplace, hybrid_clock)

    def order(self, target: UUID, monitor: int, view: MonitorView, actor: str) -> Fact:
        """Commit that a monitor of a workstation, counted from 1, is to show a view; it travels from here by itself.

        Whether it was carried out is not known here. BadInputError where a monitor can't have that number.
        """
        if monitor < 1:
            raise BadInputError(f"there is no monitor {monitor}")
        return self._say(target, WallStep.SHOWN, actor, {"monitor": monitor, "view": view_json(view)})

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


def standing_orders(session: Session, arrived: Collection[Fact], here: UUID, now: datetime) -> tuple[WallOrder, ...]:
    """Return the orders among facts that just arrived which this workstation is to carry out.

    They are for its own walls, given elsewhere, not older than a minute, and the newest known for their monitor.
    """
    for_us = {
        fact.id
        for fact in arrived
        if fact.family is Family.WALL and fact.step == WallStep.SHOWN and fact.subject == here and fact.origin != here
    }
    if not for_us:
        return ()
    recent = select(WallEventRow).where(
        WallEventRow.subject == here,
        WallEventRow.step == WallStep.SHOWN.value,
        WallEventRow.hlc >= hlc_from(now - ORDER_LIFE),
    )
    newest: dict[int, Fact] = {}
    facts = (to_fact(Family.WALL, row) for row in session.scalars(recent))
    for fact in sorted(facts, key=lambda fact: (fact.order, str(fact.id))):
        newest[order_of(fact).monitor] = fact
    orders = (order_of(fact) for fact in newest.values() if fact.id in for_us)
    return tuple(order for order in orders if order.stands(now))
