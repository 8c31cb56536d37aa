import os
from datetime import UTC, datetime

import pytest

from video.segment_reader import SegmentError, SegmentReader
from video.segments import coverage, gaps, hour_folder, list_segments, segment_at, start_of


@pytest.fixture
def lay(tmp_path):
    """Lay a file that covers a span."""

    def make(root, track, start, end, *, content=b"x", hour=""):
        folder = tmp_path / root / track / hour
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{round(start * 1000)}.mkv"
        path.write_bytes(content)
        os.utime(path, (end, end))
        return tmp_path / root

    return make


def test_coverage_joins_what_follows_and_tells_profiles_apart(lay):
    for start in (1000, 1010, 1020, 1050):
        root = lay("ring", "7-sub", start, start + 10)
    lay("ring", "7-main", 1015, 1025)
    lay("ring", "71-sub", 900, 2000)
    covered = [(each.begins, each.ends, each.profile) for each in coverage([root], 7, 1005, 1055)]
    assert covered == [(1015, 1025, "main"), (1005, 1030, "sub"), (1050, 1055, "sub")]
    assert gaps([root], 7, 1005, 1070) == [(1030, 1050), (1060, 1070)]
    assert gaps([root], 7, 1005, 1026, "main") == [(1005, 1015)]
    assert gaps([root], 8, 1, 9) == [(1, 9)]


def test_the_same_segment_in_ring_and_recordings_is_listed_once(lay):
    start = 1_750_000_000.0
    ring = lay("ring", "7-sub", start, start + 10)
    lay("ring", "7-sub", start + 10, start + 20)
    archive = lay("continuous", "7-sub", start, start + 10, hour=hour_folder(start))
    lay("continuous", "7-sub", start - 10, start, hour=hour_folder(start - 10))
    found = list_segments([ring, archive], 7, start - 5, start + 15)
    assert [each.start for each in found] == [start - 10, start, start + 10]
    assert found[1].path.is_relative_to(ring)


def test_hours_that_do_not_matter_are_not_looked_at(lay):
    start = datetime(2025, 6, 1, 23, 59, 55, tzinfo=UTC).timestamp()
    root = lay("continuous", "7-sub", start, start + 10, hour=hour_folder(start))
    assert [each.start for each in list_segments([root], 7, start + 7, start + 9)] == [start]
    assert list_segments([root], 7, start + 7000, start + 9000) == []


def test_a_moment_finds_its_segment(lay):
    root = lay("ring", "7-sub", 1000, 1010)
    lay("ring", "7-sub", 1010, 1020)
    assert segment_at([root], 7, 1010, "sub").start == 1010
    assert segment_at([root], 7, 1009.9, "sub").start == 1000
    assert segment_at([root], 7, 1010, "main") is None
    assert segment_at([root], 7, 1021, "sub") is None


@pytest.mark.parametrize("name", ["x.mkv", "1.mp4", "1.mkv.part", "-1.mkv", "²1.mkv", "1" * 20 + ".mkv", ".mkv"])
def test_other_files_are_no_segments(name, tmp_path):
    assert start_of(name) is None
    (tmp_path / "7-sub").mkdir()
    (tmp_path / "7-sub" / name).write_text("x")
    assert list_segments([tmp_path, tmp_path / "missing"], 7, 0, 1e12) == []


@pytest.mark.parametrize("content", [b"", b"garbage" * 999, b"\x1a\x45\xdf\xa3" + bytes(300)])
def test_what_is_no_segment_is_said(lay, content, tmp_path):
    lay("ring", "7-sub", 1000, 1010, content=content)
    with pytest.raises(SegmentError):
        SegmentReader(tmp_path / "ring/7-sub/1000000.mkv")
    with pytest.raises(SegmentError):
        SegmentReader(tmp_path / "ring/7-sub/1.mkv")


@pytest.mark.parametrize("codec", ["h264", "hevc", "mjpeg"])
def test_a_file_cut_anywhere_gives_what_is_whole(room, pictures, as_units, wall_time, codec, tmp_path):
    ring = room()
    ring.send(ring.writer.track(1, "sub", codec, (), 90_000), as_units(pictures(codec)), wall_time())
    ring.writer.close()
    whole = ring.files()[0].read_bytes()
    counts = []
    for share in (0.02, 0.2, 0.5, 0.8, 0.99):
        (tmp_path / "cut.mkv").write_bytes(whole[: int(len(whole) * share)])
        try:
            with SegmentReader(tmp_path / "cut.mkv") as reader:
                counts.append(len(list(reader.units())))
        except SegmentError:
            counts.append(0)
    assert counts == sorted(counts)
    assert counts[-1] >= 55
