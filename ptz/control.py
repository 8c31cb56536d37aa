"""Moving the city's cameras: the one door for windows, joystick, rules and the command line."""

import math
import threading
from collections.abc import Callable, Iterable
from typing import Any

from domain.abilities import Abilities
from domain.camera import Camera, Credentials
from domain.clock import Clock
from domain.errors import BadInputError, UnreachableError
from domain.motion import MotionState, Position, Preset, Velocity
from domain.sign_in_gate import SignInGate
from ptz.asking import asked
from ptz.contacts import Contacts
from ptz.course import Surroundings
from ptz.errand import Errand
from ptz.head import Head
from ptz.introductions import Introductions
from ptz.motions import Motions
from ptz.watchdog import Watchdog

CLOSE_WITHIN_S = 3.0
ERRAND_WITHIN_S = 15.0  # the camera may be busy with a command that takes seconds


class _Count:
    """Movements that may have begun, and those whose camera was seen standing still."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._movements = 0
        self._still = 0

    def began(self) -> None:
        with self._lock:
            self._movements += 1

    def withdrawn(self) -> None:
        with self._lock:
            self._movements -= 1

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
    `gate` is shared with all else that signs in to cameras; so are `contacts`, where they are given: they were made
    with the same `gate`, and their own credentials count. `may_move` is asked directly before each move of a camera,
    by its number, and must not wait: where it says no, nothing leaves, and what moves is stopped.
    """

    def __init__(
        self,
        credentials: Callable[[str], Credentials | None],
        report: Callable[[MotionState], None],
        clock: Clock,
        watchdog: Watchdog,
        gate: SignInGate | None = None,
        *,
        contacts: Contacts | None = None,
        may_move: Callable[[int], bool] = lambda _: True,
    ) -> None:
        gate = gate if gate is not None else SignInGate()
        self._contacts = contacts if contacts is not None else Contacts(credentials, clock, gate)
        self._watchdog = watchdog
        self._count = _Count()
        self._around = Surroundings(self._contacts, watchdog, clock, report, self._count, may_move)
        self._lock = threading.Lock()
        self._heads: dict[int, Head] = {}
        self._former: list[Head] = []  # of register entries that were changed, until they stand still
        self._closed = False
        self._introductions = Introductions(self._contacts)
        watchdog.watch(self._watchdog_changed)
        gate.watch(self._reopen)

    @property
    def contacts(self) -> Contacts:
        """Return how cameras are reached, for all else that asks them."""
        return self._contacts

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
            self._ask(camera, lambda head: head.take(wish))

    def stop(self, camera: Camera) -> None:
        """Stop this camera, whoever moved it."""
        self._ask(camera, Head.stop)

    def stop_all(self) -> None:
        """Stop every camera that may be moving because of us."""
        for head in self._all():
            head.halt()

    def presets(self, camera: Camera) -> tuple[Preset, ...]:
        """Return the camera's stored views."""
        with asked(self._contacts, camera) as device:
            return device.presets()

    def goto(self, camera: Camera, token: str) -> None:
        """Turn to a stored view."""
        self.errand(camera, lambda motions: motions.goto(token))

    def home(self, camera: Camera) -> None:
        """Turn to the home view."""
        self.errand(camera, lambda motions: motions.home())

    def turn(self, camera: Camera, there: Position) -> None:
        """Turn and zoom to a place, in shares of the camera's ranges; BadInputError where it can't be told one."""
        self.errand(camera, lambda motions: motions.turn_to(there))

    def shift(self, camera: Camera, x: float, y: float) -> None:
        """Turn by shares (-1 to 1) of half the view, right and up; BadInputError where it does not count in views."""
        self.errand(camera, lambda motions: motions.shift(x, y))

    def errand(self, camera: Camera, do: Callable[[Motions], Any]) -> Any:
        """Have a movement that ends by itself begun, in the camera's slot, and return what it answered.

        It takes the place of what the camera does or was asked before, is stopped by `stop` as any other, and
        UnreachableError says too that something newer took its place before it began. STOPPED is reported when the
        camera was seen to have arrived.
        """
        self._must_be_watched()
        errand = Errand(do)
        self._ask(camera, lambda head: head.take(errand))
        if self._closed:
            errand.drop(UnreachableError("the program ends"))
        return errand.wait(ERRAND_WITHIN_S)

    def set_preset(self, camera: Camera, name: str) -> Preset:
        """Store the present view under a name."""
        with asked(self._contacts, camera) as device:
            return device.set_preset(name)

    def remove_preset(self, camera: Camera, token: str) -> None:
        """Forget a stored view."""
        with asked(self._contacts, camera) as device:
            device.remove_preset(token)

    def status(self, camera: Camera) -> Position | None:
        """Return where the camera points, in shares of its ranges, None where it does not say."""
        with self._lock:
            head = None if self._closed else self._heads.get(camera.no)
        look = Errand(lambda motions: motions.status().position)
        if head is not None and head.camera == camera and head.ask(look):
            place: Position | None = look.wait(ERRAND_WITHIN_S)
            return place
        with asked(self._contacts, camera) as device:
            return device.status().position

    def abilities(self, camera: Camera) -> Abilities:
        """Return what the camera can do, as it says itself; asks it only the first time."""
        with asked(self._contacts, camera) as device:
            return device.contact().head.abilities

    def get_ready(self, cameras: Iterable[Camera]) -> None:
        """Find out how these cameras are reached, some at a time, so that the first movement of each is quick.

        Returns at once; who can't be reached now is asked when it is moved.
        """
        self._introductions.meet(cameras)

    def wait_ready(self, timeout_s: float) -> bool:
        """Wait until all of them were asked; whether they were."""
        return self._introductions.wait(timeout_s)

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
        self._introductions.close()
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
                self._former = [one for one in self._former if not one.retired] + [head]
                head = None
            if head is None or not wish(head):
                head = self._heads[camera.no] = Head(camera, self._around, disabled=not self._watchdog.alive)
                wish(head)

    def _all(self) -> list[Head]:
        with self._lock:
            return [*self._heads.values(), *self._former]

    def _must_be_watched(self) -> None:
        if not self._watchdog.alive:
            raise UnreachableError("the PTZ watchdog is gone, so nothing is moved")

    def _reopen(self, camera_no: int) -> None:
        with self._lock:
            head = None if self._closed else self._heads.get(camera_no)
        if head is not None:
            head.reopen()

    def _watchdog_changed(self, alive: bool) -> None:  # noqa: FBT001 - a callback's only argument
        with self._lock:
            heads = [] if self._closed else [*self._heads.values(), *self._former]
        for head in heads:
            head.set_disabled(disabled=not alive)
