"""The contract of hello, push and pull."""

import random
import time
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest

from db.sync.client import PUSH_ROWS
from db.sync.faults import OtherHistoryError
from domain.errors import ProtocolError, RefusedError, SequenceGapError
from domain.fact import Family
from domain.hlc import ClockAheadError

pytestmark = pytest.mark.system


def pull_all(headquarters, cursor="", max_rows=1000):
    rows = []
    while True:
        page = headquarters.pull(cursor, max_rows)
        cursor = page.cursor
        if not page.changes:
            return rows, cursor
        rows += page.changes


def test_what_one_console_pushed_another_pulls_as_it_was(hq, make):
    ours, theirs = uuid4(), uuid4()
    here, there = hq.workstation(origin=ours), hq.workstation(origin=theirs)
    sent = make.changes(1, 3, words="순찰차 3호 도착 \"',;\\ ☎", number=1.5, none=None, deep={"a": [1, {"b": True}]})
    assert here.push(uuid4(), sent) == 3
    got, cursor = pull_all(there)
    assert [(row.origin, row.kind, row.pk, row.hlc, row.payload, row.schema_version) for row in got] == [
        (ours, row.kind, row.pk, row.hlc, row.payload, row.schema_version) for row in sent
    ]
    assert pull_all(there, cursor) == ([], cursor)


def test_headquarters_remembers_how_far_it_has_an_epoch(hq, make):
    here, epoch = hq.workstation(), uuid4()
    first = here.hello(epoch, 0)
    here.push(epoch, make.changes(1, 7))
    again = here.hello(epoch, 7)
    assert (first.acked_seq, again.acked_seq) == (0, 7)
    assert first.hq_epoch == again.hq_epoch
    assert here.hello(uuid4(), 7).acked_seq == 0


def test_a_replay_is_a_no_op(hq, make):
    here, epoch = hq.workstation(), uuid4()
    rows = make.changes(1, 10)
    here.push(epoch, rows)
    assert here.push(epoch, rows) == 10
    assert here.push(epoch, rows[4:7]) == 7
    assert hq.facts() == [row.pk for row in rows]


def test_a_replay_that_goes_on_adds_only_what_is_new(hq, make):
    here, epoch = hq.workstation(), uuid4()
    rows = make.changes(1, 10)
    here.push(epoch, rows[:6])
    assert here.push(epoch, rows[3:]) == 10
    assert hq.facts() == [row.pk for row in rows]


def test_a_gap_is_refused_and_stores_nothing(hq, make):
    here, epoch = hq.workstation(), uuid4()
    rows = make.changes(1, 9)
    here.push(epoch, rows[:3])
    with pytest.raises(SequenceGapError):
        here.push(epoch, rows[4:])
    assert len(hq.facts()) == 3
    assert here.push(epoch, rows[3:]) == 9


def test_a_gap_has_the_sqlstate_of_the_contract(hq):

    with hq.raw(hq.enrol()) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("select hq_v1.push(%s, 2, '[]')", (uuid4(),))
    assert caught.value.sqlstate == "WR001"


def test_other_rows_under_the_same_numbers_are_not_taken_for_a_replay(hq, make):
    here, epoch = hq.workstation(), uuid4()
    here.push(epoch, make.changes(1, 5))
    with pytest.raises(OtherHistoryError):
        here.push(epoch, make.changes(4, 5))
    assert len(hq.facts()) == 5


def test_a_fact_sent_again_in_a_new_epoch_is_stored_once(hq, make):
    here, there = hq.workstation(), hq.workstation()
    rows = make.changes(1, 5)
    here.push(uuid4(), rows)
    assert here.push(uuid4(), rows) == 5
    assert hq.facts() == [row.pk for row in rows]
    assert len(pull_all(there)[0]) == 5


@pytest.mark.parametrize("kind", list(Family))
def test_facts_may_be_pushed(hq, make, kind):
    assert hq.workstation().push(uuid4(), make.changes(1, 1, kind)) == 1


@pytest.mark.parametrize("kind", ["camera", "operator", "watch_list", "bulletin", "reading", "from_the_future"])
def test_registers_and_kinds_that_are_not_listed_are_refused_whole(hq, make, kind):
    here = hq.workstation()
    rows = [*make.changes(1, 1), *make.changes(2, 1, kind)]
    with pytest.raises(RefusedError, match=kind):
        here.push(uuid4(), rows)
    assert hq.facts() == []


def test_a_kind_of_a_newer_program_passes_once_it_is_listed(hq, make):
    here, there = hq.workstation(), hq.workstation()
    hq.ask("insert into hq.pushable values ('console', 'patrol_event')")
    row = replace(make.changes(1, 1, "patrol_event")[0], schema_version=9)
    here.push(uuid4(), [row])
    (got,) = pull_all(there)[0]
    assert (got.kind, got.schema_version, got.payload) == ("patrol_event", 9, row.payload)


def test_another_centre_sees_nothing_of_ours(hq, make):
    ours, theirs = hq.workstation("anyang"), hq.workstation("ifez")
    ours.push(uuid4(), make.changes(1, 5))
    theirs.push(uuid4(), make.changes(1, 2))
    assert pull_all(theirs)[0] == []
    assert pull_all(theirs, "own:")[0] == pull_all(theirs, "own:")[0]
    assert len(pull_all(theirs, "own:")[0]) == 2
    assert len(pull_all(ours, "own:")[0]) == 5


def test_the_centre_comes_from_the_role_whatever_the_row_says(hq, make):
    liar, colleague, victim = hq.workstation("anyang"), hq.workstation("anyang"), hq.workstation("ifez")
    liar.push(uuid4(), [replace(row, payload={"centre": "ifez"}) for row in make.changes(1, 1)])
    assert pull_all(victim)[0] == []
    assert [row.payload["centre"] for row in pull_all(colleague)[0]] == ["anyang"]


def test_row_security_holds_even_where_a_function_forgets_the_centre(hq, make):
    hq.workstation("anyang").push(uuid4(), make.changes(1, 5))
    spy = hq.enrol("ifez")
    hq.ask(
        "create function hq_v1.careless() returns bigint language sql security definer "
        "as 'select count(*) from hq.fact'"
    )
    hq.ask("alter function hq_v1.careless() owner to watchroom_hq")
    hq.ask("grant execute on function hq_v1.careless() to public")
    with hq.raw(spy) as connection:
        assert connection.execute("select hq_v1.careless()").fetchone() == (0,)


def test_own_rows_come_back_only_when_asked_for_and_only_once(hq, make):
    here, there = hq.workstation(), hq.workstation()
    epoch = uuid4()
    rows = make.changes(1, 25)
    here.push(epoch, rows)
    there.push(uuid4(), make.changes(1, 5))
    assert len(pull_all(here, max_rows=4)[0]) == 5
    got, cursor = pull_all(here, "own:", max_rows=4)
    assert len(got) == 30
    assert not cursor.startswith("own:")
    here.push(epoch, make.changes(26, 3))
    assert pull_all(here, cursor)[0] == []


def test_a_page_is_cut_to_a_size_that_travels_and_nothing_is_left_out(hq, make):
    here, there = hq.workstation(), hq.workstation()

    heavy = random.Random(7).randbytes(150_000).hex()  # 300 kB that does not compress to nothing
    rows = make.changes(1, 40, still=heavy)
    epoch, acked, pushes = uuid4(), 0, 0
    while acked < 40:
        acked, pushes = here.push(epoch, rows[acked:]), pushes + 1
    assert 2 < pushes < 10
    first = there.pull("", 1000)
    assert 1 <= len(first.changes) < 40
    assert [row.pk for row in pull_all(there)[0]] == [row.pk for row in rows]


def test_text_that_postgresql_refuses_does_not_hold_up_the_queue(hq, make):
    here, there = hq.workstation(), hq.workstation()
    rows = make.changes(1, 1, raw="a\0b", half="\ud83d!", worth=float("nan"), path="C:\\u0000")
    assert here.push(uuid4(), rows) == 1
    (got,) = pull_all(there)[0]
    assert (got.payload["raw"], got.payload["half"], got.payload["worth"]) == ("a\ufffdb", "\ufffd!", None)
    assert got.payload["path"] == "C:\\u0000"


def test_a_clock_over_a_minute_ahead_is_refused(hq, make):
    here = hq.workstation()
    row = make.changes(1, 1)[0]
    assert here.push(uuid4(), [replace(row, hlc=row.hlc + (50_000 << 16))]) == 1
    with pytest.raises(ClockAheadError):
        here.push(uuid4(), [replace(row, hlc=row.hlc + (70_000 << 16))])


def test_another_protocol_is_not_spoken(hq):

    with hq.raw(hq.enrol()) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("select hq_v1.hello(2, %s, 0)", (uuid4(),))
    assert caught.value.sqlstate == "WR010"


@pytest.mark.parametrize("cursor", ["nonsense", "own:own:", "x:1:2:3", "0:0"])
def test_a_cursor_that_is_none_is_said_to_be_none(hq, cursor):
    with pytest.raises(ProtocolError):
        hq.workstation().pull(cursor)


def test_a_headquarters_without_our_functions_is_not_set_up(hq):
    here = hq.workstation()
    hq.ask("drop schema hq_v1 cascade")
    with pytest.raises(ProtocolError, match="not set up"):
        here.hello(uuid4(), 0)


def test_a_hint_comes_from_others_and_not_from_ourselves(hq, make):
    here, there = hq.workstation(), hq.workstation()
    here.hello(uuid4(), 0)
    there.hello(uuid4(), 0)
    here.push(uuid4(), make.changes(1, 1))
    make.wait_until(there.hinted)
    assert not there.hinted()
    assert not here.hinted()


def test_a_restored_headquarters_gives_everything_anew_and_leaps_over_numbers(hq, make):
    here, there = hq.workstation(), hq.workstation()
    epoch = uuid4()
    here.push(epoch, make.changes(1, 5))
    before, cursor = pull_all(there)
    first = there.numbers(2026, 1000)
    old = here.hello(epoch, 5).hq_epoch
    hq.ask("select hq.restored()")
    assert here.hello(epoch, 5).hq_epoch != old
    here.push(epoch, make.changes(6, 2))
    again, later = pull_all(there, cursor)
    assert again[:5] == before
    assert len(again) == 7
    assert pull_all(there, later) == ([], later)
    assert there.numbers(2026, 1000) >= first + 10_000


def test_data_put_into_another_server_begin_a_new_life_by_themselves(hq, make):
    here, there = hq.workstation(), hq.workstation()
    epoch = uuid4()
    here.push(epoch, make.changes(1, 5))
    old = here.hello(epoch, 5).hq_epoch
    # As a dump restored into a younger server would be: its identity differs and its transactions count from the start.
    hq.ask("update hq.state set incarnation = '1/00000001'")
    hq.ask("update hq.fact set xid = '900000000000'")
    assert here.hello(epoch, 5).hq_epoch != old
    assert len(pull_all(there)[0]) == 5


def test_a_backlog_of_100k_rows_goes_up_and_comes_down(hq, make, capsys):

    here, there = hq.workstation(), hq.workstation()
    rows, epoch = make.changes(1, 100_000, words="이상음원 감지", lat=37.39, lon=126.95), uuid4()
    here.hello(epoch, 0)
    there.hello(uuid4(), 0)
    began, acked = time.monotonic(), 0
    while acked < len(rows):
        acked = here.push(epoch, rows[acked : acked + PUSH_ROWS])
    pushed = time.monotonic()
    got, _ = pull_all(there, max_rows=2000)
    pulled = time.monotonic()
    with capsys.disabled():
        print(f"\n100k rows: push {1e5 / (pushed - began):,.0f}/s, pull {1e5 / (pulled - pushed):,.0f}/s")  # noqa: T201 - a figure for whoever runs it
    assert [row.pk for row in got] == [row.pk for row in rows]
