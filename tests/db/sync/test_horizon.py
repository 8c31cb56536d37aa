"""Rows become visible in another order than they were numbered in; a puller must lose none."""

import threading
import time
from uuid import uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

pytestmark = pytest.mark.system

# The reader that everybody writes first: it goes by the number alone.
_MUTANT = """
create function hq_v1.pull_by_number(after bigint) returns table (seq bigint, pk uuid)
language sql volatile security definer set search_path = pg_catalog, pg_temp as
$$ select f.seq, f.pk from hq.fact f, hq.workstation w
   where w.role = session_user and f.centre = w.centre and f.origin <> w.origin and f.seq > after order by f.seq $$;
alter function hq_v1.pull_by_number owner to watchroom_hq;
"""


class Readers:
    """The real reader and the mutant, side by side on one connection."""

    def __init__(self, hq, make):
        address = hq.enrol()
        hq.ask(_MUTANT)
        hq.ask("grant execute on all functions in schema hq_v1 to " + address.url.split("//")[1].split("@")[0])
        self._headquarters = hq.connect(address)
        self._mutant = hq.raw(address)
        self._cursor, self._after = "", 0
        self.real, self.mutant = [], []

    def read(self):
        page = self._headquarters.pull(self._cursor, 500)
        self._cursor = page.cursor
        self.real += [row.pk for row in page.changes]
        for self._after, pk in self._mutant.execute("select * from hq_v1.pull_by_number(%s)", (self._after,)):  # noqa: B020
            self.mutant.append(pk)
        return bool(page.changes)

    def close(self):
        self._mutant.close()


@pytest.fixture
def readers(hq, make):
    made = Readers(hq, make)
    yield made
    made.close()


def as_rows(changes):
    return Jsonb([{"k": row.kind, "p": str(row.pk), "h": row.hlc, "v": row.payload} for row in changes])


def test_a_row_that_commits_after_a_higher_number_is_not_lost(hq, make, readers):
    slow, fast = hq.raw(hq.enrol()), hq.workstation()
    late, early = make.changes(1, 1), make.changes(1, 1)
    with slow, slow.transaction():
        slow.execute("select hq_v1.push(%s, 1, %s)", (uuid4(), as_rows(late)))
        fast.push(uuid4(), early)
        readers.read()
        assert readers.real == []  # held back while the lower number may still come
        assert readers.mutant == [early[0].pk]
    readers.read()
    assert readers.real == [late[0].pk, early[0].pk]
    assert readers.mutant == [early[0].pk], "the mutant was meant to lose the late row"


def test_nothing_is_lost_with_eight_writers_where_a_reader_by_number_loses_rows(hq, make, readers):
    sent, lock, done = [], threading.Lock(), threading.Event()

    def write(address):
        with hq.raw(address) as connection:
            epoch = uuid4()
            for batch in range(60):
                rows = make.changes(1 + batch * 4, 4)
                with connection.transaction():
                    for row in rows:  # several calls in one transaction leave room for the others in between
                        connection.execute("select hq_v1.push(%s, %s, %s)", (epoch, row.seq, as_rows([row])))
                with lock:
                    sent.extend(row.pk for row in rows)

    writers = [threading.Thread(target=write, args=(hq.enrol(),)) for _ in range(8)]
    for writer in writers:
        writer.start()
    while not done.is_set():
        if not any(writer.is_alive() for writer in writers):
            done.set()
        readers.read()
    while readers.read():
        pass
    assert len(sent) == 8 * 60 * 4
    assert len(readers.real) == len(set(readers.real))
    assert set(readers.real) == set(sent)
    assert len(set(readers.mutant)) < len(sent), "the writers never overlapped: this run proves nothing"


def test_a_stuck_transaction_shows_as_a_growing_horizon(hq, make):
    here, there = hq.workstation(), hq.workstation()
    with psycopg.connect(hq.admin_url) as stuck:
        stuck.execute("select pg_current_xact_id()")
        here.push(uuid4(), make.changes(1, 1))
        assert there.pull("").changes == ()
        make.wait_until(lambda: there.horizon_age_s() > 0.2)
    assert there.horizon_age_s() == 0
    assert len(there.pull("").changes) == 1


def test_a_short_page_steps_over_own_rows_so_that_they_are_not_read_each_time(hq, make):
    here = hq.workstation()
    start = here.pull("").cursor
    here.push(uuid4(), make.changes(1, 2000))
    page = here.pull(start)
    assert page.changes == ()
    assert page.cursor != start
    began = time.monotonic()
    assert here.pull(page.cursor) == page
    assert time.monotonic() - began < 5
