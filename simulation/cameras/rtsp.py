"""The cameras' RTSP server (RFC 2326): a port for each camera, and one behind which all of them are."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from simulation.cameras.config import HOST, Config
from simulation.cameras.connection import Connection, Surroundings
from simulation.cameras.door import Door
from simulation.cameras.feed import Feed
from simulation.cameras.rtsp_message import LARGEST_HEAD
from simulation.cameras.sign_ins import SignIns
from simulation.cameras.streams import Beat
from simulation.faults import CameraFault

_LOOKED_AFTER_S = 0.05  # how often a camera that is gone looks whether it is back


class RtspServer:
    """Serves every stream of every camera."""

    def __init__(
        self,
        config: Config,
        feeds: Mapping[tuple[int, str], Feed],
        fault_of: Callable[[int], CameraFault],
        sign_ins: SignIns,
    ) -> None:
        beats = {fps: Beat(fps, fault_of) for fps in {feed.form.profile.fps for feed in feeds.values()}}
        self._around = Surroundings(config, feeds, fault_of, sign_ins, beats)
        self._doors: dict[int, Door] = {}
        self._open: dict[Connection, None] = {}
        self._ended: deque[dict[str, Any]] = deque(maxlen=500)
        self._server: asyncio.Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._gone: dict[int, asyncio.Task[None]] = {}

    @property
    def port(self) -> int:
        """Return the port behind which all cameras are."""
        if self._server is None:
            raise RuntimeError("the server has not been started")
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_server(self._serve, HOST, self._around.config.rtsp_port, limit=LARGEST_HEAD)
        for camera in self._around.config.cameras:
            self._doors[camera.no] = Door(partial(self._serve, own=camera.no))
            await self._doors[camera.no].open()
        self._tasks = [asyncio.create_task(beat.run(), name="beat") for beat in self._around.beats.values()]

    async def close(self) -> None:
        """Close every connection and every port."""
        if self._server is not None:
            self._server.close()
        tasks = [*self._tasks, *self._gone.values()]
        for task in tasks:
            task.cancel()
        for connection in list(self._open):
            connection.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        for door in self._doors.values():
            door.close()

    async def run(self) -> None:
        """Never return; raise what broke the beat, if anything does."""
        await asyncio.gather(*self._tasks, asyncio.Event().wait())

    def url(self, no: int, profile: str) -> str:
        """Return a stream's address, without name and password."""
        return f"rtsp://{HOST}:{self._doors[no].port}/camera/{no}/{profile}"

    def drop(self, no: int) -> None:
        """Reset every connection to a camera."""
        for connection in list(self._open):
            if connection.camera_no == no:
                connection.abort()

    def vanish(self, no: int) -> None:
        """Answer no connect to a camera's own port for as long as its fault goes on."""
        if no in self._doors and no not in self._gone:
            self._doors[no].shut()  # at once: whoever asked for the fault may try the next moment
            self._gone[no] = asyncio.create_task(self._come_back(no), name=f"camera {no} is gone")

    def sessions(self) -> list[dict[str, Any]]:
        """Return what each session was sent, those that ended included (the newest 500)."""
        return [*self._ended, *(account for connection in self._open if (account := connection.account()))]

    def tally(self, no: int) -> dict[str, Any]:
        """Return how many came to a camera since the beginning, and how many sessions are open now and by what way."""
        sessions = [account for connection in self._open if (account := connection.account())]
        ways = [account["transport"] for account in sessions if account["camera"] == no]
        return {
            "connections": self._around.connections[no],
            "sessions_opened": self._around.opened[no],
            "sessions": len(ways),
            "transports": sorted(set(ways)),
        }

    async def _come_back(self, no: int) -> None:
        door = self._doors[no]
        while not door.opened:
            while self._around.fault_of(no).swallows:
                await asyncio.sleep(_LOOKED_AFTER_S)
            await door.open()
            if self._around.fault_of(no).swallows:  # it began again while the door was being opened
                door.shut()
        del self._gone[no]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, own: int | None = None) -> None:
        connection = Connection(self._around, reader, writer, own)
        self._open[connection] = None
        try:
            await connection.run()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass  # the viewer went away, or spoke no RTSP
        finally:
            self._open.pop(connection, None)
            if account := connection.account():
                self._ended.append(account | {"ended_at": time.time()})
            connection.close()
