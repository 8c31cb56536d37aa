"""Focus, iris, wiper and light of the camera in hand."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from console.acting import Door
from console.tasks import Lane, Tasks
from domain.camera import Camera
from domain.errors import RefusedError
from domain.operator import Action, require
from domain.optics import Optics, OpticsWish
from ptz.imaging import Imaging


class OpticsBook(QObject):
    """Knows what each camera can be asked for, and asks for it: one press after the other, none piled up."""

    changed = Signal(object)  # tuple[int, Optics]: the camera's number and what it has
    failed = Signal(object)  # WatchroomError

    def __init__(self, imaging: Imaging, door: Door, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._imaging = imaging
        self._door = door
        self._tasks = tasks
        self._known: dict[int, Optics] = {}
        self._asking: set[int] = set()
        self._written: tuple[int, OpticsWish] | None = None  # the audit has it: a lens takes many presses

    def show(self, camera: Camera) -> None:
        """Find out what a camera can be asked for."""
        if not camera.ptz:
            return
        known = self._known.get(camera.no)
        if known is not None:
            self.changed.emit((camera.no, known))
            return
        work = partial(self._imaging.optics, camera)
        self._tasks.run(Lane.NETWORK, work, self, partial(self._learn, camera.no), self.failed.emit)

    def ask(self, camera: Camera, wish: OpticsWish) -> None:
        """Have a camera do one thing; passed over while it is still busy with the last one."""
        if camera.no in self._asking:
            return
        try:
            if self._written == (camera.no, wish):
                require(self._door.operator, Action.MOVE_CAMERA)
            else:
                self._door.act(Action.MOVE_CAMERA, f"camera/{camera.no}/{wish.value}")
        except RefusedError as error:
            self.failed.emit(error)
            return
        self._written = (camera.no, wish)
        self._asking.add(camera.no)
        work = partial(self._imaging.ask, camera, wish)
        self._tasks.run(Lane.NETWORK, work, self, partial(self._done, camera.no), partial(self._not_done, camera.no))

    def _learn(self, camera_no: int, optics: Optics) -> None:
        self._known[camera_no] = optics
        self.changed.emit((camera_no, optics))

    def _done(self, camera_no: int, _answer: None) -> None:
        self._asking.discard(camera_no)

    def _not_done(self, camera_no: int, error: Exception) -> None:
        self._asking.discard(camera_no)
        self.failed.emit(error)
