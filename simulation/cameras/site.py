"""All cameras of one process, joined to their servers."""

import asyncio
import resource
from dataclasses import asdict
from typing import Any

from simulation.cameras.clips import ClipStore, ClipWish, default_folder
from simulation.cameras.config import MAIN, PROFILES, SUB, Config
from simulation.cameras.control import Control
from simulation.cameras.rtsp import RtspServer
from simulation.cameras.streams import ClipStream, Stream
from simulation.cameras.web import WebServer
from simulation.faults import CameraFaults
from simulation.processes import Spawner


class Site:
    """Makes the clips that the small pictures need, then serves everything."""

    def __init__(self, config: Config, spawner: Spawner) -> None:
        self._config = config
        self._faults = CameraFaults({camera.no: camera.ptz for camera in config.cameras}, self._fault_begun)
        self._store = ClipStore(config.clips or default_folder(), spawner)
        self._rtsp = RtspServer(config, self._streams(), self._faults.at)
        control = Control(self._faults, {"/state": self._state, "/sent": self._rtsp.sessions})
        self._control = WebServer(control.answer)

    async def start(self) -> dict[str, Any]:
        """Get ready, and return the ready line; UnreachableError where the clips can't be made."""
        fixed = [camera for camera in self._config.cameras if not camera.ptz]
        await self._store.prepare([ClipWish.of(camera, SUB) for camera in fixed])
        await self._rtsp.start()
        await self._control.start(self._config.control_port)
        return self._addresses()

    async def close(self) -> None:
        """Close everything."""
        self._control.close()
        await self._rtsp.close()

    def _streams(self) -> dict[tuple[int, str], Stream]:
        return {
            (camera.no, profile.name): ClipStream(camera, profile, self._store)
            for camera in self._config.cameras
            for profile in PROFILES.values()
        }

    def _addresses(self) -> dict[str, Any]:
        return {
            "rtsp_port": self._rtsp.port,
            "control_port": self._control.port,
            "cameras": [
                {
                    "no": camera.no,
                    "main_url": self._rtsp.url(camera.no, MAIN.name),
                    "sub_url": self._rtsp.url(camera.no, SUB.name),
                    "onvif_url": None,
                }
                for camera in self._config.cameras
            ],
        }

    def _fault_begun(self, no: int) -> None:
        if self._faults.at(no).closes:
            self._rtsp.drop(no)

    def _state(self) -> dict[str, Any]:
        sessions = [session for session in self._rtsp.sessions() if session["ended_at"] is None]
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu_s": used.ru_utime + used.ru_stime,
            "tasks": len(asyncio.all_tasks()),
            "cameras": [
                asdict(camera)
                | {
                    "faults": self._faults.names(camera.no),
                    "sessions": sum(1 for session in sessions if session["camera"] == camera.no),
                }
                for camera in self._config.cameras
            ],
        }
