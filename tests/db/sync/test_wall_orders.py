"""Walls, bookmarks and snapshots between two real local databases, by way of a real headquarters."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from db.bookmarks import BookmarkStore
from db.facts import history
from db.feed import ChangeFeed
from db.snapshots import SnapshotStore
from db.sync.exchange import Exchange
from db.wall_orders import WallOrderStore
from domain.clock import FixedClock, SystemClock
from domain.fact import Family
from domain.layout import Cell, Layout
from domain.news import News, WallMessageCame
from domain.operator import Operator, Role
from domain.wall import CameraTile, MonitorView, SpotTile
from domain.wall_order import LateOrder, MonitorSize, WallOrder

pytestmark = pytest.mark.system

KIM = Operator("kim", "김", Role.SUPERVISOR)
LOBBY = MonitorView(Layout("시청 로비", 3, 2, (Cell(0, 0, 2, 2), Cell(2, 0))), (CameraTile(417), SpotTile()))


@pytest.fixture
def clock():
    """The desks' clock, some minutes slow so that it can be moved on and headquarters still takes what they say."""
    return FixedClock(SystemClock().now() - timedelta(minutes=5))


@dataclass
class Console:
    """A desk that is joined to headquarters, and what its exchange tells."""

    desk: object
    exchange: Exchange
    news: list[News]

    def __post_init__(self):
        where = (self.desk.db, self.desk.workplace, self.desk.db.hybrid_clock)
        self.orders, self.bookmarks, self.snapshots = (
            WallOrderStore(*where),
            BookmarkStore(*where),
            SnapshotStore(*where),
        )

    def ordered(self):
        orders = [order for order in self.messages() if isinstance(order, WallOrder)]
        return [(order.monitor, order.view, order.by) for order in orders]

    def messages(self):
        return [one.message for one in self.news if isinstance(one, WallMessageCame)]


@pytest.fixture
def consoles(hq, desks):
    """Join desks to headquarters by name."""
    made = []

    def make(name):
        desk = desks(name)
        news = []
        feed = ChangeFeed(desk.db, desk.db.hybrid_clock, desk.workplace.origin)
        workstation = hq.workstation(origin=desk.workplace.origin)
        made.append(Console(desk, Exchange(feed, workstation, news.append, SystemClock()), news))
        return made[-1]

    yield make
    for console in made:
        console.exchange.close()


def test_a_desk_drives_the_wall_of_another_workstation(make, consoles):
    desk, wall, bystander = (consoles(name) for name in ("desk", "wall", "bystander"))
    for console in (desk, wall, bystander):
        console.exchange.start()
    wall.orders.present("영상 벽", [MonitorSize(1, 3840, 2160), MonitorSize(2, 1920, 1080)])
    wall.exchange.wake()
    make.wait_until(lambda: len(desk.orders.workstations()) == 1)
    (target,) = desk.orders.workstations()
    assert (target.origin, target.name, len(target.monitors)) == (wall.desk.workplace.origin, "영상 벽", 2)

    desk.orders.order(target.origin, 2, LOBBY, KIM)
    desk.exchange.wake()
    make.wait_until(lambda: bool(wall.ordered()))
    assert wall.ordered() == [(2, LOBBY, "kim")]
    desk.orders.order(target.origin, 2, MonitorView.empty(LOBBY.layout), KIM)
    desk.exchange.wake()
    make.wait_until(lambda: len(wall.ordered()) == 2)
    make.wait_until(lambda: bystander.desk.feed.cursor() == wall.desk.feed.cursor() != "")
    assert bystander.ordered() == desk.ordered() == []


def test_an_order_that_reaches_the_wall_too_late_is_known_but_not_carried_out(make, consoles, clock):
    desk, wall = consoles("desk"), consoles("wall")
    late = desk.orders.order(wall.desk.workplace.origin, 1, LOBBY, KIM)
    desk.exchange.sync_once()
    clock.advance(61)
    wall.exchange.sync_once()
    assert wall.ordered() == []
    (message,) = wall.messages()
    assert isinstance(message, LateOrder)
    assert message.order.id == late.id
    desk.orders.order(wall.desk.workplace.origin, 2, LOBBY, KIM)
    desk.exchange.sync_once()
    wall.exchange.sync_once()
    assert wall.ordered() == [(2, LOBBY, "kim")]
    with wall.desk.db.reading() as session:
        kept = history(session, Family.WALL, [late.subject])[late.subject]
    assert late in kept


def test_bookmarks_and_snapshots_reach_the_other_desks_and_headquarters(hq, make, consoles, clock):
    here, there = consoles("desk"), consoles("wall")
    snapshot = here.snapshots.keep(
        camera_no=417,
        at=clock.now(),
        camera_at=None,
        by="kim",
        file="2026-03-01/417.png",
        sha256="ab" * 32,
        width=1280,
        height=720,
        masked=True,
    )
    bookmark = here.bookmarks.add(clock.now(), 417, "빨간 차", "kim", snapshot=snapshot.id)
    assert here.exchange.sync_once().behind == 0
    there.exchange.sync_once()
    assert there.snapshots.find(snapshot.id) == snapshot
    assert there.bookmarks.newest(1) == (bookmark,)
    noted = there.bookmarks.note(bookmark.id, "두 대", "lee")
    there.exchange.sync_once()
    here.exchange.sync_once()
    assert here.bookmarks.find(bookmark.id) == noted
    (said,) = hq.ask("select payload->'fields'->>'sha256' from hq.fact where kind = 'snapshot_event'")
    assert said == ("ab" * 32,)
