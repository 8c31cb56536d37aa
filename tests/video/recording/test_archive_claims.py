"""A hold that can't be read or kept up: told, the sweep goes on, and what it may hold stays."""

import threading
from datetime import timedelta

import pytest

from domain.clock import SystemClock
from domain.recording import TroubleKind
from tests.video.recording.store import NOW, SIZE, Store
from video.archive import Archive

FAILED, MENDED = (TroubleKind.HOLD_FAILED, False), (TroubleKind.HOLD_FAILED, True)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def _about_holds(store):
    return [said for said in store.said() if said[0] is TroubleKind.HOLD_FAILED]


def _hold(store, hours_ago, seconds=20):
    begins = NOW - timedelta(hours=hours_ago)
    hold = store.archive().hold(1, begins, begins + timedelta(seconds=seconds), basis="basis", by="kim")
    return store.recordings / "held" / str(hold.id)


def _there(paths):
    return [path.exists() for path in paths]


def test_an_unreadable_hold_is_told_and_what_it_may_hold_stays_while_the_rest_makes_room(store):
    before, held, after = store.continuous(60), store.continuous(50), store.continuous(40)
    other = store.continuous(45, camera=2)
    younger_clip, older_clip = store.clip(40, after[:2]), store.clip(60, before[:2])
    folder = _hold(store, 50)
    whole = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(whole[:100])
    archive = store.archive(budget=1)
    archive.sweep()
    assert _about_holds(store) == [FAILED]
    trouble = next(each for each in store.troubles if each.kind is TroubleKind.HOLD_FAILED)
    assert (trouble.where, trouble.severe, trouble.of_disk) == (str(folder), True, False)
    assert not any(_there(before))
    assert not any(_there(other))
    assert all(_there(held))
    assert all(_there(after))
    assert younger_clip.exists()
    assert not older_clip.exists()
    assert len(list(folder.glob("1-main/*.mkv"))) == 2
    archive.sweep()
    assert _about_holds(store) == [FAILED]
    (folder / "manifest.json").write_text(whole)
    archive.sweep()
    assert _about_holds(store) == [FAILED, MENDED]
    assert not any(_there([*held, *after]))
    assert len(list(folder.glob("1-main/*.mkv"))) == 2
    assert archive.sweep().used == 2 * SIZE


def test_an_unreadable_hold_that_has_nothing_yet_may_hold_anything(store):
    archive = store.archive()
    hold = archive.hold(1, NOW, NOW + timedelta(hours=1), basis="basis", by="kim")
    (store.recordings / "held" / str(hold.id) / "manifest.json").write_bytes(b"\0" * 300)
    made = [*store.continuous(50), *store.continuous(50, camera=2)]
    orphan = store.file(store.ring / "9-sub" / f"{round((NOW.timestamp() - 900) * 1000)}.mkv", NOW.timestamp() - 890)
    store.archive(budget=1).sweep()
    assert all(_there([*made, orphan]))
    assert _about_holds(store) == [FAILED]
    assert (TroubleKind.ONLY_PROTECTED, False) in store.said()


def test_a_folder_that_was_never_a_hold_claims_nothing(store):
    made = store.continuous(50)
    (store.recordings / "held" / "begun").mkdir(parents=True)
    (store.recordings / "held" / "note.txt").write_text("of a person")
    store.archive(budget=1).sweep()
    assert not any(_there(made))
    assert _about_holds(store) == []


def test_a_hold_that_can_not_take_all_keeps_it_from_being_deleted_and_takes_it_later(store):
    made = store.continuous(50)
    folder = _hold(store, 50, seconds=60)
    for path in folder.glob("1-main/*.mkv"):
        path.unlink()
    (folder / "1-main").rmdir()
    (folder / "1-main").write_text("in the way")
    archive = store.archive(budget=1)
    other = store.continuous(50, camera=2)
    archive.sweep()
    assert all(_there(made))
    assert not any(_there(other))
    assert _about_holds(store) == [FAILED]
    (folder / "1-main").unlink()
    archive.sweep()
    assert _about_holds(store) == [FAILED, MENDED]
    assert not any(_there(made))
    assert len(list(folder.glob("1-main/*.mkv"))) == 6


def test_holds_that_nobody_can_list_keep_everything(tmp_path):
    store = Store(tmp_path)
    made = store.continuous(50)
    held = store.recordings / "held"
    held.symlink_to(held)  # ELOOP, as any error of a damaged folder
    archive = store.archive(budget=1)
    archive.sweep()
    assert _about_holds(store) == [FAILED]
    assert all(_there(made))
    held.unlink()
    archive.sweep()
    assert _about_holds(store) == [FAILED, MENDED]
    assert not any(_there(made))


def test_a_listener_that_breaks_does_not_end_the_archive(tmp_path, eventually, caplog):
    said = []

    def report(trouble):
        said.append(trouble)
        raise RuntimeError("nobody expected this")

    where = {"budget": 1 << 40, "reserve": 1 << 60, "clock": SystemClock(), "report": report}
    (tmp_path / "ring").mkdir()
    archive = Archive(tmp_path / "ring", tmp_path / "recordings", **where)
    archive.start()
    try:
        eventually(lambda: len(said) == 2)  # the full disk, and that this could not be told
        assert [each.kind for each in said] == [TroubleKind.DISK_FULL, TroubleKind.WRITE_FAILED]
        eventually(lambda: len(caplog.records) == 2)
        assert "archive" in {thread.name for thread in threading.enumerate()}
    finally:
        archive.close()
