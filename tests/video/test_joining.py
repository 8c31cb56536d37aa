"""Segments put together: real ones of the ring writer, played by the real player across their borders."""

import hashlib
import os
import time
from itertools import pairwise

import av
import pytest

from simulation.cameras.counter import read
from tests.video.films import FPS, Ring
from tests.video.test_review import Seat
from video.joined_file import JoinedFile
from video.joining import NothingRecordedError, join
from video.review import Failure
from video.review_span import ReviewSpan
from video.segments import list_segments

COUNT = 25 * FPS  # more than two segments


@pytest.fixture
def seat():
    seat = Seat()
    yield seat
    seat.player.close()


@pytest.fixture
def ring(tmp_path):
    return Ring(tmp_path / "ring")


def span_of(ring, first, last, no=1):
    begins, ends = ring.began + first / FPS, ring.began + last / FPS
    return ReviewSpan(no, begins, ends, (ring.folder,), ring.folder.parent / "review")


def pictures(path):
    """Return number and place of each picture."""
    with av.open(str(path)) as container:
        return [(read(frame.to_ndarray(format="gray")), frame.time) for frame in container.decode(video=0)]


def test_segments_become_one_file_that_begins_with_the_keyframe_before_the_span(ring, tmp_path):
    ring.hold(1, (0, COUNT))
    assert len(list_segments((ring.folder,), 1, 0, 1e12)) >= 2
    joined = join(span_of(ring, 40, 300), tmp_path / "one.mkv")
    found = pictures(tmp_path / "one.mkv")
    assert [number for number, _ in found] == list(range(30, 300))
    assert joined.begins == pytest.approx(ring.began + 30 / FPS, abs=0.01)
    assert all(later - former == pytest.approx(1 / FPS, abs=0.02) for (_, former), (_, later) in pairwise(found))
    assert joined.gaps == ()
    assert joined.left_out == ()


def test_a_hole_keeps_its_length_and_is_told(ring, tmp_path):
    ring.hold(1, (0, 75), (150, 75))
    joined = join(span_of(ring, 0, 225), tmp_path / "one.mkv")
    ((begins, ends),) = joined.gaps
    assert begins == pytest.approx(75 / FPS, abs=0.1)
    assert ends == pytest.approx(150 / FPS, abs=0.02)
    assert dict(pictures(tmp_path / "one.mkv"))[150] == pytest.approx(ends, abs=0.002)


def test_a_broken_segment_is_left_out_by_name(ring, tmp_path):
    ring.hold(1, (0, COUNT))
    broken = list_segments((ring.folder,), 1, 0, 1e12)[1]
    changed = broken.path.stat().st_mtime
    broken.path.write_bytes(b"not a recording at all")
    os.utime(broken.path, (changed, changed))
    joined = join(span_of(ring, 0, COUNT), tmp_path / "one.mkv")
    assert joined.left_out == (broken.path.name,)
    assert len(joined.gaps) == 1 or joined.ends <= broken.start + 0.1


def test_nothing_recorded_is_said(ring, tmp_path):
    ring.hold(1, (0, 30))
    with pytest.raises(NothingRecordedError):
        join(span_of(ring, 0, 30, no=2), tmp_path / "one.mkv")


def test_ten_minutes_are_put_together_in_three_seconds(ring, tmp_path):
    ring.hold(1, (0, 600 * FPS), width=320, height=180)
    began = time.monotonic()
    join(span_of(ring, 0, 600 * FPS), tmp_path / "one.mkv")
    took_s = time.monotonic() - began
    assert took_s < 3.0


def test_what_was_put_together_is_nobody_elses_and_is_gone_with_it(ring):
    ring.hold(1, (0, 30))
    span = span_of(ring, 0, 30)
    span.workspace.mkdir()
    (span.workspace / "1-joined.mkv").write_bytes(b"left by a process that was killed")
    file = JoinedFile(span)
    assert list(span.workspace.iterdir()) == []
    assert span.workspace.stat().st_mode & 0o777 == 0o700
    assert len(pictures(file.path)) == 30
    file.close()


def test_a_span_plays_steps_and_seeks_over_the_borders_of_its_segments(seat, ring, eventually):
    ring.hold(1, (0, COUNT))
    seat.player.open_span(span_of(ring, 0, COUNT))
    eventually(lambda: seat.look() == 0)
    border = round((list_segments((ring.folder,), 1, 0, 1e12)[1].start - ring.began) * FPS)
    seat.player.seek((border - 0.5) / FPS)
    eventually(lambda: seat.look() == border - 1)
    for later, number in ((True, border), (True, border + 1), (False, border), (False, border - 1)):
        seat.player.step(later=later)
        eventually(lambda: seat.look() == number)  # noqa: B023 - asked within the turn
    seat.player.run(1.0)
    eventually(lambda: seat.look() > border + 3)
    joined = seat.player.state().joined
    assert joined.begins == pytest.approx(ring.began, abs=0.01)
    assert joined.ends == pytest.approx(ring.began + COUNT / FPS, abs=0.2)


def test_a_gap_is_passed_over_while_it_runs_and_never_stood_in(seat, ring, eventually):
    ring.hold(1, (0, 60), (60 + 600, 90))
    seat.player.open_span(span_of(ring, 0, 750))
    eventually(lambda: seat.look() == 0)
    seat.player.seek(20.0)  # within the gap: where pictures go on
    eventually(lambda: seat.look() == 660)
    seat.player.seek(3.0)
    eventually(lambda: seat.look() == 45)
    began = time.monotonic()
    seat.player.run(1.0)
    eventually(lambda: seat.look() >= 662)
    assert time.monotonic() - began < 20.0  # the gap lasts 40 s
    assert seat.player.state().at_s >= 44.0


def test_it_is_saved_as_one_file_with_its_hash_while_it_plays(seat, ring, tmp_path, eventually):
    ring.hold(1, (0, 60))
    seat.player.open_span(span_of(ring, 0, 60))
    eventually(lambda: seat.look() == 0)
    seat.player.run(1.0)
    target = tmp_path / "saved.mkv"
    seat.player.save(target)
    copy = eventually(lambda: seat.player.state().copied)
    assert copy.sha256 == hashlib.sha256(target.read_bytes()).hexdigest()
    assert [number for number, _ in pictures(target)] == list(range(60))
    seat.player.save(tmp_path / "nowhere" / "saved.mkv")
    eventually(lambda: seat.player.state().copied is not copy)
    assert seat.player.state().copied.sha256 == ""
    assert seat.player.state().copied.detail


def test_a_span_of_nothing_is_said_by_the_player(seat, ring, eventually):
    ring.hold(1, (0, 30))
    seat.player.open_span(span_of(ring, 0, 30, no=9))
    assert eventually(lambda: seat.player.state().failure) is Failure.NOTHING_RECORDED
