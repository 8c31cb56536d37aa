"""Live pictures from practice cameras, and what happens to them."""

import os
import signal
import time

import pytest

from domain.news import LinkChanged, PictureChanged
from domain.picture import STALE_AFTER_S, Face, LossReason

EPOCH, FPS, LOOP = 1_700_000_000, 15, 120  # of the burnt-in counter of sub streams

pytestmark = pytest.mark.system


def face(source):
    return source.state().face(time.monotonic())


def counter_of(frame):
    """Read the 24 blocks at the top left, least significant bit first."""
    block, row, number = frame.width / 40, int(frame.height / 360 * 8) * frame.width, 0
    for bit in range(24):
        number |= (frame.pixels[(row + int((bit + 0.5) * block)) * 4 + 1] > 128) << bit
    return number


def test_a_picture_is_live_soon_and_its_counter_goes_on(desk, practice_camera, wish, eventually):
    source = desk.engine.subscribe(practice_camera(1), wish(1, width=320, height=180))
    assert face(source) is Face.WAITING
    frames = []
    while len(frames) < 15:
        frame = eventually(source.newest)
        late = (int((time.time() - EPOCH) * FPS) - counter_of(frame)) % LOOP
        assert late < FPS, "the picture on the screen is older than a second"
        assert frame.intact()
        frames.append((frame.sent_no, counter_of(frame)))
    assert face(source) is Face.LIVE
    assert (frame.width, frame.height, len(frame.pixels)) == (320, 180, 320 * 180 * 4)
    assert 0 <= time.monotonic() - frame.arrived_at < 1
    (first_sent, first_counter), (last_sent, last_counter) = frames[0], frames[-1]
    assert last_sent - first_sent == (last_counter - first_counter) % LOOP
    live = [news.state for news in desk.news if isinstance(news, PictureChanged) and news.state.picture_at is not None]
    assert len(live) == 1


def test_the_cameras_own_clock_is_known_from_its_reports(desk, practice_camera, wish, eventually):
    source = desk.engine.subscribe(practice_camera(1), wish())
    frame = eventually(lambda: (frame := source.newest()) and frame.stamp.camera_at and frame)
    assert abs(time.time() - frame.stamp.camera_at) < 2


def test_one_session_serves_every_size_of_a_profile(desk, practice_camera, wish, eventually):
    camera = practice_camera(1)
    small = desk.engine.open(camera, wish(1, width=162, height=90))
    large = desk.engine.open(camera, wish(1, width=640, height=360))
    grey = desk.engine.open(camera, wish(1, width=640, height=360, pixel_format="nv12"))
    frames = [eventually(source.newest) for source in (small, large, grey)]
    assert [len(frame.pixels) for frame in frames] == [162 * 90 * 4, 640 * 360 * 4, 640 * 360 * 3 // 2]
    eventually(lambda: large.counts().delivered > 0)
    assert large.counts().sessions == 1
    # The nv12 picture's first bytes are luma of the counter's blocks, black or white.
    assert all(value < 40 or value > 200 for value in frames[2].pixels[8 * 640 + 8 : 8 * 640 + 384 : 16])


def test_a_new_size_shows_without_a_new_session(desk, practice_camera, wish, eventually):
    camera = practice_camera(1)
    tile = desk.engine.open(camera, wish(1))
    eventually(tile.newest)
    desk.engine.unsubscribe(tile)
    whole = desk.engine.open(camera, wish(1, width=640, height=360))
    eventually(whole.newest)
    assert eventually(lambda: whole.counts().delivered and whole.counts()).sessions == 1


def test_main_and_sub_are_streams_of_their_own(desk, practice_camera, wish, eventually):
    camera = practice_camera(1)
    sources = [desk.engine.open(camera, wish(1, profile=profile)) for profile in ("sub", "main")]
    for source in sources:
        eventually(source.newest, timeout_s=30)


def test_a_slow_reader_gets_the_newest_picture_only(desk, practice_camera, wish, eventually):
    source = desk.engine.open(practice_camera(1), wish(1))
    first = eventually(source.newest)
    eventually(lambda: source.counts().delivered > first.sent_no + FPS)
    second = source.newest()
    assert second is not None
    assert second.sent_no > first.sent_no + FPS
    assert time.monotonic() - second.arrived_at < 0.5
    assert not first.intact()


def test_fewer_pictures_are_delivered_where_fewer_are_wanted(desk, practice_camera, wish, eventually):
    source = desk.engine.open(practice_camera(1), wish(1, max_fps=2.0))
    eventually(lambda: source.counts().decoded > 3 * FPS)
    assert source.counts().delivered <= 3 * 3


def test_a_stalled_camera_is_stale_then_lost_and_comes_back(desk, practice, practice_camera, wish, eventually):
    source = desk.engine.open(practice_camera(2), wish(2))
    eventually(source.newest)
    practice.fault(2, "stalled")
    eventually(lambda: face(source) is Face.STALE)
    assert STALE_AFTER_S < source.state().age_s(time.monotonic()) < 3.0
    eventually(lambda: face(source) is Face.LOST)
    eventually(lambda: source.state().reason is LossReason.NO_SIGNAL)
    while source.newest() is not None:
        pass
    practice.clear(2)
    cleared = time.monotonic()
    eventually(source.newest)
    assert time.monotonic() - cleared < 3.0
    eventually(lambda: source.state().reason is None)
    assert face(source) is Face.LIVE


def test_a_dead_camera_is_lost_with_a_reason_and_comes_back(desk, practice, practice_camera, wish, eventually):
    source = desk.engine.open(practice_camera(2), wish(2))
    eventually(source.newest)
    practice.fault(2, "dead")
    eventually(lambda: source.state().reason is LossReason.NO_ANSWER)
    eventually(lambda: face(source) is Face.LOST)
    practice.clear(2)
    cleared = time.monotonic()
    eventually(lambda: face(source) is Face.LIVE)
    assert time.monotonic() - cleared < 4.0
    assert source.state().reason is None


def test_a_garbled_stream_recovers(desk, practice, practice_camera, wish, eventually):
    source = desk.engine.open(practice_camera(2), wish(2))
    eventually(source.newest)
    practice.fault(2, "garbled")
    eventually(lambda: face(source) in {Face.STALE, Face.LOST} or source.counts().undecodable > 0)
    practice.clear(2)
    eventually(lambda: face(source) is Face.LIVE and source.newest() is not None)


def test_a_refused_password_is_lost_until_a_person_retries(desk, practice, practice_camera, wish, eventually):
    camera = practice_camera(3)
    practice.fault(3, "wrong_password")
    source = desk.engine.open(camera, wish(3))
    eventually(lambda: source.state().reason is LossReason.WRONG_PASSWORD)
    practice.clear(3)
    desk.engine.retry(3)
    eventually(source.newest)
    assert face(source) is Face.LIVE


def test_a_dead_camera_does_not_hold_up_others(desk, practice, practice_camera, wish, eventually):
    dead, well = practice_camera(2), practice_camera(1)
    practice.fault(2, "silent")
    waiting = desk.engine.open(dead, wish(2))
    began = time.monotonic()
    source = desk.engine.open(well, wish(1))
    eventually(source.newest)
    assert time.monotonic() - began < 2.5
    eventually(lambda: waiting.state().reason is LossReason.NO_ANSWER)
    first = eventually(source.newest)
    assert time.monotonic() - first.arrived_at < 0.5


def test_a_killed_worker_is_back_within_two_seconds_and_the_tile_says_so(desk, practice_camera, wish, eventually):
    source = desk.engine.open(practice_camera(1), wish(1))
    before = eventually(source.newest)
    pid = desk.pid
    os.kill(pid, signal.SIGKILL)
    killed = time.monotonic()
    eventually(lambda: source.state().reason is LossReason.WORKER_GONE)
    eventually(lambda: source.state().reason is None)
    while source.newest() is not None:
        pass
    after = eventually(source.newest)
    assert time.monotonic() - killed < 2.0 + 1.0  # and a keyframe's distance
    assert after.sent_no > before.sent_no
    assert desk.pid != pid
    assert [news.up for news in desk.news if isinstance(news, LinkChanged)] == [True, False, True]
    assert face(source) is Face.LIVE
