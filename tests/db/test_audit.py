import pytest
from sqlalchemy import text

from db.audit import BEGINNING, AuditStore
from db.writer import Urgency


@pytest.fixture
def audit(desk, clock) -> AuditStore:
    store = AuditStore(desk.db)
    for n in range(5):
        clock.advance(1)
        store.append("kim", "view_camera", f"camera/{n}", "incident 7", clock.now())
    return store


def spoil(desk, statement: str) -> None:
    desk.db.writer.do(Urgency.FIELD, lambda session: session.execute(text(statement)))


def test_the_chain_holds_and_tells_who_did_what(audit):
    assert audit.verify() is None
    newest = audit.recent(2)[0]
    assert (newest.seq, newest.actor, newest.action, newest.subject) == (5, "kim", "view_camera", "camera/4")
    assert newest.purpose == "incident 7"
    assert newest.prev_hash == audit.recent(2)[1].hash
    assert audit.head() == (5, newest.hash)


def test_lines_that_nobody_waits_for_keep_their_order(audit, clock):
    futures = [audit.submit("lee", "sign_in", str(n), "", clock.now()) for n in range(20)]
    assert [future.result(10).subject for future in futures] == [str(n) for n in range(20)]
    assert audit.head() == (25, futures[-1].result().hash)
    assert audit.verify() is None


def test_an_empty_chain_holds(desk):
    assert AuditStore(desk.db).verify() is None
    assert AuditStore(desk.db).head() == (0, BEGINNING)


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "purpose", "prev_hash", "hash"])
def test_a_flipped_row_is_found(desk, audit, column):
    spoil(desk, f"UPDATE audit SET {column} = substr({column}, 2) || 'x' WHERE seq = 3")
    assert audit.verify() == 3


def test_a_missing_row_is_found(desk, audit):
    spoil(desk, "DELETE FROM audit WHERE seq = 1")
    assert audit.verify() == 1


def test_swapped_rows_are_found(desk, audit):
    spoil(desk, "UPDATE audit SET seq = -seq WHERE seq IN (2, 3)")
    spoil(desk, "UPDATE audit SET seq = CASE seq WHEN -2 THEN 3 ELSE 2 END WHERE seq < 0")
    assert audit.verify() == 2
