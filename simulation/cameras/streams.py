"""The streams that cameras have, and the beat on which their pictures leave."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from simulation.cameras.clips import ClipStore, ClipWish
from simulation.cameras.config import CameraSpec, Profile
from simulation.cameras.counter import frame_at, frame_due
from simulation.cameras.h264 import ParameterSets, Picture, packetised, parameter_sets
from simulation.cameras.rtp import Viewer
from simulation.faults import CameraFault


class Stream(Protocol):
    """One profile of one camera."""

    @property
    def profile(self) -> Profile:
        """Return its form."""
        ...

    async def parameters(self) -> ParameterSets:
        """Return its parameter sets, making ready whatever it needs."""
        ...

    def picture(self, no: int) -> Picture | None:
        """Return frame `no`, or None while it does not exist yet."""
        ...

    def watched(self, viewers: int) -> None:
        """Take note of how many watch."""
        ...


class ClipStream:
    """A loop that plays for ever."""

    def __init__(self, camera: CameraSpec, profile: Profile, store: ClipStore) -> None:
        self._profile = profile
        self._wish = ClipWish.of(camera, profile)
        self._store = store
        self._pictures: list[Picture] = []
        self._parameters: ParameterSets | None = None

    @property
    def profile(self) -> Profile:
        """Return its form."""
        return self._profile

    async def parameters(self) -> ParameterSets:
        """Return its parameter sets; the first call reads the clip, and has it made where it is missing."""
        if self._parameters is None:
            raw = await self._store.pictures(self._wish)
            self._pictures = [packetised(units) for units in raw]
            self._parameters = parameter_sets(raw[0])
        return self._parameters

    def picture(self, no: int) -> Picture | None:
        """Return frame `no`; there is always one once the parameters have been asked for."""
        return self._pictures[no % len(self._pictures)] if self._pictures else None

    def watched(self, viewers: int) -> None:
        """Do nothing: a loop costs the same unseen."""


class Beat:
    """Lets frame k of every watched stream of one frame rate leave at its due time."""

    def __init__(self, fps: int, fault_of: Callable[[int], CameraFault]) -> None:
        self._fps = fps
        self._fault_of = fault_of
        self._viewers: dict[Viewer, tuple[int, Stream]] = {}
        self._wanted = asyncio.Event()

    def join(self, viewer: Viewer, camera_no: int, stream: Stream) -> None:
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
                    viewer.send(no, now, garbled=fault.garbles)

    def _count(self, stream: Stream) -> int:
        return sum(1 for _, watched in self._viewers.values() if watched is stream)
