"""What can't be kept of one stream, and what nobody expected: told, and all else goes on."""

import logging
import math
import time

import pytest

from domain.clock import SystemClock
from domain.recording import TroubleKind
from video.ring_header import leading_units
from video.segment_reader import SegmentReader

UNKEPT, KEPT = (TroubleKind.UNKEPT, False), (TroubleKind.UNKEPT, True)


def _kinds(ring):
    return [(each.kind, each.cleared) for each in ring.troubles]


def _damaged(pictures):
    """Make H.264 pictures whose sequence parameter sets were cut off."""
    sets = [unit for unit in leading_units("h264", pictures[0][0]) if unit[0] & 0x1F == 7]
    assert sets
    return [(data.replace(sets[0], sets[0][:2]), key) for data, key in pictures]


def _units_of(path):
    with SegmentReader(path) as reader:
        return len(list(reader.units()))


@pytest.mark.parametrize("name", ["damaged parameters", "untold parameters", "no keyframes"])
def test_a_stream_of_which_nothing_can_be_kept_is_told_until_it_can(room, pictures, as_units, eventually, name):
    good = pictures("h264", count=60)
    bad = {
        "damaged parameters": _damaged(good),
        "untold parameters": [(good[1][0], key) for _, key in good],
        "no keyframes": [(good[1][0], False)] * 60,
    }[name]
    ring, began_at = room(seconds=1e9), time.time() - 1000
    track = ring.writer.track(1, "main", "h264", (), 90_000)
    well = ring.writer.track(2, "main", "h264", (), 90_000)
    for no in range(18):  # 72 s
        ring.send(track, as_units(bad, no * 60), began_at + no * 4)
        ring.send(well, as_units(good, no * 60), began_at + no * 4)
    eventually(lambda: UNKEPT in _kinds(ring))
    eventually(lambda: ring.writer.counts().bytes_queued == 0)
    assert _kinds(ring) == [UNKEPT]
    assert ring.troubles[0].where == str(ring.folder / "1-main")
    assert ring.troubles[0].severe
    assert not ring.troubles[0].of_disk
    assert ring.files("1-main") == []
    track.end()
    again = ring.writer.track(1, "main", "h264", (), 90_000)  # another session does not make it better
    ring.send(again, as_units(bad, 0), began_at + 80)
    eventually(lambda: ring.writer.counts().bytes_queued == 0)
    assert _kinds(ring) == [UNKEPT]
    ring.send(again, as_units(good, 60), began_at + 84)
    eventually(lambda: _kinds(ring) == [UNKEPT, KEPT])
    ring.writer.close()
    assert sum(_units_of(path) for path in ring.files("1-main")) == 60
    assert sum(_units_of(path) for path in ring.files("2-main")) == 18 * 60


def test_a_few_damaged_keyframes_are_no_trouble(room, pictures, as_units):
    good = pictures("h264", count=60)
    ring, began_at = room(seconds=1e9), time.time() - 1000
    track = ring.writer.track(1, "main", "h264", (), 90_000)
    for no in range(10):
        sent = _damaged(good) if no % 2 else good
        ring.send(track, as_units(sent, no * 60), began_at + no * 4)
    ring.writer.close()
    assert ring.troubles == []
    assert sum(_units_of(path) for path in ring.files("1-main")) == 5 * 60


def test_a_stream_that_breaks_the_writer_breaks_no_other(room, pictures, as_units, eventually, caplog):
    good = as_units(pictures("h264", count=60))
    ring, began_at = room(), time.time()
    broken, well = (ring.writer.track(no, "sub", "h264", (), 90_000) for no in (1, 2))
    for no, unit in enumerate(good):
        broken.write(unit, math.inf, 0.0)  # no moment at all
        well.write(unit, began_at + no / 15, 0.0)
    eventually(lambda: UNKEPT in _kinds(ring))
    eventually(lambda: ring.writer.counts().bytes_queued == 0)
    assert _kinds(ring) == [UNKEPT]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    ring.send(broken, good, began_at + 4)
    eventually(lambda: _kinds(ring) == [UNKEPT, KEPT])
    ring.writer.close()
    assert [_units_of(path) for name in ("1-sub", "2-sub") for path in ring.files(name)] == [60, 60]


class TroubledClock(SystemClock):
    """The workstation's clock, which breaks for as long as a test wants."""

    def __init__(self):
        self.broken = False

    def monotonic(self):
        if self.broken:
            raise RuntimeError("nobody expected this")
        return super().monotonic()


def test_a_writer_that_breaks_is_told_and_goes_on(room, pictures, as_units, eventually):
    clock = TroubledClock()
    ring, good = room(clock=clock), as_units(pictures("h264", count=60))
    clock.broken = True
    eventually(lambda: _kinds(ring) == [(TroubleKind.WRITE_FAILED, False)])
    assert "nobody expected this" in ring.troubles[0].detail
    clock.broken = False
    eventually(lambda: _kinds(ring) == [(TroubleKind.WRITE_FAILED, False), (TroubleKind.WRITE_FAILED, True)])
    ring.send(ring.writer.track(1, "sub", "h264", (), 90_000), good, time.time())
    ring.writer.close()
    assert _units_of(ring.files()[0]) == 60
