import time
from datetime import timedelta

import pytest

from domain.errors import BadInputError
from domain.recording import TroubleKind
from tests.video.recording.store import NOW, SIZE, Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def _there(paths):
    return [path.exists() for path in paths]


def test_a_file_with_several_names_is_counted_once(store):
    made = store.continuous(5)
    store.clip(5, made[:3])
    assert store.archive().sweep().used == 6 * SIZE


def test_the_oldest_unprotected_goes_first_and_only_as_much_as_is_needed(store):
    old, new = store.continuous(50), store.continuous(3, camera=2)
    archive = store.archive(budget=9 * SIZE)
    assert archive.sweep().used == 9 * SIZE
    assert _there(old) == [False] * 3 + [True] * 3
    assert all(_there(new))
    assert store.said() == [(TroubleKind.SHORTENED, False)]
    assert not store.troubles[0].severe


def test_continuous_recordings_go_before_clips(store):
    clip = store.clip(50, old := store.continuous(50))
    new = store.continuous(3)
    store.archive(budget=7 * SIZE).sweep()
    assert clip.exists()
    assert not any(_there(old))
    assert _there(new) == [False] * 5 + [True]


def test_clips_go_when_nothing_else_is_left(store):
    clip = store.clip(50, store.continuous(50))
    younger = store.clip(40, store.continuous(40))
    assert store.archive(budget=6 * SIZE).sweep().used == 6 * SIZE
    assert not clip.exists()
    assert younger.exists()


def test_what_is_held_never_goes_and_an_alarm_says_that_nothing_else_is_left(store):
    made = store.continuous(50)
    archive = store.archive(budget=2 * SIZE)
    begins = NOW - timedelta(hours=50)
    hold = archive.hold(1, begins, begins + timedelta(seconds=60), basis="영장 2025-17", by="kim")
    forecast = archive.sweep()
    assert forecast.used == forecast.protected == 6 * SIZE
    assert not any(_there(made))
    kept = sorted((store.recordings / "held" / str(hold.id)).glob("1-main/*.mkv"))
    assert len(kept) == 6
    assert (TroubleKind.ONLY_PROTECTED, False) in store.said()
    assert next(each for each in store.troubles if each.kind is TroubleKind.ONLY_PROTECTED).severe
    archive.release(hold.id)
    assert archive.sweep().used == 0
    assert store.said()[-1] == (TroubleKind.ONLY_PROTECTED, True)


def test_a_hold_protects_to_the_second_and_survives_a_restart(store):
    store.continuous(50)
    begins = NOW - timedelta(hours=50) + timedelta(seconds=21)
    hold = store.archive().hold(1, begins, begins + timedelta(seconds=11), basis="basis", by="kim")
    again = store.archive()
    assert again.holds() == (hold,)
    assert len(list((store.recordings / "held" / str(hold.id)).glob("1-main/*.mkv"))) == 2


def test_a_hold_ends_with_its_time(store):
    store.continuous(50)
    archive = store.archive()
    begins = NOW - timedelta(hours=50)
    archive.hold(1, begins, begins + timedelta(seconds=60), basis="b", by="kim", until=NOW + timedelta(days=1))
    store.clock.advance(86_400 + 1)
    archive.sweep()
    assert archive.holds() == ()


def test_a_hold_of_nothing_is_refused(store):
    archive = store.archive()
    with pytest.raises(BadInputError):
        archive.hold(1, NOW - timedelta(hours=2), NOW - timedelta(hours=1), basis="basis", by="kim")
    with pytest.raises(BadInputError):
        archive.hold(1, NOW, NOW, basis="basis", by="kim")
    assert archive.holds() == ()


def test_a_hold_that_reaches_into_the_ring_takes_what_comes_later(store):
    archive = store.archive()
    now = NOW.timestamp()
    store.file(store.ring / "1-sub" / f"{round((now - 15) * 1000)}.mkv", now - 5)
    hold = archive.hold(1, NOW - timedelta(seconds=20), NOW + timedelta(seconds=20), basis="basis", by="kim")
    store.file(store.ring / "1-sub" / f"{round((now - 5) * 1000)}.mkv", now + 5)
    store.clock.advance(30)
    archive.sweep()
    assert len(list((store.recordings / "held" / str(hold.id)).glob("1-sub/*.mkv"))) == 2


def test_what_is_older_than_its_time_goes_even_where_there_is_room(store):
    old, new = store.continuous(31 * 24), store.continuous(29 * 24)
    store.archive(keep_days=30).sweep()
    assert not any(_there(old))
    assert all(_there(new))
    assert store.troubles == []


def test_the_reserve_is_kept_free_and_a_disk_that_others_fill_is_an_alarm(store):
    store.continuous(5)
    archive = store.archive(reserve=1 << 60)
    assert archive.sweep().used == 0
    assert (TroubleKind.DISK_FULL, False) in store.said()


def test_the_forecast_follows_from_the_last_day(store):
    for hours_ago in (20, 10, 5):
        store.continuous(hours_ago)
    forecast = store.archive(budget=180 * SIZE).sweep()
    per_day = 18 * SIZE / (20 / 24)
    assert forecast.per_day == pytest.approx(per_day, rel=0.01)
    assert forecast.days_kept == pytest.approx(180 * SIZE / per_day, rel=0.01)
    assert forecast.days_left == pytest.approx(162 * SIZE / per_day, rel=0.01)


def test_without_history_there_is_no_forecast(store):
    forecast = store.archive().sweep()
    assert (forecast.used, forecast.per_day, forecast.days_kept, forecast.days_left) == (0, None, None, None)


def test_what_no_worker_reads_any_more_leaves_the_ring(store):
    now = NOW.timestamp()
    old = store.file(store.ring / "9-sub" / f"{round((now - 900) * 1000)}.mkv", now - 890)
    new = store.file(store.ring / "9-sub" / f"{round((now - 30) * 1000)}.mkv", now - 20)
    store.archive(ring_seconds=120).sweep()
    assert not old.exists()
    assert new.exists()


def test_it_sweeps_by_itself(store, eventually):
    archive = store.archive()
    archive.start()
    try:
        eventually(archive.forecast)
    finally:
        archive.close()


def test_many_hours_are_looked_at_once(store):
    for hours_ago in range(3, 100):
        store.continuous(hours_ago, count=1)
    archive = store.archive()
    first = archive.sweep()
    began = time.process_time()
    assert archive.sweep() == first
    assert time.process_time() - began < 1.0
