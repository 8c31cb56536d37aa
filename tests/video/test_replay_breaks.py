"""What nobody foresaw breaks while a picture is looked for: it is said and logged, and no thread ends in silence."""

import mmap
import os
import time

import pytest

from tests.video.films import FPS, Ring
from video.replay_reel import Reel
from video.replay_screening import Screening
from video.replay_still import StillTaker
from video.replay_wire import Open, Take
from video.slot import slot_bytes

WIDTH, HEIGHT = 320, 180


class BreakingReel(Reel):
    """A real reel that breaks while it is told to."""

    broken = True
    looks = 0

    def picture_at(self, moment, given_up):
        self.looks += 1
        if self.broken:
            raise ZeroDivisionError("nobody foresaw this")
        return super().picture_at(moment, given_up)


@pytest.fixture
def ring(tmp_path):
    ring = Ring(tmp_path / "ring")
    ring.hold(1, (0, 5 * FPS))
    return ring


@pytest.fixture
def reel(ring):
    return BreakingReel([ring.folder], 1)


def test_a_tile_s_thread_says_what_broke_and_shows_pictures_again(ring, reel, eventually, caplog):
    said = []
    order = Open(7, 1, WIDTH, HEIGHT, [], ring.moment(20), time.monotonic(), 0.0)
    screening = Screening(order, mmap.mmap(-1, slot_bytes(WIDTH, HEIGHT, "bgrx")), reel, said.append)
    screening.start()
    eventually(lambda: reel.looks >= 2)
    assert {shows.trouble for shows in said} == {"ZeroDivisionError: nobody foresaw this"}
    assert not any(shows.missing for shows in said), "it may well be recorded"
    assert len([record for record in caplog.records if record.exc_info]) == 1, "once, however often it is tried"
    reel.broken = False
    shows = eventually(lambda: said[-1].at and said[-1])
    assert shows.trouble == ""
    assert shows.at == pytest.approx(ring.began + 20 / FPS, abs=0.005)
    screening.end()
    screening.join()


def test_who_waits_for_a_still_is_told_what_broke(ring, reel, caplog):
    said = []
    taker = StillTaker(Take(3, 1, ring.moment(20), []), reel, lambda taken, file: said.append((taken, file)))
    taker.start()
    taker.join()
    ((taken, file),) = said
    assert (taken.still, taken.width, file) == (3, 0, None)
    assert taken.trouble == "ZeroDivisionError: nobody foresaw this"
    assert [record for record in caplog.records if record.exc_info]


def test_a_still_that_can_t_be_put_into_memory_is_no_unrecorded_one(ring, reel, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    said = []
    reel.broken = False
    monkeypatch.setattr(os, "memfd_create", refuse)
    taker = StillTaker(Take(3, 1, ring.moment(20), []), reel, lambda taken, _: said.append(taken.trouble))
    taker.start()
    taker.join()
    assert said == ["[Errno 28] No space left on device"]
