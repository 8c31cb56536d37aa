"""The exchange of two consoles by way of headquarters, and everything that goes wrong on the way."""

import signal
import socket
import threading
import time
from collections import Counter
from dataclasses import replace
from itertools import groupby

import pytest

from db.sync.bell import Bell
from db.sync.client import Headquarters
from db.sync.exchange import Exchange
from domain.clock import SystemClock
from domain.errors import CredentialsError, RefusedError, UnreachableError
from domain.news import LinkChanged, Notice, SyncProgress

pytestmark = pytest.mark.system


class Console:
    """A feed, its exchange, and what was reported."""

    def __init__(self, feed, headquarters, numbers=None):
        self.feed, self.news = feed, []
        self.exchange = Exchange(feed, headquarters, self.news.append, SystemClock(), numbers)

    def links(self):
        """Return how the link went up and down; another reason for being down is no change."""
        ups = [news.up for news in self.news if isinstance(news, LinkChanged)]
        return [up for up, _ in groupby(ups)]

    def progress(self):
        return [news for news in self.news if isinstance(news, SyncProgress)]

    def save(self, count=1, **payload):
        keys = self.feed.save(count, **payload)
        self.exchange.wake()
        return keys


@pytest.fixture
def consoles():
    made = []

    def make_console(feed, headquarters, numbers=None, *, start=True):
        console = Console(feed, headquarters, numbers)
        made.append(console)
        if start:
            console.exchange.start()
        return console

    yield make_console
    for console in made:
        console.exchange.close()


def stored_once(hq, keys):
    counted = Counter(hq.facts())
    return set(counted) == set(keys) and set(counted.values()) <= {1}


def test_two_consoles_come_to_know_the_same(hq, make, consoles):
    here, there = consoles(make.Feed(), hq.workstation()), consoles(make.Feed(), hq.workstation())
    for _ in range(20):
        here.save(7)
        there.save(5)
    make.wait_until(lambda: here.feed.known() == there.feed.known() and len(here.feed.known()) == 240)
    assert here.exchange.drain(5)
    assert here.feed.acked == 140
    assert stored_once(hq, here.feed.known())


def test_another_consoles_alarm_is_here_well_within_a_second(hq, make, consoles):
    here, there = consoles(make.Feed(), hq.workstation()), consoles(make.Feed(), hq.workstation())
    make.wait_until(lambda: here.links() == there.links() == [True])
    waits = []
    for _ in range(10):
        began = time.monotonic()
        (key,) = here.save()
        make.wait_until(lambda key=key: key in there.feed.pulled)
        waits.append(time.monotonic() - began)
    assert sorted(waits)[5] < 1.0, waits


def test_a_lost_wake_up_and_a_lost_hint_cost_a_second_at_most(hq, make, consoles):
    here, there = consoles(make.Feed(), hq.workstation()), consoles(make.Feed(), hq.workstation())
    make.wait_until(lambda: here.links() == there.links() == [True])
    keys = here.feed.save(3)  # nobody calls wake
    make.wait_until(lambda: set(keys) <= set(there.feed.pulled))


def test_progress_tells_how_far_headquarters_is(hq, make, consoles):
    feed = make.Feed()
    feed.save(3)
    console = consoles(feed, hq.workstation(), start=False)
    waiting = console.exchange.progress()
    assert (waiting.acked_seq, waiting.behind) == (0, 3)
    assert waiting.oldest_at is not None
    assert waiting.contact_at is None
    done = console.exchange.sync_once()
    assert (done.acked_seq, done.behind, done.oldest_at) == (3, 0, None)
    assert done.contact_at is not None
    assert console.links() == [True]


def test_one_exchange_by_hand_pushes_and_pulls_everything(hq, make, consoles):
    here, there = (consoles(make.Feed(), hq.workstation(), start=False) for _ in range(2))
    here.feed.save(5500)
    here.exchange.sync_once()
    there.feed.save(3)
    assert there.exchange.sync_once().behind == 0
    here.exchange.sync_once()
    assert here.feed.known() == there.feed.known()
    assert len(there.feed.pulled) == 5500


def test_one_exchange_by_hand_says_that_headquarters_is_away(hq, make, relay, consoles):
    console = consoles(make.Feed(), hq.connect(hq.through(relay.port, hq.enrol())), start=False)
    relay.close()
    with pytest.raises(UnreachableError):
        console.exchange.sync_once()
    assert console.links() == [False]


def test_work_goes_on_while_headquarters_is_away_and_is_sent_when_it_is_back(mortal_hq, make, consoles):
    console = consoles(make.Feed(), mortal_hq.workstation())
    console.save(3)
    assert console.exchange.drain(10)
    mortal_hq.server.stop()
    make.wait_until(lambda: console.links() == [True, False])
    console.save(40)
    assert not console.exchange.drain(0.3)
    make.wait_until(lambda: console.progress()[-1].behind == 40)
    assert console.progress()[-1].oldest_at is not None
    mortal_hq.server.start()
    assert console.exchange.drain(20)
    make.wait_until(lambda: console.links() == [True, False, True])
    assert stored_once(mortal_hq, console.feed.own)


def test_a_server_that_dies_in_the_middle_of_a_push_loses_and_doubles_nothing(mortal_hq, make, consoles):
    console = consoles(make.Feed(), mortal_hq.workstation())
    console.save(10)
    assert console.exchange.drain(10)
    admin = mortal_hq.server.admin(mortal_hq.database)
    admin.execute("begin")
    admin.execute("lock table hq.cursor in access exclusive mode")  # so that the push stands in its middle
    console.save(500)
    make.wait_until(lambda: waiting_pushes(mortal_hq) == 1)
    mortal_hq.server.stop(signal.SIGQUIT)
    admin.close()
    assert len(console.feed.own) == 510
    mortal_hq.server.start()
    assert len(mortal_hq.facts()) == 10, "the push was not cut"
    assert console.exchange.drain(20)
    assert stored_once(mortal_hq, console.feed.own)


def waiting_pushes(hq):
    return hq.ask(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%%hq_v1.push%%' "
        "and datname = %s",
        hq.database,
    )[0][0]


def test_a_push_whose_answer_is_lost_after_the_commit_is_stored_once(hq, make, relay, consoles):
    address = hq.enrol()
    console = consoles(make.Feed(), hq.connect(hq.through(relay.port, address)))
    there = consoles(make.Feed(), hq.workstation())
    console.save(10)
    assert console.exchange.drain(10)
    relay.mute_after(20_000)
    console.save(500)
    make.wait_until(lambda: len(hq.facts()) == 510)  # committed there, and the answer swallowed
    assert console.feed.acked == 10
    make.wait_until(lambda: relay.swallowed > 0)
    relay.cut()
    assert console.exchange.drain(20)
    assert stored_once(hq, console.feed.own)
    make.wait_until(lambda: there.feed.known() == console.feed.known())


def test_a_line_cut_again_and_again_loses_and_doubles_nothing(hq, make, relay, consoles):
    here = consoles(make.Feed(), hq.connect(hq.through(relay.port, hq.enrol())))
    there = consoles(make.Feed(), hq.workstation())
    cuts = 0
    for burst in range(12):
        here.save(400)
        if burst % 3 == 2:
            relay.mute_after(2_000)
            here.save(50)
        make.wait_until(lambda: here.links()[-1:] == [True] or bool(relay.swallowed))
        relay.cut()
        cuts += 1
        there.save(20)
    assert cuts == 12
    make.wait_until(lambda: False in here.links())  # a cut is felt with the next thing said on the line
    assert here.exchange.drain(30)
    assert there.exchange.drain(30)
    make.wait_until(lambda: here.feed.known() == there.feed.known())
    assert stored_once(hq, here.feed.known())


def test_a_database_restored_from_a_backup_gets_its_own_rows_back_and_a_new_epoch(hq, make, consoles):
    address, stock = hq.enrol(), Stock()
    before = consoles(make.Feed(), hq.connect(address), start=False)
    before.feed.save(10)
    before.exchange.sync_once()
    backup = before.feed.backup()
    lost = before.feed.save(30)
    before.exchange.sync_once()
    epoch = backup.epoch

    after = consoles(backup, hq.connect(address), stock)
    after.save(4)
    make.wait_until(lambda: set(lost) <= set(after.feed.pulled))
    assert after.exchange.drain(10)
    assert after.feed.epoch != epoch
    assert stored_once(hq, before.feed.own | after.feed.own)
    assert len(hq.facts()) == 44


def test_a_restored_database_that_has_already_grown_past_what_was_sent_loses_nothing(hq, make, consoles):
    address = hq.enrol()
    before = consoles(make.Feed(), hq.connect(address), start=False)
    before.feed.save(10)
    before.exchange.sync_once()
    backup = before.feed.backup()
    lost = before.feed.save(30)
    before.exchange.sync_once()

    after = consoles(backup, hq.connect(address))
    written = after.feed.save(100)  # numbers 11 to 110; headquarters has others under 11 to 40
    assert after.exchange.drain(10)
    make.wait_until(lambda: set(lost) <= set(after.feed.pulled))
    assert stored_once(hq, before.feed.own | set(written))


def test_a_restored_headquarters_is_given_again_what_it_lost(hq, make, consoles):
    here, there = consoles(make.Feed(), hq.workstation()), consoles(make.Feed(), hq.workstation())
    here.save(20)
    there.save(20)
    make.wait_until(lambda: len(here.feed.known()) == len(there.feed.known()) == 40)
    there.exchange.close()
    here.exchange.close()
    # Headquarters as it was after the first 12 rows of each.
    hq.ask("delete from hq.fact where oseq > 12")
    hq.ask("update hq.cursor set acked = 12")
    hq.ask("select hq.restored()")
    third = consoles(make.Feed(), hq.workstation())
    again = [
        consoles(console.feed, hq.workstation(origin=origin))
        for console, origin in zip((here, there), origins(hq), strict=True)
    ]
    for console in again:
        console.save(2)
    make.wait_until(lambda: len(third.feed.pulled) == 44)
    make.wait_until(lambda: all(console.feed.known() == third.feed.known() for console in again))
    assert stored_once(hq, third.feed.known())


def origins(hq):
    return [origin for (origin,) in hq.ask("select origin from hq.workstation order by enrolled_at limit 2")]


def test_a_refused_kind_is_shown_and_does_not_stop_what_comes_in(hq, make, consoles):
    here, there = consoles(make.Feed(), hq.workstation()), consoles(make.Feed(), hq.workstation())
    here.save(1, kind="camera")
    make.wait_until(lambda: False in here.links())
    assert "camera" in next(news.detail for news in here.news if isinstance(news, LinkChanged) and not news.up)
    (key,) = there.save()
    make.wait_until(lambda: key in here.feed.pulled)
    assert here.feed.acked == 0
    hq.ask("insert into hq.pushable values ('console', 'camera')")
    assert here.exchange.drain(15)


def test_a_refused_kind_is_an_error_when_exchanging_by_hand(hq, make, consoles):
    console = consoles(make.Feed(), hq.workstation(), start=False)
    console.feed.save(1, kind="camera")
    with pytest.raises(RefusedError):
        console.exchange.sync_once()


def test_a_refused_certificate_is_shown_with_the_reason(hq, make, consoles):
    mine, theirs = hq.enrol(), hq.enrol()
    console = consoles(make.Feed(), hq.connect(replace(theirs, cert=mine.cert, key=mine.key)))
    make.wait_until(lambda: console.links() == [False])
    with pytest.raises(CredentialsError):
        Headquarters(replace(theirs, cert=mine.cert, key=mine.key)).hello(console.feed.epoch, 0)


class Stock:
    """A stock of numbers in memory."""

    def __init__(self):
        self.blocks = []

    def left(self, year):
        return sum(count for of, _, count in self.blocks if of == year)

    def refill(self, year, first, count):
        self.blocks.append((year, first, count))


def test_numbers_are_kept_in_stock(hq, make, consoles):
    stocks = [Stock(), Stock()]
    for stock in stocks:
        consoles(make.Feed(), hq.workstation(), stock)
    year = SystemClock().now().year
    make.wait_until(lambda: all(stock.left(year) == 1000 for stock in stocks))
    assert {first for stock in stocks for _, first, _ in stock.blocks} >= {1, 1001}


def test_a_stuck_transaction_at_headquarters_is_told_once(hq, make, consoles):
    here, there = consoles(make.Feed(), hq.workstation()), consoles(make.Feed(), hq.workstation())
    with hq.server.admin(hq.database) as admin, admin.transaction():
        admin.execute("select pg_current_xact_id()")
        here.save()
        make.wait_until(lambda: any(isinstance(news, Notice) for news in there.news))
        assert there.feed.pulled == {}
    make.wait_until(lambda: len(there.feed.pulled) == 1)
    assert sum(isinstance(news, Notice) for news in there.news) == 1


def test_closing_does_not_wait_for_a_server_that_hangs(hq, make, relay, consoles):
    console = consoles(make.Feed(), hq.connect(hq.through(relay.port, hq.enrol())))
    make.wait_until(lambda: console.links() == [True])
    relay.mute()
    console.save()
    make.wait_until(lambda: relay.swallowed > 0)
    began = time.monotonic()
    console.exchange.close()
    assert time.monotonic() - began < 10


def test_a_server_that_never_answers_counts_as_away(hq, make, consoles):
    with hq.server.admin(hq.database) as admin, admin.transaction(force_rollback=True):
        admin.execute("lock table hq.cursor in access exclusive mode")
        console = consoles(make.Feed(), Headquarters(hq.enrol(), answer_within_s=1.0), start=False)
        console.feed.save(1)
        with pytest.raises(UnreachableError):
            console.exchange.sync_once()
    assert console.exchange.sync_once().behind == 0


def test_waiting_ends_when_rung_and_when_a_socket_has_something(make):
    bell = Bell()
    ours, theirs = socket.socketpair()
    try:
        assert not bell.wait(0.01)
        threading.Timer(0.05, bell.ring).start()
        assert bell.wait(20)
        for _ in range(100_000):
            bell.ring()
        assert bell.wait(20)
        assert not bell.wait(0)
        theirs.send(b"x")
        assert not bell.wait(20, ours.fileno())
    finally:
        bell.close()
        ours.close()
        theirs.close()
    bell.ring()
