"""The PTZ cameras behind ONVIF: who may ask, what is written down, and what is wrong with them."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from lxml import etree

from domain.errors import ProtocolError
from simulation.cameras.config import CameraSpec, Config
from simulation.cameras.mount import Mount, Pose
from simulation.cameras.onvif_answers import Dispatch, challenge, empty, refusal
from simulation.cameras.onvif_device import DeviceService
from simulation.cameras.onvif_events import EventService
from simulation.cameras.onvif_imaging import ImagingService
from simulation.cameras.onvif_lies import Address
from simulation.cameras.onvif_media import MediaService
from simulation.cameras.onvif_presets import PresetService
from simulation.cameras.onvif_ptz import MOVES, PtzService
from simulation.cameras.onvif_sign_in import ChallengeError, Entrance, Proofs, proofs_of
from simulation.cameras.onvif_tours import TourService
from simulation.cameras.onvif_unit import Handlers, Head, Unit, not_supported
from simulation.cameras.sign_ins import SignIns
from simulation.cameras.soap import (
    CONTENT_TYPE,
    DEVICE,
    EVENTS,
    IMAGING,
    MEDIA,
    MEDIA2,
    NOTIFICATION,
    PTZ,
    Message,
    Operation,
    SoapFaultError,
    said,
)
from simulation.cameras.web import Asked, HangUpError, Reply
from simulation.faults import CameraFault

# The access class PRE_AUTH of the ONVIF Core Specification, as far as we have it.
_CLOCK = (DEVICE, "GetSystemDateAndTime")
_OPEN_TO_ALL = {_CLOCK, *((DEVICE, name) for name in ("GetCapabilities", "GetServices", "GetServiceCapabilities"))}
_SERVICES = {
    DEVICE: "device",
    MEDIA: "media",
    MEDIA2: "media2",
    PTZ: "ptz",
    IMAGING: "imaging",
    EVENTS: "events",
    NOTIFICATION: "subscription",
}
_SIGN_IN_FAULTS = {
    "digest": "onvif_digest_only",
    "token": "onvif_token_only",
    "basic": "onvif_basic_only",
    "both": "onvif_both_demanded",
}
_LOGGED = 5000

Still = Callable[[CameraSpec, Pose], Awaitable[bytes]]


class PtzCamera:
    """One camera that can be moved."""

    def __init__(
        self,
        camera: CameraSpec,
        config: Config,
        fault_of: Callable[[int], CameraFault],
        sign_ins: SignIns,
        still: Still | None = None,
    ) -> None:
        """Take what draws a still of what a head sees, where the camera has any."""
        self.camera = camera
        self.unit = Unit(camera, lambda: fault_of(camera.no))
        self._entrance = Entrance(self.unit, config, sign_ins)
        self._dispatch = Dispatch(self.unit.fired)
        self._still = still
        self._ptz = PtzService(self.unit)
        self._presets = PresetService(self.unit)
        self._tours = TourService(self.unit, self._presets)
        self._imaging = ImagingService(self.unit)
        self.events = EventService(self.unit)
        self._handlers = self._all_handlers()
        self._waiting = self.events.waiting_handlers()
        self._log: deque[dict[str, Any]] = deque(maxlen=_LOGGED)
        self._turn = asyncio.Lock()
        self._moves_in_flight = 0
        self._connections: Counter[int] = Counter()  # requests by open connection

    @property
    def mount(self) -> Mount:
        """Return the first head's mount: what the camera's streams show."""
        return self.unit.heads[0].mount

    def announce(self, address: Address) -> None:
        """Tell the camera where its services are."""
        self.unit.address = address

    def journal(self) -> list[dict[str, Any]]:
        """Return the requests as they came, the oldest first.

        `at` is Unix time, `monotonic` of this machine: when all of the request had come.
        """
        return list(self._log)

    def log(self) -> list[dict[str, Any]]:
        """Return those of the PTZ service."""
        return [entry for entry in self._log if entry["service"] == "ptz"]

    def state(self) -> dict[str, Any]:
        """Return where it points (degrees, zoom 0-1) and whether it moves."""
        return self._head_state(self.unit.heads[0])

    def whole_state(self) -> dict[str, Any]:
        """Return the state of all its parts, and how often each fault showed on the wire."""
        heads = [self._head_state(head) | self._imaging.state(head.number) for head in self.unit.heads]
        return {
            "heads": heads,
            "subscriptions": self.events.state(),
            "tours": self._tours.state(),
            "auxiliary": self._presets.auxiliary,
            "connections": len(self._connections),
            "stops_ignored": self.unit.stops_ignored,
            "fired": {name: times for name, times in self.unit.fired.items() if times},
        }

    def fault_begun(self) -> None:
        """Count anew what the fault that has just begun counts."""
        self._ptz.forget()

    def left(self, connection: int) -> None:
        """Forget a connection that has ended."""
        self._connections.pop(connection, None)

    def close(self) -> None:
        """Stop what runs by itself."""
        self._tours.close()

    async def answer(self, asked: Asked) -> Reply:
        """Answer one request as the camera would, its faults included; HangUpError where it closes instead."""
        wrong = self.unit.fault()
        if wrong.closes:
            raise HangUpError
        if wrong.onvif.one_connection and self._connections.keys() - {asked.connection}:
            self.unit.fired["refuses_second_connection"] += 1
            raise HangUpError
        self._connections[asked.connection] += 1
        reply = await (self._answer_soap(asked) if asked.method == "POST" else self._picture(asked))
        wrong = self.unit.fault()
        if wrong.answer_late_s:
            await asyncio.sleep(wrong.answer_late_s)
        self._count_traits(wrong)
        return self._dispatch.sent(reply, wrong.onvif)

    async def _answer_soap(self, asked: Asked) -> Reply:
        try:
            message = Message.parse(asked.body, asked.path)
        except ProtocolError as error:
            return refusal(SoapFaultError("WellFormed", reason=str(error)))
        proofs = proofs_of(asked, message.token)
        entry = self._written_down(asked, message.operation, proofs)
        while self.unit.fault().silent:
            await asyncio.sleep(0.1)
        try:
            reply = Reply(await self._done(asked, message.operation, proofs), CONTENT_TYPE)
            entry["answer"] = "ok"
        except ChallengeError as error:
            reply, entry["answer"] = challenge(error.challenges), "Unauthorized"
        except SoapFaultError as error:
            reply, entry["answer"] = refusal(error), error.codes[-1]
        return reply

    def _written_down(self, asked: Asked, operation: Operation, proofs: Proofs) -> dict[str, Any]:
        """Put a request into the journal and return its entry."""
        entry = {
            "at": asked.at,
            "monotonic": asked.monotonic,
            "connection": asked.connection,
            "service": _SERVICES.get(operation.service, operation.service),
            "operation": operation.name,
            "asked": _told(operation),
            "auth": proofs.ways,
            "answer": "no answer",
        }
        self._log.append(entry)
        return entry

    async def _done(self, asked: Asked, operation: Operation, proofs: Proofs) -> bytes:
        """Carry out an operation and return the answer's envelope; SoapFaultError or ChallengeError where refused."""
        wrong, name = self.unit.fault().onvif, (operation.service, operation.name)
        if name not in _OPEN_TO_ALL or (name == _CLOCK and wrong.hides_time):
            self._entrance.admit(asked, proofs)
        if operation.name in wrong.not_supported.split(","):
            self.unit.fired["not_supported_500"] += 1
            raise not_supported(operation.name)
        handler, waiting = self._handlers.get(name), self._waiting.get(name)
        if wrong.empty and operation.name in wrong.empty_operations.split(","):
            handler = waiting = None
        if handler is None and waiting is None:
            if not wrong.empty:
                raise not_supported(operation.name)
            self.unit.fired["empty_success"] += 1
            return empty(operation)
        try:
            if waiting is not None:
                return said(await waiting(operation))
            if handler is not None:
                return await self._carried_out(handler, operation)
        except (ValueError, TypeError, OverflowError) as error:
            raise SoapFaultError("InvalidArgVal", reason=f"a value can't be read: {error}"[:200]) from error
        raise not_supported(operation.name)

    async def _carried_out(self, handler: Callable[[Operation], str], operation: Operation) -> bytes:
        """Carry out an operation when its time has come."""
        wrong, moves = self.unit.fault().onvif, operation.service == PTZ and operation.name in MOVES
        async with AsyncExitStack() as around:
            if wrong.takes_s and operation.service == PTZ:
                self.unit.fired["slow_in_turn"] += 1
                await around.enter_async_context(self._turn)
                await asyncio.sleep(wrong.takes_s)
            if moves:
                self._refuse_untimely(operation)
                self._moves_in_flight += 1
                around.callback(self._move_ended)
            if moves and wrong.move_late_s:
                self.unit.fired["late_moves"] += 1
                await asyncio.sleep(wrong.move_late_s)
            reply = said(handler(operation))
            if operation.service == PTZ and operation.name in MOVES | {"Stop"}:
                self._tours.interrupt(operation.name, self.unit.head(operation))
            return reply

    def _refuse_untimely(self, operation: Operation) -> None:
        """Raise SoapFaultError for a move where the device takes none now."""
        wrong = self.unit.fault().onvif
        if wrong.one_command and self._moves_in_flight:
            self.unit.fired["refuses_moves_in_flight"] += 1
            raise SoapFaultError("Action", "MovingPTZ", reason="another move is being begun", status=500)
        if wrong.one_move and any(self.unit.head(operation).mount.moving(self.unit.monotonic())):
            self.unit.fired["refuses_moves_while_moving"] += 1
            raise SoapFaultError("Action", "MovingPTZ", reason="the head is moving", status=500)

    def _move_ended(self) -> None:
        self._moves_in_flight -= 1

    async def _picture(self, asked: Asked) -> Reply:
        """Answer a GET: the still, or that there is none."""
        path, _, query = asked.path.partition("?")
        profile = self.unit.profiles.get(query.removeprefix("profile=") or next(iter(self.unit.profiles)))
        if asked.method != "GET" or not path.endswith("/snapshot") or not self.unit.kind.snapshot or profile is None:
            return Reply(b"ONVIF is spoken by POST\n", "text/plain", 405)
        try:
            self._entrance.admit_to_picture(asked, asked.headers.get("authorization", ""))
        except ChallengeError as error:
            return challenge(error.challenges)
        head = profile.head or self.unit.heads[0]
        if self._still is None:
            return Reply(b"no picture\n", "text/plain", 503)
        return Reply(await self._still(self.camera, head.mount.pose(self.unit.monotonic())), "image/jpeg")

    def _head_state(self, head: Head) -> dict[str, Any]:
        now = time.monotonic()
        pose, (turning, zooming) = head.mount.pose(now), head.mount.moving(now)
        return {"pan": pose.pan, "tilt": pose.tilt, "zoom": pose.zoom, "moving": turning or zooming}

    def _count_traits(self, wrong: CameraFault) -> None:
        """Count the faults that show in every answer."""
        for name, fires in (
            ("slow", wrong.answer_late_s),
            ("clock_wrong", wrong.onvif.clock_offset_s),
            ("clock_untold", wrong.onvif.hides_time),
            ("clock_hidden", wrong.onvif.no_date),
            (f"addresses_{wrong.onvif.address_lie}", wrong.onvif.address_lie),
            ("locks_out", wrong.locks_out),
            (_SIGN_IN_FAULTS.get(wrong.onvif.sign_in, ""), wrong.onvif.sign_in),
        ):
            self.unit.fired[name] += bool(fires)

    def _all_handlers(self) -> Handlers:
        parts = (DeviceService(self.unit), MediaService(self.unit), self._ptz, self._presets, self._tours)
        found: Handlers = {}
        for part in (*parts, self._imaging, self.events):
            found |= part.handlers()
        return found


class OnvifSite:
    """Finds the camera that a request is for: /onvif/NO/SERVICE_service."""

    def __init__(self, cameras: dict[int, PtzCamera]) -> None:
        self._cameras = cameras
        self._spoken_to: dict[int, set[int]] = {}  # cameras by open connection

    async def answer(self, asked: Asked) -> Reply:
        """Answer one HTTP request."""
        steps = asked.path.partition("?")[0].strip("/").split("/")
        no = int(steps[1]) if len(steps) == 3 and steps[0] == "onvif" and steps[1].isdecimal() else -1
        camera = self._cameras.get(no)
        if camera is None:
            return Reply(b"no such camera\n", "text/plain", 404)
        self._spoken_to.setdefault(asked.connection, set()).add(no)
        return await camera.answer(asked)

    def ended(self, connection: int) -> None:
        """Take note that a connection has ended."""
        for no in self._spoken_to.pop(connection, ()):
            self._cameras[no].left(connection)


def _told(asked: Operation) -> dict[str, Any]:
    """Return what a request says, by local name, the attributes of the innermost elements included."""
    told: dict[str, Any] = {}
    for child in asked.element.iter(etree.Element):
        if child is asked.element or len(child):
            continue
        name = etree.QName(child).localname
        told[name] = {**child.attrib} or (child.text or "").strip()
    return told
