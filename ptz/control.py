"""Moving the city's cameras: the one door for windows, joystick, rules and the command line."""

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import BadInputError, CredentialsError, UnreachableError
from domain.motion import MotionState, Position, Preset, Velocity
from domain.sign_in_gate import SignInGate
from ptz.contacts import Contacts
from ptz.course import Surroundings
from ptz.device import Device
from ptz.head import Head
from ptz.watchdog import Watchdog

CLOSE_WITHIN_S = 3.0


class _Count:
    """Movements that may have begun, and those whose camera was seen standing still."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._movements = 0
        self._still = 0

    def began(self) -> None:
        with self._lock:
            self._movements += 1

    def confirmed(self) -> None:
        with self._lock:
            self._still += 1

    def both(self) -> tuple[int, int]:
        with self._lock:
            return self._movements, self._still


class PtzControl:
    """Moves cameras and stops them.

    `move`, `stop`, `stop_all` and `prepare` return at once, on any thread; what becomes of them is told through
    `report`, on threads of this object. The others ask the camera and wait: UnreachableError, CredentialsError or
    ProtocolError. `clock` is the world's, never a faster one: cameras live in the world. No move leaves unless the
    watchdog has confirmed that it will stop that camera; the watchdog is started and closed by its owner, this first.
    `gate` is shared with all else that signs in to cameras.
    """

    def __init__(
        self,
        credentials: Callable[[str], Credentials | None],
        report: Callable[[MotionState], None],
        clock: Clock,
        watchdog: Watchdog,
        gate: SignInGate | None = None,
    ) -> None:
        gate = gate if gate is not None else SignInGate()
        self._contacts = Contacts(credentials, clock, gate)
        self._watchdog = watchdog
        self._count = _Count()
        self._around = Surroundings(self._contacts, watchdog, clock, report, self._count)
        self._lock = threading.Lock()
        self._heads: dict[int, Head] = {}
        self._closed = False
        watchdog.watch(self._watchdog_changed)
        gate.watch(self._reopen)

    def prepare(self, camera: Camera) -> None:
        """Connect now, so that the first movement of this camera leaves as fast as the next."""
        self._ask(camera, Head.prepare)

    def move(self, camera: Camera, velocity: Velocity) -> None:
        """Turn at this velocity until `stop` or the next `move`: only the newest counts. A zero velocity stops."""
        wish = velocity.clamped()
        axes = (velocity.pan, velocity.tilt, velocity.zoom)
        if wish.still or not all(math.isfinite(axis) for axis in axes):
            self.stop(camera)  # on one camera a zero move stops nothing
        else:
            self._ask(camera, lambda head: head.move(wish))

    def stop(self, camera: Camera) -> None:
        """Stop this camera, whoever moved it."""
        self._ask(camera, Head.stop)

    def stop_all(self) -> None:
        """Stop every camera that may be moving because of us."""
        for head in self._all():
            head.halt()

    def presets(self, camera: Camera) -> tuple[Preset, ...]:
        """Return the camera's stored views."""
        with self._device(camera) as device:
            return device.presets()

    def goto(self, camera: Camera, token: str) -> None:
        """Turn to a stored view."""
        self._must_be_watched()
        with self._device(camera) as device:
            device.goto(token)

    def set_preset(self, camera: Camera, name: str) -> Preset:
        """Store the present view under a name."""
        with self._device(camera) as device:
            return device.set_preset(name)

    def remove_preset(self, camera: Camera, token: str) -> None:
        """Forget a stored view."""
        with self._device(camera) as device:
            device.remove_preset(token)

    def status(self, camera: Camera) -> Position | None:
        """Return where the camera points, None where it does not say."""
        with self._device(camera) as device:
            return device.status().position

    def home(self, camera: Camera) -> None:
        """Turn to the home view."""
        self._must_be_watched()
        with self._device(camera) as device:
            device.home()

    def retry(self, camera: Camera) -> None:
        """Ask a camera again that refused our password; until then nothing is sent to it.

        A retry of its live picture does the same, through the gate.
        """
        self._contacts.retry(camera.no)
        with self._lock:
            head = self._heads.get(camera.no)
        if head is not None:
            head.retry()

    def counts(self) -> tuple[int, int]:
        """Return how many movements may have begun, and after how many the camera was seen standing still."""
        return self._count.both()

    def close(self) -> None:
        """Stop what moves, wait at most 3 s to see it stand still, and end."""
        with self._lock:
            self._closed = True
        self.stop_all()
        heads = self._all()
        ends_at = self._around.clock.monotonic() + CLOSE_WITHIN_S
        for head in heads:
            head.wait_still(max(0.0, ends_at - self._around.clock.monotonic()))
        for head in heads:
            head.retire()
        for head in heads:
            head.join(CLOSE_WITHIN_S)

    def _ask(self, camera: Camera, wish: Callable[[Head], bool]) -> None:
        """Have the camera's head take a wish; a head that has retired is replaced."""
        if not camera.ptz:
            raise BadInputError(f"camera {camera.no} can't be moved: it has no ONVIF address")
        with self._lock:
            if self._closed:
                return
            head = self._heads.get(camera.no)
            if head is not None and head.camera != camera:  # its register entry was changed
                head.halt()
                head = None
            if head is None or not wish(head):
                head = self._heads[camera.no] = Head(camera, self._around, disabled=not self._watchdog.alive)
                wish(head)

    def _all(self) -> list[Head]:
        with self._lock:
            return list(self._heads.values())

    def _must_be_watched(self) -> None:
        if not self._watchdog.alive:
            raise UnreachableError("the PTZ watchdog is gone, so nothing is moved")

    @contextmanager
    def _device(self, camera: Camera) -> Iterator[Device]:
        with closing(self._contacts.device(camera)) as device:
            try:
                yield device
            except CredentialsError as error:
                self._contacts.refused(camera, device.contact(), error)
                raise

    def _reopen(self, camera_no: int) -> None:
        with self._lock:
            head = None if self._closed else self._heads.get(camera_no)
        if head is not None:
            head.reopen()

    def _watchdog_changed(self, alive: bool) -> None:  # noqa: FBT001 - a callback's only argument
        with self._lock:
            heads = [] if self._closed else list(self._heads.values())
        for head in heads:
            head.set_disabled(disabled=not alive)
