"""How each camera is reached, found out once; cameras that refuse our password are left alone, strangers too."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import BadInputError, CredentialsError, StorageError, UnreachableError
from domain.sign_in_gate import SignInGate
from ptz.acquaintance import Acquaintances, Remembered, pins, read, written
from ptz.contact import Contact, Quirk
from ptz.device import Device
from ptz.pins import Exchange, OtherDeviceError

WHO = "ptz"
LOOK_AGAIN_S = 60.0  # a connection that is made so long after the last look is to the same camera only if it says so
_CLOCK_WAS_SET_S = 5.0
_OTHERS_TRY_S = 6.0  # how long another part of the program may take to find out whether the password is right
_LOOK_EVERY_S = 0.05

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Known:
    """What is known of one camera; `asking` is held while it is asked, so that two never ask at once."""

    camera: Camera
    asking: threading.RLock = field(default_factory=threading.RLock)
    credentials: Credentials | None = None
    contact: Contact | None = None
    looked_at: float = 0.0
    exchange: Exchange | None = None
    refusal: str = ""


class Contacts:
    """Makes connections to cameras. A camera that refused our password, here or anywhere, is left alone until `retry`.

    Cameras lock an account after a few wrong passwords, for the rest of the city too. What is known of a camera is
    kept in `acquaintances`; where another device answers at its address, `exchanged` is told, once and on the thread
    that found it, and the device is left alone until `accept_exchange`.
    """

    def __init__(
        self,
        credentials: Callable[[str], Credentials | None],
        clock: Clock,
        gate: SignInGate,
        acquaintances: Acquaintances | None = None,
        exchanged: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._gate = gate
        self._acquaintances = acquaintances if acquaintances is not None else Remembered()
        self._exchanged = exchanged
        self._known: dict[int, _Known] = {}
        self._lock = threading.Lock()

    def credentials(self, camera: Camera) -> Credentials | None:
        """Return the name and password that the camera was last reached with."""
        return self._of(camera).credentials

    def contact(self, camera: Camera) -> Contact | None:
        """Return how the camera is reached, None where it was not asked yet; asks nothing."""
        return self._of(camera).contact

    def exchange(self, camera: Camera) -> Exchange | None:
        """Return what is wrong with the device at the camera's address, None where nothing is known to be."""
        return self._of(camera).exchange

    def device(self, camera: Camera) -> Device:
        """Return the camera over a connection of its own, which the caller closes; asks it only the first time.

        Raises UnreachableError, ProtocolError, CredentialsError (at once where it refused us before) or
        OtherDeviceError (at once where another device was found there before).
        """
        if not camera.ptz:
            raise BadInputError(f"camera {camera.no} can't be moved: it has no ONVIF address")
        known = self._of(camera)
        with known.asking:
            if known.exchange is not None:
                raise OtherDeviceError(known.exchange.mark, known.exchange.expected, known.exchange.found)
            if known.contact is not None:
                self._check(known)
                device = self._over(known, known.contact)
                return device if self._fresh(known) else self._asked(known, device, Device.met_again)
            known.credentials = self._stored(camera)
            self._enter(known)
            try:
                device = self._asked(known, self._first(known), Device.contact)
                self._gate.accept(camera.no, WHO)
                return device
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
            if _replaced(known.contact, contact) or self._gate.is_refused(camera.no, known.credentials, WHO):
                return
            known.contact = None
            device = Device(camera, None, self._clock, pin=contact.fingerprint)
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

    def learn(self, camera: Camera, quirk: Quirk) -> None:
        """Take down what was learnt of the camera, for all who speak to it from now on, over restarts too."""
        known = self._of(camera)
        with known.asking:
            if known.contact is None or quirk in known.contact.quirks:
                return
            known.contact = known.contact.with_quirks(frozenset({quirk}))
            if quirk is not Quirk.ADDRESSES_AS_TOLD:
                self._keep(known)
                return
            known.contact = replace(known.contact, url="")  # what was written of its addresses holds no more
            self._keep(known)
            known.contact = None

    def accept_exchange(self, camera: Camera) -> None:
        """Take the device at the camera's address for the camera from now on, as a person says; asks nothing yet."""
        known = self._of(camera)
        with known.asking:
            self._acquaintances.forget(camera.no)
            known.exchange = None
            known.contact = None
        self.retry(camera.no)

    def _first(self, known: _Known) -> Device:
        """Return a camera that was not asked since the start, with what was kept of it."""
        kept = self._found(known.camera.no)
        serial, pin = pins(kept) if kept else ("", "")
        return Device(
            known.camera,
            known.credentials,
            self._clock,
            remembered=read(kept, known.camera.head) if kept else None,
            serial=serial,
            pin=pin,
            noted=partial(self._noted, known),
            stranger=partial(self._met_stranger, known),
        )

    def _over(self, known: _Known, contact: Contact) -> Device:
        return Device(
            known.camera,
            known.credentials,
            self._clock,
            contact,
            noted=partial(self._noted, known),
            stranger=partial(self._met_stranger, known),
        )

    def _asked(self, known: _Known, device: Device, ask: Callable[[Device], Contact]) -> Device:
        """Have the camera introduce itself, and tell the gate what it says to the password."""
        contact: Contact | None = None
        try:
            contact = ask(device)
        except CredentialsError as error:
            known.refusal = str(error)
            self._gate.refuse(known.camera.no, WHO)
            raise
        except OtherDeviceError as error:
            self._met_stranger(known, error)
            raise
        finally:
            if contact is None:
                device.close()
        known.contact = contact
        known.looked_at = self._clock.monotonic()
        self._keep(known)
        return device

    def _fresh(self, known: _Known) -> bool:
        """Whether it was seen lately that it is still the same camera."""
        return self._clock.monotonic() - known.looked_at < LOOK_AGAIN_S

    def _met_stranger(self, known: _Known, error: OtherDeviceError) -> None:
        """Have nothing sent to this address any more, and tell it once."""
        with known.asking:
            if known.exchange is not None:
                return
            known.exchange = Exchange(known.camera.no, error.mark, error.expected, error.found)
        _log.warning("camera %s: %s", known.camera.no, error)
        if self._exchanged is not None:
            self._exchanged(known.exchange)

    def _noted(self, known: _Known, contact: Contact) -> None:
        with known.asking:
            if known.contact is not None:
                known.contact = contact
                self._keep(known)

    def _keep(self, known: _Known) -> None:
        """Write the contact down, where it is not what was written; a database in need does not keep us from moving."""
        if known.contact is None:
            return
        try:
            fields = written(known.contact)
            if self._acquaintances.find(known.camera.no) != fields:
                self._acquaintances.keep(known.camera.no, fields)
        except StorageError as error:
            _log.warning("what is known of camera %s is not kept: %s", known.camera.no, error)

    def _found(self, camera_no: int) -> dict[str, object] | None:
        found = self._acquaintances.find(camera_no)
        return dict(found) if found is not None else None

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


def _replaced(now: Contact | None, used: Contact) -> bool:
    """Whether the camera is signed to in another way by now than it was with this contact."""
    if now is None or now.auth is not used.auth:
        return True
    return abs(now.clock_offset_s - used.clock_offset_s) > _CLOCK_WAS_SET_S
