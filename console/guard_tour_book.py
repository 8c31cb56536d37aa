"""What operators do with guard tours: put together, started, stopped, deleted."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from console.acting import Door
from console.guard_tours import GuardTours
from console.tasks import Lane, Tasks
from db.guard_tours import GuardTourStore
from domain.camera import Camera
from domain.errors import RefusedError
from domain.guard_tour import GuardTour
from domain.operator import Action
from domain.purpose import of_tour
from ptz.guard_tours import CameraTours


class TourBook(QObject):
    """Knows the tours of the cameras that were shown. Storing asks for the right to store places."""

    changed = Signal(object)  # tuple[int, tuple[GuardTour, ...]]: a camera's number and its tours
    failed = Signal(object)  # WatchroomError

    def __init__(
        self,
        store: GuardTourStore,
        tours: GuardTours,
        camera_tours: CameraTours,
        door: Door,
        tasks: Tasks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._tours = tours
        self._camera_tours = camera_tours
        self._door = door
        self._tasks = tasks

    def show(self, camera_no: int) -> None:
        """Find a camera's tours."""
        work = partial(self._store.of, camera_no)
        self._tasks.run(
            Lane.DATABASE, work, self, lambda found: self.changed.emit((camera_no, found)), self.failed.emit
        )

    def start(self, camera: Camera, tour: GuardTour) -> None:
        """Send a camera round; the register has the tour as what it is moved for."""
        if self._may(Action.MOVE_CAMERA, f"camera/{camera.no}", of_tour(str(tour.id)).written):
            self._tours.start(camera, tour)

    def stop(self, camera_no: int) -> None:
        """End a camera's tour; needs no right, as no Stop does."""
        self._tours.stop(camera_no)

    def keep(self, camera: Camera, tour: GuardTour) -> None:
        """Store a tour; one that is running begins anew as it is now."""
        if not self._may(Action.SET_PRESET, _subject(tour)):
            return

        def kept(stored: GuardTour) -> None:
            state = self._tours.state(camera.no)
            if state is not None and state.tour.id == stored.id:
                self._tours.start(camera, stored)
            self.show(camera.no)

        self._tasks.run(Lane.DATABASE, partial(self._store.save, tour), self, kept, self.failed.emit)

    def remove(self, camera: Camera, tour: GuardTour) -> None:
        """Delete a tour, here and in the camera; the camera's own is left where it can't be reached."""
        if not self._may(Action.SET_PRESET, _subject(tour)):
            return
        state = self._tours.state(camera.no)
        if state is not None and state.tour.id == tour.id:
            self._tours.stop(camera.no)
            tour = state.tour
        if tour.token:
            forget = partial(self._camera_tours.remove, camera, tour.token)
            self._tasks.run(Lane.NETWORK, forget, self, lambda _: None, self.failed.emit)
        deleted = partial(self._store.delete, tour.id)
        self._tasks.run(Lane.DATABASE, deleted, self, lambda _: self.show(camera.no), self.failed.emit)

    def _may(self, action: Action, subject: str, purpose: str = "") -> bool:
        try:
            self._door.act(action, subject, purpose)
        except RefusedError as error:
            self.failed.emit(error)
            return False
        return True


def _subject(tour: GuardTour) -> str:
    return f"camera/{tour.camera_no}/tour/{tour.id}"
