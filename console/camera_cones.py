"""Where calibrated cameras look now: asked of those that are on a screen or moving, never on the UI thread."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from console.aiming import Calibrations
from console.tasks import Lane, Tasks
from domain.aiming import Cone
from domain.camera import Camera
from domain.clock import Clock
from domain.motion import MotionPhase, MotionState, Position

MOVING_EVERY_S = 1.0  # never more often than this
STILL_EVERY_S = 2.0  # also others turn cameras, and the camera's own tours
AGAIN_S = (2.0, 5.0, 15.0, 60.0)  # after so many failures in a row
AT_ONCE = 2  # of the lane's eight: what operators ask for must find it free
_TICK_MS = 250
_MOVED = 1e-4
_MOVING = frozenset({MotionPhase.MOVE_SENT, MotionPhase.MOVING, MotionPhase.STOP_SENT, MotionPhase.MAY_BE_MOVING})


class Pointing(Protocol):
    """What asks a camera where it points; `ptz.control.PtzControl` does."""

    def status(self, camera: Camera) -> Position | None:
        """Return where it points, None where it does not say. Waits; UnreachableError and its kinds."""
        ...


@dataclass(slots=True)
class _Looked:
    """What is known of one camera, and when it is due to be asked again."""

    due_at: float = 0.0
    position: Position | None = None
    failures: int = 0
    asking: bool = False


class CameraCones(QObject):
    """Keeps the cones of calibrated cameras; a camera that does not say where it points has none."""

    changed = Signal(object)  # Mapping[int, Cone] by camera number

    def __init__(
        self,
        calibrations: Calibrations,
        pointing: Pointing,
        on_screen: Callable[[], Iterable[Camera]],
        tasks: Tasks,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._calibrations = calibrations
        self._pointing = pointing
        self._on_screen = on_screen
        self._tasks = tasks
        self._clock = clock
        self._register: dict[int, Camera] = {}
        self._looked: dict[int, _Looked] = {}
        self._moving: set[int] = set()
        self._cones: dict[int, Cone] = {}
        calibrations.changed.connect(self._draw)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to ask."""
        self._timer.start(_TICK_MS)

    def stop(self) -> None:
        """Ask no more; a question that is on its way is waited for by the tasks' end."""
        self._timer.stop()

    @property
    def cones(self) -> Mapping[int, Cone]:
        """The cones as they were told last."""
        return dict(self._cones)

    def position(self, camera_no: int) -> Position | None:
        """Return where a camera pointed when it was asked last, None where that is not known."""
        looked = self._looked.get(camera_no)
        return looked.position if looked is not None else None

    def show_register(self, cameras: Iterable[Camera]) -> None:
        """Take the register."""
        self._register = {camera.no: camera for camera in cameras}
        self._draw()

    def show_motion(self, state: MotionState) -> None:
        """Take what is known of a camera's movement: one that moves is asked more often, on a screen or not."""
        if state.phase in _MOVING:
            self._moving.add(state.camera_no)
            looked = self._looked.get(state.camera_no)
            if looked is not None and not looked.failures:
                looked.due_at = min(looked.due_at, self._clock.monotonic() + MOVING_EVERY_S)
        else:
            self._moving.discard(state.camera_no)
        if state.position is not None and state.camera_no in self._register:
            self._looked.setdefault(state.camera_no, _Looked()).position = state.position
            self._draw()

    @Slot()
    def _tick(self) -> None:
        """Ask those that are due, the longest overdue first."""
        now = self._clock.monotonic()
        wanted = self._wanted()
        gone = [number for number, looked in self._looked.items() if number not in wanted and not looked.asking]
        for number in gone:
            del self._looked[number]  # nobody sees it: an old cone must not look like a new one
        free = AT_ONCE - sum(looked.asking for looked in self._looked.values())
        due = [(self._looked.setdefault(number, _Looked()), camera) for number, camera in wanted.items()]
        due = [(looked, camera) for looked, camera in due if not looked.asking and looked.due_at <= now]
        for looked, camera in sorted(due, key=lambda one: one[0].due_at)[: max(0, free)]:
            looked.asking = True
            looked.due_at = now + MOVING_EVERY_S
            work = partial(self._pointing.status, camera)
            then, otherwise = partial(self._saw, camera.no), partial(self._failed, camera.no)
            self._tasks.run(Lane.NETWORK, work, self, then, otherwise)
        if gone:
            self._draw()

    def _wanted(self) -> dict[int, Camera]:
        seen = {camera.no: camera for camera in self._on_screen() if camera.ptz}
        moving = {number: self._register[number] for number in self._moving if number in self._register}
        both = {**moving, **seen}
        return {number: camera for number, camera in both.items() if self._calibrations.of(camera) is not None}

    def _saw(self, camera_no: int, position: Position | None) -> None:
        looked = self._looked.get(camera_no)
        if looked is None:
            return
        before, looked.position = looked.position, position
        looked.asking, looked.failures = False, 0
        if camera_no not in self._moving and not _differ(before, position):
            looked.due_at += STILL_EVERY_S - MOVING_EVERY_S
        self._draw()

    def _failed(self, camera_no: int, _error: Exception) -> None:
        """Ask less often; its tile says what is wrong with it."""
        looked = self._looked.get(camera_no)
        if looked is None:
            return
        looked.asking, looked.position = False, None
        looked.due_at = self._clock.monotonic() + AGAIN_S[min(looked.failures, len(AGAIN_S) - 1)]
        looked.failures += 1
        self._draw()

    @Slot()
    def _draw(self) -> None:
        cones = {}
        for number, looked in self._looked.items():
            camera = self._register.get(number)
            aim = self._calibrations.of(camera) if camera is not None else None
            if aim is not None and looked.position is not None:
                cones[number] = aim.cone(looked.position)
        if cones != self._cones:
            self._cones = cones
            self.changed.emit(dict(cones))


def _differ(one: Position | None, other: Position | None) -> bool:
    if one is None or other is None:
        return one is not other
    return max(abs(one.pan - other.pan), abs(one.tilt - other.tilt), abs(one.zoom - other.zoom)) > _MOVED
