"""Numbers, leases and checkpoints: what headquarters gives out and keeps."""

import threading
from uuid import uuid4

import psycopg
import pytest

from domain.errors import ProtocolError

pytestmark = pytest.mark.system


def test_blocks_of_numbers_never_overlap_under_concurrency(hq):
    given, lock = [], threading.Lock()

    def fetch(headquarters):
        for _ in range(25):
            first = headquarters.numbers(2026, 1000)
            with lock:
                given.append(first)

    fetchers = [threading.Thread(target=fetch, args=(hq.workstation(),)) for _ in range(6)]
    for fetcher in fetchers:
        fetcher.start()
    for fetcher in fetchers:
        fetcher.join()
    assert sorted(given) == list(range(1, 150_000, 1000))


def test_each_centre_and_year_counts_for_itself(hq):
    anyang, ifez = hq.workstation("anyang"), hq.workstation("ifez")
    assert [anyang.numbers(2026, 1000), anyang.numbers(2026, 10), anyang.numbers(2026, 1)] == [1, 1001, 1011]
    assert anyang.numbers(2025, 1000) == 1
    assert ifez.numbers(2026, 1000) == 1


@pytest.mark.parametrize(("year", "count"), [(2026, 0), (2026, 1001), (2026, -5), (1999, 10), (9999, 10)])
def test_a_block_that_makes_no_sense_is_refused(hq, year, count):
    with pytest.raises(ProtocolError):
        hq.workstation().numbers(year, count)


def test_a_lease_is_one_consoles_alone_and_equal_rank_waits(hq):
    first, second = hq.workstation(), hq.workstation()
    mine = first.lease(12, 1, 5.0)
    theirs = second.lease(12, 1, 5.0)
    again = first.lease(12, 1, 5.0)
    assert (mine.granted, theirs.granted, again.granted) == (True, False, True)
    assert mine.holder == theirs.holder
    assert mine.fence == again.fence
    assert 4.5 < mine.ttl_s <= 5.0
    assert second.lease(13, 1, 5.0).granted


def test_a_lease_that_was_given_back_or_ran_out_goes_to_the_next_with_a_higher_fence(hq, make):
    first, second = hq.workstation(), hq.workstation()
    fence = first.lease(1, 1, 5.0).fence
    first.lease(1, 1, 0)
    assert second.lease(1, 1, 0.2).fence == fence + 1
    make.wait_until(lambda: first.lease(1, 1, 5.0).granted)
    assert first.lease(1, 1, 5.0).fence == fence + 2


def test_a_higher_rank_takes_over_when_the_holders_time_is_out_and_not_before(hq, make):
    operator, chief = hq.workstation(), hq.workstation()
    held = operator.lease(1, 1, 0.5)
    asked = chief.lease(1, 5, 5.0)
    assert not asked.granted
    assert asked.holder == held.holder
    assert not operator.lease(1, 1, 5.0).granted  # not renewed any more
    make.wait_until(lambda: chief.lease(1, 5, 5.0).granted)
    assert chief.lease(1, 5, 5.0).fence == held.fence + 1
    assert not operator.lease(1, 1, 5.0).granted


def test_a_lease_of_another_centre_is_another_camera(hq):
    assert hq.workstation("anyang").lease(1, 1, 5.0).granted
    assert hq.workstation("ifez").lease(1, 1, 5.0).granted


def test_a_lease_is_not_given_for_long(hq):
    with pytest.raises(ProtocolError):
        hq.workstation().lease(1, 1, 60.0)


def test_checkpoints_are_kept_and_a_second_hash_is_kept_beside_the_first(hq):
    here = hq.workstation()
    for digest in (b"a" * 32, b"a" * 32, b"b" * 32):
        here.checkpoint(17, digest, b"signed")
    kept = hq.ask("select audit_seq, hash from hq.checkpoint order by hash")
    assert [(number, bytes(digest)) for number, digest in kept] == [(17, b"a" * 32), (17, b"b" * 32)]


def test_enrolling_again_gives_a_new_key_that_works(hq):
    origin = uuid4()
    old = hq.enrol(origin=origin).key.read_bytes()
    address = hq.enrol(origin=origin)
    assert address.key.read_bytes() != old
    assert address.key.stat().st_mode & 0o777 == 0o600
    with hq.raw(address) as connection:
        assert connection.execute("select session_user").fetchone() == (f"ws_{origin.hex}",)
    assert hq.ask("select count(*) from hq.workstation") == [(1,)]


def test_two_people_asking_at_once_get_one_lease(hq):
    answers, lock = [], threading.Lock()
    start = threading.Barrier(5)

    def ask(headquarters):
        headquarters.hello(uuid4(), 0)
        start.wait(20)
        lease = headquarters.lease(7, 1, 5.0)
        with lock:
            answers.append(lease)

    askers = [threading.Thread(target=ask, args=(hq.workstation(),)) for _ in range(5)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sum(lease.granted for lease in answers) == 1
    assert len({lease.holder for lease in answers}) == 1


def test_leases_and_numbers_take_no_identity_from_their_caller(hq):
    arguments = hq.ask(
        "select coalesce(string_agg(lower(pg_get_function_identity_arguments(p.oid)), ' '), '') "
        "from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = 'hq_v1'"
    )[0][0]
    assert "centre" not in arguments
    assert "origin" not in arguments


def test_a_function_call_without_a_row_in_the_register_is_refused(hq):
    address = hq.enrol()
    hq.ask("delete from hq.workstation")
    with hq.raw(address) as connection, pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
        connection.execute("select hq_v1.numbers(2026, 1)")
