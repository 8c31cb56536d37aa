"""The PTZ cameras behind ONVIF: who may ask, what is written down, and what is wrong with them."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from domain.errors import CredentialsError, ProtocolError
from simulation.cameras.config import CameraSpec, Config
from simulation.cameras.mount import Mount, Pose
from simulation.cameras.onvif_device import Address, DeviceService, MediaService
from simulation.cameras.onvif_ptz import PtzService
from simulation.cameras.sign_ins import SignIns
from simulation.cameras.soap import (
    CONTENT_TYPE,
    DEVICE,
    PTZ,
    Message,
    Operation,
    SoapFaultError,
    Token,
    check,
    fault,
    said,
)
from simulation.cameras.web import Asked, HangUpError, Reply
from simulation.faults import CameraFault

# The access class PRE_AUTH of the ONVIF Core Specification, as far as we have it.
_OPEN_TO_ALL = {(DEVICE, name) for name in ("GetSystemDateAndTime", "GetCapabilities", "GetServices")}
_LOGGED = 5000


def _utc() -> datetime:
    return datetime.fromtimestamp(time.time(), UTC)


class PtzCamera:
    """One camera that can be moved."""

    def __init__(
        self, camera: CameraSpec, config: Config, fault_of: Callable[[int], CameraFault], sign_ins: SignIns
    ) -> None:
        self.camera = camera
        self.mount = Mount(Pose(0.0, -6.0, 0.0), time.monotonic())
        self._config = config
        self._fault_of = fault_of
        self._sign_ins = sign_ins
        self._ptz = PtzService(self.mount, self._fault, time.monotonic, _utc)
        self._handlers = self._ptz.handlers()
        self._log: deque[dict[str, Any]] = deque(maxlen=_LOGGED)

    def announce(self, address: Address) -> None:
        """Tell the camera where its services are; nothing of the device and media services is known before."""
        self._handlers |= DeviceService(self.camera, address, _utc).handlers()
        self._handlers |= MediaService(self.camera, address).handlers()

    def log(self) -> list[dict[str, Any]]:
        """Return the PTZ requests as they came, the oldest first; `at` is Unix time, `monotonic` of this machine."""
        return list(self._log)

    def state(self) -> dict[str, Any]:
        """Return where it points (degrees, zoom 0-1) and whether it moves."""
        now = time.monotonic()
        pose, (turning, zooming) = self.mount.pose(now), self.mount.moving(now)
        return {"pan": pose.pan, "tilt": pose.tilt, "zoom": pose.zoom, "moving": turning or zooming}

    async def answer(self, body: bytes) -> Reply:
        """Answer one request as the camera would, its faults included."""
        at, monotonic = time.time(), time.monotonic()
        wrong = self._fault()
        if wrong.closes:
            raise HangUpError
        while wrong.silent:
            await asyncio.sleep(0.1)
            wrong = self._fault()
        reply = self._reply(body, at, monotonic)
        if wrong.answer_late_s:
            await asyncio.sleep(wrong.answer_late_s)
        return reply

    def _reply(self, body: bytes, at: float, monotonic: float) -> Reply:
        try:
            message = Message.parse(body)
        except ProtocolError as error:
            return _refused(SoapFaultError("WellFormed", reason=str(error)))
        asked, answer = message.operation, "ok"
        try:
            reply = Reply(self._done(message), CONTENT_TYPE)
        except SoapFaultError as error:
            reply, answer = _refused(error), error.codes[-1]
        if asked.service == PTZ:
            entry = {"at": at, "monotonic": monotonic, "operation": asked.name, "asked": _told(asked)}
            self._log.append(entry | {"answer": answer})
        return reply

    def _done(self, message: Message) -> bytes:
        asked = message.operation
        if (asked.service, asked.name) not in _OPEN_TO_ALL:
            self._admit(message.token)
        handler = self._handlers.get((asked.service, asked.name))
        if handler is None:
            raise SoapFaultError("ActionNotSupported", reason=f"{asked.name} is not supported", status=500)
        return said(handler(asked))

    def _admit(self, token: Token | None) -> None:
        fault, no = self._fault(), self.camera.no
        problem = ""
        try:
            check(token, self._config.user, self._config.password, _utc())
        except CredentialsError as error:
            problem = str(error)
        if fault.refuses_password or (fault.locks_out and self._sign_ins.locked(no)):
            problem = "wrong name or password"
        if problem and token is not None:
            self._sign_ins.refused(no)
        if problem:
            raise SoapFaultError("NotAuthorized", reason=problem)

    def _fault(self) -> CameraFault:
        return self._fault_of(self.camera.no)


class OnvifSite:
    """Finds the camera that a request is for: /onvif/NO/SERVICE_service."""

    def __init__(self, cameras: dict[int, PtzCamera]) -> None:
        self._cameras = cameras

    async def answer(self, asked: Asked) -> Reply:
        """Answer one HTTP request."""
        steps = asked.path.strip("/").split("/")
        no = int(steps[1]) if len(steps) == 3 and steps[0] == "onvif" and steps[1].isdecimal() else -1
        camera = self._cameras.get(no)
        if camera is None:
            return Reply(b"no such camera\n", "text/plain", 404)
        if asked.method != "POST":
            return Reply(b"ONVIF is spoken by POST\n", "text/plain", 405)
        return await camera.answer(asked.body)


def _refused(error: SoapFaultError) -> Reply:
    return Reply(fault(error), CONTENT_TYPE, error.status)


def _told(asked: Operation) -> dict[str, Any]:
    """Return what a request says, by local name, the attributes of the innermost elements included."""
    told: dict[str, Any] = {}
    for child in asked.element.iter(etree.Element):
        if child is asked.element or len(child):
            continue
        name = etree.QName(child).localname
        told[name] = {**child.attrib} or (child.text or "").strip()
    return told
