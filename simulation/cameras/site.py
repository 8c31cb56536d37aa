"""All cameras of one process, joined to their servers."""

import asyncio
import resource
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from simulation.cameras.clips import ClipStore, ClipWish, default_folder
from simulation.cameras.config import HOST, MAIN, PROFILES, SUB, CameraSpec, Config, Form
from simulation.cameras.control import Control
from simulation.cameras.feed import Feed
from simulation.cameras.live import LiveStream, Surroundings
from simulation.cameras.onvif import OnvifSite, PtzCamera
from simulation.cameras.onvif_device import Address
from simulation.cameras.rtsp import RtspServer
from simulation.cameras.sign_ins import SignIns
from simulation.cameras.streams import ClipStream, Stream
from simulation.cameras.web import WebServer
from simulation.faults import CameraFault, CameraFaults
from simulation.processes import Spawner


class Site:
    """Makes the clips that the small pictures need, then serves everything."""

    def __init__(self, config: Config, spawner: Spawner) -> None:
        self._config = config
        self._faults = CameraFaults({camera.no: camera.ptz for camera in config.cameras}, self._fault_begun)
        self._store = ClipStore(config.clips or default_folder(), spawner)
        self._sign_ins = SignIns()
        self._ptz = {
            camera.no: PtzCamera(camera, config, self._faults.at, self._sign_ins)
            for camera in config.cameras
            if camera.ptz
        }
        self._feeds = self._all_feeds()
        self._rtsp = RtspServer(config, self._feeds, self._faults.at, self._sign_ins)
        self._onvif = WebServer(OnvifSite(self._ptz).answer)
        logs = {f"/ptz/{no}/log": camera.log for no, camera in self._ptz.items()}
        control = Control(self._faults, {"/state": self._state, "/sent": self._rtsp.sessions, **logs})
        self._control = WebServer(control.answer)

    async def start(self) -> dict[str, Any]:
        """Get ready, and return the ready line; UnreachableError where the clips can't be made."""
        fixed = [camera for camera in self._config.cameras if not camera.ptz]
        await self._store.prepare([ClipWish.of(camera, Form(camera.codec, SUB)) for camera in fixed])
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
        live = [feed for (no, _), feed in self._feeds.items() if no in self._ptz]
        await asyncio.gather(self._rtsp.run(), *(feed.description() for feed in live))

    async def close(self) -> None:
        """Close everything."""
        self._control.close()
        self._onvif.close()
        await self._rtsp.close()
        for feed in self._feeds.values():
            await feed.close()

    def _all_feeds(self) -> dict[tuple[int, str], Feed]:
        feeds: dict[tuple[int, str], Feed] = {}
        for camera in self._config.cameras:
            stream_in = self._streams_of(camera)
            for profile in PROFILES.values():
                form = Form(camera.codec, profile)
                feeds[camera.no, profile.name] = Feed(form, stream_in, partial(self._faults.at, camera.no))
        return feeds

    def _streams_of(self, camera: CameraSpec) -> Callable[[Form], Stream]:
        """Return what makes a camera's streams of any form."""
        if not camera.ptz:
            return lambda form: ClipStream(camera, form, self._store)
        return partial(LiveStream, Surroundings(camera, self._ptz[camera.no].mount))

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

    def _fault_begun(self, no: int, fault: CameraFault) -> None:
        if fault.closes or fault.speaks_http:
            self._rtsp.drop(no)
        if fault.swallows:
            self._rtsp.vanish(no)
        if fault.locks_out:
            self._sign_ins.forget(no)

    def _state(self) -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu_s": used.ru_utime + used.ru_stime,
            "tasks": len(asyncio.all_tasks()),
            "cameras": [
                asdict(camera) | self._rtsp.tally(camera.no) | self._state_of(camera) for camera in self._config.cameras
            ],
        }

    def _state_of(self, camera: CameraSpec) -> dict[str, Any]:
        no = camera.no
        return {
            "faults": self._faults.names(no),
            "wrong_sign_ins": self._sign_ins.wrong(no),
            "locked": self._faults.at(no).locks_out and self._sign_ins.locked(no),
            "position": self._ptz[no].state() if camera.ptz else None,
        }
