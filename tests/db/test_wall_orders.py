from datetime import timedelta
from uuid import UUID

import pytest

from db.feed import ChangeFeed
from db.wall_orders import WallOrderStore
from domain.change import PulledChange
from domain.errors import BadInputError
from domain.fact import Family
from domain.layout import Layout
from domain.operator import Operator, Role
from domain.wall import CameraTile, MonitorView
from domain.wall_order import LateOrder, MonitorSize, Outcome, WallAnswer, WallMessage, WallOrder, WallStep

FOUR = MonitorView(Layout.of("4"), (CameraTile(417), None, None, CameraTile(2)))
KIM, LEE = Operator("kim", "김", Role.SUPERVISOR), Operator("lee", "이", Role.OPERATOR)
ONE = MonitorView(Layout.of("1"), (CameraTile(7),))


class Wall:
    """A desk with its wall orders, and what the others' orders make of it."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.origin = desk.workplace.origin
        self.orders = WallOrderStore(desk.db, desk.workplace, desk.db.hybrid_clock)
        self.feed = ChangeFeed(desk.db, desk.db.hybrid_clock, self.origin)

    def lines(self) -> list[PulledChange]:
        return self.desk.pulled()

    def take(self, *lines: PulledChange) -> tuple[WallMessage, ...]:
        return self.feed.take_pulled(lines, "1").wall_messages


@pytest.fixture
def here(desks) -> Wall:
    return Wall(desks("here"))


@pytest.fixture
def there(desks) -> Wall:
    return Wall(desks("there"))


def test_an_order_is_a_fact_with_its_line(here, there):
    fact = here.orders.order(there.origin, 2, FOUR, KIM)
    (line,) = here.lines()
    assert (fact.family, fact.subject, fact.step, fact.actor) == (Family.WALL, there.origin, WallStep.SHOWN, "kim")
    assert (line.kind, line.pk, line.hlc) == ("wall_event", fact.id, fact.hlc)
    assert line.payload["fields"] == dict(fact.fields)


def test_an_order_reaches_the_wall_that_it_is_for_and_no_other(here, there, desks):
    elsewhere = Wall(desks("elsewhere"))
    here.orders.order(there.origin, 2, FOUR, KIM)
    (order,) = there.take(*here.lines())
    assert (order.target, order.monitor, order.view, order.by) == (there.origin, 2, FOUR, "kim")
    assert (order.origin, order.role) == (here.origin, Role.SUPERVISOR)
    assert elsewhere.take(*here.lines()) == ()


def test_the_same_order_again_is_not_carried_out_again(here, there):
    here.orders.order(there.origin, 2, FOUR, KIM)
    assert len(there.take(*here.lines(), *here.lines())) == 1
    assert there.take(*here.lines()) == ()


@pytest.mark.parametrize(("age_s", "carried_out"), [(59.9, 1), (60, 1), (60.1, 0), (7200, 0)])
def test_an_order_that_was_held_up_for_more_than_a_minute_does_not_turn_the_wall_over(
    here, there, clock, age_s, carried_out
):
    clock.advance(-(clock.now().microsecond % 1000) / 1e6)  # hybrid clocks count milliseconds
    here.orders.order(there.origin, 2, FOUR, KIM)
    clock.advance(age_s)
    (came,) = there.take(*here.lines())
    assert isinstance(came, WallOrder if carried_out else LateOrder)


def test_of_the_orders_that_came_too_late_the_newest_for_each_monitor_is_told(here, there, clock):
    for monitor in (1, 1, 2):
        here.orders.order(there.origin, monitor, FOUR, KIM)
    clock.advance(61)
    last = here.orders.order(there.origin, 2, ONE, KIM)
    late, standing = there.take(*here.lines())
    assert isinstance(late, LateOrder)
    assert (late.order.monitor, late.order.id) == (1, here.lines()[1].pk)
    assert isinstance(standing, WallOrder)
    assert standing.id == last.id


def test_an_answer_reaches_the_desk_that_gave_the_order_and_no_other(here, there, desks):
    elsewhere = Wall(desks("elsewhere"))
    here.orders.order(there.origin, 2, FOUR, KIM)
    (order,) = there.take(*here.lines())
    there.orders.answer(order, Outcome.NO_MONITOR, "lee")
    assert here.take(*there.lines()) == (WallAnswer(order.id, there.origin, Outcome.NO_MONITOR),)
    assert here.take(*there.lines()) == elsewhere.take(*there.lines()) == ()


def test_a_role_that_only_a_newer_program_knows_is_none(here, there):
    here.orders.order(there.origin, 2, FOUR, KIM)
    (line,) = here.lines()
    fields = {**line.payload["fields"], "role": "chief"}
    newer = PulledChange(line.origin, line.kind, line.pk, line.hlc, {**line.payload, "fields": fields}, 1)
    (order,) = there.take(newer)
    assert order.role is None


def test_of_the_orders_for_a_monitor_the_newest_is_carried_out_whichever_comes_first(here, there, clock):
    first = here.orders.order(there.origin, 1, ONE, KIM)
    here.orders.order(there.origin, 2, ONE, KIM)
    clock.advance(1)
    here.orders.order(there.origin, 1, FOUR, LEE)
    early, other, late = here.lines()
    assert early.pk == first.id
    orders = there.take(late, other)
    assert {(order.monitor, order.by) for order in orders} == {(1, "lee"), (2, "kim")}
    assert there.take(early) == ()


def test_a_restored_desk_does_not_carry_out_its_own_orders(here):
    here.orders.order(here.origin, 1, ONE, KIM)
    lines = here.lines()
    here.desk.db.writer.do(1, lambda session: session.connection().exec_driver_sql("DELETE FROM wall_event"))
    assert here.take(*lines) == ()


def test_a_monitor_that_can_not_be_is_refused(here, there):
    with pytest.raises(BadInputError, match="no monitor 0"):
        here.orders.order(there.origin, 0, ONE, KIM)
    assert here.lines() == []


def test_workstations_are_known_as_they_last_told_of_themselves(here, there, clock):
    here.orders.present("북쪽", [MonitorSize(1, 1920, 1080)])
    there.orders.present("wall", [])
    clock.advance(3600)
    there.orders.present("south", [MonitorSize(1, 3840, 2160), MonitorSize(2, 1920, 1080)])
    here.take(*there.lines())
    south, north = here.orders.workstations()
    assert (south.origin, south.name, north.origin, north.name) == (there.origin, "south", here.origin, "북쪽")
    assert south.monitors == (MonitorSize(1, 3840, 2160), MonitorSize(2, 1920, 1080))
    assert abs(south.seen_at - clock.now()) < timedelta(milliseconds=1)
    assert south.seen_at - north.seen_at == timedelta(hours=1)
    assert there.orders.workstations() == (south,)


def test_nobody_tells_of_another_workstation(here, there):
    there.orders.present("south", [])
    (line,) = there.lines()
    forged = PulledChange(UUID(int=66), line.kind, UUID(int=67), line.hlc + 1, line.payload, 1)
    here.take(line, forged)
    assert [one.name for one in here.orders.workstations()] == ["south"]


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("shown", {}),
        ("shown", {"monitor": "1", "view": {}}),
        ("present", {"monitors": 7}),
        ("answered", {"order": "1"}),
    ],
)
def test_an_order_that_can_not_be_understood_is_kept_as_it_came(here, there, step, fields):
    there.orders.present("south", [])
    (line,) = there.lines()
    odd = PulledChange(
        line.origin, line.kind, UUID(int=9), line.hlc, {**line.payload, "step": step, "fields": fields}, 1
    )
    assert here.take(odd) == ()
    assert here.feed.unknown() == (odd,)


def test_a_step_that_only_a_newer_program_knows_is_a_fact_like_any_other(here, there):
    there.orders.present("south", [])
    (line,) = there.lines()
    newer = PulledChange(line.origin, line.kind, UUID(int=9), line.hlc, {**line.payload, "step": "dimmed"}, 1)
    assert here.take(line, newer) == ()
    assert here.feed.unknown() == ()
    assert [one.name for one in here.orders.workstations()] == ["south"]
