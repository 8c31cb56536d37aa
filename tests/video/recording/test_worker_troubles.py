"""What the workers' rings suffer from, as the console hears it."""

import os
import signal

import pytest

from domain.camera import Profile
from domain.clock import SystemClock
from domain.recording import TroubleKind
from tests.video.conftest import WHO
from video.engine import VideoEngine
from video.plan import RingPlan

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]


@pytest.mark.usefixtures("practice")
def test_each_worker_tells_its_own_troubles_and_they_end_with_it(practice_camera, tmp_path, eventually):
    ring, troubles = tmp_path / "ring", []
    ring.write_text("in the way")
    engine = VideoEngine(
        lambda _: WHO, lambda _: None, SystemClock(), 2, ring=RingPlan(ring), ring_trouble=troubles.append
    )
    engine.start()

    def said(writer):
        return [each.cleared for each in troubles if each.writer == writer]

    try:
        engine.keep_open([(practice_camera(no), Profile.SUB) for no in (1, 2)])
        eventually(lambda: said("worker 1") == said("worker 2") == [False], 30)
        assert {(each.kind, each.where) for each in troubles} == {(TroubleKind.WRITE_FAILED, str(ring))}
        victim = dict(engine.processes())["video worker 1"]
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: said("worker 1")[:2] == [False, True], 30)
        assert said("worker 2") == [False]
        eventually(lambda: said("worker 1")[:3] == [False, True, False], 30)  # the next one finds it so, too
        ring.unlink()
        eventually(lambda: said("worker 1")[-1] and said("worker 2") == [False, True], 30)
    finally:
        engine.close()
    assert list(ring.glob("1-sub/*.mkv"))
