import os
import random
import subprocess
import sys
from pathlib import Path

import av
import pytest

from domain.recording import TroubleKind
from video.ring_header import leading_units
from video.rtp import AccessUnit
from video.segment_reader import SegmentReader

ROOT = Path(__file__).resolve().parents[3]


def _nal_units(data):
    return [unit.rstrip(b"\0") for unit in data.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def _slices_only(pictures):
    """Take the parameter sets out of H.264 pictures."""
    return [
        (b"".join(b"\0\0\0\1" + unit for unit in _nal_units(data) if unit[0] & 0x1F <= 5), key)
        for data, key in pictures
    ]


def _read(path):
    with SegmentReader(path) as reader:
        return list(reader.units())


@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
def test_what_is_kept_is_what_the_camera_sent(room, pictures, as_units, wall_time, codec):
    ring, sent = room(), pictures(codec)
    track = ring.writer.track(1, "sub", codec, (), 90_000)
    began_at = wall_time()
    ring.send(track, as_units(sent), began_at, camera_at=1_700_000_000.5)
    ring.writer.close()
    (path,) = ring.files()
    with SegmentReader(path) as reader:
        assert (reader.codec, reader.width, reader.height) == (codec, 160, 90)
        assert (reader.camera_no, reader.profile, reader.gap_s) == (1, "sub", 0.0)
        assert reader.arrived_at == pytest.approx(began_at, abs=1e-5)
        assert reader.camera_at == pytest.approx(1_700_000_000.5, abs=1e-5)
        kept = list(reader.units())
    assert len(kept) == len(sent)
    assert [unit.key for unit in kept] == [key for _, key in sent]
    for no, (unit, (data, _)) in enumerate(zip(kept, sent, strict=True)):
        assert unit.arrived_at == pytest.approx(began_at + no / 15, abs=0.002)
        assert unit.data == data if codec == "mjpeg" else set(_nal_units(unit.data)) == set(_nal_units(data))


@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
def test_ffmpeg_decodes_every_picture_of_a_segment(room, pictures, as_units, wall_time, codec):
    ring = room()
    ring.send(ring.writer.track(1, "sub", codec, (), 90_000), as_units(pictures(codec)), wall_time())
    ring.writer.close()
    (path,) = ring.files()
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 60
    assert not any(frame.is_corrupt for frame in frames)


def test_segments_begin_at_keyframes_and_follow_each_other_without_a_gap(room, pictures, as_units, wall_time):
    ring = room(segment_s=2.0)
    sent = as_units(pictures("h264", count=150, key_every=20))
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, wall_time())
    ring.writer.close()
    parts = [_read(path) for path in ring.files()]
    assert [len(part) for part in parts] == [40, 40, 40, 30]
    assert all(part[0].key for part in parts)
    for path in ring.files():
        with SegmentReader(path) as reader:
            assert reader.gap_s == 0.0


def test_parameter_sets_that_only_the_description_tells_are_written(room, pictures, as_units, wall_time):
    ring, sent = room(), pictures("h264")
    sets = tuple(unit for unit in leading_units("h264", sent[0][0]) if unit[0] & 0x1F in {7, 8})
    bare = _slices_only(sent)
    assert all(not leading_units("h264", data) for data, _ in bare)
    ring.send(ring.writer.track(1, "sub", "h264", sets, 90_000), as_units(bare), wall_time())
    ring.writer.close()
    with av.open(str(ring.files()[0])) as container:
        assert len(list(container.decode(video=0))) == 60


def test_a_stream_whose_parameters_nobody_told_waits_for_them(room, pictures, as_units, wall_time):
    ring, sent = room(), pictures("h264")
    bare = _slices_only(sent[:15])
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), as_units([*bare, *sent[15:]]), wall_time())
    ring.writer.close()
    (path,) = ring.files()
    assert len(_read(path)) == 45
    assert ring.troubles == []


@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
def test_another_size_begins_another_segment(room, pictures, as_units, wall_time, codec):
    ring = room()
    sent = as_units(pictures(codec)[:30] + pictures(codec, size=(320, 180))[:30])
    ring.send(ring.writer.track(1, "sub", codec, (), 90_000), sent, wall_time())
    ring.writer.close()
    sizes = []
    for path in ring.files():
        with SegmentReader(path) as reader:
            sizes.append((reader.width, len(list(reader.units()))))
    assert sizes == [(160, 30), (320, 30)]


@pytest.mark.parametrize("jump_s", [3600, 5])
def test_timestamps_that_jump_do_not_tear_the_recording(room, pictures, as_units, wall_time, jump_s):
    ring, sent = room(), as_units(pictures("h264"))
    for no, jump in ((20, 90_000 * jump_s), (40, -90_000 * 2 * jump_s)):
        sent = [
            unit if at < no else type(unit)(unit.data, unit.timestamp + jump, unit.sent_no, unit.key)
            for at, unit in enumerate(sent)
        ]
    began_at = wall_time()
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, began_at)
    ring.writer.close()
    kept = [unit for path in ring.files() for unit in _read(path)]
    assert len(kept) == 60
    for no, unit in enumerate(kept):
        assert unit.arrived_at == pytest.approx(began_at + no / 15, abs=0.1)


def test_a_lost_session_leaves_a_marked_gap(room, pictures, as_units, wall_time):
    ring, sent = room(), as_units(pictures("h264"))
    began_at = wall_time() - 60
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    ring.send(track, sent, began_at)
    track.end()
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, began_at + 20)
    ring.writer.close()
    first, second = ring.files()
    assert first.stat().st_mtime == pytest.approx(began_at + 4, abs=0.01)
    with SegmentReader(second) as reader:
        assert reader.gap_s == pytest.approx(16, abs=0.1)


def test_what_is_too_old_goes_and_so_does_an_empty_folder(room, pictures, as_units, wall_time, eventually):
    ring = room(seconds=30.0, segment_s=2.0)
    sent = as_units(pictures("h264", count=150, key_every=15))
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, wall_time() - 38)  # 4 of 5 are old by now
    old = ring.writer.track(2, "main", "h264", (), 90_000)
    ring.send(old, sent, wall_time() - 100)
    old.end()
    eventually(lambda: ring.files() and not ring.files("2-main"))
    eventually(lambda: not (ring.folder / "2-main").exists())
    eventually(lambda: len(ring.files()) == 1)  # the one that is being written
    ring.writer.close()
    assert len(_read(ring.files()[0])) == 30


def test_what_is_too_much_goes_the_oldest_first(room, pictures, as_units, wall_time, eventually):
    sent = as_units(pictures("h264", count=150, key_every=15))
    bound = sum(len(unit.data) for unit in sent) // 2
    ring = room(segment_s=2.0, max_bytes=bound)
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, wall_time() - 10)
    eventually(lambda: 0 < sum(path.stat().st_size for path in ring.files()) <= bound)
    ring.writer.close()
    kept = _read(ring.files()[-1])
    assert kept[-1].arrived_at == pytest.approx(wall_time() - 0.1, abs=5)


def test_the_file_that_is_written_stays_whatever_the_bound(room, pictures, as_units, wall_time, eventually):
    ring = room(segment_s=2.0, max_bytes=1)
    sent = as_units(pictures("h264"))
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, wall_time() - 4)
    ring.send(ring.writer.track(1, "main", "h264", (), 90_000), sent, wall_time() - 4)
    eventually(lambda: [len(ring.files(name)) for name in ("1-sub", "1-main")] == [1, 1])
    ring.writer.close()
    assert [len(_read(ring.files(name)[0])) for name in ("1-sub", "1-main")] == [30, 30]


def test_leftovers_of_a_dead_writer_are_taken_over(room, pictures, as_units, wall_time, eventually):
    ring = room(seconds=20.0)
    folder = ring.folder / "1-sub"
    folder.mkdir(parents=True)
    old = folder / f"{int((wall_time() - 50) * 1000)}.mkv"
    old.write_bytes(b"cut off")
    os.utime(old, (wall_time() - 45, wall_time() - 45))
    sent = as_units(pictures("h264"))
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), sent, wall_time() - 4)
    eventually(lambda: not old.exists())
    (path,) = ring.files()
    with SegmentReader(path) as reader:
        assert reader.gap_s == pytest.approx(41, abs=0.5)


def test_a_queue_that_is_full_drops_to_the_next_keyframe_and_says_so(room, pictures, as_units, wall_time, eventually):
    sent = as_units(pictures("h264"))
    keys = len(sent[0].data) + len(sent[15].data)
    ring = room(max_queued=keys)
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    began_at = wall_time()
    track.write(sent[0], began_at, 0.0)
    for no, unit in enumerate(sent[1:30], 1):
        track.write(unit, began_at + no / 15, 0.0)
    assert ring.writer.counts().dropped > 0
    eventually(lambda: ring.writer.counts().bytes_queued == 0)
    ring.send(track, sent[30:45], began_at + 2)
    eventually(lambda: [each.kind for each in ring.troubles] == [TroubleKind.TOO_SLOW])
    ring.writer.close()
    with SegmentReader(ring.files()[-1]) as reader:
        kept = list(reader.units())
        assert reader.gap_s > 0
    assert kept[0].key


_VICTIM = """
import sys, time
sys.path.insert(0, {root!r}); sys.path.insert(0, {here!r})
from pathlib import Path
import conftest
ring = conftest.Room(Path({folder!r}))
track = ring.writer.track(1, "sub", "h264", (), 90_000)
sent = conftest.units(conftest.coded("h264", count=150, key_every=150))
began = time.time()
for no, unit in enumerate(sent):
    while time.time() < began + no / 15:
        time.sleep(0.005)
    at = time.time()
    track.write(unit, at, 0.0)
    print(no, at, flush=True)
"""


def test_a_killed_writer_loses_less_than_a_second_and_the_gap_is_marked(room, pictures, as_units, wall_time, tmp_path):
    folder = tmp_path / "ring"
    text = _VICTIM.format(root=str(ROOT), here=str(Path(__file__).parent), folder=str(folder))
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, cwd=ROOT) as victim:
        lines = []
        while len(lines) < 55:
            lines.append(victim.stdout.readline().split())
        victim.kill()
        assert victim.wait() == -9
    last_at = float(lines[-1][1])
    kept = [unit for path in sorted((folder / "1-sub").glob("*.mkv")) for unit in _read(path)]
    assert last_at - kept[-1].arrived_at < 1.0
    ring = room(folder)
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), as_units(pictures("h264")), last_at + 5)
    ring.writer.close()
    with SegmentReader(ring.files()[-1]) as reader:
        assert reader.gap_s == pytest.approx(last_at + 5 - kept[-1].arrived_at, abs=1.0)


def test_the_file_that_is_written_can_be_read(room, pictures, as_units, wall_time, eventually):
    ring = room()
    track = ring.writer.track(1, "sub", "h264", (), 90_000)
    ring.send(track, as_units(pictures("h264"))[:40], wall_time())
    eventually(lambda: ring.files() and ring.files()[0].stat().st_size > 5000)
    kept = _read(ring.files()[0])
    assert len(kept) >= 30
    ring.send(track, as_units(pictures("h264"))[40:], wall_time() + 40 / 15)
    eventually(lambda: len(_read(ring.files()[0])) > len(kept))


def test_nobody_else_may_read_the_ring(room, pictures, as_units, wall_time):
    ring = room()
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), as_units(pictures("h264")), wall_time())
    ring.writer.close()
    assert (ring.folder / "1-sub").stat().st_mode & 0o777 == 0o700
    assert ring.files()[0].stat().st_mode & 0o777 == 0o600


def test_a_practice_cameras_stream_is_kept_whole(room, practice, practice_camera, wall_time):
    address = practice_camera(1).sub_url.replace("rtsp://", "rtsp://practice:a%20secret%20of%20the%20tests@")
    ring, taken = room(segment_s=1.0), []
    with av.open(address, options={"rtsp_transport": "tcp"}, timeout=10) as camera:
        track = ring.writer.track(1, "sub", "h264", (), 90_000)
        for packet in camera.demux(video=0):
            if not taken and not packet.is_keyframe:
                continue
            taken.append(bytes(packet))
            track.write(AccessUnit(taken[-1], len(taken) * 6000, len(taken), packet.is_keyframe), wall_time(), 0.0)
            if len(taken) == 50:
                break
    ring.writer.close()
    kept = [unit for path in ring.files() for unit in _read(path)]
    assert [set(_nal_units(unit.data)) for unit in kept] == [set(_nal_units(data)) for data in taken]
    assert len(ring.files()) >= 2
    for path in ring.files():
        with av.open(str(path)) as container:
            assert not any(frame.is_corrupt for frame in container.decode(video=0))


@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
def test_nonsense_from_a_camera_is_no_trouble_of_the_disk(room, pictures, as_units, wall_time, codec):
    ring, dice = room(), random.Random(codec)
    nonsense = [dice.randbytes(dice.choice([0, 1, 3, 50, 3000])) for _ in range(200)]
    nonsense += [b"\0\0\1" * 40, b"\0\0\0\1", b"\xff\xd8" + b"\xff" * 99, b"\0\0\1\x67", b"\0\0\1\x42\1\1"]
    nonsense += [start + each for start in (b"\0\0\0\1\x67", b"\xff\xd8\xff\xc0\0") for each in nonsense[:100]]
    good = pictures(codec)
    sent = []
    for data in nonsense:
        sent += [(data, dice.random() < 0.5), good[dice.randrange(len(good))]]
    ring.send(ring.writer.track(1, "sub", codec, (), 90_000), as_units([*sent, *good]), wall_time() - 60)
    ring.writer.close()
    assert ring.troubles == []
    kept = {unit.data for path in ring.files() for unit in _read(path)}
    assert len(kept) > 30
