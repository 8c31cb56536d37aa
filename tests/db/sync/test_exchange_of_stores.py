"""Two consoles on real local databases, joined by a real headquarters."""

import shutil

import pytest

from db.feed import ChangeFeed
from db.numbers import NumberStore
from db.sync.exchange import Exchange
from domain.alarm import AlarmState
from domain.clock import SystemClock
from domain.news import AlarmChanged, EventTaken, IncidentChanged

pytestmark = pytest.mark.system


@pytest.fixture
def clock():
    return SystemClock()


@pytest.fixture
def join(hq):
    """Join a desk to headquarters; return what it reports and its exchange."""
    exchanges = []

    def make(desk, *, start=True):
        news = []
        numbers = NumberStore(desk.db, desk.workplace)
        workstation = hq.workstation(origin=desk.workplace.origin)
        exchange = Exchange(ChangeFeed(desk.db, desk.db.hybrid_clock), workstation, news.append, SystemClock(), numbers)
        exchanges.append(exchange)
        if start:
            exchange.start()
        return news, exchange, numbers

    yield make
    for exchange in exchanges:
        exchange.close()


def of(news, kind):
    return [one for one in news if isinstance(one, kind)]


def test_an_sos_is_handled_by_two_consoles_as_one(hq, make, desks, join):
    here, there = desks("here"), desks("there")
    (news_here, exchange_here, _), (news_there, exchange_there, _) = join(here), join(there)
    raised = here.raise_sos()
    exchange_here.wake()
    make.wait_until(lambda: of(news_there, AlarmChanged) and of(news_there, EventTaken))
    assert there.alarms.find(raised.id) == here.alarms.find(raised.id)

    there.alarms.acknowledge(raised.id, "kim", SystemClock().now())
    exchange_there.wake()
    make.wait_until(lambda: bool(of(news_here, AlarmChanged)))
    assert of(news_here, AlarmChanged)[-1].alarm.state is AlarmState.ACKNOWLEDGED

    incident = here.incidents.open_from(raised.id, "lee", "2026-anyang-000001")
    exchange_here.wake()
    make.wait_until(lambda: bool(of(news_there, IncidentChanged)))
    there.incidents.note(incident.id, "순찰차 도착", "kim")
    exchange_there.wake()
    make.wait_until(lambda: here.incidents.find(incident.id) == there.incidents.find(incident.id))
    assert exchange_here.drain(10)
    assert exchange_there.drain(10)
    assert len(hq.facts()) == len(set(hq.facts()))


def test_incident_numbers_of_two_consoles_differ(hq, make, desks, join):
    year = SystemClock().now().year
    stocks = [join(desks(name))[2] for name in ("here", "there")]
    make.wait_until(lambda: all(stock.left(year) == 1000 for stock in stocks))
    assert {stock.take(year) for stock in stocks} == {f"{year}-anyang-000001", f"{year}-anyang-001001"}


def test_a_local_database_put_back_from_a_backup_is_made_whole(hq, make, desks, join, tmp_path):
    here = desks("here")
    _, before, _ = join(here, start=False)
    kept = here.raise_sos()
    before.sync_once()
    here.db.backup(tmp_path / "backup.db")
    lost = here.raise_sos()
    before.sync_once()
    before.close()

    shutil.copy(tmp_path / "backup.db", tmp_path / "put-back.db")
    again = type(here)(tmp_path / "put-back.db", SystemClock(), here.workplace.origin)
    try:
        written = again.raise_sos()
        news, after, _ = join(again)
        make.wait_until(lambda: any(one.alarm.id == lost.id for one in of(news, AlarmChanged)))
        assert after.drain(10)
        assert {alarm.id for alarm in again.alarms.open()} == {kept.id, lost.id, written.id}
        assert len(hq.facts()) == len(set(hq.facts())) == 6  # of each alarm its event and its raising
    finally:
        after.close()
        again.db.close()


def test_ten_thousand_events_of_a_real_database_arrive_once(hq, make, desks, join):
    here, there = desks("here"), desks("there")
    for _ in range(20):
        here.events.take([here.report("unit_fix") for _ in range(500)])
    _, up, _ = join(here, start=False)
    _, down, _ = join(there, start=False)
    assert up.sync_once().behind == 0
    down.sync_once()
    assert len(hq.facts()) == len(set(hq.facts())) == 10_000
    assert len(there.events.recent(20_000)) == 10_000
