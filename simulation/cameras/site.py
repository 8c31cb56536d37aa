"""All cameras of one process, joined to their servers."""

import asyncio
import resource
from dataclasses import asdict
from typing import Any

from simulation.cameras.clips import ClipStore, ClipWish, default_folder
from simulation.cameras.config import HOST, MAIN, PROFILES, SUB, Config
from simulation.cameras.control import Control
from simulation.cameras.live import LiveStream, Surroundings
from simulation.cameras.onvif import OnvifSite, PtzCamera
from simulation.cameras.onvif_device import Address
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
        self._ptz = {camera.no: PtzCamera(camera, config, self._faults.at) for camera in config.cameras if camera.ptz}
        self._live: list[LiveStream] = []
        self._rtsp = RtspServer(config, self._streams(), self._faults.at)
        self._onvif = WebServer(OnvifSite(self._ptz).answer)
        logs = {f"/ptz/{no}/log": camera.log for no, camera in self._ptz.items()}
        control = Control(self._faults, {"/state": self._state, "/sent": self._rtsp.sessions, **logs})
        self._control = WebServer(control.answer)

    async def start(self) -> dict[str, Any]:
        """Get ready, and return the ready line; UnreachableError where the clips can't be made."""
        fixed = [camera for camera in self._config.cameras if not camera.ptz]
        await self._store.prepare([ClipWish.of(camera, SUB) for camera in fixed])
        await self._rtsp.start()
        await self._onvif.start(self._config.onvif_port)
        for no, camera in self._ptz.items():
            camera.announce(Address(self._onvif_url(no), self._rtsp.url))
        await self._control.start(self._config.control_port)
        return self._addresses()

    async def run(self) -> None:
        """Never return; raise what broke the streams, if anything does.

        What the PTZ cameras see is drawn first, so that their first viewer need not wait for it.
        """
        await asyncio.gather(self._rtsp.run(), *(stream.parameters() for stream in self._live))

    async def close(self) -> None:
        """Close everything."""
        self._control.close()
        self._onvif.close()
        await self._rtsp.close()
        for stream in self._live:
            await asyncio.to_thread(stream.close)

    def _streams(self) -> dict[tuple[int, str], Stream]:
        streams: dict[tuple[int, str], Stream] = {}
        for camera in self._config.cameras:
            surroundings = Surroundings(camera, self._ptz[camera.no].mount) if camera.ptz else None
            for profile in PROFILES.values():
                if surroundings is None:
                    streams[camera.no, profile.name] = ClipStream(camera, profile, self._store)
                else:
                    live = LiveStream(surroundings, profile)
                    self._live.append(live)
                    streams[camera.no, profile.name] = live
        return streams

    def _onvif_url(self, no: int) -> str:
        return f"http://{HOST}:{self._onvif.port}/onvif/{no}"

    def _addresses(self) -> dict[str, Any]:
        return {
            "rtsp_port": self._rtsp.port,
            "control_port": self._control.port,
            "onvif_port": self._onvif.port,
            "cameras": [
                {
                    "no": camera.no,
                    "main_url": self._rtsp.url(camera.no, MAIN.name),
                    "sub_url": self._rtsp.url(camera.no, SUB.name),
                    "onvif_url": f"{self._onvif_url(camera.no)}/device_service" if camera.ptz else None,
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
                    "position": self._ptz[camera.no].state() if camera.ptz else None,
                }
                for camera in self._config.cameras
            ],
        }
