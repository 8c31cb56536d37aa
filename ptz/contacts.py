"""How each camera is reached, found out once; cameras that refuse our password are left alone."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import BadInputError, CredentialsError, UnreachableError
from domain.sign_in_gate import SignInGate
from ptz.device import Contact, Device

WHO = "ptz"
_CLOCK_WAS_SET_S = 5.0
_OTHERS_TRY_S = 6.0  # how long another part of the program may take to find out whether the password is right
_LOOK_EVERY_S = 0.05


@dataclass(slots=True)
class _Known:
    """What is known of one camera; `asking` is held while it is asked, so that two never ask at once."""

    camera: Camera
    asking: threading.Lock = field(default_factory=threading.Lock)
    credentials: Credentials | None = None
    contact: Contact | None = None
    refusal: str = ""


class Contacts:
    """Makes connections to cameras. A camera that refused our password, here or anywhere, is left alone until `retry`.

    Cameras lock an account after a few wrong passwords, for the rest of the city too.
    """

    def __init__(self, credentials: Callable[[str], Credentials | None], clock: Clock, gate: SignInGate) -> None:
        self._credentials = credentials
        self._clock = clock
        self._gate = gate
        self._known: dict[int, _Known] = {}
        self._lock = threading.Lock()

    def credentials(self, camera: Camera) -> Credentials | None:
        """Return the name and password that the camera was last reached with."""
        return self._of(camera).credentials

    def device(self, camera: Camera) -> Device:
        """Return the camera over a connection of its own, which the caller closes; asks it only the first time.

        Raises UnreachableError, ProtocolError, or CredentialsError (at once where it refused us before).
        """
        if not camera.ptz:
            raise BadInputError(f"camera {camera.no} can't be moved: it has no ONVIF address")
        known = self._of(camera)
        with known.asking:
            if known.contact is not None:
                self._check(known)
                return Device(camera, known.credentials, self._clock, known.contact)
            known.credentials = self._stored(camera)
            self._enter(known)
            try:
                return self._reached(known)
            finally:  # whatever happened: others wait
                self._gate.leave(camera.no, WHO)

    def check(self, camera: Camera) -> None:
        """Return where the camera may be asked; CredentialsError where it refused our password, here or elsewhere."""
        self._check(self._of(camera))

    def refused(self, camera: Camera, contact: Contact, error: CredentialsError) -> None:
        """Leave the camera alone from now on, unless its clock was set since: then the contact is made anew.

        `contact` is what was used; when another thread, or part, has already drawn the conclusion, nothing is done.
        """
        known = self._of(camera)
        with known.asking:
            if known.contact is not contact or self._gate.is_refused(camera.no, known.credentials, WHO):
                return
            known.contact = None
            device = Device(camera, None, self._clock)
            try:
                offset_s = device.clock_offset_s()
            except UnreachableError:
                offset_s = None
            finally:
                device.close()
            was_set = offset_s is not None and abs(offset_s - contact.clock_offset_s) > _CLOCK_WAS_SET_S
            if not was_set:
                known.refusal = str(error)
                self._gate.refuse(camera.no, WHO)

    def retry(self, camera_no: int) -> None:
        """Ask the camera again, after the password was put right or its address changed."""
        self._gate.forget(camera_no)
        with self._lock:
            self._known.pop(camera_no, None)

    def _reached(self, known: _Known) -> Device:
        """Ask the camera the first time, and tell the gate what it says to the password."""
        device = Device(known.camera, known.credentials, self._clock)
        try:
            known.contact = device.contact()
        except CredentialsError as error:
            known.refusal = str(error)
            self._gate.refuse(known.camera.no, WHO)
            raise
        finally:
            if known.contact is None:
                device.close()
        self._gate.accept(known.camera.no, WHO)
        return device

    def _check(self, known: _Known) -> None:
        camera_no = known.camera.no
        if self._gate.is_refused(camera_no, known.credentials, WHO):
            raise CredentialsError(known.refusal or f"camera {camera_no} refused this password to its live picture")

    def _enter(self, known: _Known) -> None:
        """Wait until this password may be tried; CredentialsError where it was refused, here or elsewhere."""
        camera, pause, waited_s = known.camera, threading.Event(), 0.0
        while True:
            self._check(known)
            if self._gate.enter(camera.no, known.credentials, WHO):
                known.refusal = ""
                return
            if waited_s >= _OTHERS_TRY_S:
                raise UnreachableError(f"camera {camera.no} has not yet answered to its password")
            pause.wait(_LOOK_EVERY_S)
            waited_s += _LOOK_EVERY_S

    def _stored(self, camera: Camera) -> Credentials | None:
        if not camera.credentials:
            return None
        found = self._credentials(camera.credentials)
        if found is None:
            raise CredentialsError(f"no password is stored under {camera.credentials!r}")
        return found

    def _of(self, camera: Camera) -> _Known:
        with self._lock:
            known = self._known.get(camera.no)
            if known is None or known.camera != camera:
                known = self._known[camera.no] = _Known(camera)  # unknown, or its register entry was changed
            return known
