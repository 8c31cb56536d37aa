import hashlib
from datetime import timedelta
from uuid import UUID

import pytest

from db.snapshots import SnapshotStore
from domain.change import PulledChange
from domain.errors import BadInputError

HASH = hashlib.sha256(b"picture").hexdigest()


@pytest.fixture
def snapshots(desk) -> SnapshotStore:
    return SnapshotStore(desk.db, desk.workplace, desk.db.hybrid_clock)


def take(store, at, camera_no=417, camera_at=None, file="2026-03-01/417.png", sha256=HASH, masked=True):
    return store.keep(
        camera_no=camera_no,
        at=at,
        camera_at=camera_at,
        by="kim",
        file=file,
        sha256=sha256,
        width=1280,
        height=720,
        masked=masked,
    )


def test_a_snapshot_is_kept_with_its_hash_and_headquarters_gets_it(snapshots, desk, clock):
    kept = take(snapshots, clock.now(), camera_at=clock.now() - timedelta(milliseconds=40), masked=False)
    assert (kept.at, kept.camera_at) == (clock.now(), clock.now() - timedelta(milliseconds=40))
    assert (kept.sha256, kept.width, kept.height, kept.masked, kept.by) == (HASH, 1280, 720, False, "kim")
    assert snapshots.find(kept.id) == kept
    assert snapshots.find(UUID(int=3)) is None
    (line,) = desk.pulled()
    assert (line.kind, line.payload["fields"]["sha256"]) == ("snapshot_event", HASH)


def test_another_desk_knows_of_it(snapshots, desk, desks, clock):
    there = desks("there")
    kept = take(snapshots, clock.now())
    there.feed.take_pulled(desk.pulled(), "1")
    assert SnapshotStore(there.db, there.workplace, there.db.hybrid_clock).find(kept.id) == kept


def test_snapshots_are_found_by_time_and_camera(snapshots, clock):
    began = clock.now()
    kept = []
    for camera_no in (1, 2, 1):
        kept.append(take(snapshots, clock.now(), camera_no))
        clock.advance(10)
    assert snapshots.between(None, began, clock.now()) == tuple(kept)
    assert snapshots.between(1, began, clock.now()) == (kept[0], kept[2])
    assert snapshots.between(1, kept[1].at, kept[1].at) == ()
    assert snapshots.newest(2) == (kept[2], kept[1])


def test_what_can_not_be_a_snapshot_is_refused_and_nothing_is_kept(snapshots, desk, clock):
    with pytest.raises(BadInputError):
        take(snapshots, clock.now(), file="../x.png")
    with pytest.raises(BadInputError):
        take(snapshots, clock.now(), sha256="")
    assert desk.pulled() == []


@pytest.mark.parametrize(
    "fields", [{"sha256": "x"}, {"camera_no": "417"}, {"file": "/etc/passwd"}, {"camera_at": "noon"}]
)
def test_a_snapshot_that_can_not_be_understood_is_kept_as_it_came(snapshots, desk, desks, clock, fields):
    there = desks("there")
    take(snapshots, clock.now())
    (line,) = desk.pulled()
    said = {**line.payload, "fields": {**line.payload["fields"], **fields}}
    odd = PulledChange(line.origin, line.kind, UUID(int=9), line.hlc, said, 1)
    newer = PulledChange(line.origin, line.kind, UUID(int=10), line.hlc, {**said, "step": "framed"}, 1)
    there.feed.take_pulled([odd, newer, line], "1")
    assert there.feed.unknown() == (odd,)
    assert len(SnapshotStore(there.db, there.workplace, there.db.hybrid_clock).newest(9)) == 1
