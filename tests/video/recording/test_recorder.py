import hashlib
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from domain.clock import SystemClock
from domain.errors import StorageError
from domain.recording import Clip, ClipReason
from video.clips import Allowance, load_manifest
from video.recorder import Recorder
from video.recorder_clip import ClipUnderWay
from video.segment_reader import SegmentReader
from video.segments import coverage, list_segments

ROOT = Path(__file__).resolve().parents[3]


class Duty:
    """A recorder, and what it said."""

    def __init__(self, home):
        self.ring, self.recordings = home / "ring", home / "recordings"
        self.troubles, self.finished = [], []
        self.recorder = Recorder(
            self.ring,
            self.recordings,
            clock=SystemClock(),
            report=self.troubles.append,
            clip_finished=self.finished.append,
        )
        self.recorder.start()

    def folder(self, clip):
        return self.recordings / "clips" / str(clip.id)


@pytest.fixture
def duty(tmp_path):
    made = []

    def make():
        made.append(Duty(tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.recorder.close()


@pytest.fixture
def recorded(room, pictures, as_units):
    """Put seconds of pictures, ending at a moment, into the ring."""

    def make(ends_at, seconds=20, name=(1, "main"), key_every=30):
        ring = room(segment_s=2.0, seconds=1e9)
        track = ring.writer.track(*name, "h264", (), 90_000)
        sent = as_units(pictures("h264", count=15 * seconds, key_every=key_every))
        ring.send(track, sent, ends_at - seconds)
        track.end()
        ring.writer.close()
        return ring

    return make


def _seconds(folder):
    return sum(each.ends - each.begins for each in coverage([folder], 1, 0, 1e11))


def test_an_events_clip_holds_what_was_before_it(recorded, duty, eventually):
    recorded(time.time())
    desk = duty()
    clip = desk.recorder.keep(1, 10.0, 0.1, note="문")
    assert desk.recorder.wanted() == {(1, "main")}
    (finished,) = eventually(lambda: desk.finished)
    assert (finished.id, finished.reason, finished.finished, finished.gaps) == (clip.id, ClipReason.EVENT, True, ())
    folder = desk.folder(clip)
    manifest = load_manifest(folder)
    assert manifest.clip == finished
    assert manifest.clip.begins == clip.begins
    assert 10 <= _seconds(folder) <= 14
    for file in manifest.files:
        assert hashlib.sha256((folder / file.name).read_bytes()).hexdigest() == file.sha256
        with SegmentReader(folder / file.name) as reader:
            assert len(list(reader.units())) >= 15
    assert desk.recorder.clips() == ()
    assert desk.recorder.wanted() == set()


def test_a_clip_costs_no_second_copy_and_outlives_the_ring(recorded, duty, eventually):
    ring = recorded(time.time())
    desk = duty()
    clip = desk.recorder.keep(1, 10.0, 0.1)
    eventually(lambda: desk.finished)
    kept = sorted(desk.folder(clip).glob("1-main/*.mkv"))
    assert kept
    assert all(path.samefile(ring.folder / "1-main" / path.name) for path in kept)
    for path in ring.files("1-main"):
        path.unlink()
    assert _seconds(desk.folder(clip)) >= 10


def test_a_clip_grows_while_its_event_lasts(recorded, duty, eventually):
    recorded(time.time() - 4)
    desk = duty()
    clip = desk.recorder.keep(1, 5.0, 0.5)
    assert desk.recorder.extend(clip.id, 600.0)
    (longer,) = desk.recorder.clips()
    assert longer.ends - clip.ends > timedelta(seconds=590)
    assert desk.recorder.extend(clip.id, 1.0)
    assert desk.recorder.clips() == (longer,)  # never shorter
    assert desk.recorder.stop(clip.id)
    eventually(lambda: desk.finished)
    assert not desk.recorder.extend(clip.id, 20.0)


def test_a_clip_tells_its_gaps(recorded, duty, eventually):
    now = time.time()
    recorded(now - 9, seconds=6)
    recorded(now, seconds=5)
    desk = duty()
    desk.recorder.keep(1, 13.0, 0.1)
    (finished,) = eventually(lambda: desk.finished)
    (gap,) = finished.gaps
    assert gap.begins.timestamp() == pytest.approx(now - 9, abs=0.2)
    assert gap.ends.timestamp() == pytest.approx(now - 5, abs=0.2)


def test_a_manual_recording_lasts_until_it_is_stopped(room, pictures, as_units, duty, eventually):
    desk = duty()
    clip = desk.recorder.record(1, note="by hand")
    assert desk.recorder.recording() == {1}
    ring = room(segment_s=1.0, seconds=1e9)
    track = ring.writer.track(1, "main", "h264", (), 90_000)
    ring.send(track, as_units(pictures("h264")), time.time())
    linked = eventually(lambda: sorted(desk.folder(clip).glob("1-main/*.mkv")))
    assert linked[0].stat().st_nlink == 2  # kept while it is still written
    track.end()
    ring.writer.close()
    assert desk.recorder.stop(clip.id)
    (finished,) = eventually(lambda: desk.finished)
    assert finished.reason is ClipReason.MANUAL
    assert finished.ends is not None


def test_continuous_recording_keeps_every_segment_by_hour(recorded, duty, eventually):
    ring = recorded(time.time())
    desk = duty()
    desk.recorder.continue_for({(1, "main")})
    root = desk.recordings / "continuous"
    eventually(lambda: len(list(root.glob("1-main/*/*.mkv"))) == len(ring.files("1-main")))
    now = time.time()
    kept = list_segments([root], 1, now - 60, now + 60)
    assert [each.path.name for each in kept] == [path.name for path in ring.files("1-main")]
    assert kept[0].path.parent.name == datetime.fromtimestamp(kept[0].start, UTC).strftime("%Y-%m-%dT%H")
    assert desk.recorder.wanted() == {(1, "main")}
    desk.recorder.continue_for(())
    assert desk.recorder.wanted() == set()


_VICTIM = """
import sys
from pathlib import Path
from domain.clock import SystemClock
from video.recorder import Recorder
home = Path(sys.argv[1])
recorder = Recorder(home / "ring", home / "recordings", clock=SystemClock(), report=print, clip_finished=print)
recorder.start()
print(recorder.keep(1, 5.0, 2.0).id, flush=True)
sys.stdin.read()
"""


def test_a_clip_under_way_when_the_program_is_killed_is_finished_by_the_next(recorded, duty, eventually, tmp_path):
    recorded(time.time())
    command = [sys.executable, "-c", _VICTIM, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as victim:
        clip_id = victim.stdout.readline().strip()
        folder = tmp_path / "recordings" / "clips" / clip_id
        eventually(lambda: list(folder.glob("1-main/*.mkv")))
        victim.kill()
        assert victim.wait() == -9
    assert not load_manifest(folder).clip.finished
    again = duty()
    (finished,) = eventually(lambda: again.finished)
    assert str(finished.id) == clip_id
    assert load_manifest(folder).clip.finished
    assert _seconds(folder) >= 5


def test_a_manifest_that_nobody_understands_harms_nothing(recorded, duty, eventually, tmp_path):
    for name, text in (("a", "no json"), ("b", "[]"), ("c", json.dumps({"id": 7}))):
        (tmp_path / "recordings/clips" / name).mkdir(parents=True)
        (tmp_path / "recordings/clips" / name / "manifest.json").write_text(text)
        with pytest.raises(StorageError):
            load_manifest(tmp_path / "recordings/clips" / name)
    recorded(time.time() - 4)
    desk = duty()
    desk.recorder.keep(1, 5.0, 0.1)
    eventually(lambda: desk.finished)


def test_recordings_that_cannot_be_written_are_told_and_gone_on_with(recorded, duty, eventually, tmp_path):
    recorded(time.time() - 4)
    (tmp_path / "recordings").write_text("in the way")
    desk = duty()
    desk.recorder.keep(1, 5.0, 0.1)
    (trouble,) = eventually(lambda: desk.troubles)
    assert trouble.severe
    assert "in the way" not in trouble.detail
    (tmp_path / "recordings").unlink()
    eventually(lambda: desk.finished)
    eventually(lambda: len(desk.troubles) == 2)
    assert desk.troubles[1].cleared


def test_recorder_and_archive_bring_no_decoder_into_the_console():
    code = "import sys, video.recorder, video.archive; sys.exit('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def _segment(ring, starts_at, ends_at, size=1000):
    path = ring / "1-main" / f"{round(starts_at * 1000)}.mkv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))
    os.utime(path, (ends_at, ends_at))


def test_a_turn_reads_no_more_for_digests_than_it_is_allowed_and_at_least_one_segment(tmp_path):
    ring, now = tmp_path / "ring", datetime.now(UTC)
    for no in range(6):
        _segment(ring, now.timestamp() - 90 + no * 10, now.timestamp() - 80 + no * 10)
    begins, ends = now - timedelta(seconds=90), now - timedelta(seconds=30)
    clip = Clip(id=uuid4(), camera_no=1, reason=ClipReason.EVENT, begins=begins, ends=ends)
    under_way = ClipUnderWay(tmp_path / "clip")
    turns = 0
    while not under_way.advance(clip, (ring,), now, Allowance(1500)).finished:
        turns += 1
        assert not load_manifest(tmp_path / "clip").files
        assert turns < 10
    assert turns == 2
    digests = [file.sha256 for file in load_manifest(tmp_path / "clip").files]
    assert len(digests) == 6
    assert all(digests)


def test_a_clip_that_is_lengthened_while_another_keeps_the_recorder_busy_is_lengthened(
    kept_waiting, duty, eventually, tmp_path
):
    now = time.time()
    let_go = kept_waiting(tmp_path / "ring" / "1-main" / f"{round((now - 20) * 1000)}.mkv", now - 3)  # read in 2 s
    desk = duty()
    desk.recorder.keep(1, 15.0, 0.1)
    lengthened = desk.recorder.keep(2, 1.0, 5.0)
    eventually(lambda: list(desk.recordings.glob("clips/*/1-main/*.mkv")))
    eventually(lambda: (lengthened.ends - datetime.now(UTC)).total_seconds() < 1)
    assert desk.recorder.extend(lengthened.id, 600.0)
    eventually(lambda: (datetime.now(UTC) - lengthened.ends).total_seconds() > 3)
    let_go()
    eventually(lambda: [clip.camera_no for clip in desk.finished] == [1])
    eventually(lambda: load_manifest(desk.folder(lengthened)).clip.ends != lengthened.ends)
    (left,) = desk.recorder.clips()
    assert (left.id, left.finished) == (lengthened.id, False)
    assert (left.ends - datetime.now(UTC)).total_seconds() > 500
    assert [clip.camera_no for clip in desk.finished] == [1]


def test_a_listener_that_breaks_does_not_end_the_recorder(tmp_path, eventually, caplog):
    told = []

    def report(trouble):
        told.append(trouble)
        if len(told) < 3:
            raise RuntimeError("nobody expected this")

    (tmp_path / "recordings").write_text("in the way")
    recorder = Recorder(
        tmp_path / "ring", tmp_path / "recordings", clock=SystemClock(), report=report, clip_finished=print
    )
    recorder.start()
    try:
        recorder.record(1)
        eventually(lambda: len(told) == 3)
        (tmp_path / "recordings").unlink()
        eventually(lambda: told[-1].cleared)
        assert (tmp_path / "recordings" / "clips").is_dir()
    finally:
        recorder.close()
    assert "nobody expected this" in caplog.text
