"""The live picture of a PTZ camera: drawn and coded only while somebody watches."""

import asyncio
import threading
import time
from collections.abc import Callable
from functools import cache

import numpy as np

from simulation.cameras.caption import Caption
from simulation.cameras.codecs import CODINGS
from simulation.cameras.coder import Pace
from simulation.cameras.config import CameraSpec, Form
from simulation.cameras.counter import GREY, frame_at, frame_due
from simulation.cameras.lettering import Font
from simulation.cameras.mount import Mount
from simulation.cameras.panorama import Panorama
from simulation.cameras.picture import Description, Picture

_LEAD_S = 0.08  # how long before it leaves a picture is taken: time to draw and code it on a busy machine
_KEPT_S = 4
_LEFT_OUT = Picture((), key=False)


class Surroundings:
    """What both streams of a PTZ camera show; drawn at the first use."""

    def __init__(self, camera: CameraSpec, mount: Mount) -> None:
        self.camera = camera
        self.mount = mount
        self._lock = threading.Lock()
        self._panorama: Panorama | None = None

    def panorama(self) -> Panorama:
        """Return the panorama; the first call takes about a second."""
        with self._lock:
            if self._panorama is None:
                self._panorama = Panorama(self.camera.scene, Font())
            return self._panorama


class LiveStream:
    """One profile of a PTZ camera."""

    def __init__(self, surroundings: Surroundings, form: Form) -> None:
        self._surroundings = surroundings
        self._form = form
        self._camera: _Camera | None = None
        self._retired: list[_Camera] = []

    async def description(self) -> Description:
        """Return what is said of it; the first call draws the surroundings."""
        await asyncio.to_thread(self._surroundings.panorama)
        return await asyncio.to_thread(_description, self._form)

    def picture(self, no: int) -> Picture | None:
        """Return frame `no`, or None while it does not exist yet."""
        return self._camera.picture(no) if self._camera else None

    def watched(self, viewers: int) -> None:
        """Begin to work for the first viewer, and rest after the last."""
        if viewers and self._camera is None:
            self._camera = _Camera(self._surroundings, self._form)
        elif not viewers and self._camera is not None:
            self._camera.end()
            self._retired = [camera for camera in (*self._retired, self._camera) if camera.alive()]
            self._camera = None

    def close(self) -> None:
        """Rest for good; returns when its threads have ended."""
        self.watched(0)
        for camera in self._retired:
            camera.join()


class _Camera:
    """One stretch of work: a coder and the thread that feeds it."""

    def __init__(self, surroundings: Surroundings, form: Form) -> None:
        self._surroundings = surroundings
        self._form = form
        self._made: dict[int, Picture] = {}
        self._first: int | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name=f"live {surroundings.camera.no} {form.profile.name}", daemon=True
        )
        self._thread.start()
        self.alive: Callable[[], bool] = self._thread.is_alive
        self.join: Callable[[], None] = self._thread.join

    def picture(self, no: int) -> Picture | None:
        return _LEFT_OUT if self._first is None or no < self._first else self._made.get(no)

    def end(self) -> None:
        self._ended.set()

    def _run(self) -> None:
        profile, fps, coding = self._form.profile, self._form.profile.fps, CODINGS[self._form.codec]
        panorama = self._surroundings.panorama()
        caption = Caption(self._surroundings.camera.caption, profile, Font())
        coder = coding.coder(profile, Pace.LIVE)
        no = self._first = frame_at(time.time() + _LEAD_S, fps) + 1
        while not self._ended.wait(max(0.0, frame_due(no, fps) - _LEAD_S - time.time())):
            pose = self._surroundings.mount.pose(time.monotonic())
            planes = panorama.view(pose, (profile.width, profile.height), frame_due(no, fps), no)
            caption.write(planes, no)
            self._made[no] = coding.pictures(coder.code(planes, no))[0]
            self._made.pop(no - _KEPT_S * fps, None)
            coming = frame_at(time.time(), fps)  # what should have left before that is never taken
            for missed in range(no + 1, coming):
                self._made[missed] = _LEFT_OUT
                self._made.pop(missed - _KEPT_S * fps, None)
            no = max(no + 1, coming)


@cache
def _description(form: Form) -> Description:
    """Return what is said of a stream that a live coder of this form makes, from coding one grey picture."""
    profile, coding = form.profile, CODINGS[form.codec]
    luma = np.full((profile.height, profile.width), GREY, np.uint8)
    chroma = np.full((profile.height // 2, profile.width // 2), GREY, np.uint8)
    stream = coding.coder(profile, Pace.LIVE).code((luma, chroma, chroma), 0)
    return coding.description(coding.pictures(stream)[0])
