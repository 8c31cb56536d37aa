"""All cameras of one process, joined to their servers."""

import asyncio
import resource
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any

from domain.errors import BadInputError
from simulation.cameras.clips import ClipStore, ClipWish, default_folder
from simulation.cameras.config import MAIN, PROFILES, SUB, CameraSpec, Config, Form
from simulation.cameras.control import Control
from simulation.cameras.feed import Feed
from simulation.cameras.live import LiveStream, Surroundings
from simulation.cameras.mount import Pose
from simulation.cameras.onvif import PtzCamera
from simulation.cameras.onvif_kind import Identity
from simulation.cameras.onvif_ports import OnvifPorts
from simulation.cameras.onvif_still import still
from simulation.cameras.rtsp import RtspServer
from simulation.cameras.sign_ins import LOCKED_S, WRONG_ALLOWED, SignIns
from simulation.cameras.streams import ClipStream, Stream
from simulation.cameras.web import WebServer
from simulation.cameras.ws_discovery import Announcer
from simulation.faults import CameraFault, CameraFaults
from simulation.processes import Spawner

_DRAWN_AT_START = 16  # up to so many PTZ cameras have their surroundings (a second, 50 MB) drawn before anybody asks
_IDENTITY = {one.name for one in fields(Identity)}


class Site:
    """Makes the clips that the small pictures need, then serves everything."""

    def __init__(self, config: Config, spawner: Spawner) -> None:
        self._config = config
        self._faults = CameraFaults({camera.no: camera.ptz for camera in config.cameras}, self._fault_begun)
        self._store = ClipStore(config.clips or default_folder(), spawner)
        self._sign_ins = SignIns(limits=self._limits)
        self._ptz = {
            camera.no: PtzCamera(camera, config, self._faults.at, self._sign_ins, self._still)
            for camera in config.cameras
            if camera.ptz
        }
        self._surroundings = {no: Surroundings(camera.camera, camera.mount) for no, camera in self._ptz.items()}
        self._feeds = self._all_feeds()
        self._rtsp = RtspServer(config, self._feeds, self._faults.at, self._sign_ins)
        self._onvif = OnvifPorts(self._ptz)
        self._announcer = Announcer(config.discovery, self._ptz) if config.discovery else None
        questions = {"/state": self._state, "/sent": self._rtsp.sessions, **self._questions()}
        control = Control(self._faults, questions, self._wishes())
        self._control = WebServer(control.answer)

    async def start(self) -> dict[str, Any]:
        """Get ready, and return the ready line; UnreachableError where the clips can't be made."""
        fixed = [camera for camera in self._config.cameras if not camera.ptz]
        _allow_many_sockets()
        await self._store.prepare([ClipWish.of(camera, Form(camera.codec, SUB)) for camera in fixed])
        await self._rtsp.start()
        await self._onvif.start(self._config.onvif_port, self._rtsp.url)
        if self._announcer is not None:
            await self._announcer.start()
        await self._control.start(self._config.control_port)
        return self._addresses()

    async def run(self) -> None:
        """Never return; raise what broke the streams, if anything does.

        What a few PTZ cameras see is drawn first, so that their first viewer need not wait for it.
        """
        drawn = self._ptz if len(self._ptz) <= _DRAWN_AT_START else {}
        live = [feed for (no, _), feed in self._feeds.items() if no in drawn]
        await asyncio.gather(self._rtsp.run(), *(feed.description() for feed in live))

    async def close(self) -> None:
        """Close everything."""
        self._control.close()
        self._onvif.close()
        if self._announcer is not None:
            self._announcer.close()
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
        return partial(LiveStream, self._surroundings[camera.no])

    async def _still(self, camera: CameraSpec, pose: Pose) -> bytes:
        return await still(self._surroundings[camera.no], pose)

    def _questions(self) -> dict[str, Callable[[], Any]]:
        """Return what answers the questions about single PTZ cameras, by path."""
        found: dict[str, Callable[[], Any]] = {}
        for no, camera in self._ptz.items():
            found[f"/ptz/{no}/log"] = camera.log
            found[f"/onvif/{no}/journal"] = camera.journal
            found[f"/onvif/{no}/state"] = camera.whole_state
            found[f"/onvif/{no}/sign_ins"] = partial(self._sign_ins.account, no)
        return found

    def _wishes(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """Return what carries out the wishes about single PTZ cameras, by path."""
        found: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
        for no, camera in self._ptz.items():
            found[f"/onvif/{no}/event"] = camera.events.fire
            found[f"/onvif/{no}/device"] = partial(_become, camera)
            found[f"/onvif/{no}/certificate"] = partial(self._exchange, no)
        return found

    def _exchange(self, no: int, _: dict[str, Any]) -> dict[str, Any]:
        return self._onvif.exchange(no)

    def _limits(self, no: int) -> tuple[int, float]:
        """Return how many wrong passwords lock a camera now, and for how many seconds."""
        fault = self._faults.at(no)
        return (fault.lock_after, fault.lock_for_s) if fault.locks_out else (WRONG_ALLOWED, LOCKED_S)

    def _addresses(self) -> dict[str, Any]:
        return {
            "rtsp_port": self._rtsp.port,
            "control_port": self._control.port,
            "onvif_port": self._onvif.port,
            "discovery_port": self._announcer.port if self._announcer is not None else None,
            "cameras": [
                {
                    "no": camera.no,
                    "main_url": self._rtsp.url(camera.no, MAIN.name),
                    "sub_url": self._rtsp.url(camera.no, SUB.name),
                    **self._onvif.row(camera.no),
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
        if no in self._ptz:
            self._ptz[no].fault_begun()

    def _state(self) -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "cpu_s": used.ru_utime + used.ru_stime,
            "tasks": len(asyncio.all_tasks()),
            "cameras": [
                _plain(camera) | self._rtsp.tally(camera.no) | self._state_of(camera) for camera in self._config.cameras
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


def _plain(camera: CameraSpec) -> dict[str, Any]:
    """Return what a camera is, as the control tells it: without the kind of device."""
    return {one.name: getattr(camera, one.name) for one in fields(camera) if one.name != "onvif"}


def _become(camera: PtzCamera, wish: dict[str, Any]) -> dict[str, Any]:
    """Let a device say from now on that it is another; BadInputError where nothing of the kind can be said."""
    unknown = wish.keys() - _IDENTITY
    if unknown or not all(isinstance(value, str) for value in wish.values()):
        raise BadInputError(f"a device has the texts {', '.join(sorted(_IDENTITY))}")
    camera.unit.identity = replace(camera.unit.identity, **wish)
    return {"device": asdict(camera.unit.identity)}


def _allow_many_sockets() -> None:
    """Take as many open files as the system allows: each camera listens on sockets of its own."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
