"""Focus, iris, wiper and light of a camera: by ONVIF's imaging service and auxiliary commands, as far as advertised."""

import threading
from typing import Any

from domain.abilities import Span
from domain.camera import Camera
from domain.errors import BadInputError, CredentialsError, ProtocolError, UnreachableError
from domain.optics import Optics, OpticsWish, optics_of
from ptz.asking import asked
from ptz.contacts import Contacts
from ptz.device import Device
from ptz.services import Port, Service

_STEPS = 20  # presses from one end of a range to the other
_PULSE_S = 0.2  # how long a lens that knows continuous focusing alone runs at one press
_STOP_AGAIN_S = (0.0, 0.1, 0.3, 0.9)


class Imaging:
    """Sets cameras' lenses and switches, a step at each press, so that nothing runs on when the hand is gone.

    Everything asks the camera and waits: UnreachableError, CredentialsError or ProtocolError; BadInputError for what
    it does not advertise.
    """

    def __init__(self, contacts: Contacts) -> None:
        self._contacts = contacts

    def optics(self, camera: Camera) -> Optics:
        """Return what the camera can be asked for."""
        with asked(self._contacts, camera) as device:
            return _optics(device)

    def ask(self, camera: Camera, wish: OpticsWish) -> None:
        """Have the camera do one thing."""
        with asked(self._contacts, camera) as device:
            optics = _optics(device)
            if wish not in optics.wishes:
                raise BadInputError(f"camera {camera.no} has no {wish.value.replace('_', ' ')}")
            command = optics.commands.get(wish)
            if command is not None:
                _send(device, command)
            else:
                _Lens(device).set(wish)


def _optics(device: Device) -> Optics:
    abilities = device.contact().head.abilities
    has_service = bool(device.contact().imaging_url)
    return optics_of(abilities.auxiliary, focus=abilities.focus and has_service, iris=abilities.iris and has_service)


def _send(device: Device, command: str) -> None:
    port, head = device.port(Service.PTZ), device.contact().head
    port.call("SendAuxiliaryCommand", repeatable=False, ProfileToken=head.profile, AuxiliaryData=command)


class _Lens:
    """One head's lens over one connection."""

    def __init__(self, device: Device) -> None:
        self._port: Port = device.port(Service.IMAGING)
        self._source = device.contact().head.source

    def set(self, wish: OpticsWish) -> None:
        match wish:
            case OpticsWish.FOCUS_NEAR:
                self._focus(-1)
            case OpticsWish.FOCUS_FAR:
                self._focus(1)
            case OpticsWish.FOCUS_AUTO:
                self._write({"Focus": {"AutoFocusMode": "AUTO"}})
            case OpticsWish.IRIS_OPEN:
                self._iris(1)
            case OpticsWish.IRIS_CLOSE:
                self._iris(-1)
            case OpticsWish.IRIS_AUTO:
                self._write({"Exposure": {"Mode": "AUTO"}})
            case _:
                raise BadInputError(f"{wish.value} is nothing of a lens")

    def _focus(self, way: int) -> None:
        """Focus a step nearer (-1) or farther (1), in the first way that the lens has."""
        options = self._call("GetMoveOptions")
        relative, absolute = getattr(options, "Relative", None), getattr(options, "Absolute", None)
        continuous = getattr(options, "Continuous", None)
        if (span := _span(relative, "Distance")) is not None:
            self._move({"Relative": {"Distance": way * span.high / _STEPS}})
        elif (span := _span(absolute, "Position")) is not None:
            goal = self._focused() + way * (span.high - span.low) / _STEPS
            self._move({"Absolute": {"Position": max(span.low, min(span.high, goal))}})
        elif (span := _span(continuous, "Speed")) is not None:
            self._pulse(span.speed(way / 2))
        else:
            raise ProtocolError("the camera says that it has a focus, and no way to move it")

    def _pulse(self, speed: float) -> None:
        """Run the focus for a moment; whatever happens it is stopped."""
        try:
            self._move({"Continuous": {"Speed": speed}})
            threading.Event().wait(_PULSE_S)
        finally:
            self._stop()

    def _stop(self) -> None:
        for number, wait_s in enumerate(_STOP_AGAIN_S, 1):
            threading.Event().wait(wait_s)
            try:
                self._call("Stop")
            except CredentialsError:
                raise
            except UnreachableError:
                if number == len(_STOP_AGAIN_S):
                    raise
            else:
                return

    def _focused(self) -> float:
        status = self._call("GetStatus")
        position = getattr(getattr(status, "FocusStatus20", None), "Position", None)
        if not isinstance(position, int | float):
            raise ProtocolError("the camera does not say where its focus is")
        return float(position)

    def _iris(self, way: int) -> None:
        """Open (1) or close (-1) the iris a step, by hand from now on."""
        span = _span(getattr(self._call("GetOptions"), "Exposure", None), "Iris")
        if span is None:
            raise ProtocolError("the camera says that it has an iris, and no range for it")
        exposure = getattr(self._call("GetImagingSettings"), "Exposure", None)
        now = getattr(exposure, "Iris", None)
        place = float(now) if isinstance(now, int | float) else (span.low + span.high) / 2
        goal = max(span.low, min(span.high, place + way * (span.high - span.low) / _STEPS))
        self._write({"Exposure": {"Mode": "MANUAL", "Iris": goal}})

    def _write(self, settings: dict[str, Any]) -> None:
        self._call("SetImagingSettings", ImagingSettings=settings, ForcePersistence=False)

    def _move(self, focus: dict[str, Any]) -> None:
        self._call("Move", repeatable=False, Focus=focus)

    def _call(self, operation: str, *, repeatable: bool = True, **values: Any) -> Any:
        return self._port.call(operation, repeatable=repeatable, VideoSourceToken=self._source, **values)


def _span(options: Any, name: str) -> Span | None:
    """Return a range that the camera tells, None where it has none that leads anywhere."""
    told = getattr(options, name, None)
    low, high = getattr(told, "Min", None), getattr(told, "Max", None)
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    span = Span(float(low), float(high))
    return span if span.usable else None
