import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.bookmarks import BookmarkStore
from db.codec import change_payload
from db.database import Database
from db.feed import ChangeFeed
from domain.change import PulledChange
from domain.clock import FixedClock
from domain.fact import Fact, Family
from domain.record import Mode

NOW = datetime(2026, 3, 1, 5, tzinfo=UTC)
RAISING = {
    "event_id": str(UUID(int=77)),
    "rule": "sos",
    "kind": "sos",
    "title": "alarm.sos",
    "priority": "critical",
    "desk": "crime",
    "source": "s-1",
}
OPENING = {"number": "1", "kind": "sos", "priority": "high", "desk": "crime", "owner": "kim", "alarms": []}
STEPS = {
    Family.ALARM: [
        ("raised", RAISING),
        ("raised", {**RAISING, "priority": "low", "lat": 37.4, "lon": 126.9}),
        ("acknowledged", {}),
        ("returned", {}),
        ("linked", {"incident": str(UUID(int=5))}),
        ("linked", {"incident": str(UUID(int=6))}),
        ("sung", {"to": "them"}),
    ],
    Family.INCIDENT: [
        ("opened", OPENING),
        ("opened", {**OPENING, "number": "2", "alarms": [str(UUID(int=3))]}),
        ("moved", {"status": "in_progress"}),
        ("moved", {"status": "resolved"}),
        ("moved", {"status": "closed", "disposition": "founded"}),
        ("moved", {"status": "closed"}),
        ("numbered", {"number": "3"}),
        ("assigned", {"owner": "lee"}),
        ("alarm_linked", {"alarm": str(UUID(int=4))}),
        ("dispatched", {"agency": "112", "text": "come"}),
        ("noted", {"z": 1, "a": [None]}),
    ],
    Family.BOOKMARK: [
        ("set", {"camera_no": 417, "note": ""}),
        ("set", {"camera_no": None, "note": "here", "snapshot": str(UUID(int=7))}),
        ("noted", {"note": "a red car"}),
        ("noted", {"note": "two red cars"}),
        ("sung", {}),
    ],
}


@st.composite
def changes(draw: st.DrawFn) -> PulledChange:
    """Draw one step of one of a few subjects by one of a few workstations; numbers may be equal."""
    family = draw(st.sampled_from(list(STEPS)))
    step, fields = draw(st.sampled_from(STEPS[family]))
    number = draw(st.integers(0, 12))
    fact = Fact(
        id=draw(st.uuids()),
        origin=UUID(int=draw(st.integers(1, 3))),
        centre="anyang",
        district="",
        mode=Mode.TEST,
        family=family,
        subject=UUID(int=draw(st.integers(1, 2))),
        step=step,
        at=NOW + timedelta(seconds=number),
        actor=draw(st.sampled_from(["kim", "lee"])),
        hlc=number,
        fields=fields,
    )
    return PulledChange(fact.origin, family.value, fact.id, fact.hlc, change_payload(fact), 1)


def projections(db: Database) -> list[tuple[object, ...]]:
    with db.reading() as session:
        return [
            tuple(row)
            for table in ("alarm", "incident", "bookmark")
            for row in session.execute(text(f"SELECT * FROM {table} ORDER BY id"))
        ]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty database to copy, since making one takes longer than a test's example."""
    path = tmp_path_factory.mktemp("empty") / "w.db"
    Database.open(path, FixedClock(NOW)).close()
    return path


def arrive(empty: Path, batches: Sequence[Sequence[PulledChange]]) -> list[tuple[object, ...]]:
    """Give the projections that increments make, after seeing that a rebuild makes the same."""
    with tempfile.TemporaryDirectory() as folder:
        return grow(Path(shutil.copy(empty, folder)), batches)


def grow(path: Path, batches: Sequence[Sequence[PulledChange]]) -> list[tuple[object, ...]]:
    db = Database.open(path, FixedClock(NOW))
    try:
        feed = ChangeFeed(db, db.hybrid_clock)
        for number, batch in enumerate(batches):
            feed.take_pulled(batch, str(number))
        grown = projections(db)
        db.rebuild()
        assert projections(db) == grown
    finally:
        db.close()
    return grown


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_increments_in_any_order_of_arrival_make_what_a_rebuild_makes(empty, data):
    happened = data.draw(st.lists(changes(), max_size=14))
    order = data.draw(st.permutations(happened))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=4)))
    batches = [order[a:b] for a, b in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    assert arrive(empty, [happened]) == arrive(empty, [*batches, happened[:3]])


def test_a_rebuild_leaves_what_the_desk_did_as_it_was(desk, clock):
    alarm = desk.raise_sos()
    desk.alarms.acknowledge(alarm.id, "kim", clock.now())
    incident = desk.incidents.open_from(alarm.id, "kim", "1")
    desk.incidents.note(incident.id, "흐림", "kim")
    bookmarks = BookmarkStore(desk.db, desk.workplace, desk.db.hybrid_clock)
    bookmark = bookmarks.note(bookmarks.add(clock.now(), 417, "", "kim").id, "빨간 차", "kim")
    before = projections(desk.db)
    assert desk.db.rebuild() == 3
    assert projections(desk.db) == before
    assert bookmarks.find(bookmark.id) == bookmark
    assert desk.incidents.find(incident.id).log[-1].fields == (("text", "흐림"),)
