"""A stream as its camera's faults let it be: in another form, frozen, or without its parameter sets.

What is sent changes at whole seconds of frame numbers, where a keyframe is due, and once it has been made ready.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from domain.errors import UnreachableError
from simulation.cameras.codecs import still
from simulation.cameras.config import OTHER_CODECS, OTHER_SIZES, Form
from simulation.cameras.picture import Description, Picture
from simulation.cameras.streams import Stream
from simulation.faults import CameraFault

_KEPT_S = 5  # longer than the slowest viewer is behind


@dataclass(frozen=True, slots=True)
class _Second:
    """Where the pictures of one second come from."""

    stream: Stream
    stills: tuple[Picture, ...]
    without_sets: bool

    def picture(self, no: int) -> Picture | None:
        picture = self.stills[no % len(self.stills)] if self.stills else self.stream.picture(no)
        return picture.without_sets() if picture is not None and self.without_sets else picture


class Feed:
    """One profile of one camera, for all its viewers."""

    def __init__(self, form: Form, stream_in: Callable[[Form], Stream], fault: Callable[[], CameraFault]) -> None:
        """Take how it looks when nothing is wrong, what makes a stream of any form, and what is wrong just now."""
        self.form = form
        self._stream_in = stream_in
        self._fault = fault
        self._streams: dict[Form, Stream] = {}
        self._ready: set[Form] = set()
        self._shown = form
        self._stills: dict[Form, tuple[Picture, ...]] = {}
        self._seconds: dict[int, _Second] = {}
        self._viewers = 0
        self._work: asyncio.Task[None] | None = None

    async def description(self) -> Description:
        """Return what is said of it now, and have everything ready for it; UnreachableError where that fails."""
        fault = self._fault()
        form = self._wanted(fault)
        said = await self._stream(form).description()
        self._ready.add(form)
        return said.without_sets() if fault.hides_sets else said

    def picture(self, no: int) -> Picture | None:
        """Return frame `no`, or None while it does not exist yet."""
        number = no // self.form.profile.fps
        second = self._seconds.get(number)
        if second is None:
            second = self._seconds[number] = self._begun(number)
            self._seconds.pop(number - _KEPT_S, None)
        return second.picture(no)

    def watched(self, viewers: int) -> None:
        """Take note of how many watch."""
        self._viewers = viewers
        self._stream(self._shown).watched(viewers)

    async def close(self) -> None:
        """Rest for good."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})
        for stream in self._streams.values():
            await asyncio.to_thread(stream.close)

    def _stream(self, form: Form) -> Stream:
        if form not in self._streams:
            self._streams[form] = self._stream_in(form)
        return self._streams[form]

    def _wanted(self, fault: CameraFault) -> Form:
        codec, profile = self.form.codec, self.form.profile
        return Form(
            OTHER_CODECS[codec] if fault.changes_codec else codec,
            OTHER_SIZES[profile] if fault.changes_size else profile,
        )

    def _begun(self, number: int) -> _Second:
        """Decide what a second shows; what is wanted and not ready yet is begun, and shown a second later."""
        fault = self._fault()
        form = self._wanted(fault)
        if form in self._ready:
            self._show(form)
        else:
            self._begin(self._make_ready(form))
        if not fault.freezes:
            self._stills.clear()
        elif self._shown not in self._stills:
            self._begin(self._freeze(self._shown, number))
        return _Second(self._stream(self._shown), self._stills.get(self._shown, ()), fault.withholds_sets)

    def _show(self, form: Form) -> None:
        if form != self._shown:
            self._stream(self._shown).watched(0)
            self._shown = form
            self._stream(form).watched(self._viewers)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do one thing after the other; what finds no time now is asked for again in the next second."""
        if self._work is not None and not self._work.done():
            work.close()
            return
        self._work = asyncio.create_task(self._reported(work))

    async def _reported(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UnreachableError as error:
            sys.stderr.write(f"a fault has no effect yet: {error}\n")

    async def _make_ready(self, form: Form) -> None:
        await self._stream(form).description()
        self._ready.add(form)

    async def _freeze(self, form: Form, number: int) -> None:
        """Make a second's pictures that show the newest keyframe; nothing where nobody has watched yet."""
        fps = form.profile.fps
        for second in range(number, number - _KEPT_S, -1):
            picture = self._stream(form).picture(second * fps)
            if picture is not None and picture.key:
                self._stills[form] = tuple(await asyncio.to_thread(still, picture, form))
                return
