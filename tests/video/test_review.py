"""The review player on real files of several systems, with libVLC in its real process."""

import os
import signal
import subprocess
import sys
import threading
import time

import av
import numpy as np
import psutil
import pytest

from domain.errors import BadInputError
from simulation.cameras.counter import burn, read
from tests.video.conftest import ROOT
from video.mask import Cover
from video.review import Failure, ReviewPlayer
from video.review_file import checked_recording

FPS, COUNT = 15, 90
KINDS = {
    "mp4": ("mp4", "libx264"),
    "mkv": ("matroska", "libx264"),
    "ts": ("mpegts", "libx264"),
    "asf": ("asf", "mpeg4"),
    "avi": ("avi", "mjpeg"),
}


def make_recording(path, kind, width=640, height=360):
    """Write six seconds of pictures that carry their numbers."""
    container_format, codec = KINDS[kind]
    with av.open(str(path), "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=FPS)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.gop_size, stream.bit_rate = 2 * FPS, 2_000_000
        for number in range(COUNT):
            luma = np.full((height, width), 90, np.uint8)
            chroma = [np.full((height // 2, width // 2), 128, np.uint8) for _ in range(2)]
            burn(luma, tuple(chroma), number)
            planes = np.concatenate([plane.ravel() for plane in (luma, *chroma)]).reshape(-1, width)
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts = number
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


class Seat:
    """A player and who looks at it."""

    def __init__(self):
        self.changes = threading.Event()
        self.player = ReviewPlayer(self.changes.set)
        self.number = None

    def look(self):
        frame = self.player.newest()
        if frame is not None:
            pixels = np.frombuffer(bytes(frame.pixels), np.uint8).reshape(frame.height, frame.width, 4)
            self.number = read(pixels[:, :, 1])
        return self.number


@pytest.fixture
def seat():
    seat = Seat()
    yield seat
    began = time.monotonic()
    seat.player.close()
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("kind", KINDS)
def test_files_of_all_systems_are_stepped_picture_by_picture_and_play(seat, tmp_path, eventually, kind):
    seat.player.open(make_recording(tmp_path / f"clip.{kind}", kind))
    eventually(lambda: seat.look() == 0)
    state = eventually(lambda: seat.player.state().length_s and seat.player.state())
    assert abs(state.length_s - COUNT / FPS) < 0.3
    seat.player.seek(40.5 / FPS)
    eventually(lambda: seat.look() == 40)
    for later, number in ((True, 41), (True, 42), (False, 41), (False, 40), (False, 39)):
        seat.player.step(later=later)
        eventually(lambda: seat.look() == number)  # noqa: B023 - asked within the turn
    seat.player.run(1.0)
    eventually(lambda: seat.look() > 45)
    seat.player.pause()
    eventually(lambda: seat.player.state().rate == 0)
    stands_at = eventually(lambda: seat.player.state().at_s)
    assert eventually(lambda: seat.look() == pytest.approx(stands_at * FPS, abs=0.6))
    assert stands_at * FPS > 42  # libVLC tells the time only every 0.3 s


def test_it_runs_faster_and_says_the_end_and_begins_again(seat, tmp_path, eventually):
    seat.player.open(make_recording(tmp_path / "clip.mp4", "mp4"))
    eventually(lambda: seat.look() == 0)
    began = time.monotonic()
    seat.player.run(4.0)
    eventually(lambda: seat.player.state().ended)
    assert time.monotonic() - began < 0.75 * COUNT / FPS
    assert seat.player.state().rate == 0
    seat.player.run(1.0)
    eventually(lambda: seat.look() is not None and seat.number < 20)
    eventually(lambda: not seat.player.state().ended)


def test_masks_are_burnt_into_what_runs_and_into_what_stands(seat, tmp_path, eventually):
    mask = ((0.0, 0.5), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0))
    seat.player.open(make_recording(tmp_path / "clip.mp4", "mp4"), (mask,))

    def lower(frame):
        return bytes(frame.pixels[640 * 4 * 300 : 640 * 4 * 300 + 640 * 4])

    painted = bytearray(640 * 360 * 4)
    Cover((mask,), 640, 360, "bgrx").paint(memoryview(painted))
    cover = bytes(painted[640 * 4 * 300 : 640 * 4 * 300 + 640 * 4])
    assert any(cover)
    assert lower(eventually(seat.player.newest)) == cover
    seat.player.run(1.0)
    assert lower(eventually(lambda: seat.player.state().at_s > 0.2 and seat.player.newest())) == cover


@pytest.mark.parametrize("address", ["rtsp://127.0.0.1:554/live", "http://127.0.0.1/clip.mp4", "udp://@:1234"])
def test_an_address_is_refused_before_any_process_starts(seat, address):
    with pytest.raises(BadInputError, match="files only"):
        seat.player.open(address)
    assert seat.player.processes() == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("list.m3u8", b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/seg.ts\n"),
        ("list.mp4", b"#EXTM3U\nrtsp://127.0.0.1:9/live\n"),
        ("call.sdp", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n"),
        ("list.asx", b"<asx version='3.0'><entry><ref href='http://127.0.0.1:9/x'/></entry></asx>"),
        ("empty.mp4", b""),
        ("cut.mp4", b"\0\0\0\x20ftypisom" + bytes(64)),
    ],
)
def test_what_is_no_recording_is_refused_in_words(seat, tmp_path, eventually, name, data):
    (tmp_path / name).write_bytes(data)
    seat.player.open(tmp_path / name)
    state = eventually(lambda: seat.player.state().failure and seat.player.state())
    assert state.failure is Failure.NOT_PLAYABLE
    assert state.detail
    assert seat.player.newest() is None


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInputError, match="no such file"):
        checked_recording(str(tmp_path / "gone.mp4"))


def test_a_killed_player_is_said_and_goes_on_where_it_stood(seat, tmp_path, eventually):
    seat.player.open(make_recording(tmp_path / "clip.mp4", "mp4"))
    eventually(lambda: seat.look() == 0)
    seat.player.seek(30.5 / FPS)
    eventually(lambda: seat.look() == 30 and seat.player.state().at_s > 1.9)
    pid = seat.player.processes()[0][1]
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: seat.player.state().failure is Failure.PLAYER_GONE)
    seat.player.step(later=True)
    eventually(lambda: seat.look() == 31)
    assert seat.player.state().failure is None
    assert seat.player.processes()[0][1] != pid


def test_the_console_never_loads_a_player_library():
    code = "import sys, video.review, video.replay, video.snapshot; print({'vlc', 'av', 'cv2'} & set(sys.modules))"
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert said.stdout.strip() == "set()"


def test_without_libvlc_it_is_said_what_to_install(seat, tmp_path, eventually, monkeypatch):
    monkeypatch.setenv("PYTHON_VLC_LIB_PATH", str(tmp_path / "nothing.so"))
    seat.player.open(make_recording(tmp_path / "clip.mp4", "mp4"))
    state = eventually(lambda: seat.player.state().failure and seat.player.state())
    assert state.failure is Failure.NO_PLAYER
    assert "libvlc5" in state.detail


def test_the_player_s_process_ends_with_the_player(tmp_path, eventually):
    seat = Seat()
    seat.player.open(make_recording(tmp_path / "clip.mp4", "mp4"))
    eventually(lambda: seat.look() == 0)
    pid = seat.player.processes()[0][1]
    seat.player.run(1.0)
    seat.player.close()
    assert not psutil.pid_exists(pid)
