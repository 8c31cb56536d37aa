"""Joins the PTZ pad to the camera in the selected tile."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from console.ptz_hand import STILL, Gate, Moves, Steering
from console.ptz_places import CameraPlaces, PlaceBook
from domain.camera import Camera
from domain.errors import RefusedError
from domain.motion import MotionState
from widgets.ptz_pad import PresetStore, PresetWish, PtzMove, PtzPad


class Cameras(Moves, Protocol):
    """What moves cameras; `ptz.control.PtzControl` does."""

    def prepare(self, camera: Camera) -> None:
        """Connect to a camera ahead of its first movement; returns at once."""
        ...


PAD = "pad"  # the hand on the pad: its keys and buttons


class PtzPresenter(QObject):
    """Hold to move, release to stop; the pad itself lets go when the hand is taken away. Stop needs no right.

    `steering` has the camera in hand; other hands than the pad's are joined to it elsewhere.
    """

    failed = Signal(object)  # WatchroomError
    controls_changed = Signal(object)  # int or None: the camera whose controls the keys have now

    def __init__(self, pad: PtzPad, cameras: Cameras, places: PlaceBook, gate: Gate, parent: QObject) -> None:
        super().__init__(parent)
        self._pad = pad
        self._cameras = cameras
        self._places = places
        self._camera: Camera | None = None
        self._controlled: int | None = None
        self._motions: dict[int, MotionState] = {}
        self.steering = Steering(cameras, gate, self)
        self.steering.failed.connect(self.failed)
        pad.move_asked.connect(self._move)
        pad.stop_asked.connect(self._released)
        pad.halt_asked.connect(self.halt)
        pad.preset_asked.connect(self._go)
        pad.store_asked.connect(self._store)
        pad.home_asked.connect(self._go_home)
        pad.controls_changed.connect(self._tell_controls)
        places.changed.connect(self._places_changed)

    @Slot(object)
    def show_camera(self, camera: Camera | None) -> None:
        """Take the camera of the selected tile; one that is being moved is stopped first."""
        self.steering.take(camera)
        self._camera = camera
        self._draw()
        self._tell_controls()
        if camera is None or not camera.ptz:
            return
        self._cameras.prepare(camera)
        self._places.show(camera)

    def show_motion(self, state: MotionState) -> None:
        """Take what is known of a camera's movement."""
        self._motions[state.camera_no] = state
        if self._camera is not None and state.camera_no == self._camera.no:
            self._draw()

    def show_refusal(self, camera_no: int, why: str) -> None:
        """Move this camera no more, for a reason in words (who else holds it, say); nothing said lifts that."""
        self.steering.refuse(camera_no, why)
        self._draw()

    def motion(self, camera_no: int) -> MotionState | None:
        """Return what was heard last of a camera's movement."""
        return self._motions.get(camera_no)

    @property
    def camera(self) -> Camera | None:
        """The camera of the selected tile."""
        return self._camera

    # -- what hands ask for

    @Slot()
    def let_go(self) -> None:
        """Take every hand off: the desk is left, covered or given to somebody else."""
        with QSignalBlocker(self._pad):
            self._pad.stop()
        self.steering.let_go()
        self.steering.move(PAD, STILL)  # its keys are forgotten, so it is at rest

    @Slot(int)
    def halt(self, number: int) -> None:
        """Stop the camera in hand, whoever set it off."""
        for camera in (self.steering.moving, self._camera):
            if camera is not None and camera.no == number:
                self.steering.stop(camera)
                self.steering.move(PAD, STILL)
                return

    def call_preset(self, number: int) -> None:
        """Have the camera in hand go to its place of this number."""
        if self._camera is not None and self._camera.ptz:
            self._go(PresetWish(self._camera.no, number))

    def store_preset(self, number: int) -> None:
        """Store the present view of the camera in hand under a number."""
        if self._camera is not None and self._camera.ptz:
            self._store(PresetStore(self._camera.no, number))

    def go_home(self) -> None:
        """Have the camera in hand go to its home view."""
        if self._camera is not None and self._camera.ptz:
            self._go_home(self._camera.no)

    def when_free(self, camera: Camera, go: Callable[[], None]) -> None:
        """Turn a camera once, to a place that is known, as soon as it may be turned; a refusal is said."""
        try:
            if self._is_free(camera) and self.steering.gate(camera, go):
                go()
        except RefusedError as error:
            self.failed.emit(error)

    # -- the pad

    def _draw(self) -> None:
        camera = self._camera
        if camera is None:
            self._pad.show_camera(None)
            return
        refused = self.steering.refusal(camera.no)
        self._pad.show_camera(camera, self._places.of(camera.no), self._motions.get(camera.no), refused)

    @Slot(object)
    def _places_changed(self, known: CameraPlaces) -> None:
        if self._camera is not None and self._camera.no == known.camera_no:
            self._draw()

    @Slot()
    def _tell_controls(self) -> None:
        camera = self._camera
        turning = camera is not None and camera.ptz and self._pad.has_controls
        controlled = camera.no if camera is not None and turning else None
        if controlled != self._controlled:
            self._controlled = controlled
            self.controls_changed.emit(controlled)

    @Slot(object)
    def _move(self, wish: PtzMove) -> None:
        camera = self._camera
        if camera is None or camera.no != wish.camera_no:
            return
        if not self.steering.move(PAD, wish.velocity):
            with QSignalBlocker(self._pad):  # nothing was moved: a colleague's movement must not end by this
                self._pad.stop()
            self.steering.move(PAD, STILL)

    @Slot(int)
    def _released(self, _number: int) -> None:
        self.steering.move(PAD, STILL)

    @Slot(object)
    def _go(self, wish: PresetWish) -> None:
        camera = self._camera
        if camera is not None and camera.no == wish.camera_no and self._is_free(camera):
            self._let_move_by_itself(camera)
            self._places.recall(camera, wish.number)

    @Slot(object)
    def _store(self, wish: PresetStore) -> None:
        camera = self._camera
        if camera is not None and camera.no == wish.camera_no:
            self._places.keep(camera, wish.number)

    @Slot(int)
    def _go_home(self, _number: int) -> None:
        camera = self._camera
        if camera is not None and self._is_free(camera):
            self._let_move_by_itself(camera)
            self._places.go_home(camera)

    def _let_move_by_itself(self, camera: Camera) -> None:
        """Take hands off first: their Stop must not come after the order to go somewhere."""
        if self.steering.moving == camera:
            self.let_go()

    def _is_free(self, camera: Camera) -> bool:
        why = self.steering.refusal(camera.no)
        if why:
            self.failed.emit(RefusedError(why))
        return not why
