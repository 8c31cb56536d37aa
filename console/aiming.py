"""The calibrated cameras, and turning one to a point or a part of its picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from console.tasks import Lane, Tasks
from db.camera_aims import CameraAim
from domain.abilities import Abilities
from domain.aiming import Aim, Rectangle
from domain.calibration import Calibration
from domain.camera import Camera
from domain.errors import WatchroomError
from domain.landmark import Landmark
from domain.motion import Position

MOVED_M = 60.0  # a camera that the register has so far from where it was calibrated hangs elsewhere now
_POINT = 0.01  # share of the picture below which a part is a click, as domain.aiming has it


class Turns(Protocol):
    """What turns cameras to places and asks them; each waits for the camera, so never on the UI thread.

    Raises UnreachableError, CredentialsError or ProtocolError.
    """

    def abilities(self, camera: Camera) -> Abilities:
        """Return what the camera advertises."""
        ...

    def status(self, camera: Camera) -> Position | None:
        """Return where it points, None where it does not say."""
        ...

    def turn(self, camera: Camera, there: Position) -> None:
        """Turn it to a place."""
        ...

    def shift(self, camera: Camera, x: float, y: float) -> None:
        """Turn it by shares (-1 to 1) of half its view: to the right and upwards."""
        ...

    def home(self, camera: Camera) -> None:
        """Turn it to its home view."""
        ...


class AimStore(Protocol):
    """Where calibrations are kept; `db.camera_aims.CameraAimStore` does it."""

    def all(self) -> tuple[CameraAim, ...]:
        """Return all calibrations."""
        ...

    def save(self, camera_no: int, aim: Aim, landmarks: Sequence[Landmark], by: str) -> CameraAim:
        """Keep one in place of an older one."""
        ...


class Calibrations(QObject):
    """How the cameras hang that somebody calibrated; kept in memory, so that the UI thread may ask at any time."""

    changed = Signal()

    def __init__(self, store: AimStore, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._tasks = tasks
        self._known: dict[int, CameraAim] = {}

    def load(self) -> None:
        """Read them all."""
        self._tasks.run(Lane.DATABASE, self._store.all, self, self._take)

    def of(self, camera: Camera) -> Aim | None:
        """Return how a camera hangs; None where nobody calibrated it, or it was hung elsewhere since."""
        known = self._known.get(camera.no)
        if known is None or self.hangs_elsewhere(camera):
            return None
        return known.aim

    def hangs_elsewhere(self, camera: Camera) -> bool:
        """Whether it was calibrated at another place than the register has now."""
        known = self._known.get(camera.no)
        return known is not None and known.aim.spot.place.distance_m(camera.place) > MOVED_M

    def landmarks(self, camera_no: int) -> tuple[Landmark, ...]:
        """Return the clicks from which a camera was calibrated last."""
        known = self._known.get(camera_no)
        return known.landmarks if known is not None else ()

    def keep(self, camera_no: int, calibration: Calibration, landmarks: Sequence[Landmark], by: str) -> None:
        """Keep a calibration in place of an older one."""
        work = partial(self._store.save, camera_no, calibration.aim, landmarks, by)
        self._tasks.run(Lane.DATABASE, work, self, lambda kept: self._take((*self._known.values(), kept)))

    def _take(self, known: Sequence[CameraAim]) -> None:
        self._known = {one.camera_no: one for one in known}
        self.changed.emit()


@dataclass(frozen=True, slots=True)
class _Way:
    """How a part of the picture is brought to fill it, from what the camera can do."""

    camera: Camera
    part: Rectangle
    aim: Aim | None
    turns: Turns

    def go(self) -> bool:
        """Turn the camera; return False where it can't be turned by numbers, only by hand. Waits for the camera."""
        abilities = self.turns.abilities(self.camera)
        if self.part.greater_side < _POINT and abilities.view_turn is not None:
            x, y = self.part.middle
            self.turns.shift(self.camera, 2 * x - 1, 1 - 2 * y)
            return True
        if self.aim is None or abilities.absolute_turn is None:
            return False
        here = self.turns.status(self.camera)
        if here is None:
            return False
        self.turns.turn(self.camera, self.aim.box(here, self.part))
        return True


class CalibratedAiming(QObject):
    """Brings a point of a camera's picture to its middle, or a part of it to fill it.

    By a move in fields of view where the camera advertises it (points only: it says nothing of zoom), else by its
    calibration; where it has neither, `by_pulse` gets the camera and the part: a timed pulse is what is left. Whoever
    calls has asked at the door. What can't be done is told through `failed`.
    """

    failed = Signal(object)  # WatchroomError

    def __init__(
        self,
        calibrations: Calibrations,
        turns: Turns,
        tasks: Tasks,
        by_pulse: Callable[[Camera, Rectangle], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calibrations = calibrations
        self._turns = turns
        self._tasks = tasks
        self._by_pulse = by_pulse
        self._busy: set[int] = set()
        self._next: dict[int, tuple[Camera, Rectangle]] = {}

    def centre(self, camera: Camera, x: float, y: float) -> None:
        """Bring a point (shares of the picture from its top left) to the middle."""
        self.box(camera, Rectangle(x, y, x, y))

    def box(self, camera: Camera, part: Rectangle) -> None:
        """Bring a part of the picture to fill it. While one is on its way, only the newest of the others waits."""
        if camera.no in self._busy:
            self._next[camera.no] = (camera, part)
            return
        self._busy.add(camera.no)
        way = _Way(camera, part, self._calibrations.of(camera), self._turns)
        then, otherwise = partial(self._went, camera, part), partial(self._did_not, camera)
        self._tasks.run(Lane.NETWORK, way.go, self, then, otherwise)

    def forget(self, camera_no: int) -> None:
        """Drop what waits for a camera: it was stopped."""
        self._next.pop(camera_no, None)

    def _went(self, camera: Camera, part: Rectangle, by_numbers: bool) -> None:  # noqa: FBT001 - what the task returns
        if not by_numbers and camera.no not in self._next:
            self._by_pulse(camera, part)
        self._go_on(camera.no)

    def _did_not(self, camera: Camera, error: Exception) -> None:
        if isinstance(error, WatchroomError):
            self.failed.emit(error)
        self._go_on(camera.no)

    def _go_on(self, camera_no: int) -> None:
        self._busy.discard(camera_no)
        waiting = self._next.pop(camera_no, None)
        if waiting is not None:
            self.box(*waiting)


def aims_of(calibrations: Calibrations, cameras: Sequence[Camera]) -> Mapping[int, Aim]:
    """Return how those of these cameras hang that are calibrated and turn."""
    found = ((camera.no, calibrations.of(camera)) for camera in cameras if camera.ptz)
    return {number: aim for number, aim in found if aim is not None}
