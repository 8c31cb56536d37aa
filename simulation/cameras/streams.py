"""The streams that cameras have, and the beat on which their pictures leave."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from simulation.cameras.clips import ClipStore, ClipWish
from simulation.cameras.codecs import CODINGS
from simulation.cameras.config import CameraSpec, Form
from simulation.cameras.counter import frame_at, frame_due
from simulation.cameras.picture import Description, Picture
from simulation.cameras.rtp import Viewer
from simulation.faults import CameraFault


class Stream(Protocol):
    """One profile of one camera in one form."""

    async def description(self) -> Description:
        """Return what is said of it, making ready whatever it needs."""
        ...

    def picture(self, no: int) -> Picture | None:
        """Return frame `no`, or None while it does not exist yet."""
        ...

    def watched(self, viewers: int) -> None:
        """Take note of how many watch."""
        ...

    def close(self) -> None:
        """Rest for good."""
        ...


class ClipStream:
    """A loop that plays for ever."""

    def __init__(self, camera: CameraSpec, form: Form, store: ClipStore) -> None:
        self._wish = ClipWish.of(camera, form)
        self._store = store
        self._pictures: list[Picture] = []

    async def description(self) -> Description:
        """Return what is said of it; the first call reads the clip, and has it made where it is missing."""
        if not self._pictures:
            self._pictures = await self._store.pictures(self._wish)
        return CODINGS[self._wish.form.codec].description(self._pictures[0])

    def picture(self, no: int) -> Picture | None:
        """Return frame `no`; there is always one once the description has been asked for."""
        return self._pictures[no % len(self._pictures)] if self._pictures else None

    def watched(self, viewers: int) -> None:
        """Do nothing: a loop costs the same unseen."""

    def close(self) -> None:
        """Do nothing."""


class Watched(Protocol):
    """What has viewers."""

    def watched(self, viewers: int) -> None:
        """Take note of how many watch."""
        ...


class Beat:
    """Lets frame k of every watched stream of one frame rate leave at its due time."""

    def __init__(self, fps: int, fault_of: Callable[[int], CameraFault]) -> None:
        self._fps = fps
        self._fault_of = fault_of
        self._viewers: dict[Viewer, tuple[int, Watched]] = {}
        self._wanted = asyncio.Event()

    def join(self, viewer: Viewer, camera_no: int, stream: Watched) -> None:
        """Begin to send to a viewer."""
        self._viewers[viewer] = (camera_no, stream)
        stream.watched(self._count(stream))
        self._wanted.set()

    def leave(self, viewer: Viewer) -> None:
        """Send no more to a viewer."""
        found = self._viewers.pop(viewer, None)
        if found is not None:
            found[1].watched(self._count(found[1]))

    async def run(self) -> None:
        """Send for ever."""
        no = 0
        while True:
            if not self._viewers:
                self._wanted.clear()
                await self._wanted.wait()
            no = max(no, frame_at(time.time(), self._fps)) + 1
            await asyncio.sleep(max(0.0, frame_due(no, self._fps) - time.time()))
            now = time.time()
            for viewer, (camera_no, _) in list(self._viewers.items()):
                fault = self._fault_of(camera_no)
                if fault.stalls:
                    viewer.pause()
                else:
                    viewer.send(no, now, fault)

    def _count(self, stream: Watched) -> int:
        return sum(1 for _, watched in self._viewers.values() if watched is stream)
