"""A disk that neither answers nor fails: told within seconds, by threads that do not wait for it."""

import fcntl
import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.clock import FastClock, FixedClock
from domain.recording import TroubleKind
from video.archive import Archive
from video.hanging import CALM_S, HANGS_S, Hanging
from video.recorder import Recorder

FREEZE, THAW = 0xC0045877, 0xC0045878  # linux/fs.h: FIFREEZE, FITHAW
SPEED = 10.0  # the watched parts' clock: what takes seconds is over sooner
HANGS, OVER = (TroubleKind.HANGS, False), (TroubleKind.HANGS, True)


class Disk:
    """A disk of its own whose writes wait for as long as it is frozen."""

    def __init__(self, folder):
        self.folder = folder
        self.frozen = False

    def freeze(self):
        self._order(FREEZE)
        self.frozen = True

    def thaw(self):
        if self.frozen:
            self._order(THAW)
            self.frozen = False

    def _order(self, request):
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, request, 0)
        finally:
            os.close(handle)


@pytest.fixture
def disk(tmp_path):
    image, folder = tmp_path / "image", tmp_path / "disk"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(32 << 20)
    made = subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=False)
    if made.returncode or subprocess.run(["mount", "-o", "loop", str(image), str(folder)], check=False).returncode:
        pytest.skip("a disk of its own can only be mounted as root")
    disk = Disk(folder)
    yield disk
    disk.thaw()
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _kinds(troubles):
    return [(each.kind, each.cleared) for each in troubles]


def test_a_ring_on_a_disk_that_hangs_is_told_and_nobody_waits_for_it(room, disk, pictures, as_units, eventually):
    ring = room(disk.folder / "ring", segment_s=1.0, seconds=1e9, clock=FastClock(SPEED))
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    sent = pictures("h264", count=60)
    ring.send(track, as_units(sent), time.time())
    eventually(lambda: ring.writer.counts().units == 60)
    disk.freeze()
    slowest, number = 0.0, 60

    def hand_over():
        nonlocal slowest, number
        began = time.monotonic()
        ring.send(track, as_units(sent, number), time.time())
        slowest, number = max(slowest, time.monotonic() - began), number + 60
        return HANGS in _kinds(ring.troubles)

    began = time.monotonic()
    eventually(hand_over)
    assert time.monotonic() - began > HANGS_S / SPEED - 0.1
    assert slowest < 0.25  # sixty pictures, beside other tests
    assert ring.writer.counts().units < number
    assert ring.troubles[0].severe
    disk.thaw()
    eventually(lambda: _kinds(ring.troubles)[-1] == OVER)
    assert _kinds(ring.troubles).count(HANGS) == 1
    track.end()
    eventually(lambda: ring.writer.counts().bytes_queued == 0)


def test_a_recorder_whose_disk_hangs_is_told_by_who_watches_it(kept_waiting, tmp_path, eventually):
    ring, recordings, troubles, finished = tmp_path / "ring", tmp_path / "recordings", [], []
    report, tell = troubles.append, finished.append
    recorder = Recorder(ring, recordings, clock=FastClock(SPEED), report=report, clip_finished=tell)
    now = time.time()
    segment = ring / "1-main" / f"{round((now - 20) * 1000)}.mkv"
    let_go = kept_waiting(segment, now - 8)
    recorder.start()
    try:
        clip = recorder.keep(1, 15.0, 0.1)
        eventually(lambda: recorder.watch() or HANGS in _kinds(troubles))
        assert troubles[0].where == str(recordings)
        assert recorder.clips() == (clip,)
        let_go()
        eventually(lambda: finished)
        eventually(lambda: recorder.watch() or _kinds(troubles) == [HANGS, OVER])
    finally:
        recorder.close()


def test_an_archive_whose_disk_hangs_is_told_by_who_watches_it(kept_waiting, tmp_path, eventually):
    troubles, clock, now = [], FixedClock(datetime.now(UTC)), time.time()
    where = {"budget": 1 << 40, "reserve": 0, "clock": clock, "report": troubles.append}
    archive = Archive(tmp_path / "ring", tmp_path / "recordings", **where)
    archive.hold(1, clock.now() - timedelta(seconds=30), clock.now() + timedelta(seconds=30), basis="basis", by="kim")
    let_go = kept_waiting(tmp_path / "ring" / "1-sub" / f"{round((now - 20) * 1000)}.mkv", now - 8)
    archive.start()
    try:
        eventually(lambda: list((tmp_path / "recordings" / "held").glob("*/1-sub/*.mkv")))  # now it is read
        clock.advance(50)
        archive.watch()
        assert troubles == []
        clock.advance(50)
        archive.watch()
        assert _kinds(troubles) == [HANGS]
        let_go()
        eventually(archive.forecast)
    finally:
        archive.close()
    clock.advance(CALM_S + 1)
    archive.watch()
    assert _kinds(troubles) == [HANGS, OVER]


def test_a_wait_is_told_once_and_its_end_after_a_calm():
    clock, troubles = FixedClock(datetime.now(UTC)), []
    hanging = Hanging(Path(), "ring", troubles.append, clock)
    began = clock.now()
    hanging.begins()
    for step_s in (HANGS_S + 1, 1, 1):
        clock.advance(step_s)
        hanging.look()
    assert _kinds(troubles) == [HANGS]
    assert (troubles[0].since, troubles[0].writer) == (began, "ring")
    hanging.rests()
    for _ in range(3):  # each piece takes long, but none of them too long
        hanging.begins()
        clock.advance(HANGS_S - 1)
        hanging.look()
        hanging.rests()
    assert _kinds(troubles) == [HANGS, OVER]


def test_many_quick_pieces_are_no_wait():
    clock, troubles = FixedClock(datetime.now(UTC)), []
    hanging = Hanging(Path(), "ring", troubles.append, clock)
    for _ in range(100):
        hanging.begins()
        clock.advance(1)
        hanging.look()
    assert troubles == []
