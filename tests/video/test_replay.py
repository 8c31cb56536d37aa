"""Replay on real ring files, in its real process; the counter in each picture says which one is seen."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest

from domain.clock import SystemClock
from domain.errors import BadInputError, StorageError
from domain.picture import Face, LossReason
from simulation.cameras.counter import read
from tests.video.conftest import ROOT
from tests.video.films import FPS, Ring
from video.replay import ReplayEngine
from video.replay_position import ReplayPosition
from video.replay_wire import DAMAGED


@pytest.fixture
def ring(tmp_path):
    return Ring(tmp_path / "ring")


@pytest.fixture
def engine(ring):
    engine = ReplayEngine(ring.folder, None, SystemClock())
    yield engine
    engine.close()
    assert engine.processes() == []


def still_at(moment):
    return ReplayPosition(moment, time.monotonic(), 0.0)


def counter(frame):
    """Return the number in a picture, None where it is the plain grey of no picture."""
    pixels = np.frombuffer(bytes(frame.pixels), np.uint8).reshape(frame.height, frame.width, 4)
    assert frame.intact()
    return None if len(np.unique(pixels[:, :, 1])) == 1 else read(pixels[:, :, 1])


class Viewer:
    """Looks at a source as a tile does."""

    def __init__(self, source):
        self.source = source
        self.number = None
        self.looks = 0

    def look(self):
        frame = self.source.newest()
        if frame is not None:
            self.number, self.looks = counter(frame), self.looks + 1
        return self.number


def test_a_picture_in_the_middle_of_its_group_is_shown_within_half_a_second(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 30 * FPS))
    engine.prepare()
    eventually(engine.processes)
    asked = time.monotonic()
    viewer = Viewer(engine.open(camera_at(1), 320, 180, still_at(ring.moment(107))))
    eventually(lambda: viewer.look() == 107)
    assert time.monotonic() - asked < 0.5
    state = eventually(lambda: viewer.source.shows() and viewer.source.state())
    assert state.face(time.monotonic()) is Face.LIVE
    assert viewer.looks == 1  # nothing else was shown on the way


def test_a_picture_arrived_when_its_camera_s_did(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS))
    source = engine.open(camera_at(1), 320, 180, still_at(ring.moment(40)))
    frame = eventually(source.newest)
    behind_s = time.monotonic() - frame.arrived_at
    assert abs((time.time() - behind_s) - (ring.began + 40 / FPS)) < 0.005


def test_four_tiles_play_in_step(engine, ring, camera_at, eventually):
    for no in (1, 2, 3, 4):
        ring.hold(no, (0, 20 * FPS))
    position = ReplayPosition(ring.moment(50), time.monotonic())
    viewers = [Viewer(engine.open(camera_at(no), 320, 180, position)) for no in (1, 2, 3, 4)]
    eventually(lambda: None not in [viewer.look() for viewer in viewers])
    end, worst, seen = time.monotonic() + 3.0, 0, set()
    while time.monotonic() < end:
        numbers = [viewer.look() for viewer in viewers]
        seen.add(numbers[0])
        worst = max(worst, max(numbers) - min(numbers))
        due = (position.reached() - ring.began) * FPS
        worst = max(worst, due - 1 - min(numbers))
        time.sleep(0.005)
    assert worst <= 0.1 * FPS
    assert len(seen) >= 2.5 * FPS  # it really plays, over the border of a segment or two


def test_pause_step_rate_and_seek_go_to_the_very_picture(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 25 * FPS))
    viewer = Viewer(engine.open(camera_at(1), 320, 180, still_at(ring.moment(151))))
    source = viewer.source
    eventually(lambda: viewer.look() == 151)

    def step(way, number):
        shows = eventually(lambda: (shown := source.shows()) and shown.at and getattr(shown, way) and shown)
        engine.steer([source], source.position.standing_at(getattr(shows, way)))
        eventually(lambda: viewer.look() == number)
        eventually(lambda: source.shows().at != shows.at)

    for number in (150, 149, 148):
        step("before", number)
    for number in (149, 150, 151, 152):
        step("after", number)
    engine.steer([source], source.position.at_rate(4.0))
    began = time.monotonic()
    eventually(lambda: viewer.look() >= 152 + 2 * FPS)
    assert 0.3 < time.monotonic() - began < 1.0  # two seconds of it at four times
    engine.steer([source], still_at(ring.moment(7)))
    eventually(lambda: viewer.look() == 7)


def test_stepping_crosses_segments(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 12 * FPS), (12 * FPS, 2 * FPS))
    viewer = Viewer(engine.open(camera_at(1), 320, 180, still_at(ring.moment(12 * FPS))))
    source = viewer.source
    eventually(lambda: viewer.look() == 12 * FPS)
    shows = eventually(lambda: (shown := source.shows()) and shown.before and shown)
    engine.steer([source], source.position.standing_at(shows.before))
    eventually(lambda: viewer.look() == 12 * FPS - 1)
    shows = eventually(lambda: (shown := source.shows()) and shown.at < shows.at and shown.after and shown)
    engine.steer([source], source.position.standing_at(shows.after))
    eventually(lambda: viewer.look() == 12 * FPS)


def test_a_gap_is_said_and_shows_no_picture(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS), (20 * FPS, 5 * FPS))
    viewer = Viewer(engine.open(camera_at(1), 320, 180, still_at(ring.moment(3 * FPS))))
    source = viewer.source
    eventually(lambda: viewer.look() == 3 * FPS)
    engine.steer([source], still_at(ring.moment(12 * FPS)))
    eventually(lambda: (shows := source.shows()) is not None and shows.at is None)
    assert source.state().picture_at is None
    assert source.state().reason is LossReason.NO_SIGNAL
    eventually(lambda: viewer.look() is None)
    engine.steer([source], still_at(ring.moment(21 * FPS)))
    eventually(lambda: viewer.look() == 21 * FPS)
    assert eventually(lambda: source.state().reason is None)


def test_nothing_that_builds_on_a_broken_picture_is_shown_or_taken(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS), broken=(40,))
    source = engine.open(camera_at(1), 320, 180, still_at(ring.moment(39)))
    viewer = Viewer(source)
    eventually(lambda: viewer.look() == 39)
    for number, shown in ((40, 39), (45, 39), (59, 39), (60, 60), (50, 39)):
        engine.steer([source], still_at(ring.moment(number)))
        eventually(lambda number=number: source.shows().asked == ring.moment(number))
        assert source.shows().at == pytest.approx(ring.began + shown / FPS, abs=0.005)
        eventually(lambda shown=shown: viewer.look() == shown)
    still = engine.still(camera_at(1), ring.moment(45)).result(5)
    assert still.arrived_at == pytest.approx(ring.began + 39 / FPS, abs=0.005)
    pixels = np.frombuffer(still.pixels, np.uint8).reshape(still.height, still.width, 4)
    assert read(pixels[:, :, 1]) == 39


def test_what_is_recorded_and_can_t_be_decoded_is_not_called_unrecorded(engine, ring, camera_at, eventually, caplog):
    ring.hold(1, (0, 5 * FPS), broken=(30,))
    source = engine.open(camera_at(1), 320, 180, still_at(ring.moment(45)))
    shows = eventually(source.shows)
    assert (shows.at, shows.missing, shows.trouble) == (None, False, DAMAGED)
    assert source.state().reason is LossReason.NOT_UNDERSTOOD
    assert source.state().face(time.monotonic()) is Face.LOST
    assert [record.message for record in caplog.records] == [f"camera 1 can't be replayed: {DAMAGED}"]
    with pytest.raises(StorageError, match=DAMAGED):
        engine.still(camera_at(1), ring.moment(45)).result(5)
    engine.steer([source], still_at(ring.moment(60)))
    viewer = Viewer(source)
    eventually(lambda: viewer.look() == 60)
    assert source.state().reason is None


def test_a_camera_without_any_recording_says_so(engine, ring, camera_at, eventually):
    source = engine.open(camera_at(9), 320, 180, ReplayPosition.before_now(10))
    eventually(source.shows)
    assert source.shows().at is None
    assert source.state().face(time.monotonic()) is Face.LOST


def test_the_main_stream_is_taken_where_it_was_recorded(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 20 * FPS))
    ring.hold(1, (8 * FPS, 5 * FPS), profile="main", width=1280, height=720)
    assert engine.still(camera_at(1), ring.moment(9 * FPS)).result(5).width == 1280
    still = engine.still(camera_at(1), ring.moment(17 * FPS)).result(5)
    assert (still.width, still.height) == (640, 360)
    viewer = Viewer(engine.open(camera_at(1), 320, 180, still_at(ring.moment(9 * FPS))))
    eventually(lambda: viewer.look() == 9 * FPS)
    engine.steer([viewer.source], still_at(ring.moment(17 * FPS)))
    eventually(lambda: viewer.look() == 17 * FPS)


def test_reaching_the_present_is_said(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS))
    source = engine.open(camera_at(1), 320, 180, ReplayPosition.before_now(4.0, rate=4.0))
    eventually(lambda: (shows := source.shows()) and not shows.edge)
    eventually(lambda: source.shows().edge, 3.0)


def test_masks_are_burnt_in(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS))
    hidden = replace(camera_at(1), masks=(((0.5, 0.5), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0)),))
    for masked in (True, False):
        frame = eventually(engine.open(hidden, 320, 180, still_at(ring.moment(20)), masked=masked).newest)
        pixels = np.frombuffer(bytes(frame.pixels), np.uint8).reshape(180, 320, 4)
        assert bool(pixels[135, 240, 1] != pixels[135, 80, 1]) is masked
        still = engine.still(hidden, ring.moment(20), masked=masked).result(5)
        pixels = np.frombuffer(still.pixels, np.uint8).reshape(360, 640, 4)
        assert bool(pixels[300, 500, 1] != pixels[300, 100, 1]) is masked
        assert still.masked is masked


def test_a_still_of_nothing_is_refused(engine, camera_at):
    with pytest.raises(StorageError, match="camera 9"):
        engine.still(camera_at(9), time.time() - 60).result(5)


def test_a_killed_worker_is_replaced_and_the_picture_comes_back(engine, ring, camera_at, eventually):
    ring.hold(1, (0, 20 * FPS))
    viewer = Viewer(engine.open(camera_at(1), 320, 180, ReplayPosition(ring.moment(30), time.monotonic(), 0.25)))
    before = eventually(viewer.look)
    pid = engine.processes()[0][1]
    looks = viewer.looks
    time.sleep(2.1)  # older than what is judged a death in a row
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    eventually(lambda: engine.processes() and engine.processes()[0][1] != pid)
    viewer.look()
    looks = viewer.looks
    eventually(lambda: viewer.look() is not None and viewer.looks > looks)
    assert time.monotonic() - killed < 2.0
    assert viewer.number >= before


def test_nobody_s_replay_ends_the_process(ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS))
    engine = ReplayEngine(ring.folder, None, SystemClock(), idle_s=0.3)
    source = engine.open(camera_at(1), 320, 180, still_at(ring.moment(20)))
    eventually(source.newest)
    assert engine.processes()
    engine.close_source(source)
    eventually(lambda: not engine.processes())
    source = engine.open(camera_at(1), 320, 180, still_at(ring.moment(20)))
    eventually(source.newest)
    engine.close()
    assert engine.processes() == []


def test_a_still_is_taken_also_when_the_worker_has_long_had_nothing_to_say(ring, camera_at, eventually):
    ring.hold(1, (0, 5 * FPS))
    engine = ReplayEngine(ring.folder, None, SystemClock(), hangs_s=2.0)
    assert engine.still(camera_at(1), ring.moment(20)).result(10).width == 640
    first, since = engine.processes(), time.monotonic()
    eventually(lambda: time.monotonic() - since > 2.5)
    assert engine.still(camera_at(1), ring.moment(30)).result(10).width == 640
    assert engine.processes() == first, "it was taken for hung"
    engine.close()


def test_a_size_that_cannot_be_is_refused(engine, camera_at):
    with pytest.raises(BadInputError, match="0 x 90"):
        engine.open(camera_at(1), 0, 90, ReplayPosition.before_now(10))


def test_after_the_end_a_source_is_lost(ring, camera_at):
    engine = ReplayEngine(ring.folder, None, SystemClock())
    engine.close()
    source = engine.open(camera_at(1), 320, 180, ReplayPosition.before_now(10))
    assert source.state().reason is LossReason.WORKER_GONE


def test_the_worker_ends_with_the_console_however_that_ends(ring, tmp_path, eventually):
    code = (
        "import sys, time; from pathlib import Path; from domain.clock import SystemClock;"
        "from video.replay import ReplayEngine; engine = ReplayEngine(Path(sys.argv[1]), None, SystemClock());"
        "engine.prepare();\n"
        "while not engine.processes(): time.sleep(0.01)\n"
        "print(engine.processes()[0][1], flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(ring.folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as console:
        worker = int(console.stdout.readline())
        assert psutil.pid_exists(worker)
        console.kill()
    eventually(lambda: not psutil.pid_exists(worker))
