import subprocess
import time
from itertools import count
from pathlib import Path

import pytest

from domain.recording import TroubleKind
from video.segment_reader import SegmentReader


@pytest.fixture
def small_disk(tmp_path):
    """Mount a disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be mounted as root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _open_files(folder):
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(str(link.resolve()).startswith(str(folder)) for link in links)


def _kinds(ring):
    return [(each.kind, each.cleared) for each in ring.troubles]


def test_a_full_disk_is_told_and_recording_goes_on_when_there_is_room(room, small_disk, pictures, as_units, eventually):
    (small_disk / "something else").write_bytes(bytes(1_900_000))
    ring = room(small_disk / "ring", segment_s=1.0)
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    sent, round_no, began_at = pictures("h264", count=60), count(), time.time() - 3600

    def send():
        first = next(round_no) * 60
        ring.send(track, as_units(sent, first), began_at + first / 15)
        return True

    eventually(lambda: send() and (TroubleKind.DISK_FULL, False) in _kinds(ring))
    assert "No space left" in ring.troubles[0].detail
    files_open = _open_files(small_disk)
    assert files_open <= 1
    (small_disk / "something else").unlink()
    eventually(lambda: send() and _kinds(ring)[-1] == (TroubleKind.DISK_FULL, True))
    track.end()
    ring.writer.close()
    assert _open_files(small_disk) == 0
    with SegmentReader(ring.files()[-1]) as reader:
        assert len(list(reader.units())) >= 15


def test_a_disk_that_stays_full_keeps_a_shorter_ring(room, small_disk, pictures, as_units, eventually):
    ring = room(small_disk / "ring", segment_s=1.0, seconds=1e9)
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    sent = pictures("h264", count=60)
    began_at = time.time() - 10_000
    rounds = 3 * 2_000_000 // sum(len(data) for data, _ in sent)
    for no in range(rounds):
        ring.send(track, as_units(sent, no * 60), began_at + no * 4)
    eventually(lambda: ring.writer.counts().bytes_queued == 0)
    ring.writer.close()
    assert (TroubleKind.DISK_FULL, False) in _kinds(ring)
    newest = ring.files()[-1].stat().st_mtime
    assert newest == pytest.approx(began_at + rounds * 4, abs=10)
    assert sum(path.stat().st_size for path in ring.files()) > 500_000


def test_a_folder_that_cannot_be_written_is_told(room, tmp_path, pictures, as_units, eventually):
    (tmp_path / "ring").write_text("in the way")
    ring = room()
    sent = as_units(pictures("h264"))
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    ring.send(track, sent, time.time())
    eventually(lambda: _kinds(ring) == [(TroubleKind.WRITE_FAILED, False)])
    assert ring.troubles[0].severe
    (tmp_path / "ring").unlink()
    ring.send(track, as_units(pictures("h264"), 60), time.time() + 4)
    eventually(lambda: _kinds(ring)[-1] == (TroubleKind.WRITE_FAILED, True))
    ring.writer.close()
    assert len(ring.files()) == 1
